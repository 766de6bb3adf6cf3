"""Names of script functions in Python and in other scripts exist."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

from support.models import write_tiny_model

from dashboard.settings import ROOT

SCRIPTS = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in (ROOT / "assets/js").rglob("*.js")
}
LIST = """
import json
from dashboard.app import create_app
from dashboard.settings import load_settings
app = create_app(load_settings())
app.server.test_client().get("/_dash-dependencies")
print(json.dumps(sorted({
    (each["clientside_function"]["namespace"], each["clientside_function"]["function_name"])
    for each in app.callback_map.values() if each.get("clientside_function")
} | {
    (each["clientside_function"]["namespace"], each["clientside_function"]["function_name"])
    for each in app._callback_list if each.get("clientside_function")
})))
"""


def test_every_callback_of_the_browser_has_its_function(tmp_path):
    write_tiny_model(tmp_path / "tiny")
    environment = {**os.environ, "LIKENESS_HOME": str(tmp_path / "home"), "LIKENESS_MODEL": str(tmp_path / "tiny")}
    done = subprocess.run([sys.executable, "-c", LIST], cwd=ROOT, env=environment, capture_output=True, check=True)
    named = json.loads(done.stdout)
    assert len(named) > 20
    given = [text for text in SCRIPTS.values() if "dash_clientside" in text]
    missing = [
        f"{space}.{name}"
        for space, name in named
        if not space.startswith("_dash")  # Dash's own
        and not any(
            re.search(rf"\b{space}\b", text) and re.search(rf'[{{,.\s]"?{name}"?\s*[:,}}=]', text) for text in given
        )
    ]
    assert missing == []


def test_members_of_the_shared_state_are_defined():
    text = "\n".join(SCRIPTS.values())
    used = set(re.findall(r"(?<!dash_clientside\.)\blikeness\??\.([a-zA-Z]+)", text))
    made = set(re.findall(r"\blikeness\.([a-zA-Z]+) = ", text))
    assert used - made == set()


def test_events_that_are_listened_to_are_sent():
    text = "\n".join(SCRIPTS.values())
    heard = set(re.findall(r'addEventListener\("(likeness:[a-z]+)"', text))
    named = {name for name in heard if len(re.findall(rf'(?<!Listener\()"{name}"', text)) > 0}
    assert heard - named == set()
