#include "light.glsl"
#include "output.glsl"
in vec2 texel; in vec3 diffuse;
uniform sampler2D picture; uniform vec3 tint; uniform vec2 coverage;   // exponent, factor
void main() {
  dither(clamp(pow(texture(picture, texel).a, coverage.x) * coverage.y, 0.0, 1.0));
  colour = vec4(tone(tint * diffuse), 1.0);
}
