"""Latents of faces: base latents, and the pins applied to them.

A base is a point of the sphere |z|^2 = L wherever the model normalises its latents, as every PG-GAN in use does: the
generator uses only the direction of a latent, and coordinates refer to the normalised latent. Reasons:
docs/decisions/bases-lie-on-the-sphere.md.
"""

from __future__ import annotations

import functools
import hashlib
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dashboard.analysis.pins import SHORTEST, apply_pins, coordinates, on_sphere
from dashboard.errors import FaceError, NotFound
from dashboard.faces.attribute_layers import (
    Layers,
    apply_layered_pins,
    is_layered,
    layer_weights,
    layered_coordinates,
    require_layers,
)
from dashboard.faces.demo import demo_features, demo_latent
from dashboard.faces.direction_names import columns_of, measuring_columns
from dashboard.faces.face import Base, Demo, Face, Mix, Seed, Stored
from dashboard.faces.style_pins import channel_layers, pinned_channels, read_styles
from dashboard.synthesis.stylegan.options import PLAIN

if TYPE_CHECKING:
    from dashboard.synthesis.model_folder import Model

Array = NDArray[np.float64]
Lookup = Callable[[str], NDArray | None]
"""Function that finds a stored latent by its name, `HASH` or `HASH.ROW`; None if there is none."""

OPPOSITE = 1e-6
"""Length of the sum of two unit vectors below which they point in opposite directions, and no great circle joins them.
"""


def latent_of(
    face: Face, model: Model, stored: Lookup | None = None, drawn: Mapping[tuple[int, int], Array] | None = None
) -> Array:
    """Return the latent of a face: its base, moved to the nearest point that has the pinned coordinates.

    Args:
        face: the face.
        model: a model; its config, attributes, directions and extra directions are used.
        stored: looks up stored latents by hash; None for the model's own.
        drawn: already drawn rows of seeds (`seed_latents`): a single high row takes a tenth of a second.

    Returns:
        (L,) float64; on the sphere |z|^2 = L if the model normalises its latents. Of a face whose attributes act on
        some layers only, the mean over its layers: the nearest single w.

    Raises:
        FaceError: a pinned attribute is unknown to the model, or it does not have the layers of an attribute.
        PinError: no latent has the pinned coordinates.
        NotFound: a stored latent does not exist.
        InputError: the model does not offer an option of the face.
    """
    point = point_of(face, model, stored, drawn)
    return point if point.ndim == 1 else point.mean(axis=0)


def point_of(
    face: Face, model: Model, stored: Lookup | None = None, drawn: Mapping[tuple[int, int], Array] | None = None
) -> Array:
    """Return (L,) the latent of a face, or (layers, L) a row for each layer if its attributes act on some only.

    Pins on style channels move no latent. Arguments and errors are those of `latent_of`.
    """
    if face.options != PLAIN:
        face.options.check(model.config)
    require_layers(face.layers, model)
    channels = pinned_channels(face, model)
    names = tuple(name for name in face.names if name not in channels)
    values = tuple(value for name, value in face.pins if name not in channels)
    directions = columns_of(model, names)
    base = face.base
    if isinstance(base, Seed) and drawn and (base.seed, base.row) in drawn:
        z0 = model.points(drawn[base.seed, base.row][None], face.options.label)[0]
    else:
        z0 = latent_of_base(base, model, stored, face.options.label)
    if is_layered(names, face.layers):
        weights = layer_weights(names, face.layers, model.layers)
        return apply_layered_pins(z0, directions, values, weights, names)
    return apply_pins(z0, directions, values, model.normalised, names)


def coordinates_of(face: Face, model: Model, names: Sequence[str] | None = None, layers: Layers | None = None) -> Array:
    """Return the coordinates of a face, each attribute read from the layers that it acts on.

    A style channel is read from the row of w of its layer, or has the value that it is pinned at.

    Args:
        face: the face.
        model: the model.
        names: of directions of the model; None for all its own.
        layers: those that attributes are read from; None for the face's own.

    Returns:
        (n,) float64, in standard deviations over random faces.

    Raises:
        FaceError, PinError, NotFound, InputError: as `latent_of`.
    """
    point = point_of(face, model)
    directions = model.directions if names is None else measuring_columns(model, names)
    names = model.names if names is None else names
    if point.ndim == 1:  # the same in every layer
        found = coordinates(point, directions)
    else:
        chosen = (*(face.layers if layers is None else layers), *channel_layers(model, names))
        found = layered_coordinates(point, directions, layer_weights(names, chosen, model.layers))
    styles = read_styles(face, model, names)
    return np.array([styles.get(name, value) for name, value in zip(names, found, strict=True)])


def latent_of_base(base: Base, model: Model, stored: Lookup | None = None, label: int | None = None) -> Array:
    """Return the latent of a base on a model; where directions live in w, its standardised w.

    Args:
        base: the base.
        model: the model, whose directions the demo's own bases need.
        stored: looks up stored latents by hash; None for the model's own.
        label: the class of the face, which w depends on; None without one.

    Returns:
        (L,) float64; as `base_latent`.

    Raises:
        NotFound, FaceError: as `base_latent`; or the demo names a feature that the model does not have.
    """

    def demo(wanted: Demo) -> Array:
        return demo_latent(model.directions, demo_features(model.names, dict(wanted.features)))

    if stored is None and model.extra_directions is not None:
        stored = model.extra_directions.latent
    if model.w is None:
        return base_latent(base, model.config.latent_size, stored, model.normalised, demo)

    def placed(z: Array) -> Array:
        return model.points(z[None], label)[0]

    return base_latent(base, model.config.latent_size, stored, False, demo, placed, model.w.of_w)


def base_latent(
    base: Base,
    latent_size: int,
    stored: Lookup | None = None,
    normalised: bool = True,
    demo: Callable[[Demo], Array] | None = None,
    placed: Callable[[Array], Array] | None = None,
    of_w: Callable[[Array], Array] | None = None,
) -> Array:
    """Return the latent of a base.

    Args:
        base: the base.
        latent_size: L.
        stored: looks up stored latents by hash.
        normalised: whether the generator normalises its latents. If so all bases are put on the sphere |z|^2 = L;
            mixes and averages are made of bases on the sphere and put there again.
        demo: returns the latent of a `Demo`; None without a model.
        placed: returns the point of a latent z where directions live in w; None for z.
        of_w: returns the point of a stored w there; None for z.

    Returns:
        (L,) float64. A mix is the slerp of both (see `slerp`), in w the linear interpolation; an average the mean of
        its members.

    Raises:
        NotFound: a stored latent does not exist.
        FaceError: a stored latent has another length, or the mixed or averaged latents cancel out.
    """
    z = _latent(base, latent_size, stored, normalised, demo, placed, of_w)
    return on_sphere(z) if normalised else z


def seed_latent(seed: int, row: int, latent_size: int) -> Array:
    """Return the row `row` of NumPy's `RandomState(seed).randn(n, latent_size)`, which is the same for every n > row.

    Args:
        seed: 0 to 4,294,967,295.
        row: 0 to 19,999.
        latent_size: L.

    Returns:
        (L,) float64, read-only, as drawn by NumPy: not on the sphere.
    """
    return _seed_latent(seed, row, latent_size)


def seed_latents(faces: Iterable[Face], latent_size: int) -> dict[tuple[int, int], Array]:
    """Draw the rows of the bases of faces, each seed once: many rows of a seed take no longer than its last.

    Args:
        faces: any; only those whose base is a row of a seed count.
        latent_size: L.

    Returns:
        (L,) float64 by seed and row, as returned by `seed_latent`.
    """
    rows: dict[int, set[int]] = {}
    for face in faces:
        if isinstance(face.base, Seed):
            rows.setdefault(face.base.seed, set()).add(face.base.row)
    drawn: dict[tuple[int, int], Array] = {}
    for seed, wanted in rows.items():
        random, last = np.random.RandomState(seed), max(wanted)
        for start in range(0, last + 1, 512):
            block = random.randn(min(512, last + 1 - start), latent_size)
            drawn.update(
                {(seed, row): block[row - start].copy() for row in wanted if start <= row < start + len(block)}
            )
    return drawn


def slerp(first: ArrayLike, second: ArrayLike, t: float) -> Array:
    """Interpolate from one latent to another on the great circle.

    sin((1 - t) w) / sin(w) a + sin(t w) / sin(w) b, with w the angle between a and b: Shoemake, "Animating rotation
    with quaternion curves" (1985); for latents White, "Sampling generative networks" (2016), section 2.1.

    Args:
        first: (L,) the latent at t = 0.
        second: (L,) the latent at t = 1.
        t: 0 to 1.

    Returns:
        (L,) float64; linear if the angle is 0 or one of the two is zero.

    Raises:
        FaceError: they point in opposite directions, so that no unique great circle joins them.
    """
    a, b = np.asarray(first, np.float64), np.asarray(second, np.float64)
    lengths = np.linalg.norm(a), np.linalg.norm(b)
    if min(lengths) == 0:
        return (1 - t) * a + t * b
    u, v = a / lengths[0], b / lengths[1]
    if np.linalg.norm(u + v) < OPPOSITE:
        raise FaceError("Expected two faces with a way between them. Received: two opposite ones. Mix other faces.")
    # Kahan's formula: exact for small angles too, where arccos of the inner product is not.
    angle = 2 * math.atan2(float(np.linalg.norm(u - v)), float(np.linalg.norm(u + v)))
    if angle == 0:
        return (1 - t) * a + t * b
    return (math.sin((1 - t) * angle) * a + math.sin(t * angle) * b) / math.sin(angle)


def mean_latent(latents: Sequence[NDArray] | NDArray, normalised: bool) -> Array:
    """Return the mean of some latents, not normalised.

    Args:
        latents: n of (L,), on the sphere where the generator normalises.
        normalised: whether it does.

    Returns:
        (L,) float64.

    Raises:
        FaceError: the generator normalises, and the latents cancel out.
    """
    mean = np.asarray(np.mean(latents, axis=0, dtype=np.float64))
    if normalised and math.sqrt(float(np.mean(mean**2))) < SHORTEST:
        raise FaceError("Expected faces with a middle. Received: faces that cancel out. Average other faces.")
    return mean


def latent_hash(latent: ArrayLike) -> str:
    """Return the name of a stored latent: the hash of its bytes.

    Args:
        latent: (L,) any real type.

    Returns:
        The first 32 hexadecimal digits of the SHA-256 of its little-endian float32 bytes.
    """
    return hashlib.sha256(np.asarray(latent, "<f4").tobytes()).hexdigest()[:32]


@functools.lru_cache(maxsize=128)
def _seed_latent(seed: int, row: int, latent_size: int) -> Array:
    random = np.random.RandomState(seed)
    for start in range(0, row, 512):  # drawn in blocks, so that a high row needs no more memory than a low one
        random.randn(min(512, row - start), latent_size)
    latent = random.randn(latent_size)
    latent.flags.writeable = False
    return latent


def _latent(
    base: Base,
    size: int,
    stored: Lookup | None,
    normalised: bool,
    demo: Callable[[Demo], Array] | None,
    placed: Callable[[Array], Array] | None,
    of_w: Callable[[Array], Array] | None,
) -> Array:
    if isinstance(base, Seed):
        z = seed_latent(base.seed, base.row, size)
        return z if placed is None else placed(z)
    if isinstance(base, Stored):
        found = _stored_latent(base, size, stored)
        if base.space == "w":
            if of_w is None:
                raise FaceError(f"Expected a face in z. Received: {base}. Open it with the model that it is of.")
            return of_w(found)
        return found if placed is None else placed(found)
    if isinstance(base, Demo):
        if demo is None:
            raise FaceError(f"Expected a model for {base}. Received: none. Name the model whose directions it is of.")
        return demo(base)

    def part(each: Base) -> Array:
        return base_latent(each, size, stored, normalised, demo, placed, of_w)

    if isinstance(base, Mix):
        first, second = part(base.first), part(base.second)
        return slerp(first, second, base.t) if placed is None else (1 - base.t) * first + base.t * second
    return mean_latent([part(member) for member in base.members], normalised)


def _stored_latent(base: Stored, size: int, stored: Lookup | None) -> Array:
    found = stored(base.name) if stored is not None else None
    if found is None:
        raise NotFound(f"There is no stored latent {base.name} here. Open the link where it was stored.")
    latent = np.asarray(found, np.float64)
    if (base.space == "z" and latent.shape != (size,)) or latent.ndim != 1 or not np.isfinite(latent).all():
        raise FaceError(
            f"Expected a stored latent of {size} finite numbers. Received: an array of shape {latent.shape}. "
            "Open it with the model that it was stored from."
        )
    return latent
