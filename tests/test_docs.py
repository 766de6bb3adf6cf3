"""The documents are complete and current: addresses and their parameters, commands, files, links."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from support.models import write_tiny_model

from dashboard.cli import main
from dashboard.components.action_table import ACTIONS
from dashboard.settings import ROOT, settings_table

ADDRESSES = (ROOT / "docs" / "addresses.md").read_text(encoding="utf-8")
COMMANDS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
DOCUMENTS = [
    *ROOT.glob("*.md"),
    *(path for path in (ROOT / "docs").rglob("*.md")),
]

LIST = """
import json, dash
from dashboard.app import create_app
from dashboard.settings import load_settings
app = create_app(load_settings())
rules = [(sorted(rule.methods - {"HEAD", "OPTIONS"}), str(rule)) for rule in app.server.url_map.iter_rules()]
pages = [page[key] for page in dash.page_registry.values() for key in ("path", "path_template") if page[key]]
print(json.dumps({"rules": rules, "pages": pages}))
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> dict:
    folder = tmp_path_factory.mktemp("docs")
    write_tiny_model(folder / "tiny")
    environment = {**os.environ, "LIKENESS_HOME": str(folder / "home"), "LIKENESS_MODEL": str(folder / "tiny")}
    environment["LIKENESS_METRICS"] = "1"  # routes that exist only with a setting
    done = subprocess.run([sys.executable, "-c", LIST], cwd=ROOT, env=environment, capture_output=True, check=True)
    return json.loads(done.stdout)


def rows_of(text: str) -> set[tuple[str, str]]:
    return {
        (method.strip(), address)
        for methods, address in re.findall(r"^\| ((?:GET|POST)(?:, POST)?) \| `([^`]+)`", text, re.MULTILINE)
        for method in methods.split(",")
    }


def test_every_address_is_documented_and_no_other(served: dict) -> None:
    own = {
        (method, rule)
        for methods, rule in served["rules"]
        for method in methods
        if not rule.startswith("/_") and rule not in ("/", "/<path:path>")
    }
    assert rows_of(ADDRESSES) == own


def test_every_page_is_documented_and_no_other(served: dict) -> None:
    table = ADDRESSES.split("## Pages")[1].split("\n## ")[0]
    listed = {
        address
        for line in table.splitlines()
        if line.startswith("| `/")
        for address in re.findall(r"`(/[^`]*)`", line.split(" | ")[0])
    }
    assert listed - {"/enter"} == set(served["pages"]) - {"/404"}


READERS = ("request.args", "words", "args", "given")
"""Names of the query of an address in code that reads it."""
OTHER_READERS = {"entanglement/report.py", "web/callback_requests.py", "faces/demo.py"}
"""Modules in which a name of `READERS` is something else."""


def words_of_python() -> set[str]:
    """Return the words that `request.args`, what it is handed to, and layouts read, by name."""
    found: set[str] = set()
    for path in (ROOT / "dashboard").rglob("*.py"):
        readers = READERS[:1] if path.relative_to(ROOT / "dashboard").as_posix() in OTHER_READERS else READERS
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("get", "getlist")
                and ast.unparse(node.func.value) in readers
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                found.add(str(node.args[0].value))
            if isinstance(node, ast.FunctionDef) and node.name == "layout" and path.parts[-2] != "components":
                found |= {each.arg for each in node.args.args}
    return found


def words_of_scripts() -> set[str]:
    """Return the words that scripts read and write, and those that stand for controls of a page."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "assets" / "js").rglob("*.js"))
    controls = re.findall(r"const CONTROLS = \{(.*?)\};", text, re.DOTALL)
    lists = re.findall(r"const (?:CONTROLS|WORDS|NUMBERS) = \[(.*?)\];", text, re.DOTALL)
    assert controls
    assert lists
    return (
        set(re.findall(r'\bwords\.get\("([a-z]+)"\)', text))
        | set(re.findall(r"\bwords\.set\(\{ ([a-z]+):", text))
        | {word for each in controls for word in re.findall(r"\b([a-z]+):", each)}
        | {word for each in lists for word in re.findall(r'"([a-z]+)"', each)}
    )


def documented_words() -> set[str]:
    found: set[str] = set()
    for line in ADDRESSES.splitlines():
        said = line.split(" | ")[-1] if line.startswith("| `/") else line.partition("parameters: ")[2]
        found |= set(re.findall(r"`([a-z]+)`", said))
    return found


def test_every_word_of_an_address_is_documented() -> None:
    asked = words_of_python() | words_of_scripts() - {"collection"}
    assert asked - documented_words() - {"collection", "face", "model"} == set()


def test_no_word_is_documented_that_nothing_reads() -> None:
    sources = [*(ROOT / "dashboard").rglob("*.py"), *(ROOT / "assets" / "js").rglob("*.js")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    unread = {word for word in documented_words() if not re.search(rf'["\']{word}["\']|\b{word}:|\b{word}=', text)}
    assert unread == set()


def commands(group: click.Group, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], click.Command]:
    found: dict[tuple[str, ...], click.Command] = {}
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        found[(*path, name)] = command
        if isinstance(command, click.Group):
            found |= commands(command, (*path, name))
    return found


def test_every_command_and_option_is_documented() -> None:
    missing = []
    for path, command in {(): main, **commands(main)}.items():
        if path and f"python -m dashboard {' '.join(path)}" not in COMMANDS and not isinstance(command, click.Group):
            missing.append(" ".join(path))
        section = sections().get(" ".join(path) or "Serve", COMMANDS.split("\n## ")[0])
        missing += [f"{' '.join(path)} {option}" for option in options(command) if not _named(option, section)]
    assert missing == []


def sections() -> dict[str, str]:
    """Return the sections of the commands by name, with the text above all of them; one may cover two."""
    above, *parts = COMMANDS.split("\n## ")
    return {name: above + part for part in parts for name in part.partition("\n")[0].split(", ")}


def options(command: click.Command) -> list[str]:
    """Return the long options of a command."""
    given = [each for each in command.params if isinstance(each, click.Option)]
    return [option for each in given for option in each.opts if option.startswith("--") and option != "--help"]


def _named(option: str, text: str) -> bool:
    return re.search(rf"(?<![\w-]){option}(?![\w-])", text) is not None


def test_a_section_names_options_of_its_command_alone() -> None:
    by_name = {" ".join(path) or "Serve": command for path, command in {(): main, **commands(main)}.items()}
    strange = []
    for part in COMMANDS.split("\n## ")[1:]:
        heading, _, text = part.partition("\n")
        own = {option for name in heading.split(", ") for option in options(by_name[name])}
        usage = "\n".join(line for line in text.splitlines() if line.startswith("    "))  # prose may name another's
        strange += [f"{heading}: {each}" for each in re.findall(r"(?<![\w-])--[a-z][a-z-]+", usage) if each not in own]
    assert strange == []


def test_no_command_or_option_is_documented_that_there_is_not() -> None:
    by_path = commands(main)
    named = {
        tuple(found.split()) for found in re.findall(r"python -m dashboard((?: [a-z]+)+)", COMMANDS) if found.strip()
    }
    for words in named:
        assert any(words[: len(path)] == path for path in by_path), " ".join(words)
    there = {option for command in (main, *by_path.values()) for each in command.params for option in each.opts}
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", COMMANDS)) - there - {"--help"} == set()


def test_a_setting_that_a_document_names_exists() -> None:
    """README's table is made from the settings (tests/dashboard/test_settings.py); this holds all other documents."""
    there = set(re.findall(r"LIKENESS_[A-Z_]+", settings_table()))
    of_tests = {"LIKENESS_CHROMIUM", "LIKENESS_ASSETS"}
    named = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in DOCUMENTS
        if path.name != "CHANGELOG.md"  # it names old files
        for name in re.findall(r"LIKENESS_[A-Z_]*[A-Z]\b", path.read_text(encoding="utf-8"))
        if name not in there | of_tests
    }
    assert named == set()


KEY = re.compile(r"`([^a-z0-9\s`]{1,2}|Esc|Enter|Space|Home|End|PageUp|PageDown|Delete|Backspace|Tab|Ctrl|Shift)`")


def test_a_key_that_a_guide_names_exists() -> None:
    """The guide of keys is made from the table of actions (test_action_table.py); other guides press what is in it."""
    there = {key for action in ACTIONS for keys in action.keys for key in keys} | {"!", "*"}  # two parts of addresses
    guides = (ROOT / "docs" / "guide").glob("*.md")
    named = {(path.name, key) for path in guides for key in KEY.findall(path.read_text(encoding="utf-8"))}
    assert len(named) > 20
    assert {(name, key) for name, key in named if key not in there} == set()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_of_a_document_lead_somewhere(path: Path) -> None:
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    broken = [
        target
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text)
        if not target.startswith(("http:", "https:", "mailto:")) and not (path.parent / target).exists()
    ]
    assert broken == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_files_that_a_document_names_exist(path: Path) -> None:
    if path.name == "CHANGELOG.md":
        return  # it names old files
    text = path.read_text(encoding="utf-8")
    named = set(
        re.findall(
            r"`((?:dashboard|assets|training|tests|benchmarks|docs|deploy)/[\w/.-]+\.(?:py|js|css|md|ts))`", text
        )
    )
    missing = {name for name in named if not (ROOT / name).exists() and "NAME" not in name}
    assert missing == set()
