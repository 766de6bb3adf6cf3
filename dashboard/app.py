"""The application: `create_app` builds it."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import dash
from flask import Flask, Response, request
from flask_compress import Compress

from dashboard.components.shell import shell
from dashboard.errors import InputError
from dashboard.faces.describe import describe_model
from dashboard.faces.routes import faces_blueprint
from dashboard.jobs.computations import EXTENSION as JOBS
from dashboard.jobs.runner import Runner
from dashboard.jobs.table_runner import TableRunner
from dashboard.library.extra_directions import EXTENSION as LIBRARY
from dashboard.library.extra_directions import Library
from dashboard.pages.collections.routes import collections_blueprint
from dashboard.pages.compare.routes import compare_blueprint
from dashboard.pages.directions.imported_scores_routes import imported_scores_blueprint
from dashboard.pages.directions.routes import directions_blueprint
from dashboard.pages.directions.user_directions_routes import user_directions_blueprint
from dashboard.pages.enter.routes import enter_blueprint
from dashboard.pages.generator.routes import finding_blueprint
from dashboard.pages.kiosk.page import kiosk, kiosk_sliders, register_kiosk
from dashboard.pages.latent_space.latent_sets_routes import sets_blueprint
from dashboard.pages.latent_space.routes import latent_blueprint
from dashboard.pages.models.routes import models_blueprint
from dashboard.serving.retention import Retention
from dashboard.serving.runtime import EXTENSION, Runtime
from dashboard.settings import ROOT, Settings, secret_key
from dashboard.stores.secret import ensure_secret
from dashboard.synthesis.core import Core
from dashboard.synthesis.model import Model
from dashboard.web.cached_callbacks import answers_blueprint
from dashboard.web.callback_requests import PATH as CALLBACKS
from dashboard.web.callback_requests import check_callback
from dashboard.web.error_responses import answer_errors
from dashboard.web.fair_shares import share_fairly
from dashboard.web.guesses import limit_guesses
from dashboard.web.health import health_blueprint
from dashboard.web.job_routes import jobs_blueprint
from dashboard.web.json_values import StrictJSON
from dashboard.web.log_lines import log_requests
from dashboard.web.metrics import measure_requests, metrics_blueprint, registry_of, serve_metrics
from dashboard.web.page_head import HEAD_SCRIPT_HASH, INDEX, NAME, PREFIX_MARK, asked_face, preview_tags, title_of
from dashboard.web.prefix import serve_below_prefix
from dashboard.web.row_numbers import RowNumber
from dashboard.web.security import EXTENSION as SETTINGS
from dashboard.web.security import HEADERS, check_host, check_read, content_security_policy
from dashboard.web.static_files import StaticFiles, serve_suites
from dashboard.web.visitors import current_user

STATIC = "likeness-static"
COMPRESSED = frozenset({"text/html", "application/json", "text/csv", "text/plain", "text/markdown", "image/svg+xml"})
"""Content types compressed per response. Pictures are already compressed; scripts have been compressed at the start."""
MAX_BODY_BYTES = 1 << 20
"""Size limit of a request body other than an upload, in bytes: callbacks send state, never pictures."""

log = logging.getLogger(__name__)


class LikenessDash(dash.Dash):
    """Dash with its own page head: a link to a face has that face's title and preview picture."""

    def interpolate_index(self, title: str = "", metas: str = "", **parts: Any) -> str:
        """Fill in the page.

        Args:
            title: Dash's title of the application.
            metas: Dash's own meta tags.
            parts: the other parts of Dash's page, as HTML.

        Returns:
            The page.
        """
        runtime: Runtime = self.server.extensions[EXTENSION]
        open_model, _ = runtime.open_model_or_default(request.args.get("model"))
        default = open_model.default_face
        face = asked_face(request.args.get("face"), default, open_model.model) or default
        site = runtime.settings.public_origin or request.host_url.rstrip("/")
        tags = preview_tags(face, default, open_model.model, site)
        title = escape(title_of(face, default, open_model.model))
        prefix = self.config.requests_pathname_prefix
        parts |= {name: static_files(self.server).rewrite(parts[name], prefix) for name in ("scripts", "css")}
        page = super().interpolate_index(title=title, metas=f"{metas}\n    {tags}", **parts)
        return page.replace(PREFIX_MARK, escape(request.script_root))

    def get_dist(self, libraries: Sequence[str]) -> list:
        """List the scripts of component packages that are loaded on demand."""
        static, prefix = static_files(self.server), self.config.requests_pathname_prefix
        return [{**each, "url": static.rewrite(each["url"], prefix)} for each in super().get_dist(libraries)]

    def index(self, *args: Any, **kwargs: Any) -> str | Response:
        """Return the page; with status 404 if the address is unknown."""
        page = super().index(*args, **kwargs)
        here = is_page(request.path) if self.use_pages else request.path == "/"
        return page if here else Response(page, 404)


def static_files(server: Flask) -> StaticFiles:
    """Collect the scripts and styles that an application serves."""
    return server.extensions[STATIC]


def is_page(path: str) -> bool:
    """Return whether a page is registered at a path."""
    wanted = path.strip("/")
    return any(
        re.fullmatch(re.sub("<.*?>", "[^/]+", template).strip("/"), wanted)
        for page in dash.page_registry.values()
        for template in (page["path"], page["path_template"])
        if template
    )


def create_app(settings: Settings) -> dash.Dash:
    """Build the application.

    Args:
        settings: the table.

    Returns:
        The Dash application; its Flask server is `.server`, its runtime `.server.extensions["likeness"]`.

    Raises:
        ModelError: the model cannot be used.
        InputError: a setting is invalid.
    """
    _prepare_secret(settings)
    library = Library(settings.home, current_user)
    library.user_directions.empty_trash()
    library.latent_sets.empty_trash()
    library.scores.empty_trash()
    runtime = Runtime(settings, library)
    runtime.before_closing(library.close)
    server: Any = Flask("dashboard", static_folder=None)
    server.secret_key = secret_key(runtime.home)
    server.json = StrictJSON(server)
    server.url_map.converters["int"] = RowNumber
    server.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    server.config["COMPRESS_REGISTER"] = False
    server.config["COMPRESS_STREAMS"] = False
    server.config["COMPRESS_ALGORITHM"] = ["br", "zstd", "gzip"]
    compress = Compress(server)
    server.extensions[EXTENSION] = runtime
    server.extensions[LIBRARY] = library
    server.extensions[SETTINGS] = settings
    limit_guesses(server, runtime.quotas)
    log_requests(server, settings)
    measure_requests(server)
    server.before_request(lambda: check_host(request, settings))
    server.extensions[STATIC] = StaticFiles(settings.sources, runtime.home)
    server.before_request(lambda: check_read(request, settings))
    server.register_blueprint(static_files(server).blueprint())
    server.register_blueprint(health_blueprint(runtime))
    server.register_blueprint(faces_blueprint(lambda name: runtime.open_model(name).pictures))
    if settings.kiosk:
        kiosk_sliders(settings.kiosk_sliders, describe_model(runtime.model)["attributes"])
    else:
        _register_all_else(server, runtime, library)
    _register_metrics(server, runtime)
    answer_errors(server)

    app = LikenessDash(
        "dashboard",
        server=server,
        title=NAME,
        update_title="",
        index_string=INDEX,
        use_pages=not settings.kiosk,
        pages_folder="" if settings.kiosk else str(Path(__file__).parent / "pages"),
        include_pages_meta=False,
        assets_folder=str(ROOT / "assets"),
        assets_path_ignore=["vendor"],
        suppress_callback_exceptions=True,
    )
    app.layout = kiosk if settings.kiosk else shell
    if settings.kiosk:
        register_kiosk(app)
    server.before_request(lambda: _check_callback(app))
    serve_suites(app)
    serve_below_prefix(app, settings)
    server.after_request(lambda response: _compress(compress, _protect(response, app, settings)))
    return app


def _register_all_else(server: Flask, runtime: Runtime, library: Library) -> None:
    """Register everything that a kiosk does not need: all but pictures and health."""
    settings = runtime.settings

    def core_of(model: Model) -> Core:
        return runtime.open_model(model.name).cores.core("exact")

    given = (runtime.results, settings.engine, runtime.blobs, settings.home, core_of, settings.jobs_per_visitor)
    table = runtime.stores.jobs
    jobs = Runner(*given) if table is None else TableRunner(table, *given, started=runtime.stores.announce)
    server.extensions[JOBS] = jobs
    share_fairly(server, settings, runtime.quotas)
    retention = Retention(settings.keep_days, (runtime.results.expire, library.latent_sets.expire))
    runtime.before_closing(retention.close)
    runtime.before_closing(jobs.close)
    server.register_blueprint(enter_blueprint(settings))
    server.register_blueprint(models_blueprint(runtime))
    server.register_blueprint(collections_blueprint(runtime, library))
    server.register_blueprint(compare_blueprint(lambda name: runtime.open_model(name).model))
    server.register_blueprint(finding_blueprint(runtime.open_model))
    server.register_blueprint(latent_blueprint(lambda name: runtime.open_model(name).model))
    server.register_blueprint(directions_blueprint(lambda name: runtime.open_model(name).model))
    server.register_blueprint(answers_blueprint())
    server.register_blueprint(jobs_blueprint(jobs, lambda name: runtime.open_model(name).model))
    server.register_blueprint(sets_blueprint(runtime.open_model, library, runtime.settings.latents_mb))
    server.register_blueprint(user_directions_blueprint(lambda name: runtime.open_model(name).model, library))
    server.register_blueprint(imported_scores_blueprint(lambda name: runtime.open_model(name).model, library))


def _check_callback(app: dash.Dash) -> None:
    if request.path == CALLBACKS and request.method == "POST":
        check_callback(request.get_json(), app.callback_map)


def _register_metrics(server: Flask, runtime: Runtime) -> None:
    """Serve metrics to Prometheus, where the settings allow it."""
    settings = runtime.settings
    if not settings.metrics and not settings.metrics_port:
        return
    registry = registry_of(runtime, server.extensions.get(JOBS))
    if settings.metrics:
        server.register_blueprint(metrics_blueprint(registry, settings.trusted_peers))
    if settings.metrics_port:
        runtime.before_closing(serve_metrics(registry, settings.host, settings.metrics_port))


def _prepare_secret(settings: Settings) -> None:
    """Create the secret if needed, or log why nothing can be changed."""
    if settings.write == "off" or settings.kiosk:
        return
    try:
        ensure_secret(settings.secret_path)
    except InputError as error:
        if settings.secret_file:
            raise
        log.warning("Nothing can be changed here: %s", error)


def _protect(response: Response, app: dash.Dash, settings: Settings) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if settings.read == "known" and "public" in (kept := response.headers.get("Cache-Control", "")):
        response.headers["Cache-Control"] = kept.replace("public", "private")  # no proxy may serve it to other users
    if response.mimetype == "text/html":
        # Computed per page, not once: Dash registers its own script for page titles on the first request.
        response.headers["Content-Security-Policy"] = content_security_policy(
            [HEAD_SCRIPT_HASH, *app.csp_hashes()], settings.frame_ancestors
        )
    return response


def _compress(compress: Compress, response: Response) -> Response:
    return compress.after_request(response) if response.mimetype in COMPRESSED else response
