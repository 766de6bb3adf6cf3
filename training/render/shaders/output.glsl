out vec4 colour;

vec3 tone(vec3 c) {
  c *= exposure;
  c = c * (1.9 * c + 0.22) / (c * (1.75 * c + 0.78) + 0.30);
  return sqrt(clamp(c, 0.0, 1.0));
}
// Ordered 2x2 dither: after the picture is reduced it is four-level coverage, with no sorting of the cards.
void dither(float alpha) {
  ivec2 i = ivec2(gl_FragCoord.xy) & 1;
  if (alpha < 0.125 + 0.25 * float((i.x ^ i.y) * 2 + i.y)) discard;
}
