"""Unexpected content of a pickle is rejected: no code runs, and no more memory is allocated than its bytes fill."""

from __future__ import annotations

import os
import pickle
import struct
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.models import random_variables, tiny_config
from support.official_files import FORMS, Build, Call, Global, New, Raw, Writer, discriminator, generator, network

from dashboard.errors import OfficialFileError
from dashboard.settings import ROOT
from dashboard.synthesis.official.network import parse_network
from dashboard.synthesis.official.objects import ARRAY_PAIRS, NETWORK_PAIRS
from dashboard.synthesis.official.pickles import MAX_INSTRUCTIONS, read_pickle

CONFIG = tiny_config(resolution=8, latent_size=4, fmap_base=16, fmap_max=4)
VARIABLES = random_variables(CONFIG)

DTYPE = Global("numpy", "dtype")
NDARRAY = Global("numpy", "ndarray")
RECONSTRUCT = Global("numpy.core.multiarray", "_reconstruct")
FLOATS = Build(Call(DTYPE, ("f4", 0, 1)), (3, "<", None, None, None, -1, -1, 0))


def empty_array() -> Call:
    return Call(RECONSTRUCT, (NDARRAY, (0,), b"b"))


def refusal(content: bytes) -> str:
    with pytest.raises(OfficialFileError) as caught:
        read_pickle(content, ARRAY_PAIRS | NETWORK_PAIRS)
    message = str(caught.value)
    assert message.startswith("Expected ")
    assert " Received: " in message
    return message


def refused(value: Any, **form: Any) -> str:
    return refusal(Writer(**form).file(value))


# Code in a file never runs.


def touch(path: Path) -> Call:
    """Return a call that creates a file when a reader executes it."""
    return Call(Global(os.system.__module__, "system"), (f"touch {path}",))


def test_the_payload_of_these_tests_works_where_pickles_are_trusted(tmp_path: Path) -> None:
    pickle.loads(Writer().file(touch(tmp_path / "ran")))  # noqa: S301 (made one line above)
    assert (tmp_path / "ran").exists()


@pytest.mark.parametrize("form", FORMS)
def test_a_call_of_the_system_is_refused_and_not_run(form: str, tmp_path: Path) -> None:
    message = refused(touch(tmp_path / "ran"), **FORMS[form])
    assert "posix.system" in message
    assert "Nothing of the file was run" in message
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    "holder",
    [
        lambda bad: (generator(CONFIG, VARIABLES), network({"lod": bad}, {}, "D_paper"), generator(CONFIG, VARIABLES)),
        lambda bad: (bad, discriminator(), generator(CONFIG, VARIABLES)),
        lambda bad: generator(CONFIG, VARIABLES, name=bad),
        lambda bad: generator(CONFIG, VARIABLES, arguments={"func": bad}),
        lambda bad: generator(CONFIG, VARIABLES, build_module_src=bad),
        lambda bad: generator(CONFIG, {**VARIABLES, "extra": bad}),
        lambda bad: New(Global("tfutil", "Network"), (bad,)),
    ],
)
def test_a_payload_is_found_wherever_it_hides(holder: Any, tmp_path: Path) -> None:
    with pytest.raises(OfficialFileError, match=r"posix\.system"):
        parse_network(Writer().file(holder(touch(tmp_path / "ran"))))
    assert not (tmp_path / "ran").exists()


def test_the_source_text_is_never_run(tmp_path: Path) -> None:
    source = f"import os\nos.mkdir({str(tmp_path / 'ran')!r})\n"
    read = parse_network(Writer().file(generator(CONFIG, VARIABLES, build_module_src=source)))
    assert read.config == CONFIG
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("builtins", "eval"),
        ("__builtin__", "eval"),
        ("builtins", "getattr"),
        ("operator", "attrgetter"),
        ("numpy.testing", "runstring"),
        ("numpy.testing._private.utils", "runstring"),
        ("numpy.core.multiarray", "fromfile"),
        ("numpy", "load"),
        ("numpy", "testing.runstring"),
        ("numpy.core.multiarray", "_reconstruct.__globals__"),
        ("numpy", "ndarray.tofile"),
        ("tfutil", "Network.__init__"),
        ("tfutil", "Network.__class__"),
        ("tfutil", "os.system"),
        ("tfutil.Network", ""),
        ("", "tfutil.Network"),
        ("tfutil ", "Network"),
        ("Tfutil", "Network"),
        ("_codecs", "decode"),
        ("codecs", "encode"),
        ("numpy._core.multiarray", "array"),
        ("copyreg", "_reconstructor"),
    ],
)
@pytest.mark.parametrize("protocol", [2, 4])
def test_names_that_only_look_right_are_refused(module: str, name: str, protocol: int) -> None:
    message = refused(Call(Global(module, name), ("1",)), protocol=protocol)
    assert f"{module}.{name}"[:30].strip() in message


def test_other_networks_are_distinguished() -> None:
    assert "StyleGAN" in refused(New(Global("dnnlib.tflib.network", "Network")))
    assert "StyleGAN" in refused(New(Global("torch_utils.persistence", "_reconstruct_persistent_obj")))
    assert "Theano" in refused(New(Global("network", "Network"), (), {"param_values": [], "build_func_spec": {}}))


@pytest.mark.parametrize(
    "value",
    [
        Call(Global("tfutil", "Network"), ()),
        Call(NDARRAY, ((2,),)),
        Call("numpy.ndarray", ()),
        Call(RECONSTRUCT, [1]),
        Call(RECONSTRUCT, (NDARRAY, (1 << 40,), b"b")),
        Call(RECONSTRUCT, (DTYPE, (0,), b"b")),
        Call(RECONSTRUCT, (NDARRAY, (0,), b"d")),
        Call(RECONSTRUCT, (NDARRAY,)),
        New(NDARRAY),
        New(DTYPE, ("f4",)),
        New("tfutil.Network"),
        Build(NDARRAY, {"__doc__": "x"}),
        Build(RECONSTRUCT, (None, {"__code__": 1})),
        Build({}, {"a": 1}),
        Build([], (1,)),
        Build(New(Global("tfutil", "Network"), (), {"version": 2}), {"version": 3}),
        Build(Build(empty_array(), (1, (1,), FLOATS, False, b"\0" * 4)), (1, (1,), FLOATS, False, b"\0" * 4)),
        Build(empty_array(), (2, (1,), FLOATS, False, b"\0" * 4)),
        Build(empty_array(), (1, (1,), "f4", False, b"\0" * 4)),
        Build(empty_array(), (1, (1,), FLOATS, False, ["\0" * 4])),
        Build(empty_array(), (1, (1,), FLOATS, False, "\u4e00" * 4)),
        Build(empty_array(), (1, (1.0,), FLOATS, False, b"\0" * 4)),
        Build(empty_array(), (1, (True,), FLOATS, False, b"\0" * 4)),
        Build(empty_array(), (1, (-1, -1), FLOATS, False, b"\0" * 4)),
        Build(empty_array(), (1, (1,) * 9, FLOATS, False, b"\0" * 4)),
        Call(Global("_codecs", "encode"), ("abc", "hex")),
        Call(Global("_codecs", "encode"), (b"abc", "latin1")),
        Call(Global("numpy.core.numeric", "_frombuffer"), (b"\0" * 4, FLOATS, (1,), "K")),
    ],
)
def test_calls_and_states_that_no_official_file_has_are_refused(value: Any) -> None:
    refused(value)


@pytest.mark.parametrize(
    "kind",
    [
        Call(DTYPE, ("O8", 0, 1)),
        Call(DTYPE, ("|O", False, True)),
        Call(DTYPE, ("V8", 0, 1)),
        Call(DTYPE, ("S4", 0, 1)),
        Call(DTYPE, ("U4", 0, 1)),
        Call(DTYPE, ("i4", 0, 1)),
        Call(DTYPE, ("f2", 0, 1)),
        Call(DTYPE, ([("a", "O")], 0, 1)),
        Call(DTYPE, ("f4",)),
        Build(Call(DTYPE, ("f4", 0, 1)), (3, "|", None, None, None, -1, -1, 63)),
        Build(Call(DTYPE, ("f4", 0, 1)), (3, "<", ("O", (2,)), None, None, -1, -1, 0)),
        Build(Call(DTYPE, ("f4", 0, 1)), (3, "<", None, ("a",), {}, -1, -1, 0)),
        Build(Call(DTYPE, ("f4", 0, 1)), (4, "<", None, None, None, -1, -1, 0, {"metadata": 1})),
    ],
)
def test_arrays_of_anything_but_plain_numbers_are_refused(kind: Any) -> None:
    state = (1, (1,), kind, False, [touch(Path("never"))])
    assert "never" not in refused(Build(empty_array(), state))


# Nothing is allocated that the file does not cover.


def test_a_file_of_a_few_bytes_allocates_next_to_nothing() -> None:
    huge = 1 << 40
    frombuffer = Global("numpy._core.numeric", "_frombuffer")
    deep = b"\x80\x04" + b")" + b"\x85" * 50_000 + b"."
    files = [
        Writer().file(Build(empty_array(), (1, (huge,), FLOATS, False, b"\0" * 4))),
        Writer().file(Build(empty_array(), (1, (huge, huge, huge), FLOATS, True, b""))),
        Writer(protocol=5).file(Call(frombuffer, (bytearray(8), FLOATS, (huge, 2), "C"))),
        Writer().file(Call(Global("numpy.core.multiarray", "scalar"), (FLOATS, b"\0" * 8))),
        *(b"\x80\x05" + code + b"\xff\xff\xff\xff" for code in (b"X", b"T", b"B", b"\x8b", b"j")),
        *(b"\x80\x05" + code + b"\xff\xff\xff\xff\xff\xff\xff\x7f" for code in (b"\x8d", b"\x8e", b"\x96", b"\x95")),
        b"\x80\x05" + b"\x8a\xff" + b"\xff" * 255,
        b"\x80\x04]" + b"r\xff\xff\xff\xff" + b"(0.",
        deep[:-2] + b"u.",
        b"\x80\x04}" + deep[2:-1] + b"Ns.",
    ]
    tracemalloc.start()
    try:
        for content in files:
            tracemalloc.reset_peak()
            refusal(content)
            assert tracemalloc.get_traced_memory()[1] < 200 * len(content) + 200_000
    finally:
        tracemalloc.stop()


def test_instructions_are_counted() -> None:
    assert str(MAX_INSTRUCTIONS) in refusal(b"\x80\x04" + b"]" * (MAX_INSTRUCTIONS + 10) + b".")


def test_bytes_that_are_used_again_do_not_become_new_arrays() -> None:
    """A kilobyte that the memo gives out a thousand times would be a megabyte of arrays."""
    data = np.zeros(256, np.float32).tobytes()
    first = b"B" + struct.pack("<I", 1024) + data + b"q\xfe"
    again = [Build(empty_array(), (1, (256,), FLOATS, False, Raw(b"h\xfe"))) for _ in range(100)]
    values: list[Any] = [Raw(first), *again]
    assert "several arrays" in refused(values)
    text = b"X" + struct.pack("<I", 1024) + b"\0" * 1024 + b"q\xfe"
    calls = [Call(Global("_codecs", "encode"), (Raw(b"h\xfe"), "latin1")) for _ in range(100)]
    assert "several arrays" in refused([Raw(text), *calls])


def test_text_that_would_take_four_times_its_bytes_is_limited() -> None:
    wide = "\U0001f600" * (1 << 18) + "a"
    assert "outside Latin-1" in refused({"build_module_src": wide})
    plain = {"build_module_src": "é" * (1 << 20)}
    assert read_pickle(Writer().file(plain), ARRAY_PAIRS) == plain


# Files that are damaged or something else.


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"", "an empty file"),
        (b"<!DOCTYPE html><html><body>Not found</body></html>", "an HTML page"),
        (b"\xef\xbb\xbf\n <html>", "an HTML page"),
        (b"<?xml version='1.0'?><Error/>", "an HTML page"),
        (b"PK\x03\x04 a zip file", "PK"),
        (b"version https://git-lfs.github.com/spec/v1\n", "version"),
        (b"\x80", "protocol"),
        (b"\x80\x01K\x01.", "protocol"),
        (b"\x80\x06K\x01.", "protocol"),
        (b"(lp0\n.", "protocol"),
        (b"\x80\x03K\x01", "cut off"),
        (b"\x80\x03K\x01.more", "4 more bytes"),
        (b"\x80\x03.", "one value"),
        (b"\x80\x03K\x01K\x02.", "one value"),
        (b"\x80\x03(.", "on the stack"),
        (b"\x80\x03h\x05.", "kept before"),
        (b"\x80\x03X\x02\x00\x00\x00\xff\xff.", "UTF-8"),
        (b"\x80\x03cposix", "line's end"),
        (b"\x80\x03}K\x01K\x02s.", "keys that are text"),
        (b"\x80\x03}(K\x01u.", "value for each key"),
        (b"\x80\x03K\x01K\x02a.", "a list"),
        (b"\x80\x03]K\x01K\x02s.", "a dict"),
        (b"\x80\x03e.", "a mark"),
    ],
)
def test_what_is_no_whole_pickle_is_refused_by_name(content: bytes, named: str) -> None:
    assert named in refusal(content)


@pytest.mark.parametrize(
    "code", [b"P1\n", b"Q", b"ios\nsystem\n", b"o", b"\x82\x01", b"\x92", b"\x97", b"\x98", b"I1\n"]
)
def test_instructions_of_other_pickles_are_refused(code: bytes) -> None:
    assert "instruction" in refusal(b"\x80\x05K\x01" + code + b".")


@pytest.mark.parametrize("form", ["protocol 2", "protocol 3, 2018", "protocol 5, NumPy 2"])
def test_a_file_cut_off_anywhere_is_refused(form: str) -> None:
    content = Writer(**FORMS[form]).file(generator(CONFIG, VARIABLES))
    for end in range(0, len(content) - 1, 11):
        with pytest.raises(OfficialFileError):
            parse_network(content[:end])


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux")
@pytest.mark.parametrize("seed", [1, 2])
def test_ten_thousand_mutated_files_are_read_or_refused_in_bounded_memory(seed: int) -> None:
    """5,000 for each seed, in a process that may take no more than 16 MB and must not run, open or import anything."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "tests"), str(ROOT)])}
    done = subprocess.run(
        [sys.executable, "-m", "support.official_fuzz", str(seed), "5000", "16"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    read, refused_count = map(int, done.stdout.split())
    assert read + refused_count == 5000
    assert refused_count > 2500
    assert read > 50


# Check of the fixtures: Python's own pickle agrees with them.


@pytest.mark.filterwarnings("ignore:numpy.core:DeprecationWarning")
@pytest.mark.parametrize("form", FORMS)
def test_pythons_own_reader_reads_the_fixtures_alike(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module = type(sys)("tfutil")
    module.Network = type("Network", (), {"__module__": "tfutil"})
    monkeypatch.setitem(sys.modules, "tfutil", module)
    content = Writer(**FORMS[form]).file(generator(CONFIG, VARIABLES))
    encoding = "latin1" if FORMS[form].get("python") == 2 else "ASCII"
    trusted = pickle.loads(content, encoding=encoding)  # noqa: S301 (made one line above)
    ours = parse_network(content)
    assert {name: np.shape(value) for name, value in trusted.variables} == CONFIG.variables()
    for name, value in trusted.variables:
        np.testing.assert_array_equal(ours.variables[name], value)
