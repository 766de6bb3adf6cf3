// Short dense hair (beard, cropped scalp, afro) as shells: copies of the surface, each a little further out.
#include "posing.glsl"
#include "light.glsl"
in vec3 position, normal; in vec2 uv; in vec3 rest; in vec2 growth; in float occlusion;
out vec2 texel; out vec3 diffuse, clear; out float density; flat out float level;
uniform vec2 layering;     // length, number of shells
uniform vec4 growthShare;  // first mask, second mask, whether a hairline applies, hairline
uniform vec3 fall, upward; // fall: where the tips hang
uniform float headOnly;
uniform float spread;      // how far from the middle the first mask reaches
uniform vec4 fibre;        // repeats of the noise, curl, variation
void main() {
  headness = mix(headWeight(rest), 1.0, headOnly);
  level = (float(gl_InstanceID) + 1.0) / layering.y;
  float mask = clamp(max(growth.x * growthShare.x * smoothstep(spread + 0.12, spread, abs(rest.x)), growth.y * growthShare.y), 0.0, 1.0);
  float reach = layering.x * smoothstep(0.0, 0.8, mask);
  if (growthShare.z > 0.0) mask = smoothstep(growthShare.w - 0.10, growthShare.w + 0.24, mask);
  vec3 outward = normalize(normal);
  vec3 point = posed(position + outward * reach * level + fall * reach * level * level), N = turned(outward);
  density = mask;
  vec2 base = uv;
  if (headOnly > 0.5) {
    vec3 d = rest - vec3(0.0, 7.5, 0.3); d /= abs(d.x) + abs(d.y) + abs(d.z);
    base = d.z >= 0.0 ? d.xy : (1.0 - abs(d.yx)) * vec2(d.x >= 0.0 ? 1.0 : -1.0, d.y >= 0.0 ? 1.0 : -1.0);
  }
  texel = base * fibre.xy + fibre.z * level * vec2(sin(rest.x * 9.0 + rest.y * 7.0), cos(rest.y * 8.0));
  float s = hardShadow(lightMatrix * vec4(point, 1.0), 0.06), open = mix(0.35, 1.0, level) * occlusion;
  vec3 T = normalize(upward - N * dot(upward, N) + vec3(0.001));
  float th = dot(T, normalize(normalize(eyePoint - point) + keyDirection));
  float lobe = pow(max(1.0 - th * th, 0.0), 7.0) * max(dot(N, keyDirection), 0.0);
  diffuse = open * (surroundings(N) + keyColour * (clamp(dot(N, keyDirection) * 0.7 + 0.3, 0.0, 1.0) * mix(s, 1.0, 0.15) + 0.5 * s * lobe)
    + fillColour * clamp(dot(N, fillDirection) * 0.7 + 0.3, 0.0, 1.0) + rimColour * max(dot(N, rimDirection), 0.0) * 0.7);
  clear = open * keyColour * s * lobe * 0.006;
  gl_Position = project(point);
}
