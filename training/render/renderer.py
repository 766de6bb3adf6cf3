"""Person -> picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import moderngl
import numpy as np

from training.render import colours, gpu, growth, occlusion
from training.render import head as heads
from training.render.arrays import build_arrays
from training.render.background import paint
from training.render.formats import ByteArray
from training.render.geometry import Array
from training.render.glasses import build_glasses
from training.render.hair import PROCEDURAL, STYLES, fringe_edge, lower_edge
from training.render.head import Head
from training.render.kit import Kit
from training.render.lighting import light
from training.render.looks import Looks, choose_brow, choose_lash, choose_skins, looks_of
from training.render.person import Person
from training.render.scene import Scene
from training.render.uniforms import shared_uniforms

SHADOW_SIDE = 256
SHADOW_UNIT = 7
BRIGHT_MOUTH = np.array([0.95, 0.92, 0.86])


class Renderer:
    """Draws persons with one kit at one size.

    Args:
        kit: The asset folder as arrays.
        size: Side of the drawn picture, in pixels; `reduce` it to get smooth edges.
        cache: Folder for data that depends on the kit alone, or None.

    Raises:
        DriverError: No OpenGL driver.
        KitError: A picture of the kit is missing or malformed.
    """

    def __init__(self, kit: Kit, size: int = 256, cache: Path | None = None) -> None:
        self.kit, self.size = kit, size
        self.context = context = gpu.open_context()
        self.scene = scene = Scene(kit, context)
        light_on = occlusion.load_or_compute(scene, cache)
        depth = context.depth_renderbuffer((size, size))
        self.buffers = [context.texture((size, size), 4, dtype="f2") for _ in range(3)]
        for texture in self.buffers:
            texture.filter = (moderngl.NEAREST, moderngl.NEAREST)
        self.body_frame = context.framebuffer(self.buffers, depth)
        self.frame = context.framebuffer([context.renderbuffer((size, size), 4)], depth)
        self.shadow = context.depth_texture((SHADOW_SIDE, SHADOW_SIDE))
        self.shadow.compare_func = "<="
        self.shadow.filter = (moderngl.LINEAR, moderngl.LINEAR)
        self.shadow.repeat_x = self.shadow.repeat_y = False
        self.shadow_frame = context.framebuffer(depth_attachment=self.shadow)
        self.arrays = build_arrays(scene, light_on)

    @property
    def styles(self) -> tuple[str, ...]:
        """The hair styles that can be drawn."""
        return (*PROCEDURAL, *(name for name in self.kit.hair if name in STYLES))

    def render(self, person: Person) -> ByteArray:
        """Draw a person.

        Args:
            person: The person.

        Returns:
            uint8 (size, size, 3), RGB.
        """
        head = heads.shape_head(self.kit, self.scene.blur, person)
        backdrop_colour, backdrop = paint(person, self.kit.surroundings)
        lamps = light(person, backdrop_colour, self.kit.surroundings)
        looks = looks_of(person)
        style = person.hair_style if person.hair_style in self.kit.hair else None
        self.shared = shared_uniforms(head, lamps) | {"gray": colours.gray_strands(person)}
        self._write_head(head, person, style)
        trim = (lower_edge(person.hair_style, person.hair_length), fringe_edge(person.hair_style, person.fringe))
        self._draw_shadow(style, trim)
        self._draw_body(person, looks, backdrop, style or occlusion.BALD)
        self._draw_eyes(person)
        self._draw_mouth(head, person)
        self._draw_brows(head, person, looks)
        self._draw_face_hair(head, person, style or occlusion.BALD)
        self._draw_hair(head, person, style, trim)
        if person.eyeglasses:
            self._draw_glasses(head, person)
        pixels = np.frombuffer(self.frame.read(components=3, alignment=1), np.uint8)
        return pixels.reshape(self.size, self.size, 3)[::-1]

    def _use(self, program: str, **uniforms: Any) -> moderngl.Program:
        chosen = self.scene.programs[program]
        gpu.set_uniforms(chosen, self.shared | uniforms)
        gpu.bind(chosen, {"shadowMap": (SHADOW_UNIT, self.shadow)})
        return chosen

    def _write_part(self, name: str, points: Array, mirrored: bool = False) -> None:
        part = self.scene.parts[name]
        normals = part.part.mesh.normals(points)
        if mirrored:
            points, normals = points * [-1, 1, 1], normals * [-1, 1, 1]
        source = part.part.mesh.source
        part.moving.write(np.hstack([points[source], normals[source]]).astype(np.float32).tobytes())

    def _write_head(self, head: Head, person: Person, style: str | None) -> None:
        scene, source = self.scene, self.kit.body.source
        points, normals = head.positions[source], head.normals[source]
        if style:
            points = points - normals * (scene.under_hair[:, None] * 0.07)
            self._write_part(style, heads.fit_hair(self.kit.parts[style], head, person), person.hair_flipped)
        scene.body_moving.write(np.hstack([points, normals, head.wide_normals[source]]).astype(np.float32).tobytes())
        eyes, facing, centres = heads.fit_eyes(self.kit.parts["eyes"], head, person, scene.left_half)
        scene.parts["eyes"].moving.write(np.hstack([eyes, facing]).astype(np.float32).tobytes())
        scene.eye_centres.write(np.ascontiguousarray(centres, np.float32).tobytes())

    def _draw_shadow(self, style: str | None, trim: tuple[float, float]) -> None:
        self.context.enable_only(moderngl.DEPTH_TEST)
        self.context.depth_func = "<"
        self.shadow_frame.use()
        self.shadow_frame.clear(depth=1.0)
        self._use("depth", cutOut=0.0, headOnly=0.0, trim=trim)
        self.scene.white.use(0)
        self.scene.body_depth.render()
        if style:
            self._use("depth", cutOut=1.0, headOnly=1.0, trim=trim)
            self._picture(style).use(0)
            self.arrays[f"depth {style}"].render()

    def _draw_body(self, person: Person, looks: Looks, backdrop: ByteArray, style: str) -> None:
        scene, context = self.scene, self.context
        self.body_frame.use()
        self.body_frame.clear(0, 0, 0, 0, depth=1.0)
        self._use("body", collar=looks.collar)
        context.enable(moderngl.CULL_FACE)
        self.arrays[f"body {style}"].render()
        context.disable(moderngl.CULL_FACE)
        self.frame.use()
        scene.backdrop_picture.write(backdrop.tobytes())
        scene.backdrop_picture.use(0)
        context.disable(moderngl.DEPTH_TEST)
        scene.backdrop.render(moderngl.TRIANGLE_STRIP)
        context.enable(moderngl.DEPTH_TEST)
        layers, shares = choose_skins(scene.skin_names, person)
        level = 0.6 if self.size < 400 else 0.0
        uniforms = looks.skin | {
            "pictureSize": float(self.size),
            "skinLayer": layers,
            "skinShare": shares,
            "surface": (*looks.surface, level),
            "collar": looks.collar,
        }
        program = self._use("skin", **uniforms)
        textures: dict[str, tuple[int, Any]] = {
            "skins": (0, scene.skins),
            "hairMasks": (1, scene.hair_masks),
            "paintMasks": (2, scene.paint_masks),
            "noise": (3, scene.noise),
            "ageMasks": (8, scene.age_masks),
        }
        for index, name in enumerate(("normalBuffer", "positionBuffer", "kindBuffer")):
            textures[name] = (4 + index, self.buffers[index])
        gpu.bind(program, textures)
        context.depth_func = ">"  # shade only where the body has been drawn
        self.frame.depth_mask = False
        scene.whole_picture.render(moderngl.TRIANGLE_STRIP)
        self.frame.depth_mask = True
        context.depth_func = "<"

    def _draw_eyes(self, person: Person) -> None:
        scene = self.scene
        position = person.iris * (len(scene.irises) - 1)
        first = min(int(position), max(len(scene.irises) - 2, 0))
        second = min(first + 1, len(scene.irises) - 1)
        program = self._use(
            "eye",
            irisLayer=(float(first), float(second)),
            irisShare=(1 - position + first, position - first),
            eyeSurface=(0.86, 1.1),
            poseCentre=1.0,
        )
        gpu.bind(program, {"irises": (0, scene.iris_layers)})
        scene.eyes.render()

    def _draw_mouth(self, head: Head, person: Person) -> None:
        if person.mouth_open <= 0.02 and person.smiling <= 0.3:
            return
        depth = float(np.mean([point[2] for point in heads.pair(self.kit, head, heads.MOUTH_CORNER)]))
        parts = self.kit.parts
        if "teeth" in parts:
            self._write_part("teeth", heads.fit_teeth(parts["teeth"], head, person, self._upper_teeth()))
            tint = (
                BRIGHT_MOUTH * person.teeth * np.array([1.0, 1.0 - 0.06 * person.oldness, 1.0 - 0.2 * person.oldness])
            )
            program = self._use("mouth", tint=tint, mouthSurface=(0.12, depth - 0.45, depth + 0.05), poseCentre=1.0)
            gpu.bind(program, {"picture": (0, self._picture("teeth"))})
            self.arrays["teeth"].render()
        if "tongue" in parts:
            self._write_part("tongue", parts["tongue"].fit(head.positions) - np.array([0, 0.05, 0.14], np.float32))
            surface = (0.1, depth - 0.45, depth + 0.12)
            program = self._use("mouth", tint=(0.8, 0.55, 0.55), mouthSurface=surface, poseCentre=1.0)
            gpu.bind(program, {"picture": (0, self._picture("tongue"))})
            self.arrays["tongue"].render()

    def _draw_brows(self, head: Head, person: Person, looks: Looks) -> None:
        bushy = person.bushy_eyebrows
        if brow := choose_brow(self.kit.brows, person):
            self._write_part(brow, heads.fit_brows(self.kit.parts[brow], head, person))
            coverage = (max(0.5, 1.15 - 0.45 * bushy), 0.85 + 0.5 * bushy)
            program = self._use("card", tint=looks.brow, coverage=coverage)
            gpu.bind(program, {"picture": (0, self._picture(brow))})
            self.arrays[brow].render()
        if lash := choose_lash(self.kit.lashes, person):
            self._write_part(lash, self.kit.parts[lash].fit(head.positions))
            thick = 0.80 - 0.40 * person.gender - 0.3 * person.oldness + 0.5 * person.makeup
            program = self._use("card", tint=colours.lash_colour(person), coverage=(1.0, thick))
            gpu.bind(program, {"picture": (0, self._picture(lash))})
            self.arrays[lash].render()

    def _draw_face_hair(self, head: Head, person: Person, style: str) -> None:
        if (beard := growth.beard(head, person)) is not None:
            self._draw_shells(f"beard {style}", beard)

    def _draw_hair(self, head: Head, person: Person, style: str | None, trim: tuple[float, float]) -> None:
        if style is None and (person.hair_style == "buzz" or person.bald):
            self._draw_shells(f"scalp {occlusion.BALD}", growth.cropped(person))
        elif style == growth.AFRO:
            self._draw_shells("afro shell", growth.afro(person))
        elif style:
            brightness = self.scene.parts[style].brightness
            program = self._use("hair", **growth.strands(person, style, brightness), trim=trim)
            gpu.bind(program, {"picture": (0, self._picture(style)), "noise": (3, self.scene.noise)})
            self.arrays[style].render()

    def _draw_shells(self, name: str, uniforms: dict[str, Any]) -> None:
        program = self._use("shell", **uniforms)
        gpu.bind(program, {"noise": (3, self.scene.noise)})
        self.arrays[name].render(instances=int(uniforms["layering"][1]))

    def _draw_glasses(self, head: Head, person: Person) -> None:
        glasses = build_glasses(person, heads.glasses_marks(self.kit, head))
        self._draw_once(glasses.frame, tint=colours.rim_colour(person), glassSurface=(0.35, 1.0, 0.06))

    def _draw_once(self, mesh: tuple[Array, Array, Array], **uniforms: Any) -> None:
        vertices = gpu.float_buffer(self.context, mesh[0], mesh[1])
        indices = gpu.index_buffer(self.context, mesh[2])
        array = self.scene.array("glasses", [(vertices, "3f 3f", "position", "normal")], indices)
        self._use("glasses", **uniforms)
        array.render()
        for resource in (array, vertices, indices):
            resource.release()

    def _picture(self, name: str) -> moderngl.Texture:
        picture = self.scene.parts[name].picture
        assert picture is not None, f"{name} was loaded without a texture"
        return picture

    def _upper_teeth(self) -> Array:
        part = self.kit.parts["teeth"]
        return np.isin(part.references[:, 0], self.kit.upper_teeth)


def reduce(picture: ByteArray, size: int) -> ByteArray:
    """Reduce a picture to `size` pixels a side by area averaging."""
    return np.asarray(cv2.resize(np.ascontiguousarray(picture), (size, size), interpolation=cv2.INTER_AREA), np.uint8)
