"""One version: of the package, of its metadata, and at the top of the changes."""

import re
import tomllib

from dashboard import __version__
from dashboard.settings import ROOT


def test_one_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## (\S+)", changes, re.MULTILINE)
    assert newest
    assert project["version"] == __version__ == newest[1]
