"""The one table of settings: `LIKENESS_*` variables, their defaults and what they do.

README.md shows this table; a test compares the two.
"""

from __future__ import annotations

import ipaddress
import logging
import os
import re
import secrets
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import platformdirs
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from dashboard.errors import InputError

ROOT = Path(__file__).resolve().parent.parent
WEIGHTS = ROOT / "weights"
"""Folder of the models that come with Likeness."""
PREFIX = "LIKENESS_"
SECRET_BYTES = 32
LISTS = ("allowed_hosts", "frame_ancestors", "trusted_peers", "write_groups", "admin_groups", "kiosk_sliders")
"""Settings that are several values, with commas between them."""

log = logging.getLogger(__name__)


def _setting(default: Any, text: str, shown: str | None = None, **limits: Any) -> Any:
    """A row of the table: default, help text, and how the default reads where it depends on the machine."""
    return Field(default, description=text, json_schema_extra={"shown": shown} if shown else None, **limits)


class Settings(BaseSettings):
    """What a person may set, each from the variable of its name with `LIKENESS_` before it."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, env_ignore_empty=True)

    host: str = _setting("127.0.0.1", "Address to listen at; `0.0.0.0` for every address of the machine.")
    port: int = _setting(8050, "Port to listen at.", ge=1, le=65535)
    home: Path = _setting(
        platformdirs.user_data_path("likeness"),
        "Folder of caches and of whatever else is kept; made with mode 0700.",
        shown="the platform's user data folder",
    )
    model: str = _setting(
        "",
        "Folder of the model, or the name of one in `weights/` or in `LIKENESS_HOME/models/`.",
        shown="the first in `weights/`",
    )
    face: str = _setting("1:23", "The face that a first visit shows.")
    engine: Literal["auto", "openvino", "tensorflow"] = _setting(
        "auto", "What computes pictures; `auto` takes `tensorflow` where a GPU is visible, else `openvino`."
    )
    precision: Literal["fast", "exact"] = _setting(
        "fast", "`fast` computes what is only looked at in bfloat16 where the processor has it; `exact` never does."
    )
    threads: int = _setting(0, "Threads that compute one batch of pictures; 0 for one a core.", ge=0, le=1024)
    queue: int = _setting(
        24, "Pictures that may wait to be computed; more are answered 503 with Retry-After.", ge=1, le=1024
    )
    open_models: int = _setting(
        2, "Models that stay open besides the default one, each with its engine in memory.", ge=1, le=64
    )
    jobs_per_visitor: int = _setting(
        6, "Jobs of one visitor that may wait or run at a time; 0 for no limit.", ge=0, le=1000
    )
    jobs_per_hour: int = _setting(
        300, "Jobs that one visitor may start within an hour; 0 for no limit.", ge=0, le=1_000_000
    )
    exports_per_hour: int = _setting(
        300, "Exports that one visitor may start within an hour; 0 for no limit.", ge=0, le=1_000_000
    )
    uploads_per_hour: int = _setting(
        120, "Files that one visitor may upload within an hour; 0 for no limit.", ge=0, le=1_000_000
    )
    keep_days: int = _setting(
        0,
        "Days after which uploaded latents, and results that nobody has used, are deleted; 0 keeps them.",
        ge=0,
        le=36_500,
    )
    cache_mb: int = _setting(500, "Size of the picture cache on disk, in megabytes; 0 for none.", ge=0, le=1_000_000)
    reserve_mb: int | None = _setting(
        None,
        "Megabytes of the disk that caches, uploads and results leave free.",
        shown="5 % of the disk, 200 to 5,000",
        ge=0,
        le=10_000_000,
    )
    latents_mb: int = _setting(
        2100,
        "Largest file of latents that may be uploaded, in megabytes: a million rows of 512 float32 numbers have 2,048; "
        "CSV has 100 at most.",
        ge=1,
        le=100_000,
    )
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = _setting(
        (),
        "Host names, with commas between them, under which visitors may reach the dashboard besides `localhost`, "
        "`LIKENESS_HOST` and the name in `LIKENESS_PUBLIC_URL`; `*` for any.",
        shown="none",
    )
    public_url: str = _setting(
        "",
        "Address under which visitors reach the dashboard, such as `https://faces.example.org/likeness`, for the "
        "preview pictures of shared links and behind a proxy that does not pass the name on.",
        shown="the address of the request",
        pattern=r"^(https?://[^/\s?#\"'<>;,]+(/[A-Za-z0-9._~-]+)*)?/?$",
    )
    prefix: str = _setting(
        "",
        "Path below which another web server shows the dashboard, such as `/likeness`; that server may take it off "
        "or not.",
        shown="the path of `LIKENESS_PUBLIC_URL`, else what a trusted proxy tells in `X-Forwarded-Prefix`",
        pattern=r"^((/[A-Za-z0-9._~-]+)+/?|/)?$",
    )
    proxies: int = _setting(
        0,
        "Proxies before the dashboard whose `X-Forwarded-*` headers are believed; with 0 none are.",
        ge=0,
        le=10,
    )
    frame_ancestors: Annotated[tuple[str, ...], NoDecode] = _setting(
        (),
        "Sites, with commas between them, whose pages may show the dashboard in a frame, such as "
        "`https://course.example.org`, besides the dashboard's own.",
        shown="none",
    )
    trusted_peers: Annotated[tuple[str, ...], NoDecode] = _setting(
        (),
        "Addresses and networks, with commas between them, of machines whose word is taken: a proxy that names users, "
        "and Prometheus. The machine at the other end of the connection counts.",
        shown="none",
    )
    user_header: str = _setting(
        "",
        "Header in which a proxy of `LIKENESS_TRUSTED_PEERS` names the user, such as `X-Auth-Request-User`; the proxy "
        "has to overwrite what a visitor sends under that name.",
        shown="none",
        pattern=r"^[A-Za-z0-9-]{0,64}$",
    )
    groups_header: str = _setting(
        "",
        "Header in which that proxy names the user's groups, with commas between them.",
        shown="none",
        pattern=r"^[A-Za-z0-9-]{0,64}$",
    )
    read: Literal["anyone", "known"] = _setting(
        "anyone", "Who may look: `anyone`, or only `known` users and whoever has the secret."
    )
    write_groups: Annotated[tuple[str, ...], NoDecode] = _setting(
        (),
        "Groups, with commas between them, whose members may change what is kept without the secret; `*` for every "
        "known user.",
        shown="none",
    )
    admin_groups: Annotated[tuple[str, ...], NoDecode] = _setting(
        (),
        "Groups whose members may also fetch, import and remove models without the secret; `*` for every known user.",
        shown="none",
    )
    metrics: bool = _setting(False, "Whether `/metrics` answers `LIKENESS_TRUSTED_PEERS`, for Prometheus.")
    metrics_port: int = _setting(0, "Port of its own for `/metrics`, at `LIKENESS_HOST`; 0 for none.", ge=0, le=65535)
    write: Literal["secret", "off"] = _setting(
        "secret",
        "Who may change what is kept: whoever has the `secret` of this installation (`python -m dashboard secret` "
        "prints the way in), or nobody (`off`). Looking is free.",
    )
    secret_file: Path | None = _setting(
        None,
        "File of the secret, for several hosts that share one; written with mode 0600 where it is not there yet.",
        shown="`secret` in `LIKENESS_HOME`",
    )
    kiosk: bool = _setting(
        False, "Whether the server is a kiosk: one page with a few sliders, its pictures, and nothing else."
    )
    kiosk_sliders: Annotated[tuple[str, ...], NoDecode] = _setting(
        (),
        "Attributes that the kiosk has a slider for, with commas between them.",
        shown="the first of each group",
    )
    sources: bool = _setting(
        False, "Whether scripts and styles are served one by one as they are in `assets/`, for whoever changes them."
    )
    log_level: Literal["debug", "info", "warning", "error"] = _setting("info", "How much is logged.")
    log_format: Literal["text", "json"] = _setting(
        "text", "How it is logged: `json` is one object a line, one for each request, with the request's id."
    )

    @field_validator(*LISTS, mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("home", "secret_file")
    @classmethod
    def _absolute(cls, value: Path | None) -> Path | None:
        return value.expanduser().absolute() if value else value

    @field_validator("write", mode="before")
    @classmethod
    def _former(cls, value: Any) -> Any:
        if value not in ("local", "token"):
            return value
        log.warning("LIKENESS_WRITE=%s is read as secret: python -m dashboard secret prints the way in.", value)
        return "secret"

    @field_validator("frame_ancestors")
    @classmethod
    def _origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            if not re.fullmatch(r"https?://(\*\.)?[A-Za-z0-9.\-]+(:(\d{1,5}|\*))?", origin):
                raise ValueError(f"expected sites such as https://course.example.org, received {origin[:80]}")
        return value

    @field_validator("trusted_peers")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for network in value:
            try:
                ipaddress.ip_network(network, strict=False)
            except ValueError as error:
                raise ValueError(
                    f"expected addresses such as 127.0.0.1 or 10.0.0.0/8, received {network[:80]}"
                ) from error
        return value

    @property
    def path_prefix(self) -> str:
        """The prefix that the settings name: `prefix`, else the path of `public_url`; without a slash at its end."""
        return (self.prefix or urlsplit(self.public_url).path).rstrip("/")

    @property
    def public_origin(self) -> str:
        """Scheme, name and port of `public_url`; empty where there is none."""
        found = urlsplit(self.public_url)
        return f"{found.scheme}://{found.netloc}".lower() if found.netloc else ""

    @property
    def secret_path(self) -> Path:
        """The file of the secret."""
        return self.secret_file or self.home / "secret"

    @property
    def server_threads(self) -> int:
        """Threads that answer requests: when the queue is full and a batch is computed, 8 are free for all else."""
        return self.queue + 16


def load_settings(**given: Any) -> Settings:
    """The settings of this process.

    Args:
        given: values that go before those of the environment.

    Returns:
        The table, checked.

    Raises:
        InputError: a value is not what the setting expects; names every such variable.
    """
    try:
        return Settings(**given)
    except ValidationError as error:
        raise InputError("\n".join(_sentence(dict(problem)) for problem in error.errors())) from error


def _sentence(problem: dict[str, Any]) -> str:
    names = "".join(f"{PREFIX}{part.upper()}" for part in problem["loc"][:1]) or "The settings"
    received = f" Received: {problem['input']!r}." if problem["loc"] else ""
    return f"{names}: {problem['msg']}.{received} See the table of settings in README.md."


def settings_table() -> str:
    """The settings as a Markdown table, as README.md shows them."""
    rows = ["| variable | default | what it does |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        extra = field.json_schema_extra
        default = str(extra["shown"]) if isinstance(extra, dict) else f"`{field.default}`"
        rows.append(f"| `{PREFIX}{name.upper()}` | {default} | {field.description} |")
    return "\n".join(rows) + "\n"


def open_home(home: Path) -> Path | None:
    """Make the folder that everything is kept in, for its owner only.

    Args:
        home: the folder; need not exist.

    Returns:
        The folder, or None where it cannot be made or is not ours to close to others: what would be kept there is not.
    """
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        home.chmod(0o700)
    except OSError as error:
        log.warning("LIKENESS_HOME %s cannot be used (%s): nothing is kept from run to run.", home, error)
        return None
    return home


def secret_key(home: Path | None) -> bytes:
    """The key that signs what the browser hands back: generated once, readable by its owner only.

    Args:
        home: the folder that it is kept in; None for a key that lasts as long as the process.

    Returns:
        32 random bytes.
    """
    fresh = secrets.token_bytes(SECRET_BYTES)
    if home is None:
        return fresh
    path = home / "secret-key"
    try:
        kept = path.read_bytes()
        if len(kept) == SECRET_BYTES:
            return kept
        path.unlink()
    except FileNotFoundError:
        pass
    except OSError as error:
        log.warning("The secret key %s cannot be read (%s): signatures end with this process.", path, error)
        return fresh
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(fresh)
    except OSError as error:
        log.warning("The secret key %s cannot be kept (%s): signatures end with this process.", path, error)
    return fresh
