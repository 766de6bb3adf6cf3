"""The request of an export: read, validated, and limited."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from dashboard.errors import InputError
from dashboard.faces.encoding import SIZES
from dashboard.faces.face import Face
from dashboard.sheets.plan import Plan, read_faces, read_plan
from dashboard.sheets.sheet import Sheet, cards_of, sheet_of
from dashboard.synthesis.model import Model

Form = Literal["png", "csv", "html", "webp", "mp4"]
What = Literal["sheet", "faces"]

ANIMATED = ("webp", "mp4")

SECONDS = (0.5, 30.0)
RATES = (5, 30)
"""Range of an animation's seconds in one direction, and the limit of its frames."""

MOST_FACES = 3000
"""Limit of faces in one export: on one core about a minute for a 64-pixel model, an hour for a 1024-pixel one."""

MOST_PIXELS = 40_000_000
"""Limit of the pixels of all faces on one sheet or page."""

MOST_FRAME_PIXELS = 4_000_000
"""Limit of the pixels of all faces in one frame: a size that every H.264 player supports."""

BRIEF_MADE, BRIEF_SHOWN = 1_000_000, 2_500_000
"""Limits of generated pixels, and of pixels of the file, for an export during the request."""

MOST_KEPT = 400_000_000
"""Limit in bytes of the faces kept in memory for the way back of an animation."""

_SITE = re.compile(
    r"https?://[A-Za-z0-9.\-]{1,200}(:\d{1,5})?(/[A-Za-z0-9._~-]+){0,8}|https?://\[[0-9a-fA-F:]{2,45}\](:\d{1,5})?(/[A-Za-z0-9._~-]+){0,8}"
)


@dataclass(frozen=True)
class Export:
    """A request for a file.

    Args:
        form: of the file.
        what: "sheet", or "faces": the compared faces themselves.
        faces: the compared faces, for a sheet the reference first.
        plan: what the sheet shows.
        size: edge of a face in pixels.
        seconds: of an animation, in one direction.
        rate: frames per second.
        back: whether the animation also plays backwards.
        site: address of the dashboard, without a slash at its end, for links back; empty for none.
    """

    form: Form
    what: What
    faces: tuple[Face, ...]
    plan: Plan
    size: int = 128
    seconds: float = 4.0
    rate: int = 12
    back: bool = True
    site: str = ""

    @property
    def frames(self) -> int:
        """Number of frames of an animation in one direction."""
        return max(2, round(self.seconds * self.rate))

    @property
    def name(self) -> str:
        """Name of the file."""
        return f"likeness-{self.plan.kind if self.what == 'sheet' else 'faces'}.{self.form}"

    @property
    def params(self) -> dict[str, Any]:
        """Canonical parameters as plain values, which `read_export` accepts."""
        plan = asdict(self.plan)
        words = {"sheet": plan.pop("kind"), "from": plan.pop("low"), "to": plan.pop("high"), **plan}
        words = _effective(words)
        return {
            "form": self.form,
            "what": self.what,
            "faces": "!".join(map(str, self.faces)),
            **({"words": words} if self.what == "sheet" else {}),
            **({} if self.form == "csv" else {"size": self.size}),
            **({"seconds": self.seconds, "rate": self.rate, "back": self.back} if self.form in ANIMATED else {}),
            **({"site": self.site} if self.form == "html" else {}),
        }

    def brief(self, model: Model) -> bool:
        """Return whether making the file is faster than starting a process for it."""
        faces = len(self.sheet(model).faces)
        shown = 0 if self.form == "csv" else faces * self.size**2
        made = faces * model.config.resolution**2
        return self.form not in ANIMATED and made <= BRIEF_MADE and shown <= BRIEF_SHOWN

    def sheet(self, model: Model) -> Sheet:
        """Return the sheet, or the faces in a row."""
        return sheet_of(self.plan, self.faces, model) if self.what == "sheet" else cards_of(self.faces, model)


def read_export(params: Mapping[str, Any], model: Model) -> Export:
    """Read the parameters of a request.

    Args:
        params: form; what; faces, joined by "!"; words, those of the sheet by name; size; seconds, rate and back of an
            animation; site.
        model: whose faces they are.

    Returns:
        The validated request.

    Raises:
        LikenessError: a parameter is invalid, there is nothing to show, or the export is over a limit.
    """
    form = _one_of(params, "form", get_args(Form), "png")
    what = _one_of(params, "what", get_args(What), "sheet")
    words = params.get("words", {})
    if not isinstance(words, dict):
        raise InputError("Expected the parameters of a sheet by name. Received: another value.")
    plan, problem = read_plan(words, model)
    if problem is not None:
        raise problem
    export = Export(
        form,  # type: ignore[arg-type]
        what,  # type: ignore[arg-type]
        tuple(read_faces(str(params.get("faces", "")), model)),
        plan,
        int(_one_of(params, "size", SIZES, 128)),
        _number(params, "seconds", *SECONDS, 4.0),
        int(_number(params, "rate", *RATES, 12)),
        params.get("back", True) is True,
        _site(params.get("site", "")),
    )
    _bound(export, model)
    return export


def _bound(export: Export, model: Model) -> None:
    """Refuse an export over the limits of time or memory."""
    sheet = export.sheet(model)
    shown = len(sheet.faces)
    if not shown:
        raise InputError("Expected a feasible face. Received: none. Release some pins.")
    if export.form == "csv":
        return
    if export.form not in ANIMATED:
        return _most(shown * export.size**2, MOST_PIXELS, "pixels")
    if export.what == "sheet" and export.plan.kind == "styles":
        raise InputError(
            f"Expected PNG, CSV or HTML for a style mix, which has no steps. Received: {export.form}. Change it."
        )
    if export.what == "faces" and len(export.faces) < 2:
        raise InputError("Expected two faces for an animation. Received: one. Add another face.")
    rows = len(sheet.rows)
    made = rows * export.frames
    _most(made, MOST_FACES, "faces", "Choose fewer seconds, frames or rows.")
    _most(rows * export.size**2, MOST_FRAME_PIXELS, "pixels in a frame")
    kept = made * min(export.size, model.config.resolution) ** 2 * 3 if export.back else 0
    _most(kept, MOST_KEPT, "bytes for the way back", "Choose fewer seconds, or no way back.")


def _effective(words: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters of a sheet that affect it: a style mix has only its layers, and other sheets have none."""
    styles = words["sheet"] == "styles"
    return {name: value for name, value in words.items() if name == "sheet" or (name == "layers") == styles}


def _most(count: int, most: int, what: str, advice: str = "Choose a smaller size.") -> None:
    if count > most:
        raise InputError(f"Expected at most {most:,} {what}. Received: {count:,}. {advice}")


def _one_of(params: Mapping[str, Any], name: str, allowed: tuple[Any, ...], default: Any) -> Any:
    value = params.get(name, default)
    if isinstance(value, bool) or value not in allowed:
        listed = ", ".join(map(str, allowed))
        raise InputError(f"Expected {name} to be one of {listed}. Received: {str(value)[:20]}. Choose one of these.")
    return value


def _number(params: Mapping[str, Any], name: str, low: float, high: float, default: float) -> float:
    value = params.get(name, default)
    if type(value) not in (int, float) or not low <= value <= high:
        raise InputError(f"Expected {name} from {low:g} to {high:g}. Received: {str(value)[:20]}. Change it.")
    return float(value)


def _site(value: Any) -> str:
    if value and not (isinstance(value, str) and _SITE.fullmatch(value)):
        raise InputError(f"Expected the address of this site. Received: {str(value)[:60]}. Open the page again.")
    return value or ""
