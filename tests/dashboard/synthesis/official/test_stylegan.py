from __future__ import annotations

import contextlib
import random
import zipfile
from typing import Any

import numpy as np
import pytest
from support.official_files import Call, Global, Raw, Writer
from support.stylegan_files import (
    Module,
    PickledTensors,
    Tensor,
    legacy_storage,
    nvidia_file,
    old_saved_file,
    rosinality_file,
    saved_file,
    tensorflow_file,
)
from support.stylegan_reference import random_stylegan2, random_stylegan3, rosinality_of, tensorflow_of

from dashboard.errors import OfficialFileError
from dashboard.synthesis.official.stylegan import parse_stylegan
from dashboard.synthesis.stylegan.config import StyleGAN2Config

SMALL = random_stylegan2(resolution=8, maps=3)
SMALL3 = random_stylegan3(layers=3)


def refusal(content: bytes) -> str:
    with pytest.raises(OfficialFileError) as caught:
        parse_stylegan(content)
    message = str(caught.value)
    assert message.startswith("Expected ")
    assert " Received: " in message
    return message


def same(a: dict[str, np.ndarray], b: dict[str, np.ndarray], tolerance: float = 0.0) -> None:
    assert set(a) == set(b)
    for name, values in a.items():
        np.testing.assert_allclose(values, b[name], rtol=tolerance, atol=tolerance, err_msg=name)


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
@pytest.mark.parametrize("generator", [SMALL, SMALL3], ids=["stylegan2", "stylegan3"])
def test_nvidias_pickles_of_every_protocol_are_read(generator: Module, protocol: int) -> None:
    read = parse_stylegan(nvidia_file(generator, protocol))
    same(read.variables, parse_stylegan(nvidia_file(generator)).variables)
    assert all(array.dtype == np.float32 and array.flags.c_contiguous for array in read.variables.values())


def test_the_average_alone_a_bare_generator_and_torch_save_give_the_same() -> None:
    expected = parse_stylegan(nvidia_file(SMALL))
    write = PickledTensors()
    alone = Writer(protocol=4).file({"G_ema": write.module(SMALL)})
    for content in (alone, nvidia_file(SMALL, alone=True), saved_file(SMALL)):
        read = parse_stylegan(content)
        assert read.config == expected.config
        same(read.variables, expected.variables)


def test_the_average_is_read_not_the_network_in_training() -> None:
    content = nvidia_file(SMALL, G=PickledTensors().module(random_stylegan2(seed=9, resolution=8, maps=3)))
    same(parse_stylegan(content).variables, parse_stylegan(nvidia_file(SMALL)).variables)


def test_weights_with_their_channels_last_are_read_in_their_order() -> None:
    moved = random_stylegan2(resolution=8, maps=3)
    layer = moved.parts["synthesis"].parts["b8"].parts["conv0"]
    layer.parameters["weight"] = Tensor(layer.parameters["weight"], "last")
    same(parse_stylegan(nvidia_file(moved)).variables, parse_stylegan(nvidia_file(SMALL)).variables)


@pytest.mark.parametrize("architecture", ["skip", "resnet", "orig"])
@pytest.mark.parametrize("labels", [0, 3])
def test_a_tensorflow_pickle_gives_the_network_that_it_was_made_of(architecture: str, labels: int) -> None:
    generator = random_stylegan2(resolution=16, architecture=architecture, maps=3)
    read = parse_stylegan(tensorflow_file(*tensorflow_of(generator)))
    expected = parse_stylegan(nvidia_file(generator))
    assert [layer.name for layer in read.config.layers] == [layer.name for layer in expected.config.layers]
    same(read.variables, expected.variables, 1e-5)


def test_labels_of_a_tensorflow_pickle_are_joined_to_the_latent_before_both_are_normalised() -> None:
    synthesis, mapping, own = tensorflow_of(SMALL)
    mapping = {"LabelConcat/weight": np.ones((4, 2), np.float32), **mapping}
    read = parse_stylegan(tensorflow_file(synthesis, mapping, own))
    assert (read.config.latent_size, read.config.label_size, read.config.mapping.joint) == (3, 4, True)


@pytest.mark.parametrize("old", [False, True])
def test_rosinalitys_checkpoints_give_the_network_that_they_were_made_of(old: bool) -> None:
    tensors, mean = rosinality_of(SMALL)
    read = parse_stylegan(old_saved_file(tensors) if old else rosinality_file(tensors, mean))
    expected = parse_stylegan(nvidia_file(SMALL))
    variables = {**expected.variables}
    if old:  # without the mean it is that of many draws
        assert np.abs(read.variables["mapping.w_avg"]).max() < 1
        variables["mapping.w_avg"] = read.variables["mapping.w_avg"]
    same(read.variables, variables, 1e-5)


def test_attributes_are_those_of_the_file_never_defaults_of_a_class() -> None:
    generator = random_stylegan2(resolution=8, maps=3, clamp=3.5, activation="swish")
    read = parse_stylegan(nvidia_file(generator)).config
    assert isinstance(read, StyleGAN2Config)
    assert {(layer.activation, layer.clamp) for block in read.blocks for layer in block.layers} == {("swish", 3.5)}
    resnet = parse_stylegan(nvidia_file(random_stylegan2(resolution=8, architecture="resnet", clamp=2.0))).config
    assert isinstance(resnet, StyleGAN2Config)
    assert resnet.blocks[1].layers[1].clamp == pytest.approx(2 * np.sqrt(0.5))


# Files that are none.


def test_other_files_are_refused_by_what_they_are() -> None:
    assert "HTML" in refusal(b"<!DOCTYPE html><html>")
    assert "empty" in refusal(b"")
    assert "G_ema" in refusal(Writer(protocol=4).file({"epoch": 3}))
    other = PickledTensors().module(Module("Discriminator"))
    assert "Discriminator" in refusal(Writer(protocol=4).file({"G_ema": other}))
    assert "os.system" in refusal(Writer(protocol=4).file(Call(Global("os", "system"), ("true",))))
    assert "stored as it is" in refusal(saved_file(SMALL, compression=zipfile.ZIP_DEFLATED))
    assert "cut off" in refusal(nvidia_file(SMALL)[:-400])


@pytest.mark.parametrize(
    "raw",
    [
        b"PK\x03\x04" + bytes(60),
        b"\x80\x02cos\nsystem\nU\x04true\x85R.",
        b"",
        bytes(300),
        legacy_storage(np.ones(3, "f4"), magic=7),
    ],
    ids=["zip", "pickle", "empty", "zeros", "magic"],
)
def test_bytes_of_a_storage_that_pytorch_would_run_are_refused(raw: bytes) -> None:
    class Hostile(PickledTensors):
        def storage(self, tensor: Tensor) -> Any:
            return Call(Global("torch.storage", "_load_from_bytes"), (raw,))

    refusal(Writer(protocol=4).file({"G_ema": Hostile().module(SMALL)}))


@pytest.mark.parametrize(
    ("offset", "size", "stride"),
    [
        (1, (4,), (1,)),
        (0, (5,), (1,)),
        (0, (2, 2), (3, 1)),
        (0, (4,), (2**60,)),
        (-1, (1,), (1,)),
        (0, (2**62, 4), (0, 0)),
        (0, (4,), (-1,)),
    ],
)
def test_a_tensor_stays_inside_its_storage(offset: int, size: tuple, stride: tuple) -> None:
    class OutOfRange(PickledTensors):
        def tensor(self, value: Any) -> Call:
            storage = self.storage(Tensor(np.ones(4, np.float32)))
            arguments = (storage, offset, size, stride, False, Call(Global("collections", "OrderedDict"), ()))
            return Call(Global("torch._utils", "_rebuild_tensor_v2"), arguments)

    refusal(Writer(protocol=4).file({"G_ema": OutOfRange().module(SMALL)}))


@pytest.mark.parametrize("broken", ["missing", "shape", "nan", "name"])
def test_a_variable_that_is_wrong_is_named(broken: str) -> None:
    generator = random_stylegan2(resolution=8, maps=3)
    layer = generator.parts["synthesis"].parts["b8"].parts["conv1"]
    if broken == "missing":
        del layer.parameters["bias"]
    elif broken == "shape":
        layer.parameters["bias"] = np.ones(2, np.float32)
    elif broken == "nan":
        layer.parameters["bias"] = np.full(3, np.nan, np.float32)
    else:
        del generator.parts["synthesis"].parts["b8"].parts["conv1"]
    assert "b8" in refusal(nvidia_file(generator))


def mutated(content: bytes, rng: random.Random) -> bytes:
    """Return a file with some bytes changed, cut out, doubled or cut off."""
    changed = bytearray(content)
    for _ in range(rng.randint(1, 4)):
        index = rng.randrange(len(changed))
        kind = rng.randrange(5)
        if kind == 0:
            changed[index] = rng.randrange(256)
        elif kind == 1:
            del changed[index : index + rng.randint(1, 8)]
        elif kind == 2:
            changed[index:index] = changed[index : index + rng.randint(1, 30)]
        elif kind == 3:
            changed[index : index + 4] = rng.choice([b"\xff\xff\xff\x7f", b"\xff\xff\xff\xff", bytes(4)])
        else:
            del changed[max(index, 1) :]
    return bytes(changed)


def read_mutated(count: int) -> None:
    tensors, mean = rosinality_of(SMALL)
    files = [
        nvidia_file(SMALL), nvidia_file(SMALL3, 3), saved_file(SMALL), tensorflow_file(*tensorflow_of(SMALL)),
        rosinality_file(tensors, mean), old_saved_file(tensors),
    ]  # fmt: skip
    rng = random.Random(3)
    for i in range(count):
        content = mutated(files[i % len(files)], rng)
        with contextlib.suppress(OfficialFileError):  # anything else fails the test
            parse_stylegan(content)


def test_damaged_files_end_in_an_error_of_ours_or_are_read() -> None:
    read_mutated(1000)


@pytest.mark.long
def test_many_damaged_files_end_in_an_error_of_ours_or_are_read() -> None:
    read_mutated(10_000)


def test_nothing_of_the_file_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program text that comes with a network would end the process."""
    parse_stylegan(nvidia_file(SMALL))
    content = Writer(protocol=4).file(Raw(b"\x8c\x02os\x8c\x06system\x93\x8c\x04true\x85R"))
    monkeypatch.setattr("os.system", lambda *_: pytest.fail("run"))
    refusal(content)
