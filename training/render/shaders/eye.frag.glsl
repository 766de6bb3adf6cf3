#include "light.glsl"
#include "output.glsl"
in vec3 point, facing, middle; in vec2 texel; in vec4 lit;
uniform sampler2DArray irises; uniform vec2 irisLayer, irisShare; uniform vec2 eyeSurface;   // occlusion, glint
uniform vec3 upward;
void main() {
  vec3 V = normalize(eyePoint - point), N = normalize(facing);
  vec4 t = texture(irises, vec3(texel, irisLayer.x)) * irisShare.x + texture(irises, vec3(texel, irisLayer.y)) * irisShare.y;
  vec3 albedo = pow(t.rgb, vec3(2.2)) * 0.85;
  albedo *= mix(1.0, 0.70, smoothstep(0.10, 0.30, max(t.r, max(t.g, t.b)) - min(t.r, min(t.g, t.b))));   // the iris
  // lids shade the upper part of the ball, the socket its corners
  vec3 q = point - middle;
  float lid = smoothstep(0.135, 0.0, dot(q, upward)) * 0.55 + 0.45;
  float corner = smoothstep(0.15, 0.05, abs(q.x)) * 0.45 + 0.55;
  float occlusion = lid * corner * eyeSurface.x, s = mix(1.0, softShadow(lit, 0.03), 0.6);
  vec3 diffuse = albedo * (surroundings(N) * occlusion + (keyColour * clamp(dot(N, keyDirection) * 0.8 + 0.2, 0.0, 1.0) * s
    + fillColour * clamp(dot(N, fillDirection) * 0.8 + 0.2, 0.0, 1.0)) * occlusion) * vec3(1.0, 0.96, 0.94);
  vec3 H = normalize(V + keyDirection), H1 = normalize(V + fillDirection), cornea = normalize(1.6 * normalize(q) - 0.6 * V);   // it bulges
  vec3 shine = keyColour * (pow(max(dot(cornea, H), 0.0), 500.0) * eyeSurface.y * 1.2 * mix(0.4, 1.0, s))
    + fillColour * (pow(max(dot(cornea, H1), 0.0), 350.0) * eyeSurface.y * 0.5);
  // a window before the face: a soft square light where the key stands, small enough to stay on the iris
  vec3 R = reflect(-V, cornea), across = normalize(cross(vec3(0.0, 1.0, 0.0), keyDirection)), above = cross(keyDirection, across);
  vec2 pane = abs(vec2(dot(R, across), dot(R, above)));
  float window = smoothstep(0.27, 0.19, max(pane.x, pane.y * 0.8)) * step(0.0, dot(R, keyDirection));
  shine += (0.35 + 0.65 * keyColour) * window * 0.75 * mix(0.35, 1.0, s);
  shine += surroundings(reflect(-V, cornea)) * 0.035 * lid;
  colour = vec4(tone(diffuse + shine), 1.0);
}
