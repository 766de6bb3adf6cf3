"""Networks trained on photographs, from two npm packages: a face detector and two age estimators.

They have no part in training: they estimate how old a person in a photograph would look, and their features are the
same for every model and data set. ``package.json`` beside this file pins the packages (both MIT);
``npm ci --ignore-scripts --prefix training/measure`` fetches them.

- ``@vladmandic/face-api``: the tiny face detector (a small YOLOv2) and AgeGenderNet (a small Xception, regression).
- ``@vladmandic/human``: FaceRes (MobileNet v1, 100 years as classes; Savchenko, "Efficient facial representations for
  age, gender and identity recognition", PeerJ Comput. Sci. 2019).

The networks are computed with `keras.ops`, on whatever backend Keras is set up for.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from keras import ops

from training.errors import TrainingError

FOLDER = Path(__file__).parent / "node_modules"
"""Folder of the npm packages."""

DETECTOR_SIDE, XCEPTION_SIDE, MOBILENET_SIDE = 160, 112, 224
"""Input sizes of the networks. The detector takes any multiple of 32: at 160 it finds faces that fill a picture."""

RELU = "UmVsdQ=="
"""The name as TensorFlow.js writes it."""

ANCHORS = np.array([(1.603231, 2.094468), (6.041143, 7.080126), (2.882459, 3.518061), (4.266906, 5.178857),
                    (9.041765, 10.66308)])  # fmt: skip
"""Sizes of the detector's boxes, in its cells."""
LEAST_SCORE = 0.5
"""Lowest score of a box that counts as a face: the package's own threshold."""

DETECTOR_MEAN, XCEPTION_MEAN = (117.001, 114.697, 97.404), (122.782, 117.001, 104.298)
ROOM = 1.6
"""Factor from the box to the square that FaceRes gets, as its package crops it."""
BATCH = 16
FEATURES = 1024
"""Numbers in the last pooled layer of FaceRes."""

Arrays = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Seen:
    """Outputs of the networks for n pictures.

    Args:
        found: (n,) whether the detector finds a face.
        xception, mobilenet: (n,) years; nan if there is no face.
    """

    found: np.ndarray
    xception: np.ndarray
    mobilenet: np.ndarray

    @property
    def age(self) -> np.ndarray:
        """(n,) mean of the two ages."""
        return (self.xception + self.mobilenet) / 2


class PhotoNetworks:
    """The three networks.

    Args:
        folder: a ``node_modules`` with both packages.

    Raises:
        TrainingError: a file is missing or has another length than its description says.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        face_api, human = folder / "@vladmandic/face-api/model", folder / "@vladmandic/human/models"
        self.detector = read_weights(face_api / "tiny_face_detector_model-weights_manifest.json")
        self.xception = read_weights(face_api / "age_gender_model-weights_manifest.json")
        self.mobilenet = read_weights(human / "faceres.json")
        self.graph = json.loads((human / "faceres.json").read_text(encoding="utf-8"))["modelTopology"]["node"]

    def see(self, images: np.ndarray) -> Seen:
        """Find the face in each picture and estimate its age.

        Args:
            images: uint8 (n, S, S, 3) RGB, a face each.
        """
        ages = np.full((2, len(images)), np.nan)
        for rows, tight, wide in self._crops(images):
            ages[0, rows] = xception_ages(self.xception, tight)
            ages[1, rows] = mobilenet_ages(self.graph, self.mobilenet, wide)
        return Seen(np.isfinite(ages[0]), ages[0], ages[1])

    def features(self, images: np.ndarray) -> np.ndarray:
        """Return FaceRes's last pooled features float32 (n, 1024) of uint8 pictures; nan if there is no face."""
        found = np.full((len(images), FEATURES), np.nan, np.float32)
        for rows, _, wide in self._crops(images):
            found[rows] = run_graph(self.graph, self.mobilenet, wide.astype(np.float32), "global_pooling/Mean")
        return found

    def _crops(self, images: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """Yield the rows of pictures with a face, batch by batch, with the squares for AgeGenderNet and FaceRes."""
        for first in range(0, len(images), BATCH):
            part = images[first : first + BATCH]
            boxes = find_faces(self.detector, part)
            there = np.flatnonzero(np.isfinite(boxes[:, 0]))
            if len(there):
                tight = np.stack([cut(part[i], boxes[i], 1.0, XCEPTION_SIDE) for i in there])
                wide = np.stack([cut(part[i], boxes[i], ROOM, MOBILENET_SIDE) for i in there])
                yield first + there, tight, wide


def read_weights(manifest: Path) -> dict[str, np.ndarray]:
    """Return the arrays of a TensorFlow.js file, float32 or int32, by name.

    Args:
        manifest: a weights manifest, or a graph with one; the bytes lie next to it.
    """
    try:
        described = json.loads(manifest.read_text(encoding="utf-8"))
        groups = described["weightsManifest"] if isinstance(described, dict) else described
        found: dict[str, np.ndarray] = {}
        for group in groups:
            data = b"".join((manifest.parent / Path(name).name).read_bytes() for name in group["paths"])
            start = 0
            for weight in group["weights"]:
                array, start = _array(weight, data, start)
                found[weight["name"]] = array
    except (OSError, ValueError, KeyError) as error:
        raise TrainingError(
            f"Expected the weights of {manifest}. Received: {error}. "
            "Run: npm ci --ignore-scripts --prefix training/measure, or name another folder with --networks."
        ) from error
    return found


def _array(weight: Mapping[str, Any], data: bytes, start: int) -> tuple[np.ndarray, int]:
    """Return one array of the bytes from ``start`` on, and where the next one starts."""
    packed = weight.get("quantization")
    stored = np.dtype(packed["dtype"] if packed else weight["dtype"])
    count = int(np.prod(weight["shape"], dtype=np.int64))
    array = np.frombuffer(data, stored, count, start)
    if packed and stored.kind == "u":
        array = array * np.float32(packed["scale"]) + np.float32(packed["min"])
    return array.astype(weight["dtype"]).reshape(weight["shape"]), start + count * stored.itemsize


def find_faces(weights: Arrays, images: np.ndarray) -> np.ndarray:
    """Return the likeliest face of each picture.

    Args:
        weights: of the tiny face detector.
        images: uint8 (n, S, S, 3).

    Returns:
        (n, 4) x, y, width and height as shares of the picture; nan if there is no face.
    """
    x = np.stack([_resized(image, DETECTOR_SIDE) for image in images]).astype(np.float32)
    x = (x - np.array(DETECTOR_MEAN, np.float32)) / 255.0
    x = _leaky(ops.conv(ops.convert_to_tensor(x), weights["conv0/filters"], padding="valid") + weights["conv0/bias"])
    for k in range(1, 6):
        x = ops.max_pool(x, 2, 2, "same")
        filters = (weights[f"conv{k}/depthwise_filter"], weights[f"conv{k}/pointwise_filter"])
        x = ops.separable_conv(ops.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0))), *filters, padding="valid")
        x = _leaky(x + weights[f"conv{k}/bias"])
    x = ops.max_pool(x, 2, 1, "same")
    x = ops.conv(x, weights["conv8/filters"], padding="valid") + weights["conv8/bias"]
    given = np.asarray(ops.convert_to_numpy(x), np.float64)
    n, cells = len(given), given.shape[1]
    given = given.reshape(n, cells, cells, len(ANCHORS), 5)
    cells_at = np.stack(np.meshgrid(np.arange(cells), np.arange(cells)), axis=-1)[None, :, :, None]
    centre = (cells_at + _sigmoid(given[..., :2])) / cells
    size = np.exp(given[..., 2:4]) * ANCHORS / cells
    boxes = np.concatenate([centre - size / 2, size], axis=-1).reshape(n, -1, 4)
    scores = _sigmoid(given[..., 4]).reshape(n, -1)
    best = scores.argmax(axis=1)
    rows = np.arange(n)
    return np.where(scores[rows, best][:, None] > LEAST_SCORE, boxes[rows, best], np.nan)


def cut(image: np.ndarray, box: np.ndarray, room: float, side: int) -> np.ndarray:
    """Return the square around a box, as long as its larger side times ``room``, resized; black outside the picture.

    Args:
        image: uint8 (S, S, 3).
        box: x, y, width and height as shares of the picture.
        room, side: see above; pixels.
    """
    size = image.shape[0]
    x, y, width, height = box * size
    half = max(width, height) * room / 2
    low = np.floor([y + height / 2 - half, x + width / 2 - half]).astype(int)
    length = max(round(2 * half), 1)
    square = np.zeros((length, length, 3), np.uint8)
    (y0, x0), (y1, x1) = np.maximum(low, 0), np.minimum(low + length, size)
    square[y0 - low[0] : y1 - low[0], x0 - low[1] : x1 - low[1]] = image[y0:y1, x0:x1]
    return _resized(square, side)


def xception_ages(weights: Arrays, faces: np.ndarray) -> np.ndarray:
    """Return the ages in years (n,) of uint8 faces (n, 112, 112, 3), by AgeGenderNet."""

    def separable(x: Any, name: str) -> Any:
        filters = weights[f"{name}/depthwise_filter"], weights[f"{name}/pointwise_filter"]
        return ops.separable_conv(x, *filters, padding="same") + weights[f"{name}/bias"]

    def conv(x: Any, name: str) -> Any:
        return ops.conv(x, weights[f"{name}/filters"], strides=2, padding="same") + weights[f"{name}/bias"]

    def reduction(x: Any, name: str, active: bool = True) -> Any:
        out = separable(ops.relu(x) if active else x, f"{name}/separable_conv0")
        out = separable(ops.relu(out), f"{name}/separable_conv1")
        return ops.max_pool(out, 3, 2, "same") + conv(x, f"{name}/expansion_conv")

    x = (faces.astype(np.float32) - np.array(XCEPTION_MEAN, np.float32)) / 255.0
    x = ops.relu(conv(x, "entry_flow/conv_in"))
    x = reduction(x, "entry_flow/reduction_block_0", active=False)
    x = reduction(x, "entry_flow/reduction_block_1")
    for k in range(2):
        out = x
        for j in range(3):
            out = separable(ops.relu(out), f"middle_flow/main_block_{k}/separable_conv{j}")
        x = out + x
    x = reduction(x, "exit_flow/reduction_block")
    x = ops.mean(ops.relu(separable(x, "exit_flow/separable_conv")), axis=(1, 2))
    return np.asarray(ops.convert_to_numpy(x @ weights["fc/age/weights"] + weights["fc/age/bias"]), np.float64)[:, 0]


def mobilenet_ages(graph: list[dict[str, Any]], weights: Arrays, faces: np.ndarray) -> np.ndarray:
    """Return the ages in years (n,) of uint8 faces (n, 224, 224, 3), by FaceRes: the mean of its distribution over
    years.
    """
    given = run_graph(graph, weights, faces.astype(np.float32), "age_pred/Softmax")
    return given @ np.arange(1, given.shape[1] + 1)


def run_graph(graph: list[dict[str, Any]], weights: Arrays, image: np.ndarray, wanted: str) -> np.ndarray:
    """Compute one output of a TensorFlow.js graph of FaceRes's few kinds of nodes.

    Args:
        graph: its nodes, each after those that it needs.
        weights: its constants.
        image: value of the placeholder.
        wanted: name of the node.
    """
    uses = Counter(name for node in graph for name in node.get("input", ()))
    values: dict[str, Any] = {}
    for node in graph:
        names = node.get("input", ())
        values[node["name"]] = _computed(node, [values[name] for name in names], weights, image)
        if node["name"] == wanted:
            break
        # A picture in 64 channels takes a megabyte or more: it is freed as soon as possible.
        for name in names:
            uses[name] -= 1
            if not uses[name]:
                del values[name]
    return np.asarray(ops.convert_to_numpy(values[wanted]), np.float64)


def _computed(node: dict[str, Any], given: list[Any], weights: Arrays, image: np.ndarray) -> Any:
    kind = node["op"]
    match kind:
        case "Const":
            return weights[node["name"]]
        case "Placeholder":
            return image
        case "Add" | "AddV2":
            return given[0] + given[1]
        case "Mul":
            return given[0] * given[1]
        case "Minimum":
            return ops.minimum(given[0], given[1])
        case "Maximum":
            return ops.maximum(given[0], given[1])
        case "Relu":
            return ops.relu(given[0])
        case "Mean":
            return ops.mean(given[0], axis=tuple(int(axis) for axis in np.ravel(given[1])))
        case "Softmax":
            return ops.softmax(given[0])
        case "Sigmoid":
            return ops.sigmoid(given[0])
        case "_FusedMatMul":
            out = ops.matmul(given[0], given[1]) + given[2]
            return ops.relu(out) if RELU in node["attr"]["fused_ops"]["list"]["s"] else out
        case "Conv2D" | "DepthwiseConv2dNative":
            strides = int(node["attr"]["strides"]["list"]["i"][1])
            return (ops.conv if kind == "Conv2D" else ops.depthwise_conv)(given[0], given[1], strides, "same")
    raise TrainingError(f"Expected a graph of FaceRes. Received: a node of kind {kind}. Take the pinned version.")


def _leaky(x: Any) -> Any:
    return ops.relu(x * 0.9) + x * 0.1


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 1.0 / (1.0 + np.exp(-x))


def _resized(image: np.ndarray, side: int) -> np.ndarray:
    """Return a picture averaged down, or interpolated up, to ``side`` pixels."""
    how = cv2.INTER_AREA if image.shape[0] > side else cv2.INTER_LINEAR
    return cv2.resize(image, (side, side), interpolation=how)
