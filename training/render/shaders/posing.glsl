// Where things stand: the head turns about a pivot, the shoulders follow a little, a camera looks along -z.
uniform mat3 headRotation, bodyRotation;
uniform vec3 pivot;
uniform vec4 camera;        // distance, focal scale, shift of the picture in x and y
uniform vec3 cameraRange;   // near, far, height
uniform mat4 lightMatrix;
float headness;

float headWeight(vec3 rest) { return smoothstep(5.75, 6.55, rest.y + 0.30 * rest.z); }
vec3 posed(vec3 point) { point -= pivot; return mix(bodyRotation * point, headRotation * point, headness) + pivot; }
vec3 turned(vec3 normal) { return mix(bodyRotation * normal, headRotation * normal, headness); }
vec4 project(vec3 point) {
  float depth = camera.x - point.z, near = cameraRange.x, far = cameraRange.y;
  return vec4(camera.y * point.x + camera.z * depth, camera.y * (point.y - cameraRange.z) + camera.w * depth,
              ((far + near) * depth - 2.0 * far * near) / (far - near), depth);
}
