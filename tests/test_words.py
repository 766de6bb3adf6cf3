"""Names that only this project used do not come back.

Files, classes, functions, tests, variables, parameters, attributes, keys, ids and CSS classes are looked at. In
sentences most of these words are ordinary English; docstrings avoid the strangest of them. CHANGELOG.md says what each
was renamed to.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.settings import ROOT

WORDS = {"beyond", "baggage", "leaf", "paper", "film", "ways", "within", "along", "opened", "known", "told", "near"}
WORDS |= {"leaning", "place", "places", "strip", "strips", "gate"}
OLD_FILES = {"order", "at_once", "making", "shown", "stills", "tiles", "shelf", "amounts", "flight"}

OF_OTHERS = {
    "strip",
    "TRIANGLE_STRIP",
    "paper_bgcolor",
    "take_along_axis",
    "withinPortal",
    "G_paper",
    "D_paper",
    "within",
    "told_from_0",
}
"""Names that Python, Plotly, NumPy, Mantine and NVIDIA's files have; a word of older links (`?within=`), and a key
of exported findings.
"""

STRANGE = re.compile(r"\b(told|beyond|baggage|leaf|films?|at once|leaning)\b", re.IGNORECASE)
"""Words that docstrings do without."""

VERBS = """
    Add Adjust Aim Allow Answer Apply Ask Assert Assign Augment Average Begin Bind Build Cache Call Cancel Change
    Check Choose Clear Clip Close Collect Colour Combine Compare Compile Complete Compress Compute Configure
    Continue Convert Convolve Copy Correlate Count Create Crop Cut Decide Decode Decompose Decorate Delete Derive
    Describe Discard Divide Do Download Drag Draw Drop Encode Encrypt End Enlarge Escape Estimate Evaluate Exclude
    Expect Explain Export Extend Extract Factorise Fail Fetch Fill Filter Find Finish Fit Flush Follow Forget Format
    Freeze Gather Generate Give Go Group Handle Have Hide Hold Identify Ignore Import Include Insert Inspect Install
    Interpolate Invert Join Judge Keep Label Launch Lay Learn Let Limit Link List Load Lock Look Make Map Mark Match
    Measure Merge Mirror Mix Morph Move Name Note Offer Open Order Pack Paint Parse Pass Pin Place Plot Post Prepare
    Press Print Process Project Protect Pull Put Queue Quote Raise Rank Read Rebuild Receive Record Redirect Reduce
    Refuse Register Regress Release Remember Remove Rename Render Renumber Replace Report Request Require Reset
    Resize Resolve Restart Restore Return Reverse Rotate Round Run Sample Save Say Scale Score Search Select Send
    Serve Set Shift Show Shuffle Sign Skip Solve Sort Split Start Step Stop Store Stream Strip Subtract Sum
    Summarise Supervise Switch Take Tell Test Time Track Train Transform Translate Trim Truncate Try Turn Type
    Unlock Unpack Update Upload Upsample Use Validate Verify Wait Walk Warn Weight Wrap Write Yield
"""
"""First words of the docstrings of functions; add a verb that is missing."""

FOLDERS = ("dashboard", "assets/js", "assets/css", "benchmarks", "training", "tests")
FILES = [
    path
    for folder in FOLDERS
    for path in (ROOT / folder).rglob("*")
    if path.suffix in (".py", ".js", ".css") and "node_modules" not in path.parts
]
MODULES = [path for path in FILES if path.suffix == ".py" and path != Path(__file__)]


def parts(name: str) -> set[str]:
    """Split a name into its words, however it joins them."""
    return {part.lower() for part in re.findall(r"[A-Z]{2,}|[A-Z]?[a-z]+", name)}


def python_names(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Name(id=name) | ast.arg(arg=name) | ast.Attribute(attr=name):
                yield name
            case ast.keyword(arg=str(name)) | ast.alias(asname=str(name)):
                yield name
            case ast.Dict(keys=keys):
                yield from (key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str))
            case ast.Subscript(slice=ast.Constant(value=str(key))):
                yield key
    yield from re.findall(r'\bid="([\w-]+)"', text)
    yield from re.findall(r"\b(lk-[\w-]+)", text)


def script_names(text: str) -> Iterator[str]:
    text = re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.DOTALL)
    yield from re.findall(r"\bfunction\s+(\w+)", text)
    yield from re.findall(r"\b(?:const|let) (\w+) = (?:async )?\([^()]*\) =>", text)
    yield from re.findall(r"\blikeness\.(\w+)", text)
    yield from re.findall(r'"likeness:(\w+)"', text)
    yield from re.findall(r"\b(lk-[\w-]+)", text)


def style_names(text: str) -> Iterator[str]:
    yield from re.findall(r"[.#](lk-[\w-]+|[a-z][\w-]*)(?=[^{}]*\{)", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL))


NAMES = {".py": python_names, ".js": script_names, ".css": style_names}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_names_are_those_of_the_field(path: Path) -> None:
    assert not (parts(path.stem) & WORDS), "the file's own name"
    assert path.stem not in OLD_FILES
    names = NAMES[path.suffix](path.read_text(encoding="utf-8"))
    assert {name for name in names if parts(name) & WORDS and name not in OF_OTHERS} == set()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_docstrings_do_without_strange_words(path: Path) -> None:
    texts = [
        node.value.value
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    ]
    assert [text for text in texts if STRANGE.search(text)] == []


def test_no_document_names_a_file_of_before() -> None:
    """CHANGELOG.md alone does."""
    old = re.findall(
        r"^\| `([\w/]+\.(?:py|js|css))` \|", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    gone = {name for name in old if name.endswith(".py") and not (ROOT / "dashboard" / name).exists()}
    assert len(gone) > 60
    texts = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *FILES]
    named = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in texts
        if path.name != "CHANGELOG.md"
        for name in re.findall(r"dashboard/([\w/]+\.py)", path.read_text(encoding="utf-8"))
        if name in gone
    }
    assert named == set()


def is_property(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(ast.unparse(each).endswith(("property", ".setter")) for each in function.decorator_list)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_docstrings_of_functions_begin_with_a_verb(path: Path) -> None:
    """A property's docstring names what it is, a test's may say what the test is about."""
    functions = [
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and not node.name.startswith("test_")
    ]
    texts = {each.name: ast.get_docstring(each) for each in functions if not is_property(each)}
    assert {
        name: text for name, text in texts.items() if text and text.split()[0].rstrip(",.:;") not in VERBS.split()
    } == {}


BARE = re.compile(r"(?<!perceived\s)\b(gender|sex)\b", re.IGNORECASE)
"""Networks read a perceived gender; only a renderer's persons, and users' own columns, have another."""
CAUSES = re.compile(r"\bcaus(?:es|ed|ing)\b", re.IGNORECASE)
DRAWN = {"docs/rendering.md", "docs/decisions/training-on-pairs.md", "docs/decisions/code-of-a-face.md"}
"""Documents about persons as they are drawn, whose gender is a parameter."""
READABLE = [*(ROOT / "dashboard").rglob("*.py"), *(ROOT / "assets/js").rglob("*.js"), *ROOT.glob("*.md")]
READABLE += [*(ROOT / "docs").rglob("*.md")]


def sentences(path: Path) -> list[str]:
    """Return what a file says in words: of Python and scripts the strings with a space, of Markdown all but code."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        return [re.sub(r"```.*?```|`[^`]*`|^    .*?$", "", text, flags=re.DOTALL | re.MULTILINE)]
    if path.suffix == ".js":
        return [each for each in re.findall(r"\"[^\"\n]*\"|`[^`]*`", text) if " " in each]
    strings = (node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant))
    return [re.sub(r"`[^`]*`", "", each) for each in strings if isinstance(each, str) and " " in each]


@pytest.mark.parametrize("path", READABLE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_gender_is_perceived_and_no_slider_causes_anything(path: Path) -> None:
    """What a slider does to faces was measured and is called "raises"; causes inside the generator were not."""
    name = path.relative_to(ROOT).as_posix()
    pattern = CAUSES if name in DRAWN else re.compile(f"{BARE.pattern}|{CAUSES.pattern}", re.IGNORECASE)
    of_users = ' "sex (2 categories)"'
    assert [found.group() for text in sentences(path) for found in pattern.finditer(text.replace(of_users, ""))] == []
