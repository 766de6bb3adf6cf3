#include "light.glsl"
#include "output.glsl"
in vec2 texel; in vec3 diffuse, tinted, clear; in vec4 place; in float front, facing;
uniform sampler2D picture, noise; uniform vec3 rootColour, tipColour;
uniform vec4 strands;   // contrast, mean brightness, specular, coverage
uniform vec2 trim;      // lower ends, fringe
uniform vec4 gray;      // where gray strands begin, their colour
void main() {
  vec4 t = texture(picture, texel);
  vec2 n = texture(noise, texel * vec2(14.0, 3.0)).gb;
  float fine = texture(noise, texel * vec2(46.0, 2.0)).r;
  float alpha = t.a * smoothstep(0.04, 0.22, facing) * strands.w * smoothstep(trim.x - 0.10, trim.x + 0.16, place.w);
  alpha *= mix(1.0, smoothstep(trim.y - 0.05, trim.y + 0.05, place.x + (n.x - 0.5) * 0.16 + (place.y - 0.5) * 0.10), front);
  alpha *= mix(1.0, smoothstep(0.05, 0.55, fine), 0.55 * place.z);          // thinner towards the ends
  dither(clamp(1.12 * alpha - 0.12, 0.0, 1.0));
  float brightness = dot(t.rgb, vec3(0.3, 0.5, 0.2)) / strands.y;
  brightness = mix(brightness, 0.85 + 0.3 * n.x, 0.25) * mix(1.0, 0.55 + 0.9 * fine, 0.6) * (0.86 + 0.28 * n.y);
  brightness = pow(clamp(brightness, 0.02, 2.4), strands.x);
  float grayness = smoothstep(gray.x, gray.x + 0.25, n.x * 0.6 + place.y * 0.4);
  vec3 albedo = mix(mix(rootColour, tipColour, place.z), gray.yzw, grayness) * brightness;
  float shine = 0.35 + 0.65 * brightness;
  colour = vec4(tone(albedo * diffuse + strands.z * shine * (tinted * albedo + clear)), 1.0);
}
