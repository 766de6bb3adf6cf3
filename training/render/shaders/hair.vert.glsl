// Hair is lit per vertex (cheap on a software rasteriser); the texture gives the strands. Kajiya-Kay highlights.
#include "posing.glsl"
#include "light.glsl"
in vec3 position, normal; in vec2 uv; in vec3 rest; in float occlusion;
out vec2 texel; out vec3 diffuse, tinted, clear; out vec4 place; out float front, facing;   // facing: 0 for a card seen edge on, which would be a line of dashes
uniform vec3 headCentre, upward; uniform sampler2D noise;
void main() {
  headness = 1.0;
  vec3 point = posed(position), N = turned(normal);
  texel = uv;
  vec3 V = normalize(eyePoint - point);
  facing = abs(dot(normalize(N), V));
  if (dot(N, V) < 0.0) N = -N;
  N = normalize(N + 0.9 * normalize(point - headCentre));
  vec3 T = normalize(upward - N * dot(upward, N) + vec3(0.0001));
  float s = hardShadow(lightMatrix * vec4(point, 1.0), 0.035);
  vec3 H = normalize(V + keyDirection);
  float th = dot(T, H), shifted = dot(normalize(T - N * 0.12), H);
  float sharp = pow(max(1.0 - th * th, 0.0), 40.0), broad = pow(max(1.0 - shifted * shifted, 0.0), 9.0);
  float towards = smoothstep(-0.1, 0.5, dot(N, keyDirection));
  float t1 = dot(T, normalize(V + fillDirection)), t2 = dot(T, normalize(V + rimDirection));
  float fillLobe = pow(max(1.0 - t1 * t1, 0.0), 18.0) * smoothstep(-0.1, 0.5, dot(N, fillDirection));
  float rimLobe = pow(max(1.0 - t2 * t2, 0.0), 7.0) * smoothstep(0.0, 0.4, dot(N, rimDirection));
  diffuse = surroundings(N) * occlusion + keyColour * clamp(dot(N, keyDirection) * 0.75 + 0.25, 0.0, 1.0) * mix(s, 1.0, 0.12) * mix(1.0, occlusion, 0.5)
    + fillColour * clamp(dot(N, fillDirection) * 0.75 + 0.25, 0.0, 1.0) * occlusion;
  tinted = occlusion * (keyColour * s * towards * broad * 0.9 + fillColour * fillLobe * 0.5 + rimColour * rimLobe * 1.6);
  clear = occlusion * (keyColour * s * towards * (sharp * 0.10 + broad * 0.012) + fillColour * fillLobe * 0.02 + rimColour * rimLobe * 0.03);
  float n = textureLod(noise, rest.xz * 1.3, 2.0).r;
  place = vec4(rest.y, n, clamp((7.4 - rest.y) / 2.2, 0.0, 1.0), rest.y + (n - 0.5) * 0.22 + 0.05 * abs(rest.x));
  front = smoothstep(0.55, 0.95, rest.z) * smoothstep(0.68, 0.60, abs(rest.x));
  gl_Position = project(point);
}
