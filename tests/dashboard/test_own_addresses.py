"""Every address goes through the one function that knows the prefix: `site_path`, in scripts `likeness.to`."""

import pytest
from support.own_addresses import stray_in_module, stray_in_script

from dashboard.settings import ROOT


def test_scripts_ask_for_the_prefix():
    scripts = {path: stray_in_script(path.read_text(encoding="utf-8")) for path in (ROOT / "assets/js").rglob("*.js")}
    assert len(scripts) > 30
    assert {str(path): found for path, found in scripts.items() if found} == {}


def test_modules_ask_for_the_prefix():
    # Commands answer no request: what they write is stored, without a prefix.
    stored = (ROOT / "dashboard/commands", ROOT / "dashboard/faces/site_path.py")
    modules = [path for path in (ROOT / "dashboard").rglob("*.py") if not any(map(path.is_relative_to, stored))]
    assert [found for path in modules for found in stray_in_module(path)] == []


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ('fetch("/jobs")', ["/jobs"]),
        ("go(`/collections/${slug}`)", ["/collections/${slug}"]),
        ("href = `/?${query}`", ["/?${query}"]),
        ("likeness.to('/jobs')", []),
        ("likeness.to(`/x?${a ? `/jobs` : ''}`)", []),
        ('path === "/demo" || path === "/"', []),
        ('// "/jobs"\n/* "/jobs" */ "/other"', []),
        ('{ "/": "find" }', []),
    ],
)
def test_a_script_that_does_not_is_found(script, found):
    assert stray_in_script(script) == found


@pytest.mark.parametrize(
    ("module", "stray"),
    [
        ('Link(href="/models")', True),
        ('Link(href="/")', True),
        ('def f():\n    return f"/faces/{name}"', True),
        ('links = [f"/directions/{form}" for form in FORMS]', True),
        ('Link(href=site_path("/models"))', False),
        ('LINKS = (("Models", "/models"),)', False),
        ('path == "/models"', False),
        ('@blueprint.get("/models")\ndef f(): ...', False),
        ('"""/models"""', False),
    ],
)
def test_a_module_that_does_not_is_found(tmp_path, module, stray):
    (tmp_path / "module.py").write_text(module)
    assert bool(stray_in_module(tmp_path / "module.py")) is stray
