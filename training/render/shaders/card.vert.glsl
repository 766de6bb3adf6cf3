// Brows and lashes: cards with transparency, lit per vertex.
#include "posing.glsl"
#include "light.glsl"
in vec3 position, normal; in vec2 uv;
out vec2 texel; out vec3 diffuse;
void main() {
  headness = 1.0;
  vec3 point = posed(position), N = normalize(turned(normal));
  texel = uv;
  float s = hardShadow(lightMatrix * vec4(point, 1.0), 0.04);
  diffuse = surroundings(N) + keyColour * clamp(dot(N, keyDirection) * 0.6 + 0.4, 0.0, 1.0) * mix(0.35, 1.0, s)
    + fillColour * clamp(dot(N, fillDirection) * 0.6 + 0.4, 0.0, 1.0);
  gl_Position = project(point);
}
