in vec3 narrow, wide; in vec2 texel; in vec4 extra; flat in float area;
layout(location = 0) out vec4 normals; layout(location = 1) out vec4 place; layout(location = 2) out vec4 kind;
vec2 octahedron(vec3 n) {
  n /= abs(n.x) + abs(n.y) + abs(n.z);
  return n.z >= 0.0 ? n.xy : (1.0 - abs(n.yx)) * vec2(n.x >= 0.0 ? 1.0 : -1.0, n.y >= 0.0 ? 1.0 : -1.0);
}
void main() {
  normals = vec4(octahedron(narrow), octahedron(wide));
  place = vec4(texel, extra.x, extra.y);
  kind = vec4(area, extra.z, extra.w, 1.0);
}
