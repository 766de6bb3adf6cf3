in vec3 atRest; out vec4 colour;
void main() { colour = vec4(atRest, 1.0); }
