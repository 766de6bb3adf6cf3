#include "light.glsl"
#include "output.glsl"
in vec2 texel; in vec3 diffuse, clear; in float density; flat in float level;
uniform sampler2D noise; uniform vec3 tint; uniform vec4 fibre; uniform vec4 gray;
void main() {
  vec4 f = texture(noise, texel);
  float crowd = density * 1.25 - 0.1 + (f.b - 0.5) * fibre.w, threshold = mix(0.25, 0.80, level);
  dither(smoothstep(threshold - 0.20, threshold + 0.20, f.r * 0.75 + 0.25 * f.b + (crowd - 1.0) * 0.9 + 0.18));
  float grayness = smoothstep(gray.x, gray.x + 0.2, f.r * 0.5 + f.b * 0.5);
  colour = vec4(tone(mix(tint, gray.yzw, grayness) * (0.65 + 0.7 * f.r) * diffuse + clear), 1.0);
}
