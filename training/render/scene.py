"""A kit on the GPU: permanent textures, buffers and vertex arrays, and those that each head overwrites."""

from __future__ import annotations

from dataclasses import dataclass

import moderngl
import numpy as np
from scipy.spatial import KDTree

from training.render import background, gpu, surfaces
from training.render.errors import KitError
from training.render.formats import ByteArray
from training.render.geometry import Array, smoothstep
from training.render.kit import HEAD, MOUTH, SOCKET, TORSO, Kit, Part
from training.render.masks import head_masks
from training.render.mesh import neighbour_blur

IRISES = ("brown", "brownlight", "green", "bluegreen", "grey", "blue", "lightblue")
"""Textures of the eyes that are used, dark to light."""
PROGRAMS = {
    "body": ("body", "body"),
    "skin": ("full", "skin"),
    "eye": ("inner", "eye"),
    "mouth": ("inner", "mouth"),
    "hair": ("hair", "hair"),
    "card": ("card", "card"),
    "shell": ("shell", "shell"),
    "glasses": ("glasses", "glasses"),
    "background": ("background", "background"),
    "depth": ("depth", "depth"),
}


@dataclass(eq=False)
class PartOnGpu:
    """A part's buffers: `moving` (position, normal) is overwritten for each head."""

    part: Part
    moving: moderngl.Buffer
    still: moderngl.Buffer
    occlusion: moderngl.Buffer
    indices: moderngl.Buffer
    picture: moderngl.Texture | None
    brightness: float


class Scene:
    """GPU data of the renderer.

    Args:
        kit: The asset folder as arrays.
        context: An OpenGL context.
    """

    def __init__(self, kit: Kit, context: moderngl.Context) -> None:
        self.kit, self.context = kit, context
        self._load_irises()
        self.programs = {name: gpu.build_program(context, *files) for name, files in PROGRAMS.items()}
        self._load_skin()
        self._load_body()
        self.parts = {name: self._load_part(part) for name, part in kit.parts.items()}
        self._load_eyes()
        corners = np.array([-1, -1, 1, -1, -1, 1, 1, 1], np.float32).reshape(4, 2)
        square = gpu.float_buffer(context, corners)
        self.backdrop = context.vertex_array(self.programs["background"], [(square, "2f", "position")])
        self.whole_picture = context.vertex_array(self.programs["skin"], [(square, "2f", "position")])
        self.white = gpu.picture_texture(context, np.full((4, 4, 4), 255, np.uint8))
        self.backdrop_picture = context.texture((background.SIZE, background.SIZE), 3, alignment=1)
        self.backdrop_picture.filter = (moderngl.LINEAR, moderngl.LINEAR)
        self.backdrop_picture.repeat_x = self.backdrop_picture.repeat_y = False

    def _load_irises(self) -> None:
        folder = self.kit.root / "base" / "eyes" / "materials"
        self.irises = tuple(name for name in IRISES if (folder / f"{name}_eye.webp").is_file())
        if not self.irises:
            raise KitError(f"Expected an eye texture in {folder}, such as brown_eye.webp. Received: none.")
        pictures = [surfaces.iris_picture(folder / f"{name}_eye.webp") for name in self.irises]
        self.iris_layers = gpu.picture_layers(self.context, pictures)

    def _load_skin(self) -> None:
        rest, covered = self._chart()
        skins = surfaces.skin_ratios(self.kit.root / "base" / "skins" / "textures", rest, covered)
        self.skin_names = skins.names
        self.skins = gpu.picture_layers(self.context, skins.pictures)
        masks = [gpu.picture_texture(self.context, picture) for picture in surfaces.mask_pictures(rest, skins.lips)]
        self.hair_masks, self.paint_masks, self.age_masks = masks
        self.noise = gpu.picture_texture(self.context, surfaces.noise_picture())

    def _chart(self) -> tuple[Array, Array]:
        """Return the rest position (768, 420, 3) of every texel of the head chart, and which texels it covers."""
        context, kit = self.context, self.kit
        width, height = surfaces.CHART
        frame = context.framebuffer([context.texture((width, height), 4, dtype="f4")])
        frame.use()
        frame.clear(0, 0, 0, 0)
        vertices = gpu.float_buffer(context, kit.body.uvs, kit.rest, kit.regions)
        program = gpu.build_program(context, "chart", "chart")
        layout = [(vertices, "2f 3f 1f", "uv", "rest", "area")]
        context.disable(moderngl.CULL_FACE | moderngl.DEPTH_TEST)
        context.vertex_array(program, layout, gpu.index_buffer(context, kit.body.triangles)).render()
        texels = np.frombuffer(frame.read(components=4, dtype="f4"), np.float32).reshape(height, width, 4)
        return texels[..., :3], (texels[..., 3] > 0.5).astype(np.float32)

    def _load_body(self) -> None:
        context, kit, body = self.context, self.kit, self.kit.body
        regions, rest = kit.regions, kit.rest
        masks = head_masks(rest)
        on_head = (regions == HEAD).astype(np.float32)
        self.blur = neighbour_blur(body.morph_quads, len(kit.positions))
        self.under_hair = smoothstep(0.10, 0.35, masks["scalp"]) * on_head  # skin is drawn in below hair cards
        torso, head = np.zeros(len(kit.positions), bool), np.zeros(len(kit.positions), bool)
        torso[body.source[regions == TORSO]] = True
        head[body.source[regions == HEAD]] = True
        seam = np.flatnonzero(torso & head)  # the skin's texture fades to a flat tone towards this line
        away = KDTree(kit.positions[seam]).query(rest)[0] if len(seam) else np.ones(len(rest))
        region = np.stack([regions, np.clip(np.asarray(away) / 0.30, 0, 1)], 1)
        count = len(body.source)
        self.body_moving = context.buffer(reserve=count * 36, dynamic=True)
        self.body_still = gpu.float_buffer(context, body.uvs, rest, region)
        self.body_indices = gpu.index_buffer(context, body.triangles)
        face_hair = np.maximum(masks["beard"], masks["moustache"]) * (regions != MOUTH) * (regions != SOCKET)
        grown = [face_hair, masks["scalp"] * on_head]
        growth = [
            (masks["beard"], masks["moustache"]),
            (masks["scalp"], np.zeros(count)),
        ]
        self.shells = {
            name: (
                gpu.float_buffer(context, *columns),
                gpu.index_buffer(context, body.triangles[where[body.triangles].max(1) > 0.02]),
            )
            for name, columns, where in zip(("beard", "scalp"), growth, grown, strict=True)
        }
        layout = [(self.body_moving, "3f 24x", "position"), (self.body_still, "2f 3f 8x", "uv", "rest")]
        self.body_depth = self.array("depth", layout, self.body_indices)

    def _load_part(self, part: Part) -> PartOnGpu:
        context, mesh = self.context, part.mesh
        count = len(mesh.source)
        rest = part.fit(self.kit.positions)[mesh.source]
        picture = self._part_picture(part)
        triangles = mesh.triangles
        if part.name == "eyes":  # drop the transparent cornea: its texels are in this corner
            middle = mesh.uvs[triangles].mean(1)
            triangles = triangles[~((middle[:, 0] > 0.84) & (middle[:, 1] > 0.84))]
        return PartOnGpu(
            part,
            context.buffer(reserve=count * 24, dynamic=True),
            gpu.float_buffer(context, mesh.uvs, rest),
            gpu.float_buffer(context, np.ones(count)),
            gpu.index_buffer(context, triangles),
            gpu.picture_texture(context, picture) if picture is not None else None,
            surfaces.median_brightness(picture) if picture is not None else 0.5,
        )

    def _part_picture(self, part: Part) -> ByteArray | None:
        if part.name == "eyes":
            return None
        if part.name == "teeth":
            path = self.kit.root / "base" / "teeth" / "materials" / "teeth.webp"
            picture = surfaces.read_picture(path)
            return picture if picture.shape[2] == 4 else np.dstack([picture, np.full(picture.shape[:2], 255, np.uint8)])
        picture = surfaces.part_picture(part)
        if picture is None and part.name in self.kit.hair:
            return surfaces.strand_picture(part.mesh)
        if picture is None:
            raise KitError(f"Expected a texture (.webp) in {part.folder}. Received: none. Build the kit again.")
        if part.name == "tongue":
            picture[..., 3] = 255
        return picture

    def _load_eyes(self) -> None:
        eyes = self.parts["eyes"]
        self.left_half = eyes.part.fit(self.kit.positions)[eyes.part.mesh.source][:, 0] > 0
        self.eye_centres = self.context.buffer(reserve=len(self.left_half) * 12, dynamic=True)
        layout = [
            (eyes.moving, "3f 3f", "position", "normal"),
            (eyes.still, "2f 12x", "uv"),
            (self.eye_centres, "3f", "centre"),
        ]
        self.eyes = self.array("eye", layout, eyes.indices)

    def part_array(self, name: str, program: str) -> moderngl.VertexArray:
        """Return a vertex array that draws a part with a program."""
        part = self.parts[name]
        third = "centre" if program == "mouth" else "rest"
        layout = [
            (part.moving, "3f 3f", "position", "normal"),
            (part.still, "2f 3f", "uv", third),
            (part.occlusion, "1f", "occlusion"),
        ]
        return self.array(program, layout, part.indices)

    def array(self, program: str, layout: list[tuple[object, ...]], indices: moderngl.Buffer) -> moderngl.VertexArray:
        """Return a vertex array; attributes that the program does not use are skipped."""
        return self.context.vertex_array(self.programs[program], layout, indices, skip_errors=True)
