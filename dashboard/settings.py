"""The table of settings: `LIKENESS_*` variables, their defaults and what they do.

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
from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from dashboard.errors import InputError

ROOT = Path(__file__).resolve().parent.parent
WEIGHTS = ROOT / "weights"
"""Folder of the models that come with Likeness."""
PREFIX = "LIKENESS_"
SECRET_BYTES = 32
LISTS = ("allowed_hosts", "frame_ancestors", "trusted_peers", "write_groups", "admin_groups", "kiosk_sliders")
"""Settings with several values, separated by commas."""

log = logging.getLogger(__name__)


def _setting(default: Any, text: str, shown: str | None = None, **limits: Any) -> Any:
    """Return a row of the table: default, help text, and the text of a default that depends on the machine."""
    return Field(default, description=text, json_schema_extra={"shown": shown} if shown else None, **limits)


class Settings(BaseSettings):
    """All settings, each from the variable of its name with `LIKENESS_` in front."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, env_ignore_empty=True)

    host: str = _setting("127.0.0.1", "Address to listen on; `0.0.0.0` for all addresses of the machine.")
    port: int = _setting(8050, "Port to listen on.", ge=1, le=65535)
    home: Path = _setting(
        platformdirs.user_data_path("likeness"),
        "Folder for caches and all other stored data; created with mode 0700.",
        shown="the platform's user data folder",
    )
    model: str = _setting(
        "",
        "Folder of the default model, or the name of a model in `weights/` or `LIKENESS_HOME/models/`.",
        shown="the first in `weights/`",
    )
    face: str = _setting("", "Face shown on a first visit.", shown="the model's own")
    engine: Literal["auto", "openvino", "tensorflow"] = _setting(
        "auto", "Engine that computes pictures; `auto` selects `tensorflow` if a GPU is visible, else `openvino`."
    )
    precision: Literal["fast", "exact"] = _setting(
        "fast",
        "`fast` computes pictures for display in bfloat16 if the processor supports it; `exact` always uses float32.",
    )
    processes: int = _setting(
        1,
        "Processes that answer requests, on Linux and macOS; each holds the models in memory. They share jobs, limits "
        "and uploads through `LIKENESS_HOME`. SIGHUP restarts them in turn.",
        ge=1,
        le=64,
    )
    threads: int = _setting(0, "Threads that compute one batch of pictures; 0 for one per core.", ge=0, le=1024)
    queue: int = _setting(
        24, "Pictures that may wait to be computed; further requests get status 503 with Retry-After.", ge=1, le=1024
    )
    open_models: int = _setting(2, "Models kept in memory besides the default one, each with its engine.", ge=1, le=64)
    jobs_per_visitor: int = _setting(
        6, "Jobs of one visitor that may wait or run at the same time; 0 for no limit.", ge=0, le=1000
    )
    jobs_per_hour: int = _setting(300, "Jobs that one visitor may start per hour; 0 for no limit.", ge=0, le=1_000_000)
    exports_per_hour: int = _setting(
        300, "Exports that one visitor may start per hour; 0 for no limit.", ge=0, le=1_000_000
    )
    uploads_per_hour: int = _setting(
        120, "Files that one visitor may upload per hour; 0 for no limit.", ge=0, le=1_000_000
    )
    keep_days: int = _setting(
        0,
        "Days after which uploaded latents and unused results are deleted; 0 keeps them.",
        ge=0,
        le=36_500,
    )
    cache_mb: int = _setting(500, "Size of the picture cache on disk, in megabytes; 0 for none.", ge=0, le=1_000_000)
    reserve_mb: int | None = _setting(
        None,
        "Disk space, in megabytes, that caches, uploads and results leave free.",
        shown="5 % of the disk, 200 to 5,000",
        ge=0,
        le=10_000_000,
    )
    latents_mb: int = _setting(
        2100,
        "Largest upload of latents, in megabytes; a million rows of 512 float32 numbers take 2,048. CSV files are "
        "limited to 100.",
        ge=1,
        le=100_000,
    )
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = _setting(
        (),
        "Host names, separated by commas, that visitors may use besides `localhost`, `LIKENESS_HOST` and the name in "
        "`LIKENESS_PUBLIC_URL`; `*` for any.",
        shown="none",
    )
    public_url: str = _setting(
        "",
        "Public address of the dashboard, such as `https://faces.example.org/likeness`. Needed for the preview "
        "pictures of shared links, and behind a proxy that does not forward the host name.",
        shown="the address of the request",
        pattern=r"^(https?://[^/\s?#\"'<>;,]+(/[A-Za-z0-9._~-]+)*)?/?$",
    )
    prefix: str = _setting(
        "",
        "Path at which a web server in front serves the dashboard, such as `/likeness`; that server may remove it or "
        "not.",
        shown="the path of `LIKENESS_PUBLIC_URL`, else `X-Forwarded-Prefix` of a trusted proxy",
        pattern=r"^((/[A-Za-z0-9._~-]+)+/?|/)?$",
    )
    proxies: int = _setting(
        0,
        "Number of proxies in front whose `X-Forwarded-*` headers are trusted; 0 trusts none.",
        ge=0,
        le=10,
    )
    frame_ancestors: Annotated[tuple[str, ...], NoDecode] = _setting(
        (),
        "Sites, separated by commas, whose pages may show the dashboard in a frame, such as "
        "`https://course.example.org`; the dashboard's own pages always may.",
        shown="none",
    )
    trusted_peers: Annotated[tuple[str, ...], NoDecode] = _setting(
        (),
        "Addresses and networks, separated by commas, of trusted machines: a proxy that names users, and Prometheus. "
        "The address of the TCP connection decides.",
        shown="none",
    )
    user_header: str = _setting(
        "",
        "Header in which a proxy of `LIKENESS_TRUSTED_PEERS` names the user, such as `X-Auth-Request-User`; the proxy "
        "must overwrite any value that a visitor sends.",
        shown="none",
        pattern=r"^[A-Za-z0-9-]{0,64}$",
    )
    groups_header: str = _setting(
        "",
        "Header in which that proxy lists the user's groups, separated by commas.",
        shown="none",
        pattern=r"^[A-Za-z0-9-]{0,64}$",
    )
    read: Literal["anyone", "known"] = _setting(
        "anyone", "Who may view pages: `anyone`, or only `known` users (named by the proxy) and holders of the secret."
    )
    write_groups: Annotated[tuple[str, ...], NoDecode] = _setting(
        (),
        "Groups, separated by commas, whose members may change stored data without the secret; `*` for every user that "
        "the proxy names.",
        shown="none",
    )
    admin_groups: Annotated[tuple[str, ...], NoDecode] = _setting(
        (),
        "Groups whose members may also fetch, import and remove models without the secret; `*` for every user that the "
        "proxy names.",
        shown="none",
    )
    metrics: bool = _setting(False, "Serve `/metrics` for Prometheus to `LIKENESS_TRUSTED_PEERS`.")
    metrics_port: int = _setting(0, "Separate port for `/metrics`, on `LIKENESS_HOST`; 0 for none.", ge=0, le=65535)
    write: Literal["secret", "off"] = _setting(
        "secret",
        "Who may change stored data: holders of the installation's `secret` (`python -m dashboard secret` prints a "
        "sign-in link), or nobody (`off`).",
    )
    cache: Path | None = _setting(
        None,
        "Folder of this host's caches, where several hosts share `LIKENESS_HOME`.",
        shown="`cache` in `LIKENESS_HOME`",
    )
    database: str = _setting(
        "",
        "PostgreSQL database of collections and jobs that several hosts share, "
        "`postgresql://USER:PASSWORD@HOST/NAME`; it needs `requirements-cluster.txt`.",
        shown="SQLite in `LIKENESS_HOME`",
        pattern=r"^(postgres(ql)?://\S+)?$",
    )
    redis: str = _setting(
        "",
        "Redis of pictures and quotas that several hosts share, `redis://HOST:6379/0`; it needs "
        "`requirements-cluster.txt`.",
        shown="none",
        pattern=r"^(rediss?://\S+)?$",
    )
    jobs: Literal["here", "celery"] = _setting(
        "here",
        "What computes jobs: `here`, this server; `celery`, every `python -m dashboard worker`; it needs "
        "`LIKENESS_DATABASE`, `LIKENESS_REDIS` and `LIKENESS_CACHE`.",
    )
    secret_file: Path | None = _setting(
        None,
        "File of the secret, for several hosts that share one; created with mode 0600 if missing.",
        shown="`secret` in `LIKENESS_HOME`",
    )
    kiosk: bool = _setting(False, "Run as a kiosk: one page with a few sliders and its pictures, nothing else.")
    kiosk_sliders: Annotated[tuple[str, ...], NoDecode] = _setting(
        (),
        "Attributes that have a slider in the kiosk, separated by commas.",
        shown="the first of each group",
    )
    sources: bool = _setting(False, "Serve scripts and styles as single files from `assets/`, for development.")
    log_level: Literal["debug", "info", "warning", "error"] = _setting("info", "Lowest level that is logged.")
    log_format: Literal["text", "json"] = _setting(
        "text", "Format of the log; `json` writes one object per line, one line per request with its id."
    )

    @field_validator(*LISTS, mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("home", "cache", "secret_file")
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

    @field_validator("jobs")
    @classmethod
    def _has_servers(cls, value: str, info: ValidationInfo) -> str:
        missing = [f"{PREFIX}{name.upper()}" for name in ("database", "redis", "cache") if not info.data.get(name)]
        if value == "celery" and missing:
            raise ValueError(f"expected {', '.join(missing)} to be set as well")
        return value

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
        """The path prefix: `prefix`, else the path of `public_url`; without a slash at its end."""
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
        """Threads that answer requests: 8 more than the queue and a batch take."""
        return self.queue + 16


def load_settings(**given: Any) -> Settings:
    """Return the settings of this process.

    Args:
        given: values that override the environment.

    Returns:
        The table, checked.

    Raises:
        InputError: a value is invalid; the message names every such variable.
    """
    try:
        return Settings(**given)
    except ValidationError as error:
        raise InputError("\n".join(_sentence(dict(problem)) for problem in error.errors())) from error


def _sentence(problem: dict[str, Any]) -> str:
    names = "".join(f"{PREFIX}{part.upper()}" for part in problem["loc"][:1]) or "The settings"
    given = re.sub(r"(?<=://)[^@/]*:[^@/]*@", "***@", repr(problem["input"]))  # never log a password
    received = f" Received: {given}." if problem["loc"] else ""
    return f"{names}: {problem['msg']}.{received} See the table of settings in README.md."


def settings_table() -> str:
    """Return the settings as a Markdown table, as README.md shows them."""
    rows = ["| variable | default | what it does |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        extra = field.json_schema_extra
        default = str(extra["shown"]) if isinstance(extra, dict) else f"`{field.default}`"
        rows.append(f"| `{PREFIX}{name.upper()}` | {default} | {field.description} |")
    return "\n".join(rows) + "\n"


def open_home(home: Path) -> Path | None:
    """Create the data folder, accessible by its owner only.

    Args:
        home: the folder; created if missing.

    Returns:
        The folder, or None if it cannot be created or its mode cannot be set: nothing is stored then.
    """
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        home.chmod(0o700)
    except OSError as error:
        log.warning("LIKENESS_HOME %s cannot be used (%s): nothing is stored between runs.", home, error)
        return None
    return home


def secret_key(home: Path | None) -> bytes:
    """Return the key that signs data sent back by the browser: generated once, readable by its owner only.

    Args:
        home: the folder that stores it; None for a key that is lost when the process ends.

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
    new = path.with_name(f"{path.name}.{secrets.token_hex(8)}.new")
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(fresh)
        try:
            os.link(new, path)  # whole or not at all; processes that start together get one key
        except FileExistsError:
            return path.read_bytes()
        except OSError:  # a file system without links
            os.replace(new, path)
    except OSError as error:
        log.warning("The secret key %s cannot be kept (%s): signatures end with this process.", path, error)
    finally:
        new.unlink(missing_ok=True)
    return fresh
