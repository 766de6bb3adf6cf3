// Skin, cloth, the inside of the mouth and the eye sockets, from the body's buffers.
#include "light.glsl"
#include "output.glsl"
uniform sampler2D normalBuffer, positionBuffer, kindBuffer;
uniform vec4 camera; uniform vec3 cameraRange; uniform mat4 lightMatrix; uniform float pictureSize;
uniform sampler2DArray skins; uniform vec2 skinLayer, skinShare;
uniform sampler2D hairMasks;    // beard, moustache, lips, scalp
uniform sampler2D paintMasks;   // eye shadow, blush, wrinkles, under the eyes
uniform sampler2D ageMasks;     // folds, freckles and spots, nostrils, chin
uniform sampler2D noise;
uniform vec3 skinTone, lipColour, shirtColour, beardColour, scalpColour, shadowColour;
uniform vec3 lip;               // lipstick, gloss, natural redness
uniform vec4 hair;              // beard, moustache, scalp cover, hairline
uniform vec4 paint;             // eye shadow, blush, wrinkles, under the eyes
uniform vec3 surface;           // specular, roughness, texture level
uniform vec4 age;               // oldness, freckles, width of the beard

vec3 unpack(vec2 e) {
  vec3 n = vec3(e, 1.0 - abs(e.x) - abs(e.y));
  if (n.z < 0.0) n.xy = (1.0 - abs(n.yx)) * vec2(n.x >= 0.0 ? 1.0 : -1.0, n.y >= 0.0 ? 1.0 : -1.0);
  return normalize(n);
}

void main() {
  ivec2 pixel = ivec2(gl_FragCoord.xy);
  vec4 octant = texelFetch(normalBuffer, pixel, 0), place = texelFetch(positionBuffer, pixel, 0), kind = texelFetch(kindBuffer, pixel, 0);
  vec2 device = gl_FragCoord.xy / pictureSize * 2.0 - 1.0;
  float depth = camera.x - place.z;
  vec3 point = vec3((device - camera.zw) * depth / camera.y, place.z); point.y += cameraRange.z;
  vec3 V = normalize(eyePoint - point), N = unpack(octant.xy), W = unpack(octant.zw);
  vec2 uv = place.xy;
  float area = kind.x, seam = smoothstep(0.0, 1.0, kind.y);
  float specular = surface.x, rough = surface.y, cavity = 1.0;
  float head = area < 0.5 ? 1.0 : 0.0;
  float mouth = (area > 0.5 && area < 1.5) ? 1.0 : 0.0;
  float socket = (area > 1.5 && area < 2.5) ? 1.0 : 0.0;

  // skin: texture as ratio to its mean (stored as sqrt(ratio / 4)), flat towards the seam at the neck
  vec3 ratio = textureLod(skins, vec3(uv, skinLayer.x), surface.z).rgb * skinShare.x
             + textureLod(skins, vec3(uv, skinLayer.y), surface.z).rgb * skinShare.y;
  ratio = pow(ratio * ratio * 4.0, vec3(1.0 + 0.45 * age.x));      // the old are mottled
  ratio = mix(vec3(0.94, 0.93, 0.92), ratio, head * seam);
  vec4 growth = textureLod(hairMasks, uv, 0.0) * head, painted = textureLod(paintMasks, uv, 0.0) * head;
  vec4 aged = textureLod(ageMasks, uv, 0.0) * head;
  growth.x *= mix(smoothstep(0.0, 1.0, aged.w), 1.0, smoothstep(0.3, 0.9, age.z));
  vec3 coarse = textureLod(noise, uv * vec2(4.5, 8.0), 1.0).rgb;
  float grain = textureLod(noise, uv * vec2(9.0, 16.0), 0.7).r;
  vec3 albedo = skinTone * ratio;
  albedo *= mix(vec3(1.0), vec3(1.12, 0.80, 0.78), paint.y * painted.y);
  albedo = mix(albedo, albedo * shadowColour * 1.2 + shadowColour * 0.04, paint.x * painted.x);
  float lines = clamp(paint.z * painted.z, 0.0, 1.2), folds = clamp(0.9 * paint.z * aged.x, 0.0, 1.1);
  albedo *= mix(vec3(1.0), vec3(0.60, 0.48, 0.45), lines) * mix(vec3(1.0), vec3(0.68, 0.56, 0.52), folds);
  albedo *= mix(vec3(1.0), vec3(0.80, 0.68, 0.70), paint.w * painted.w);
  vec3 fine = textureLod(noise, uv * vec2(16.0, 22.0), 0.0).rgb, wide = textureLod(noise, uv * vec2(5.0, 7.0), 0.0).rgb;
  float freckles = smoothstep(0.62, 0.86, fine.g) * aged.y * age.y;
  float spots = smoothstep(0.80, 0.90, wide.b * 0.7 + fine.b * 0.3) * (0.25 + 0.75 * aged.y) * smoothstep(0.45, 1.0, age.x);
  albedo *= mix(vec3(1.0), vec3(0.68, 0.50, 0.42), clamp(freckles * 0.8 + spots * 0.75, 0.0, 1.0));
  albedo *= mix(1.0, 0.10, aged.z);
  float thinSkin = smoothstep(0.3, 1.0, age.x);
  albedo *= mix(vec3(1.0), mix(vec3(1.05, 0.97, 0.95), vec3(0.95, 1.0, 1.0), wide.r), thinSkin * head);
  vec3 natural = albedo * mix(vec3(1.0), vec3(0.97, 0.68, 0.68), lip.z);
  albedo = mix(albedo, mix(natural, lipColour * (0.30 + 0.55 * dot(ratio, vec3(0.33))), lip.x), growth.z);
  rough = mix(rough, 0.36, growth.z * lip.y); specular *= 1.0 + 0.5 * growth.z * lip.y;
  float beard = max(growth.x * hair.x, growth.y * hair.y) * seam;
  beard = clamp(beard * (0.55 + 0.9 * grain), 0.0, 1.0) * 0.85;
  albedo = mix(albedo, beardColour, beard); specular *= 1.0 - 0.6 * beard;
  float scalp = smoothstep(hair.w - 0.12, hair.w + 0.12, growth.w + (coarse.r - 0.5) * 0.16) * hair.z * smoothstep(0.02, 0.2, growth.w);
  scalp *= clamp(0.55 + 0.8 * grain, 0.0, 1.0);
  albedo = mix(albedo, scalpColour, scalp); specular *= 1.0 - 0.5 * scalp;

  // creases: the normal leans where the surface falls
  float pixelSize = 2.0 * depth / (camera.y * pictureSize);
  float height = -0.0075 * lines - 0.0170 * folds + 0.0007 * fine.r * head;
  vec3 fall = vec3(dFdx(height), dFdy(height), 0.0) / pixelSize; fall -= N * dot(N, fall);
  fall *= min(1.0, 0.9 / max(length(fall), 0.001)) * smoothstep(0.15, 0.5, N.z);
  N = normalize(N - fall); W = normalize(W - 0.5 * fall);

  // mouth, sockets, cloth
  albedo = mix(albedo, vec3(0.30, 0.07, 0.06) * mix(0.5, 1.0, smoothstep(0.0, 0.3, skinTone.r)), mouth);
  cavity = mix(1.0, mix(0.02, 0.6, smoothstep(1.15, 1.42, kind.z)), mouth); specular *= 1.0 - 0.7 * mouth;
  albedo = mix(albedo, skinTone * vec3(0.9, 0.55, 0.5), socket); cavity *= 1.0 - 0.55 * socket;
  float cloth = (area > 2.5 ? 1.0 : 0.0) * smoothstep(0.010, -0.010, kind.z);
  float weave = 0.88 + 0.24 * textureLod(noise, uv * 40.0, 0.0).g;
  albedo = mix(albedo, shirtColour * weave * mix(1.0, 0.7, smoothstep(-0.06, -0.04, kind.z)), cloth); specular *= 1.0 - cloth;

  // diffuse: red light wraps and follows the wide normals, as under skin; occlusion is reddened
  float occlusion = mix(1.0, place.w, 0.95) * cavity;
  vec3 open = pow(vec3(occlusion), vec3(0.75, 1.0, 1.08));
  float lit = softShadow(lightMatrix * vec4(point, 1.0), 0.010);
  vec3 wrap = vec3(0.34, 0.13, 0.08) * (1.0 - cloth);
  vec3 red = normalize(mix(N, W, 0.75)), green = normalize(mix(N, W, 0.25));
  vec3 key = clamp((vec3(dot(red, keyDirection), dot(green, keyDirection), dot(N, keyDirection)) + wrap) / (1.0 + wrap), 0.0, 1.0);
  vec3 keyShadow = vec3(mix(lit, sqrt(lit), 0.5 * (1.0 - cloth)), lit, lit * mix(1.0, lit, 0.3));
  vec3 fill = clamp((vec3(dot(red, fillDirection), dot(green, fillDirection), dot(N, fillDirection)) + wrap) / (1.0 + wrap), 0.0, 1.0);
  float rim = max(dot(N, rimDirection) * 0.9 + 0.1, 0.0);
  vec3 ambient = vec3(surroundings(red).r, surroundings(green).gb);
  vec3 diffuse = albedo * (ambient * open + keyColour * key * keyShadow * mix(1.0, occlusion, 0.35) + fillColour * fill * open + rimColour * rim * open);

  // specular: two lobes on the key light, one on the others, Fresnel on the surroundings
  float facing = max(dot(N, V), 0.02);
  vec3 H = normalize(V + keyDirection); float nh = max(dot(N, H), 0.0), vh = max(dot(V, H), 0.0);
  float fresnel = 0.028 + 0.972 * pow(1.0 - vh, 5.0);
  float power = 2.0 / (rough * rough * rough * rough) - 2.0;
  float nh2 = nh * nh, nh8 = nh2 * nh2 * nh2 * nh2;
  float lobes = (power + 2.0) / 8.0 * pow(nh, power) * 0.55 + 1.25 * nh8 * 0.45;
  float nl = max(dot(N, keyDirection), 0.0);
  vec3 shine = keyColour * (lobes * fresnel * nl * lit / (0.25 + 0.75 * max(nl, facing)));
  vec3 H1 = normalize(V + fillDirection);
  shine += fillColour * (0.035 * 2.75 * pow(max(dot(N, H1), 0.0), 20.0) * max(dot(N, fillDirection), 0.0));
  vec3 H2 = normalize(V + rimDirection); float grazing = 0.028 + 0.972 * pow(1.0 - max(dot(V, H2), 0.0), 5.0);
  shine += rimColour * (grazing * 1.75 * pow(max(dot(N, H2), 0.0), 12.0) * max(dot(N, rimDirection), 0.0)) * occlusion;
  float edge = 1.0 - facing;
  shine += surroundings(reflect(-V, N)) * (0.028 + 0.5 * edge * edge * edge * edge * edge) * occlusion * 0.8;
  colour = vec4(tone(diffuse + shine * specular * occlusion), 1.0);
}
