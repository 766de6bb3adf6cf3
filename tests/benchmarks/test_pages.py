"""Every page of docs/benchmarks is written by a command, and is of the model that ships or says that it is not."""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path

import pytest

from benchmarks import __main__ as command
from benchmarks import pages
from benchmarks.pages import FOLDER, OF_A_MODEL, OF_NONE, STALE, marked, measured_model, page_of, shipped_model

PAGE = "# Server\n\nWritten by `python -m benchmarks.service`.\n\nModel: `{}`, 64 px.\n"
SHIPPED = ("likeness", "0123abcd")


def test_every_page_is_written_by_a_benchmark() -> None:
    written = {page_of(name).name for name in (*OF_A_MODEL, *OF_NONE)}
    assert {path.name for path in FOLDER.glob("*.md")} - {"tests.md"} == written  # tests.md: `make test-long`


@pytest.mark.parametrize("name", [*OF_A_MODEL, *OF_NONE])
def test_a_page_names_its_command_and_is_of_the_model_that_ships_or_says_that_it_is_stale(name: str) -> None:
    page = page_of(name).read_text(encoding="utf-8")
    model = shipped_model()
    assert f"`python -m benchmarks.{name}" in page
    assert (measured_model(page) is not None) == (name in OF_A_MODEL)
    says_stale = page.split("\n")[2].startswith(STALE)
    stale = name in OF_A_MODEL and measured_model(page) != (model.name, model.digest8)
    assert says_stale == stale, "type: python -m benchmarks --mark"
    assert page == marked(page, (model.name, model.digest8))


def test_marking_says_which_model_and_goes_away_with_it() -> None:
    stale = marked(PAGE.format("other@89abcdef"), SHIPPED)
    assert stale.split("\n")[:2] == ["# Server", ""]
    assert "`other@89abcdef`" in stale.split("\n")[2]
    assert "`likeness@0123abcd`" in stale.split("\n")[2]
    assert marked(stale, SHIPPED) == stale
    assert marked(stale, ("other", "89abcdef")) == PAGE.format("other@89abcdef")
    assert marked(PAGE.format("likeness@0123abcd"), SHIPPED) == PAGE.format("likeness@0123abcd")


@pytest.mark.parametrize("name", [*OF_A_MODEL, *OF_NONE])
def test_the_command_of_a_page_needs_no_further_words(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[argparse.Namespace] = []

    def parse(parser: argparse.ArgumentParser, arguments: object) -> argparse.Namespace:
        parsed.append(real(parser, arguments))  # type: ignore[arg-type]
        raise KeyboardInterrupt  # before it measures

    real = argparse.ArgumentParser.parse_args
    monkeypatch.setattr(argparse.ArgumentParser, "parse_args", parse)
    with pytest.raises(KeyboardInterrupt):
        import_module(f"benchmarks.{name}").main([])
    assert parsed


def test_all_or_those_named_are_measured_and_their_pages_marked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given: dict[str, list[str]] = {}

    def benchmark(name: str) -> object:
        def main(arguments: list[str]) -> None:
            given[name] = arguments
            page = PAGE.format("other@89abcdef") if arguments[0] != "--output" else "# No model\n"
            Path(arguments[-1]).write_text(page, encoding="utf-8")

        return type("Benchmark", (), {"main": staticmethod(main)})

    monkeypatch.setattr(pages, "FOLDER", tmp_path)
    monkeypatch.setattr(command, "import_module", lambda name: benchmark(name.partition(".")[2]))
    command.main([])
    assert list(given) == [*OF_A_MODEL, *OF_NONE]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(page_of(n).name for n in given)
    assert STALE in (tmp_path / "latent-page.md").read_text()
    assert "latent-page.md" in capsys.readouterr().out.splitlines()[-1]
    given.clear()
    command.main(["wire"])
    assert list(given) == ["wire"]
    given.clear()
    command.main(["--mark"])
    assert not given
