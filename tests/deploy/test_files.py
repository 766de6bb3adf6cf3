"""The files for containers agree with the script that the tests run, with the settings, and with nginx."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from dashboard.settings import PREFIX, ROOT, Settings
from deploy.start import free_port, nginx_service

COMPOSE = (ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8")
SCRIPT = (ROOT / "deploy" / "start.py").read_text(encoding="utf-8")
IMAGE = (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8")


def test_compose_and_script_start_the_same_processes() -> None:
    services = COMPOSE.split("\nservices:\n")[1].split("\nvolumes:\n")[0]
    assert set(re.findall(r"^  (\w+):$", services, re.MULTILINE)) == {"nginx", "web", "worker", "redis", "postgres"}
    for name in ("redis", "postgres", "nginx"):
        assert f'Service("{name}"' in SCRIPT
    assert services.count("deploy: { replicas: 2 }") == 2
    assert len(re.findall(r'"--(web|workers)", type=int, default=2', SCRIPT)) == 2
    for option in ("512mb", "allkeys-lru"):
        assert option in COMPOSE
        assert option in SCRIPT


def test_every_setting_in_the_files_is_one() -> None:
    names = {PREFIX + name.upper() for name in Settings.model_fields}
    for text in (COMPOSE, SCRIPT, IMAGE):
        named = set(re.findall(r"LIKENESS_[A-Z_]+", text))
        assert named
        assert named <= names


def test_the_processes_have_no_rights_that_they_do_not_need() -> None:
    ours = COMPOSE.split("\nservices:\n")[0]
    for line in ("read_only: true", "cap_drop: [ALL]", "no-new-privileges:true"):
        assert line in ours
    assert COMPOSE.count("<<: *likeness") == 2
    assert re.search(r"^USER 10001:10001$", IMAGE, re.MULTILINE)
    assert IMAGE.index("USER ") > IMAGE.rindex("RUN ")
    assert "5432:" not in COMPOSE
    assert "6379:" not in COMPOSE.replace("//redis:6379", "")


def test_what_the_image_copies_is_there() -> None:
    copied = [name for line in re.findall(r"^COPY (.+)$", IMAGE, re.MULTILINE) for name in line.split()[:-1]]
    assert "dashboard" in copied
    assert all((ROOT / name).exists() for name in copied)
    assert "-r requirements-cluster.txt" in IMAGE
    assert "python -m dashboard.web.bundles" in IMAGE  # else each new container compresses them before it answers


def test_nginx_accepts_its_configuration(tmp_path: Path) -> None:
    try:
        service = nginx_service(tmp_path, free_port(), [8051, 8052])
    except FileNotFoundError as error:
        pytest.skip(str(error))
    checked = subprocess.run([*service.command, "-t"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    text = (tmp_path / "nginx.conf").read_text()
    assert "127.0.0.1:8051" in text
    assert "127.0.0.1:8052" in text
    assert "web:8050" not in text
