in vec2 texel; in vec3 atRest;
uniform sampler2D picture; uniform float cutOut; uniform vec2 trim;   // trim: lower ends, fringe
void main() {
  if (cutOut > 0.5) {
    bool fringe = atRest.y < trim.y && atRest.z > 0.75 && abs(atRest.x) < 0.65;
    if (texture(picture, texel).a < 0.5 || atRest.y < trim.x || fringe) discard;
  }
}
