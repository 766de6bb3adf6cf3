// Draws the rest position of every texel of the head chart.
in vec2 uv; in vec3 rest; in float area; out vec3 atRest;
void main() { atRest = rest; gl_Position = area < 0.5 ? vec4(uv * 2.0 - 1.0, 0.0, 1.0) : vec4(3.0, 3.0, 0.0, 1.0); }
