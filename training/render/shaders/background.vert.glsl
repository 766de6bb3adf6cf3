in vec2 position; out vec2 texel;
void main() { texel = position * 0.5 + 0.5; gl_Position = vec4(position, 0.9999, 1.0); }
