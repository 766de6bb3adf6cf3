from __future__ import annotations

import os
import pickle
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.models import random_variables, tiny_config
from support.networks import CASES, case_of
from support.official_files import FORMS, Global, Writer, arguments_of, discriminator, generator, network

from dashboard.errors import OfficialFileError
from dashboard.synthesis.config import GeneratorConfig
from dashboard.synthesis.official import network as official
from dashboard.synthesis.official.files import read_file
from dashboard.synthesis.official.network import parse_network, read_network

CONFIG = tiny_config(resolution=8, latent_size=4, fmap_base=16, fmap_max=4)
VARIABLES = random_variables(CONFIG)


def assert_same(read: dict[str, np.ndarray], expected: dict[str, np.ndarray]) -> None:
    assert list(read) == list(expected)
    for name, values in read.items():
        assert values.dtype == np.float32
        assert values.flags.c_contiguous
        assert values.flags.aligned
        np.testing.assert_array_equal(values, expected[name], err_msg=name, strict=True)


def refusal(content: bytes) -> str:
    with pytest.raises(OfficialFileError) as caught:
        parse_network(content)
    message = str(caught.value)
    assert message.startswith("Expected ")
    assert " Received: " in message
    return message


def refused(value: Any, **form: Any) -> str:
    return refusal(Writer(**form).file(value))


# Every form that a network was ever written in.


@pytest.mark.parametrize("form", FORMS)
def test_condensed_files_of_every_time_are_read(form: str) -> None:
    read = parse_network(Writer(**FORMS[form]).file(generator(CONFIG, VARIABLES)))
    assert read.config == CONFIG
    assert_same(read.variables, VARIABLES)


@pytest.mark.parametrize("form", FORMS)
def test_of_three_networks_the_average_is_read(form: str) -> None:
    first = generator(CONFIG, random_variables(CONFIG, 1), name="G")
    read = parse_network(Writer(**FORMS[form]).file((first, discriminator(), generator(CONFIG, VARIABLES))))
    assert_same(read.variables, VARIABLES)
    assert read.provenance == {"form": "G, D, Gs", "class": "tfutil.Network", "function": "G_paper", "name": "Gs"}


def test_streamlits_copy_for_processors_is_read() -> None:
    kind = Global("tfutil_cpu", "Network")
    read = parse_network(Writer().file(generator(CONFIG, VARIABLES, function="G_paper_cpu", kind=kind)))
    assert read.config == CONFIG
    assert read.provenance["class"] == "tfutil_cpu.Network"


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_what_python_itself_writes_is_read(protocol: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same by Python's own pickler and today's NumPy, of which the fixtures' writer knows nothing."""
    module = type(sys)("tfutil")
    module.Network = type("Network", (), {"__module__": "tfutil", "__qualname__": "Network"})
    monkeypatch.setitem(sys.modules, "tfutil", module)
    networks = []
    source = "def G_paper(): pass\n" * 500
    for seed in (1, 2, 0):
        made = module.Network()
        variables = random_variables(CONFIG, seed)
        listed = [(name, np.array(v, order="F") if seed == 0 else v) for name, v in variables.items()]
        listed = [(name, v[()] if v.ndim == 0 else v) for name, v in listed]
        vars(made).update(version=2, name="Gs", static_kwargs=arguments_of(CONFIG), build_module_src=source)
        vars(made).update(build_func_name="G_paper", variables=listed)
        networks.append(made)
    assert_same(parse_network(pickle.dumps(tuple(networks), protocol)).variables, VARIABLES)
    assert_same(parse_network(pickle.dumps(networks[2], protocol)).variables, VARIABLES)


@pytest.mark.parametrize("case", CASES)
def test_every_kind_of_generator_is_read(case: str) -> None:
    options, lod = case_of(CASES[case])
    config = tiny_config(**{"latent_size": 16, "fmap_base": 64, "fmap_max": 8, **options})
    variables = {**random_variables(config), "lod": np.array(lod, np.float32)}
    read = parse_network(Writer().file(generator(config, variables)))
    assert read.config == config or config.log2 == 2  # a network of one block has no name to read the fused form off
    assert_same(read.variables, variables)


@pytest.mark.parametrize("structure", ["linear", "recursive", None])
def test_variables_are_found_by_name_in_any_order(structure: str | None) -> None:
    pairs = list(VARIABLES.items())
    random.Random(str(structure)).shuffle(pairs)
    read = parse_network(Writer().file(network(pairs, {**arguments_of(CONFIG), "structure": structure})))
    assert_same(read.variables, VARIABLES)


@pytest.mark.parametrize("kind", ["<f4", ">f4", "<f8", ">f8"])
@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("protocol", [2, 3, 5])
def test_arrays_of_any_order_and_width_are_converted(kind: str, order: Any, protocol: int) -> None:
    stored = {name: np.array(v, kind, order=order) for name, v in VARIABLES.items()}
    assert_same(parse_network(Writer(protocol=protocol).file(generator(CONFIG, stored))).variables, VARIABLES)


def test_arguments_that_are_not_given_have_the_originals_defaults() -> None:
    config = GeneratorConfig(resolution=32, num_channels=1, latent_size=8, fmap_base=64, fmap_max=8)
    read = parse_network(Writer().file(network(random_variables(config), {"fmap_base": 64, "fmap_max": 8})))
    assert read.config == config
    assert (config.fused_scale, config.use_wscale, config.pixelnorm_epsilon) == (True, True, 1e-8)


def test_arguments_that_the_original_ignored_are_ignored() -> None:
    given = {**arguments_of(CONFIG), "func": "networks.G_paper", "mbstd_group_size": 4, "fused_scale": False}
    # That the weights are fused is in their names.
    assert parse_network(Writer().file(network(VARIABLES, given))).config == CONFIG


def test_numbers_may_be_written_as_another_kind_of_number() -> None:
    given = {**arguments_of(CONFIG), "resolution": 8.0, "fmap_decay": 1, "use_wscale": 1}
    assert parse_network(Writer().file(network(VARIABLES, given))).config == CONFIG


# What is refused, and how.


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda v: [p for p in v if p[0] != "8x8/Conv1/bias"], "8x8/Conv1/bias"),
        (lambda v: [*v, ("8x8/Conv1/bias", np.zeros(4, np.float32))], "8x8/Conv1/bias twice"),
        (lambda v: [*v, ("16x16/Conv1/bias", np.zeros(4, np.float32))], "16x16/Conv1/bias"),
        (lambda v: [*v, ("8x8/Conv0/bias", np.zeros(4, np.float32))], "8x8/Conv0/bias"),
        (lambda v: [(n, a.reshape(-1)) for n, a in v], "of shape"),
        (lambda v: [(n, np.zeros(5, np.float32) if n.endswith("Conv/bias") else a) for n, a in v], "(5,)"),
        (lambda v: [(n, a * np.float32(np.nan) if "lod0/bias" in n else a) for n, a in v], "ToRGB_lod0/bias"),
        (lambda v: [(n, a + np.float32(np.inf) if n == "lod" else a) for n, a in v], "lod"),
        (lambda v: [(n, np.full(a.shape, 1e39) if "Dense/bias" in n else a) for n, a in v], "4x4/Dense/bias"),
        (lambda v: [(n, 0.0 if n == "lod" else a) for n, a in v], "the variable lod"),
        (lambda v: [(n, list(range(4)) if "Dense/bias" in n else a) for n, a in v], "a list of 4"),
        (lambda _: None, "a list of variables"),
        (lambda v: [n for n, _ in v], "pairs of a name"),
        (lambda v: [(n, a, 1) for n, a in v], "a tuple of 3"),
        (lambda _: [], "missing"),
    ],
)
def test_variables_that_are_not_those_of_the_network_are_named(change: Callable[[list], Any], named: str) -> None:
    pairs = [(name, v[()] if v.ndim == 0 else v) for name, v in VARIABLES.items()]
    assert named in refused(network(change(pairs), arguments_of(CONFIG)))


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"version": 1}, "version 1"),
        ({"version": 3}, "version 3"),
        ({"version": "2"}, "version '2'"),
        ({"version": True}, "version True"),
        ({"build_func_name": "D_paper"}, "D_paper"),
        ({"build_func_name": "G_style"}, "G_style"),
        ({"build_func_name": None}, "None"),
        ({"static_kwargs": []}, "static_kwargs"),
    ],
)
def test_a_network_of_another_kind_is_refused(changed: dict[str, Any], named: str) -> None:
    assert named in refused(generator(CONFIG, VARIABLES, **changed))


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"resolution": 48}, "48"),
        ({"resolution": 2048}, "2048"),
        ({"resolution": 2}, "2"),
        ({"resolution": -8}, "-8"),
        ({"resolution": "8"}, "the argument resolution"),
        ({"resolution": 8.5}, "the argument resolution"),
        ({"resolution": True}, "the argument resolution"),
        ({"resolution": None}, "the argument resolution"),
        ({"num_channels": 4}, "num_channels=4"),
        ({"latent_size": 0}, "at least one latent"),
        ({"latent_size": 1 << 62}, "4x4/Dense/weight"),
        ({"label_size": -1}, "at least one latent"),
        ({"fmap_base": 0}, "feature map"),
        ({"fmap_max": -3}, "feature map"),
        ({"fmap_decay": 1e300}, "fmap_decay"),
        ({"fmap_decay": -1e300}, "fmap_decay"),
        ({"fmap_decay": float("nan")}, "fmap_decay"),
        ({"fmap_decay": float("inf")}, "feature map"),
        ({"pixelnorm_epsilon": -1.0}, "pixelnorm_epsilon"),
        ({"pixelnorm_epsilon": float("inf")}, "pixelnorm_epsilon"),
        ({"use_wscale": 2}, "use_wscale"),
        ({"use_leakyrelu": "yes"}, "use_leakyrelu"),
        ({"dtype": "float16"}, "float16"),
        ({"structure": "human"}, "human"),
        ({"fmap_base": np.zeros(3, np.float32)}, "an array of shape (3,)"),
    ],
)
def test_arguments_that_no_such_network_has_are_named(arguments: dict[str, Any], named: str) -> None:
    assert named in refused(generator(CONFIG, VARIABLES, arguments=arguments))


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ((generator(CONFIG, VARIABLES),), "a tuple of 1"),
        ((generator(CONFIG, VARIABLES),) * 2, "a tuple of 2"),
        ([generator(CONFIG, VARIABLES)] * 3, "a list of 3"),
        ((generator(CONFIG, VARIABLES), discriminator(), None), "None"),
        ((generator(CONFIG, VARIABLES), discriminator(), discriminator()), "D_paper"),
        ({"direction": np.zeros((4, 2)), "name": ["a", "b"]}, "a dict of 2"),
        (VARIABLES["4x4/Conv/bias"], "an array of shape (4,)"),
        ("text", "'text'"),
    ],
)
def test_a_file_of_something_else_is_refused(value: Any, named: str) -> None:
    assert named in refused(value)


# The file itself.


def test_a_files_length_and_digest_are_recorded(tmp_path: Path) -> None:
    content = Writer().file(generator(CONFIG, VARIABLES))
    (tmp_path / "Gs.pkl").write_bytes(content)
    provenance = read_network(tmp_path / "Gs.pkl").provenance
    assert provenance["bytes"] == len(content)
    assert len(provenance["sha256"]) == 64


def test_what_is_no_ordinary_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(OfficialFileError, match="ordinary file"):
            read_network(path)
    with pytest.raises(FileNotFoundError):
        read_network(tmp_path / "absent")


def test_a_file_that_is_too_long_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "long.pkl").open("wb") as file:
        file.truncate(official.MAX_BYTES + 1)
    with pytest.raises(OfficialFileError, match=str(official.MAX_BYTES)):
        read_network(tmp_path / "long.pkl")
    with pytest.raises(OfficialFileError, match="at most 9 bytes"):
        read_file(tmp_path / "long.pkl", 9)
