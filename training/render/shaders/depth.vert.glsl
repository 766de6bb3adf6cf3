#include "posing.glsl"
in vec3 position; in vec2 uv; in vec3 rest;
out vec2 texel; out vec3 atRest;
uniform float headOnly;
void main() {
  headness = mix(headWeight(rest), 1.0, headOnly);
  texel = uv; atRest = rest;
  gl_Position = lightMatrix * vec4(posed(position), 1.0);
}
