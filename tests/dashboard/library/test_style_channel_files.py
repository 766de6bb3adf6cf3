"""Lists of style channels: the forms that are read, what is refused, and how they are kept."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from support.models import write_tiny_model
from support.stylegan_models import imported_stylegan

from dashboard.api import LoadedModel
from dashboard.cli import main
from dashboard.errors import FaceError, InputError
from dashboard.faces.direction_names import DirectionNames
from dashboard.library.attachments import unpack
from dashboard.library.collection_files import exported, read_carried
from dashboard.library.collections import Collections
from dashboard.library.direction_files import write_directions
from dashboard.library.extra_directions import Library
from dashboard.library.file_directions import directions_in
from dashboard.library.items import Draft
from dashboard.stores.library_database import Store
from dashboard.synthesis.model import Model
from dashboard.synthesis.style_channels import (
    channel_at,
    channel_of_vector,
    require_styles,
    style_sizes,
    vector_of,
)


@pytest.fixture(scope="module", params=["stylegan2", "stylegan3"])
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Model:
    return imported_stylegan(request.param, tmp_path_factory.mktemp("models"), z=16, w=12)


def written(folder: Path, content: str | bytes, name: str = "channels.csv") -> Path:
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder / name


LISTS = {
    "a table": "name,layer,channel\nSmile,3,2\n",
    "semicolons, a sign and a byte order mark": "\ufeffName;Layer;Channel;Sign\r\nSmile;3;2;+1\r\n\r\n",
    "tabs, in any order": "channel\tlayer\tname\n2\t3\tSmile",
    "quotes": '"name","layer","channel"\n"Smile","3","2.0"\n',
    "JSON objects": '[{"name": "Smile", "layer": 3, "channel": 2, "step": 5}]',
    "JSON by name": ' {"Smile": [3, 2]}',
}


@pytest.mark.parametrize("content", LISTS.values(), ids=LISTS)
def test_a_list_is_read_in_each_form(content: str, model: Model, tmp_path: Path) -> None:
    space, (found,) = directions_in(written(tmp_path, content), model, "channels.csv")
    assert (space, found.title) == ("s", "Smile")
    assert channel_of_vector(model.config, found.vector) == channel_at(model.config, 3, 2)
    assert found.description == channel_at(model.config, 3, 2).words


def test_names_signs_and_layers_names(model: Model, tmp_path: Path) -> None:
    name = channel_at(model.config, 1, 0).layer
    content = f"name,layer,channel,sign,step\nA,{name},0,-1,5\nA,2,1,,\n,0,3,1,\n"
    notes: list[str] = []
    _, found = directions_in(written(tmp_path, content), model, "channels.csv", "s", notes)
    assert [each.title for each in found] == ["A", "A (2)", "Layer 0 channel 3"]
    channels = [channel_of_vector(model.config, each.vector) for each in found]
    assert [(each.number, each.channel, each.sign) for each in channels] == [(1, 0, -1), (2, 1, 1), (0, 3, 1)]
    assert found[0].description == f"layer 1 ({name}), channel 0, reversed"
    assert notes == ["Left out, since the slider chooses the amount: step."]


def test_layers_are_numbered_in_the_order_of_stylespace(model: Model) -> None:
    """Layers to RGB count, StyleGAN3's input does not."""
    family = require_styles(model.config).family
    if family == "stylegan2":
        assert [channel_at(model.config, k, 0).layer for k in range(3)] == ["b4.conv1", "b4.torgb", "b8.conv0"]
    first = channel_at(model.config, 0, 0)
    assert vector_of(model.config, first)[4 if family == "stylegan3" else 0] == 1
    assert first.row == (1 if family == "stylegan3" else 0)


WRONG = {
    "no such layer": ("layer,channel\n99,0", "Expected a layer from 0 to"),
    "no such name": ("layer,channel\nb9000.conv1,0", "or its name"),
    "a negative layer": ("layer,channel\n-1,0", "Expected a layer from 0 to"),
    "no such channel": ("layer,channel\n0,99999", "Expected a channel from 0 to"),
    "no number": ("layer,channel\n0,x", "the number of a channel"),
    "half a channel": ("layer,channel\n0,1.5", "the number of a channel"),
    "a strong sign": ("layer,channel,sign\n0,1,2", "the sign 1 or -1"),
    "a short row": ("layer,channel\n0", "2 cells in row 2. Received: 1"),
    "a column twice": ("layer,channel,layer\n0,1,2", "each column once"),
    "no rows": ("layer,channel\n", "1 to 500 style channels. Received: 0"),
    "too many": ("layer,channel\n" + "0,0\n" * 501, "Received: 501"),
    "an endless cell": ('layer,channel\n"' + "0" * 200_000, "Expected a table of style channels"),
    "another encoding": (b"layer,channel\n0,0\n\xff", "in UTF-8"),
    "broken JSON": ('{"Smile": [3, 2', "text that is no JSON"),
    "deep JSON": ("[" * 100_000, "text that is no JSON"),
    "JSON of numbers": ("[1, 2]", "Expected style channels. Received: 1"),
    "JSON of one number": ('{"Smile": [3]}', "Expected style channels"),
    "JSON without a layer": ('[{"channel": 2}]', "a layer's number or name"),
    "JSON of lists": ('[{"layer": [3], "channel": 2}]', "a layer's number or name"),
    "JSON of flags": ('{"Smile": [true, 2]}', "a layer's number or name"),
    "JSON of endless numbers": ('{"Smile": [1, Infinity]}', "the number of a channel"),
    "JSON with a list as name": ('[{"name": [], "layer": 0, "channel": 0}, {"name": [1], "layer": 0}]', "Expected"),
}


@pytest.mark.parametrize(("content", "words"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_a_sentence(content: str | bytes, words: str, model: Model, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        directions_in(written(tmp_path, content), model, "channels.csv")
    assert words in str(caught.value)


def test_only_a_stylegan_in_w_has_channels(model: Model, tmp_path: Path) -> None:
    file = written(tmp_path, "layer,channel\n0,0")
    with pytest.raises(InputError, match="whose layers have no styles"):
        directions_in(file, write_tiny_model(tmp_path / "tiny"), file.name)
    with pytest.raises(InputError, match=r"directions live in w.*Import the network again with --space w"):
        directions_in(file, replace(model, w=None), file.name)
    with pytest.raises(InputError, match="Expected s as the space"):
        directions_in(file, model, file.name, "w")


def test_an_array_of_s_is_one_channel(model: Model, tmp_path: Path) -> None:
    channel = channel_at(model.config, 2, 1, -1)
    vector = vector_of(model.config, channel)
    for form in ("safetensors", "npz", "pkl"):
        file = written(tmp_path, write_directions(form, {"Smile": vector}), f"mine_s.{form}")
        space, (found,) = directions_in(file, model, file.name)
        assert (space, channel_of_vector(model.config, found.vector)) == ("s", channel)
    vector[-1] = 1
    file = written(tmp_path, write_directions("safetensors", {"Smile": vector}), "two_s.safetensors")
    with pytest.raises(InputError, match=r"one channel: .* numbers, one of them not zero\. Received: 2 of"):
        directions_in(file, model, file.name)
    with pytest.raises(InputError, match="one channel"):
        Library(tmp_path).user_directions.keep("Two", vector, model, {}, "s")


def test_a_channel_is_imported_by_the_command_and_travels_with_a_collection(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIKENESS_HOME", str(tmp_path))
    file = written(tmp_path, LISTS["a table"])
    words = [str(file), "--as", "directions", "--model", str(model.path)]
    channel = channel_at(model.config, 3, 2)
    seen = CliRunner().invoke(main, ["inspect", *words])
    assert seen.output.splitlines() == ["1 style channel", f"1: Smile ({channel.words})"]
    done = CliRunner().invoke(main, ["import", *words])
    assert done.output.startswith("Smile: own~"), done.output
    assert done.output.rstrip().endswith(", in s")
    name = done.output.split()[1].rstrip(",")
    library = Library(tmp_path)
    assert library.channel(model, name) == channel
    assert library.title(model, name) == "Smile"
    assert library.channel(model, "pc~w.1") is None
    assert library.channel(model, f"own~{'0' * 32}") is None
    assert name in DirectionNames(replace(model, extra_directions=library))
    with pytest.raises(FaceError, match="a style channel"):
        library.direction(model, name)
    (vector,) = LoadedModel(model, "openvino", 1).read_directions(file).values()
    assert len(vector) == sum(style_sizes(model.config).values())

    assert model.w is not None
    in_w = library.user_directions.keep("In w", np.arange(model.size) + 1.0, model, {}, "w")
    draft = Draft("face", f"/?face=1:4;own~{in_w}=1;{name}=2&model={model.name}", "One")
    content = exported(Collections(Store(tmp_path)).make("Mine", (draft,)), library, lambda _: model)
    assert {each["title"] for each in json.loads(content)["directions"]} == {"Smile", "In w"}
    other, found = Library(tmp_path / "other"), read_carried(content)
    assert unpack(found.attachments, found.drafts, other, lambda _: model) == []
    assert other.channel(model, name) == channel
    assert [one.title for one in other.user_directions.listed(model, "w")] == ["In w"]
