#include "posing.glsl"
in vec3 position, normal;
out vec3 point, facing; out vec4 lit;
void main() {
  headness = 1.0;
  point = posed(position); facing = turned(normal); lit = lightMatrix * vec4(point, 1.0);
  gl_Position = project(point);
}
