"""What the renderer tells OpenGL: light of a hall from ceiling panels and a window, shadows, and surfaces."""

LIGHT = """
uniform vec3 key_way;      // towards the light that casts the shadow
uniform vec3 key_colour;
uniform vec3 fill_way;
uniform vec3 fill_colour;
uniform vec3 sky;          // light from above and from below
uniform vec3 ground;
uniform vec3 eye;
uniform mat4 shadow_matrix;
uniform sampler2DShadow still_shadow;   // what the hall shades
uniform sampler2DShadow moving_shadow;  // what people and their things shade

float tapped(sampler2DShadow map, vec3 at, float spread) {
    float bias = 0.0011;
    float sum = texture(map, vec3(at.xy + vec2(-spread, -spread * 0.6), at.z - bias));
    sum += texture(map, vec3(at.xy + vec2(spread, -spread * 0.4), at.z - bias));
    sum += texture(map, vec3(at.xy + vec2(0.0, spread), at.z - bias));
    return sum / 3.0;
}

vec3 in_shadow_map(vec3 place, vec3 normal) {
    vec4 spot = shadow_matrix * vec4(place + normal * 0.02, 1.0);
    return spot.xyz * 0.5 + 0.5;
}

bool outside(vec3 at) {
    return at.x < 0.0 || at.x > 1.0 || at.y < 0.0 || at.y > 1.0 || at.z > 1.0;
}

vec3 surroundings(vec3 colour, vec3 place, vec3 normal) {
    float fill = clamp((dot(normal, fill_way) + 0.35) / 1.35, 0.0, 1.0);
    vec3 around = mix(ground, sky, normal.z * 0.5 + 0.5);
    // Near the floor less of the hall is seen.
    around *= 0.72 + 0.28 * clamp(place.z / 0.7, 0.0, 1.0);
    return colour * (around + fill * fill_colour);
}

vec3 direct(vec3 colour, vec3 place, vec3 normal, float softness, float gloss) {
    float key = clamp((dot(normal, key_way) + softness) / (1.0 + softness), 0.0, 1.0);
    vec3 lit = colour * key;
    if (gloss > 0.03) {
        vec3 half_way = normalize(key_way + normalize(eye - place));
        float shine = max(dot(normal, half_way), 0.0);
        shine *= shine; shine *= shine; shine *= shine; shine *= shine; shine *= shine;
        lit += gloss * shine;
    }
    return lit * key_colour;
}

// Brightness as the eye and the sensor take it; the square root stands for a display's 2.2.
vec3 display(vec3 linear) {
    vec3 mapped = linear * (1.0 + linear * 0.12) / (1.0 + linear * 0.42);
    return sqrt(clamp(mapped, 0.0, 1.0));
}
"""

STATIC_VERTEX = """
#version 330
uniform mat4 view;
uniform mat4 model;
in vec3 in_place;
in vec3 in_normal;
in vec3 in_colour;
in vec2 in_uv;
in float in_surface;
out vec3 place;
out vec3 normal;
out vec3 colour;
out vec2 uv;
flat out int surface;
void main() {
    vec4 moved = model * vec4(in_place, 1.0);
    place = moved.xyz;
    normal = mat3(model) * in_normal;
    colour = in_colour * in_colour;
    uv = in_uv;
    surface = int(in_surface + 0.5);
    gl_Position = view * moved;
}
"""

STATIC_FRAGMENT = (
    """
#version 330
"""
    + LIGHT
    + """
uniform float tile_m;
uniform int part;   // 0 everything, 1 light from around, 2 direct light: a hall that stands still is lit once
uniform sampler2D grain;
in vec3 place;
in vec3 normal;
in vec3 colour;
in vec2 uv;
flat in int surface;
out vec4 pixel;

float hash(vec2 p) { return fract(sin(dot(p, vec2(127.1, 311.7))) * 43758.5453); }
float noise(vec2 p) { return texture(grain, p / 64.0).r; }

vec3 tiles(vec3 base) {
    vec2 at = place.xy / tile_m;
    vec2 edge = abs(fract(at) - 0.5);
    float width = max(fwidth(at.x), fwidth(at.y));
    float joint = smoothstep(0.5 - 0.008 - width, 0.5 - 0.004, max(edge.x, edge.y));
    float shade = 0.94 + 0.08 * hash(floor(at)) + 0.03 * noise(place.xy * 18.0);
    return mix(base * shade, base * 0.55, joint * clamp(0.02 / width, 0.2, 1.0));
}

vec3 wood(vec3 base) {
    vec3 n = abs(normal);
    vec2 at = n.z > 0.5 ? place.xy : (n.y > 0.5 ? place.xz : place.yz);
    float rings = noise(vec2(at.x * 2.2, at.y * 26.0)) * 0.6 + noise(vec2(at.x * 7.0, at.y * 90.0)) * 0.4;
    return base * (0.80 + 0.34 * rings);
}

vec3 lines(vec3 base) {
    float row = uv.y * 15.0;
    float inside = step(0.08, uv.x) * step(uv.x, 0.55 + 0.38 * hash(vec2(floor(row), 3.0)));
    float ink = step(0.3, fract(row)) * step(fract(row), 0.62) * inside * step(0.06, uv.y) * step(uv.y, 0.94);
    float word = step(0.16, hash(vec2(floor(uv.x * 26.0), floor(row))));
    return mix(base, base * 0.32, ink * word * 0.75);
}

void main() {
    // Held things of a right hand are mirrored, so the winding says nothing: face the eye.
    vec3 n = normalize(normal);
    if (dot(n, eye - place) < 0.0) n = -n;
    vec3 base = colour;
    if (surface == 3 || surface == 6) {
        vec3 glow = (surface == 6 ? lines(base) : base) * 1.3;
        pixel = vec4(part == 0 ? display(glow) : (part == 1 ? glow : vec3(0.0)), 1.0);
        return;
    }
    if (surface == 7) {
        vec2 c = uv * 2.0 - 1.0;
        float thick = exp(-3.0 * dot(c, c)) - 0.05;
        float puff = noise(uv * 4.0 + place.z * 3.0) * 0.6 + 0.4;
        // The colour of smoke says how thick it is (squared on the way here).
        pixel = vec4(vec3(0.93), max(thick, 0.0) * puff * sqrt(colour.r) * 0.32);
        return;
    }
    float gloss = 0.0;
    if (surface == 1) { base = tiles(base); gloss = 0.08; }
    if (surface == 2) { base = wood(base); gloss = 0.04; }
    if (surface == 4) base *= 0.97 + 0.05 * noise(place.xz * 3.0 + place.yz * 2.0);
    if (surface == 5) base = lines(base);
    vec3 around = surroundings(base, place, n);
    if (part == 1) { pixel = vec4(around, 1.0); return; }
    vec3 keyed = direct(base, place, n, 0.1, gloss);
    vec3 at = in_shadow_map(place, n);
    float still = outside(at) ? 1.0 : tapped(still_shadow, at, 0.0016);
    if (part == 2) { pixel = vec4(keyed * still, 1.0); return; }
    float moving = outside(at) ? 1.0 : tapped(moving_shadow, at, 0.0016);
    pixel = vec4(display(around + keyed * still * moving), 1.0);
}
"""
)

COMPOSE_VERTEX = """
#version 330
void main() {
    vec2 corner = vec2((gl_VertexID << 1) & 2, gl_VertexID & 2);
    gl_Position = vec4(corner * 2.0 - 1.0, 0.0, 1.0);
}
"""

COMPOSE_FRAGMENT = (
    """
#version 330
"""
    + LIGHT
    + """
uniform sampler2D around;
uniform sampler2D keyed;
uniform sampler2D far;
uniform mat4 unview;
uniform vec2 size;
out vec4 pixel;
void main() {
    ivec2 spot = ivec2(gl_FragCoord.xy);
    float depth = texelFetch(far, spot, 0).r;
    gl_FragDepth = depth;
    vec4 world = unview * vec4(gl_FragCoord.xy / size * 2.0 - 1.0, depth * 2.0 - 1.0, 1.0);
    vec3 at = in_shadow_map(world.xyz / world.w, key_way);
    float moving = outside(at) ? 1.0 : tapped(moving_shadow, at, 0.0022);
    vec3 light = texelFetch(around, spot, 0).rgb * (0.84 + 0.16 * moving);
    pixel = vec4(display(light + texelFetch(keyed, spot, 0).rgb * moving), 1.0);
}
"""
)

FIGURE_VERTEX = """
#version 330
uniform mat4 view;
in vec3 in_place;
in vec3 in_normal;
in vec2 in_uv;
in float in_layer;
out vec3 place;
out vec3 normal;
out vec2 uv;
flat out float layer;
void main() {
    place = in_place;
    normal = in_normal;
    uv = in_uv;
    layer = in_layer;
    gl_Position = view * vec4(in_place, 1.0);
}
"""

FIGURE_FRAGMENT = (
    """
#version 330
"""
    + LIGHT
    + """
uniform sampler2DArray pictures;
in vec3 place;
in vec3 normal;
in vec2 uv;
flat in float layer;
out vec4 pixel;
void main() {
    vec4 colour = texture(pictures, vec3(uv, layer));
    if (colour.a < (layer > 1.5 && layer < 2.5 ? 0.12 : 0.42)) discard;
    vec3 n = normalize(gl_FrontFacing ? normal : -normal);
    float skin = layer < 0.5 ? 1.0 : 0.0;
    vec3 base = colour.rgb * colour.rgb;
    vec3 at = in_shadow_map(place, n);
    float shadow = outside(at) ? 1.0 : tapped(moving_shadow, at, 0.0014) * texture(still_shadow, at);
    vec3 light = surroundings(base, place, n) * (0.84 + 0.16 * shadow);
    light += direct(base, place, n, 0.15 + 0.30 * skin, 0.035 * skin) * shadow;
    // Light that has gone through skin comes out redder.
    light += skin * base * vec3(0.06, 0.02, 0.01) * (1.0 - abs(dot(n, normalize(eye - place))));
    pixel = vec4(display(light), 1.0);
}
"""
)

DEPTH_FRAGMENT = """
#version 330
void main() {}
"""
