// Surroundings as spherical harmonics; key, fill and rim light (direction and colour); a shadow map for the key.
uniform vec3 harmonics[9];
uniform vec3 keyDirection, keyColour, fillDirection, fillColour, rimDirection, rimColour;
uniform vec3 eyePoint;
uniform float exposure, shadowBlur;
uniform sampler2DShadow shadowMap;

vec3 surroundings(vec3 n) {
  return max(harmonics[0] + harmonics[1] * n.y + harmonics[2] * n.z + harmonics[3] * n.x + harmonics[4] * (n.x * n.y)
    + harmonics[5] * (n.y * n.z) + harmonics[6] * (3.0 * n.z * n.z - 1.0) + harmonics[7] * (n.x * n.z)
    + harmonics[8] * (n.x * n.x - n.y * n.y), vec3(0.0));
}
float hardShadow(vec4 lit, float bias) {
  vec3 q = lit.xyz * 0.5 + 0.5; q.z -= bias;
  return texture(shadowMap, q);
}
float softShadow(vec4 lit, float bias) {
  vec3 q = lit.xyz * 0.5 + 0.5; q.z -= bias;
  float r = shadowBlur;
  return (texture(shadowMap, q + vec3(-r, -0.4 * r, 0)) + texture(shadowMap, q + vec3(0.4 * r, -r, 0))
        + texture(shadowMap, q + vec3(r, 0.4 * r, 0)) + texture(shadowMap, q + vec3(-0.4 * r, r, 0))) * 0.25;
}
