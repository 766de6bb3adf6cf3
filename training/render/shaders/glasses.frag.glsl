#include "light.glsl"
#include "output.glsl"
in vec3 point, facing; in vec4 lit;
uniform vec3 tint; uniform vec3 glassSurface;   // specular, coverage, mirror
void main() {
  vec3 V = normalize(eyePoint - point), N = normalize(facing); if (dot(N, V) < 0.0) N = -N;
  float s = softShadow(lit, 0.06);
  vec3 H = normalize(V + keyDirection), H1 = normalize(V + fillDirection);
  vec3 c = tint * (surroundings(N) + keyColour * max(dot(N, keyDirection), 0.0) * s + fillColour * max(dot(N, fillDirection), 0.0))
    + glassSurface.x * (keyColour * pow(max(dot(N, H), 0.0), 70.0) * s + fillColour * 0.6 * pow(max(dot(N, H1), 0.0), 50.0))
    + glassSurface.z * surroundings(reflect(-V, N));
  dither(glassSurface.y);
  colour = vec4(tone(c), 1.0);
}
