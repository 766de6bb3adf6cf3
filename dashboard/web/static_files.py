"""Serving the prepared bundles, and writing their addresses into the pages."""

from __future__ import annotations

import logging
import mimetypes
import re
import sys
from pathlib import Path
from typing import Any

import dash
from dash.fingerprint import check_fingerprint
from flask import Blueprint, Response, request, send_file

from dashboard.errors import NotFound
from dashboard.faces.routes import FOREVER
from dashboard.web.bundles import BUILT, FIRST_SCRIPT, PACKAGES, SUFFIXES, Bundle, own_bundle, package_bundle, prepared

ROUTE = "static"
LOADED_TOGETHER = r'<script src="[^"]*/(?:deps/[^"/]*|html/dash_html_components[^"/]*)"></script>'
"""Tags of the scripts joined into one file (`bundles.FIRST`)."""
NEEDLESS = r'<script src="[^"]*/(?:dcc/dash_core_components-shared|dash_table/bundle)[^"/]*"></script>\n?'
"""Tags to remove: of joined parts, and of components that no page uses."""

_NAME = re.compile(r"[a-z-]+-[0-9a-f]{12}")

log = logging.getLogger(__name__)


class StaticFiles:
    """The prepared files of this process.

    Args:
        sources: serve the scripts and styles of assets/ unbundled, for development.
        home: folder for prepared files if the project's own folder is read-only; None for none.
    """

    def __init__(self, sources: bool, home: Path | None) -> None:
        self.own = None if sources else own_bundle()
        self.packages = {package: package_bundle(package) for package in PACKAGES}
        self._folders: dict[str, Path] = {}
        for bundle in (*([self.own] if self.own else []), *self.packages.values()):
            if (folder := _prepared_somewhere(bundle, home)) is not None:
                self._folders[bundle.name] = folder
        self._homes = _homes(home)
        self._sizes: dict[str, int] = {}
        for name, folder in self._folders.items():
            self._sizes |= _sizes(name, folder)

    def find(self, name: str) -> Path:
        """Find a file.

        Args:
            name: bundle and path in it, from an address; only compared, never used as a path.

        Raises:
            NotFound: there is no such file.
        """
        if name not in self._sizes:
            self._look_for_others(name.partition("/")[0])
        if name not in self._sizes:
            raise NotFound("Expected a file of this version of Likeness. Received: another name. Load the page again.")
        bundle, _, path = name.partition("/")
        return self._folders[bundle] / path

    def _look_for_others(self, bundle: str) -> None:
        """Add a bundle of a process of another version, which runs beside this one during an update."""
        if bundle in self._folders:
            return
        there = (path for folder in self._homes if folder.is_dir() for path in folder.iterdir())
        found = next((path for path in there if path.name == bundle and _NAME.fullmatch(bundle)), None)
        if found is not None:
            self._sizes |= _sizes(bundle, found)
            self._folders[bundle] = found

    def encoded(self, name: str, accepted: list[str]) -> str | None:
        """Choose the smallest encoding of a file that a browser accepts; None for the file itself."""
        return next((each for each in SUFFIXES if each in accepted and name + SUFFIXES[each] in self._sizes), None)

    def rewrite(self, html: str, prefix: str) -> str:
        """Replace Dash's addresses by those of prepared files.

        Args:
            html: script or style tags, or one address.
            prefix: path prefix of every address, such as "/".

        Returns:
            The HTML with new addresses. Files that are not prepared keep Dash's address.
        """

        def of_package(found: re.Match[str]) -> str:
            bundle = self.packages.get(found[1])
            path = re.sub(r"\.v[\w-]+m[0-9a-f]+(?=\.)", "", found[2], count=1)
            here = bundle is not None and f"{bundle.name}/{path}" in self._sizes
            return f"{prefix}{ROUTE}/{bundle.name}/{path}" if bundle and here else found[0]

        dash_name = self.packages["dash"].name
        if dash_name in self._folders:
            first = f'<script src="{prefix}{ROUTE}/{dash_name}/{FIRST_SCRIPT}"></script>'
            html = re.sub(NEEDLESS, "", _replace_all(html, LOADED_TOGETHER, first))
        html = re.sub(re.escape(prefix) + r'_dash-component-suites/(\w+)/([^"?\s]+)', of_package, html)
        if self.own is None or self.own.name not in self._folders:
            return html
        home = f"{prefix}{ROUTE}/{self.own.name}"
        html = _replace_all(
            html, r'<script src="[^"]*/assets/[^"]*"></script>', f'<script src="{home}/js/likeness.js"></script>'
        )
        return _replace_all(
            html,
            r'<link rel="stylesheet" href="[^"]*/assets/[^"]*">',
            f'<link rel="stylesheet" href="{home}/css/likeness.css">',
        )

    def blueprint(self) -> Blueprint:
        """Make the route."""
        blueprint = Blueprint("static-files", __name__)

        @blueprint.get(f"/{ROUTE}/<path:name>")
        def serve(name: str) -> Response:
            path = self.find(name)
            accepted = [each for each, quality in request.accept_encodings if quality > 0]
            encoding = self.encoded(name, accepted)
            found = path.with_name(path.name + SUFFIXES[encoding]) if encoding else path
            kind = mimetypes.types_map.get(path.suffix, "application/octet-stream")
            answer = send_file(found, mimetype=kind, conditional=False, etag=False)
            answer.headers["Cache-Control"] = FOREVER
            answer.headers["Vary"] = "Accept-Encoding"
            answer.headers.pop("Last-Modified", None)
            if encoding:
                answer.headers["Content-Encoding"] = encoding
            return answer

        return blueprint


def serve_suites(app: dash.Dash) -> None:
    """Serve the remaining files of the component packages instead of Dash's own view.

    Dash's view reads the whole file for each request, and fails for unknown paths.

    Args:
        app: the application, whose registry lists the files of the packages.
    """
    server: Any = app.server
    endpoint = next(rule.endpoint for rule in server.url_map.iter_rules() if "_dash-component-suites" in rule.rule)

    def serve(package_name: str, fingerprinted_path: str) -> Response:
        path, fingerprinted = check_fingerprint(fingerprinted_path)
        if path not in app.registered_paths.get(package_name, ()):
            raise NotFound("Expected a file of a component package. Received: another name. Load the page again.")
        root = Path(sys.modules[package_name].__file__ or "").parent
        answer = send_file(root / path, mimetype=mimetypes.types_map.get(Path(path).suffix), conditional=True)
        if fingerprinted:
            answer.headers["Cache-Control"] = FOREVER
        return answer

    server.view_functions[endpoint] = serve


def _replace_all(html: str, pattern: str, tag: str) -> str:
    """Replace the first of many tags by one; the others are removed."""
    found = re.search(pattern, html)
    if not found:
        return html
    before, after = html[: found.start()], html[found.end() :]
    return before + tag + re.sub(pattern + r"\n?", "", after)


def _sizes(name: str, folder: Path) -> dict[str, int]:
    return {f"{name}/{path.relative_to(folder).as_posix()}": path.stat().st_size for path in folder.rglob("*.*")}


def _homes(home: Path | None) -> list[Path]:
    return [BUILT, *([home / "cache" / "static"] if home else [])]


def _prepared_somewhere(bundle: Bundle, home: Path | None) -> Path | None:
    for folder in _homes(home):
        try:
            return prepared(bundle, folder)
        except OSError as error:
            log.info("%s cannot be prepared in %s: %s.", bundle.name, folder, error)
    log.warning("%s could not be prepared: pages load slower.", bundle.name)
    return None
