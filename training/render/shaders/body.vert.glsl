// The skin is shaded deferred: with triangles this small a software rasteriser is several times faster so.
#include "posing.glsl"
in vec3 position, normal, wideNormal; in vec2 uv; in vec3 rest; in vec2 region; in float occlusion;
uniform vec2 collar;   // height, depth of the vee
out vec3 narrow, wide; out vec2 texel; out vec4 extra; flat out float area;
void main() {
  headness = headWeight(rest);
  vec3 point = posed(position);
  narrow = turned(normal); wide = turned(wideNormal); texel = uv; area = region.x;
  float height;                                                   // inside the mouth: depth; else height over the collar
  if (region.x > 0.5 && region.x < 1.5) height = rest.z;
  else {
    float side = abs(rest.x);
    height = rest.y + 0.28 * rest.z - collar.x + collar.y * max(0.0, 1.0 - side * 2.2) * smoothstep(0.2, 0.8, rest.z)
           - 2.0 * max(side - 0.60, 0.0);
  }
  extra = vec4(point.z, occlusion, region.y, height);
  gl_Position = project(point);
}
