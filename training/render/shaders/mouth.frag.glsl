#include "light.glsl"
#include "output.glsl"
in vec3 point, facing, middle; in vec2 texel; in vec4 lit;
uniform sampler2D picture; uniform vec3 tint; uniform vec3 mouthSurface;   // specular, depth of dark, depth of light
void main() {
  vec3 V = normalize(eyePoint - point), N = normalize(facing);
  vec4 t = texture(picture, texel); if (t.a < 0.4) discard;
  vec3 albedo = pow(t.rgb, vec3(2.2)) * tint;
  float open = mix(0.05, 1.0, smoothstep(mouthSurface.y, mouthSurface.z, middle.z));
  vec3 diffuse = albedo * (surroundings(N) + keyColour * clamp(dot(N, keyDirection) * 0.6 + 0.4, 0.0, 1.0) * mix(0.5, 1.0, softShadow(lit, 0.02))
    + fillColour * clamp(dot(N, fillDirection) * 0.6 + 0.4, 0.0, 1.0));
  vec3 H = normalize(V + keyDirection);
  colour = vec4(tone(open * (diffuse + keyColour * (pow(max(dot(N, H), 0.0), 50.0) * mouthSurface.x))), 1.0);
}
