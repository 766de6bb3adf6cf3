// Eyes, teeth, tongue: `centre` is the eyeball's centre, or the rest position.
#include "posing.glsl"
in vec3 position, normal; in vec2 uv; in vec3 centre;
out vec3 point, facing, middle; out vec2 texel; out vec4 lit;
uniform float poseCentre;
void main() {
  headness = 1.0;
  point = posed(position); facing = turned(normal); middle = mix(centre, posed(centre), poseCentre); texel = uv;
  lit = lightMatrix * vec4(point, 1.0);
  gl_Position = project(point);
}
