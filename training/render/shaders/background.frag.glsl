in vec2 texel; out vec4 colour; uniform sampler2D picture;
void main() { colour = vec4(texture(picture, vec2(texel.x, 1.0 - texel.y)).rgb, 1.0); }
