"""Bundles: scripts and styles of assets/ in one file each, and the scripts of the component packages.

Everything is minified and compressed (brotli and gzip) once, and stored in a folder whose name contains a hash of its
content, so that the content of an address never changes and browsers cache it permanently:

    build/static/likeness-0f3a.../js/likeness.js, css/likeness.css, vendor/plotly.min.js
    build/static/dash-91c2.../dcc/dash_core_components.js, ...

A missing folder is made by `python -m dashboard.web.bundles` (`make run` does), or at the first start.
"""

from __future__ import annotations

import gzip
import hashlib
import logging
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from urllib.parse import quote

from dashboard.settings import ROOT

ASSETS = ROOT / "assets"
BUILT = ROOT / "build" / "static"
VERSION = "2"
"""Version of the build: increase it to rebuild every folder."""
QUALITY = 9
"""Level of brotli, up to 11, which takes ten times as long to save 7 %."""
SUFFIXES = {"br": ".br", "gzip": ".gz"}
PACKAGES = ("dash", "dash_mantine_components", "dash_ag_grid")
FIRST = ("deps/react@", "deps/react-dom@", "deps/prop-types@", "html/dash_html_components")
"""Scripts of Dash that load no others, in load order: joined into one file, after the replacement of Dash's
polyfill. Dash's own is for browsers of 2018; in current ones it replaces `trim` and `parseInt` by slower
versions, and Dash's components need only its runtime of generators."""
FIRST_SCRIPT = "first.js"
NEVER_LOADED = re.compile(r"enterprise|mathjax|RichText|charts-shared|async-[A-Z]\w*Chart|dash_table/|ws-worker")
"""Parts of the packages that no page uses and that are not loaded."""
SMALL = 4096
"""Size limit in bytes of a picture inlined in the style sheet."""
SPARED = " /:='();,@+$!*"
"""Characters left unescaped in an inlined picture, which then compresses better than base64."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Bundle:
    """Files that change together.

    Args:
        name: of its folder: package and hash of the content.
        files: path in the bundle -> source file.
        texts: path in the bundle -> content of generated files.
        joined: path in the bundle -> files that are concatenated unchanged.
    """

    name: str
    files: dict[str, Path] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    joined: dict[str, list[Path]] = field(default_factory=dict)


def asset_files(suffix: str, folder: Path = ASSETS) -> list[Path]:
    """List scripts or styles in load order: by folder, then by name, as Dash does.

    Args:
        suffix: ".js" or ".css".
        folder: of the files, without its vendor/, which is loaded on demand.
    """
    return [
        Path(current) / name
        for current, _, names in sorted(os.walk(folder))
        if "vendor" not in Path(current).relative_to(folder).parts
        for name in sorted(names)
        if name.endswith(suffix)
    ]


def joined_script(paths: Iterable[Path]) -> str:
    """Join scripts so that no script runs on into the next one."""
    return "\n;\n".join(path.read_text(encoding="utf-8") for path in paths)


def joined_style(paths: Iterable[Path]) -> str:
    """Join styles, and inline small pictures, which saves a request for each icon."""
    return "\n".join(_with_pictures(path) for path in paths)


def svg_address(svg: str) -> str:
    """Encode a picture as a data URL."""
    return f"data:image/svg+xml,{quote(' '.join(svg.split()), safe=SPARED)}"


def _with_pictures(style: Path) -> str:
    def inlined(found: re.Match[str]) -> str:
        picture = (style.parent / found[1]).resolve()
        if picture.suffix != ".svg" or ASSETS not in picture.parents or picture.stat().st_size > SMALL:
            return found[0]
        return f'url("{svg_address(picture.read_text(encoding="utf-8"))}")'

    return re.sub(r'url\("?([^")]+\.svg)"?\)', inlined, style.read_text(encoding="utf-8"))


@cache
def own_bundle() -> Bundle:
    """Describe the bundle of assets/."""
    texts = {"js/likeness.js": joined_script(asset_files(".js")), "css/likeness.css": joined_style(asset_files(".css"))}
    vendor = ASSETS / "vendor"
    files = {f"vendor/{path.name}": path for path in sorted(vendor.glob("*.js"))}
    return Bundle(_name("likeness", texts, files), files, texts)


@cache
def package_bundle(package: str) -> Bundle:
    """Describe the bundle of a component package: the scripts that it registers with Dash."""
    module = import_module(package)
    root = Path(module.__file__ or "").parent
    files = {path: root / path for path in _registered(package) if not NEVER_LOADED.search(path)}
    joined = {}
    if package == "dash":
        first = [next(path for name, path in files.items() if name.startswith(start)) for start in FIRST]
        joined[FIRST_SCRIPT] = [ASSETS / "vendor" / "regenerator-runtime.js", *first]
        # The second is a chunk of the first, which loads further chunks from its own folder.
        core = "dcc/dash_core_components.js"
        joined[core] = [files.pop(core), files.pop("dcc/dash_core_components-shared.js")]
    parts = {f"{path} {k}": part for path, parts in joined.items() for k, part in enumerate(parts)}
    return Bundle(_name(package, {}, {**files, **parts}), files, {}, joined)


def _registered(package: str) -> list[str]:
    """Return the paths of a package's scripts, as its modules register them with Dash."""
    import dash
    from dash import _dash_renderer

    if package == "dash":
        lists = [dash.dcc._js_dist, dash.html._js_dist, dash.dash_table._js_dist, _dash_renderer._js_dist]
        lists.append(_dash_renderer._js_dist_dependencies)
    else:
        lists = [import_module(package)._js_dist]
    paths = [
        path
        for resources in lists
        for resource in resources
        if resource.get("namespace", package) == package
        for path in _texts(resource.get("relative_package_path"))
    ]
    return sorted({path.removeprefix("dash.") for path in paths if path.endswith(".js")})


def _texts(value: object) -> list[str]:
    """Return the paths of one path, a list of paths, or the entry for production."""
    if isinstance(value, dict):
        return _texts(value.get("prod"))
    return [value] if isinstance(value, str) else list(value) if isinstance(value, list) else []


def _name(package: str, texts: dict[str, str], files: dict[str, Path]) -> str:
    digest = hashlib.sha256(f"{VERSION} {QUALITY}".encode())
    for path, text in texts.items():
        digest.update(path.encode() + b"\0" + text.encode())
    for path, file in files.items():
        digest.update(path.encode() + b"\0" + file.read_bytes())
    return f"{package.replace('_', '-')}-{digest.hexdigest()[:12]}"


def prepared(bundle: Bundle, folder: Path = BUILT) -> Path:
    """Make a bundle's folder if it does not exist.

    Args:
        bundle: its content.
        folder: the parent folder; older bundles stay for running processes and are removed by the next build.

    Returns:
        The folder, which is always complete, even with concurrent writers.
    """
    whole = folder / bundle.name
    if whole.is_dir():
        return whole
    began = time.perf_counter()
    folder.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=folder))
    try:
        contents = {path: file.read_bytes() for path, file in bundle.files.items()}
        contents |= {path: _minified(path, text).encode() for path, text in bundle.texts.items()}
        contents |= {path: joined_script(parts).encode() for path, parts in bundle.joined.items()}
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(lambda path: _write(fresh / path, contents[path]), contents))
        fresh.chmod(0o755)
        fresh.rename(whole)
    except OSError:
        if not whole.is_dir():  # else another process has made it
            raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    log.info("Prepared %s in %.1f s.", bundle.name, time.perf_counter() - began)
    return whole


def _minified(path: str, text: str) -> str:
    import minify

    return minify.string("application/javascript" if path.endswith(".js") else "text/css", text)


def _write(path: Path, content: bytes) -> None:
    import brotli

    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.with_name(path.name + SUFFIXES["br"]).write_bytes(brotli.compress(content, quality=QUALITY))
    path.with_name(path.name + SUFFIXES["gzip"]).write_bytes(gzip.compress(content, 9, mtime=0))


def bundles() -> tuple[Bundle, ...]:
    """Describe all bundles."""
    return (own_bundle(), *map(package_bundle, PACKAGES))


def main() -> None:
    """Prepare all bundles, and remove those of older content."""
    logging.basicConfig(level="INFO", format="%(message)s")
    kept = {prepared(bundle).name for bundle in bundles()}
    for folder in BUILT.iterdir():
        if folder.name not in kept:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
