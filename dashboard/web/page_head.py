"""The head of every page besides styles and scripts: language, title, description, preview picture."""

from __future__ import annotations

import base64
import hashlib
from html import escape

from dashboard.errors import LikenessError
from dashboard.faces.describe import face_words
from dashboard.faces.direction_names import DirectionNames
from dashboard.faces.face import Face, parse
from dashboard.faces.routes import face_address
from dashboard.settings import ROOT
from dashboard.synthesis.model_folder import Model
from dashboard.web.bundles import svg_address

NAME = "Likeness"
DESCRIPTION = "Look inside the latent space of a face generator: pull sliders, see the face change."
PREVIEW_SIZE = 512
PREFIX_MARK = "%(prefix)"
"""Placeholder for the path prefix of the visitor."""

ASSETS = ROOT / "assets"
HEAD_SCRIPT = "\n".join(
    (ASSETS / "js" / name).read_text(encoding="utf-8") for name in ("site_address.js", "events.js", "colour_scheme.js")
)
"""Inline script: a request for it would delay the first paint, and every other script needs it.
"""
HEAD_SCRIPT_HASH = f"'sha256-{base64.b64encode(hashlib.sha256(HEAD_SCRIPT.encode()).digest()).decode()}'"
"""Its hash in the content security policy."""
FAVICON = f"""<link rel="icon" href="{svg_address((ASSETS / "icons" / "logo.svg").read_text(encoding="utf-8"))}">"""

INDEX = """<!DOCTYPE html>
<html lang="en" data-prefix="%(prefix)">
  <head>
    {%metas%}
    <title>{%title%}</title>
    FAVICON
    {%css%}
    <script>HEAD_SCRIPT</script>
  </head>
  <body>
    {%app_entry%}
    <footer>
      {%config%}
      {%scripts%}
      {%renderer%}
    </footer>
  </body>
</html>
""".replace("FAVICON", FAVICON).replace("HEAD_SCRIPT", HEAD_SCRIPT)
"""Dash's page with the language, for screen readers, and the colour scheme set before the first paint, so that a
dark page does not flash white.
"""


def asked_face(text: str | None, default: Face, model: Model) -> Face | None:
    """Return the face of a page's address.

    Args:
        text: the query parameter `face`, or None.
        default: the face if there is none.
        model: the model of the pinned attributes.

    Returns:
        The face; None if the text is no face of this model.
    """
    try:
        return default if text is None else parse(text, DirectionNames(model))
    except LikenessError:
        return None


def title_of(face: Face, default: Face, model: Model) -> str:
    """Return the title of a shared link to this face."""
    return NAME if face == default else f"{face_words(face, model)} · {NAME}"


def preview_tags(face: Face, default: Face, model: Model, site: str) -> str:
    """Return the tags for the preview of a shared link.

    Args:
        face: of the link.
        default: the face of a first visit, whose title is the name only.
        model: the model of the picture.
        site: origin of the site, such as `https://faces.example.org`, without a trailing slash.

    Returns:
        HTML `meta` tags, one per line.
    """
    picture = site + face_address(model, face, size=PREVIEW_SIZE)
    named = {"description": DESCRIPTION, "twitter:card": "summary_large_image"}
    properties = {
        "og:type": "website",
        "og:site_name": NAME,
        "og:title": title_of(face, default, model),
        "og:description": DESCRIPTION,
        "og:image": picture,
        "og:image:width": str(PREVIEW_SIZE),
        "og:image:height": str(PREVIEW_SIZE),
        "og:image:alt": face_words(face, model),
    }
    tags = [f'<meta name="{name}" content="{escape(value)}">' for name, value in named.items()]
    tags += [f'<meta property="{name}" content="{escape(value)}">' for name, value in properties.items()]
    return "\n    ".join(tags)
