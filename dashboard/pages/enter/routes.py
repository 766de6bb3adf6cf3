"""`/enter`: a browser sends the secret of the installation, and gets a session with permission to make changes.

The printed address carries the secret; it answers with a redirect, so that the address bar, the history and the Referer
of later requests never contain it. Without a secret in the address it is a page with one field.
"""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, current_app, redirect, request

from dashboard.errors import Forbidden
from dashboard.faces.site_path import site_path
from dashboard.figures.theme import TOKENS
from dashboard.settings import Settings
from dashboard.stores.secret import ensure_secret
from dashboard.web.page_head import FAVICON
from dashboard.web.security import check_guess, same_origin, write_refusal
from dashboard.web.session import MAX_AGE, cookie_name, new_session

MAX_ADDRESS = 2000

HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


def enter_blueprint(settings: Settings) -> Blueprint:
    """Return the route.

    Args:
        settings: with the file of the secret, and the public address.

    Returns:
        A blueprint.
    """
    blueprint = Blueprint("enter", __name__)

    @blueprint.route("/enter", methods=["GET", "POST"])
    def enter() -> Response:
        if settings.write == "off":
            return _page(str(write_refusal(request, settings)), 403, "", with_field=False)
        posted = request.method == "POST"
        back = _ours(request.form.get("back", "") if posted else _referrer())
        shown = request.form.get("secret") if posted else request.args.get("secret")
        if shown is None:
            return _page("", 200, back)
        if posted and not same_origin(request, settings):
            return _page("Expected the secret from this page. Received: a form of another site's page.", 403, back)
        secret = ensure_secret(settings.secret_path)
        if refused := check_guess(shown.strip(), secret, request.remote_addr or ""):
            return _refused(refused, back)
        answer = redirect(site_path(back), 303)
        answer.headers.update(HEADERS)
        answer.set_cookie(
            cookie_name(secret),
            new_session(secret),
            max_age=MAX_AGE,
            path=site_path("/"),
            secure=_over_https(settings),
            httponly=True,
            samesite="Strict",
        )
        return current_app.make_response(answer)

    @blueprint.before_app_request
    def leave_out() -> Response | None:
        """Redirect an address with a secret in its query, such as a typed one, to the same page without it."""
        if "secret" not in request.args or request.method != "GET" or request.endpoint == "enter.enter":
            return None
        words = urlencode([(name, value) for name, value in request.args.items(multi=True) if name != "secret"])
        answer = redirect(site_path(_ours(request.path + (f"?{words}" if words else ""))), 303)
        answer.headers.update(HEADERS)
        return current_app.make_response(answer)

    return blueprint


def _over_https(settings: Settings) -> bool:
    """Return whether the browser uses https, even if a proxy connects to us by plain http."""
    return request.is_secure or settings.public_origin == f"https://{request.host.lower()}"


def _referrer() -> str:
    """Return the path and query of the referring page; "/" if there is none."""
    found = urlsplit(request.referrer or "")
    if found.netloc != request.host or not found.path.startswith(f"{request.script_root}/"):
        return "/"
    path = found.path.removeprefix(request.script_root)
    return path + (f"?{found.query}" if found.query else "")


def _ours(address: str) -> str:
    """Return an address of this site unchanged, and "/" for any other, to prevent redirects to other sites."""
    single = address.startswith("/") and not address.startswith(("//", "/\\", "/enter"))
    return address if single and len(address) <= MAX_ADDRESS and address.isprintable() else "/"


def _refused(refused: Forbidden, back: str) -> Response:
    answer = _page(f"{refused} python -m dashboard secret prints the sign-in address.", refused.status, back)
    if refused.retry_after:
        answer.headers["Retry-After"] = str(int(refused.retry_after))
    return answer


def _page(problem: str, status: int, back: str, with_field: bool = True) -> Response:
    said = f'<p role="alert">{escape(problem)}</p>' if problem else ""
    form = _FORM.format(action=escape(site_path("/enter")), back=escape(back)) if with_field else ""
    home = escape(site_path("/"))
    page = _PAGE.format(icon=FAVICON, style=_STYLE, said=said, form=form, home=home)
    return Response(page, status, HEADERS, mimetype="text/html")


_STYLE = (
    ":root{color-scheme:light dark;"
    + "".join(f"--{name}:light-dark({light},{dark});" for name, (light, dark) in TOKENS.items() if name != "shadow")
    + """}
body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--canvas);color:var(--ink);
font:15px/1.5 system-ui,sans-serif}
main{box-sizing:border-box;width:min(440px,100%);padding:24px}
h1{font-size:22px;font-weight:500;margin:0 0 8px}
p{margin:0 0 16px;color:var(--ink-2)}
p[role=alert]{padding:12px 16px;border-radius:8px;background:var(--error-soft);color:var(--error)}
code{overflow-wrap:anywhere;padding:1px 4px;border-radius:4px;background:var(--sunk);color:var(--ink)}
label{display:block;margin-bottom:4px;font-weight:500}
input{box-sizing:border-box;width:100%;padding:8px 12px;border:1px solid var(--field);border-radius:4px;
background:var(--surface);color:inherit;font:inherit}
button{margin-top:12px;padding:8px 16px;border:0;border-radius:4px;background:var(--accent);color:var(--accent-on);
font:inherit;font-weight:500;cursor:pointer}
button:hover{background:var(--accent-hover)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
a{color:var(--accent)}
.back{margin-top:24px}"""
)

_PAGE = """<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="robots" content="noindex">
    {icon}
    <title>Enter · Likeness</title>
    <style>{style}</style>
  </head>
  <body>
    <main>
      <h1>Change things here</h1>
      {said}
      {form}
      <p class="back"><a href="{home}">Only look</a></p>
    </main>
  </body>
</html>
"""

_FORM = """<p>Viewing needs no secret. To save, upload, fetch or remove, enter the secret of this dashboard once;
      this browser may then change things for 30 days.</p>
      <p>On the machine of the server, <code>python -m dashboard secret</code> prints the sign-in address.</p>
      <form method="post" action="{action}">
        <input type="hidden" name="back" value="{back}">
        <label for="secret">Secret</label>
        <input id="secret" name="secret" type="password" autocomplete="current-password" required autofocus>
        <button type="submit">Enter</button>
      </form>"""
