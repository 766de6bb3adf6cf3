"""Every address that shows a page, for tests that look at all of them."""

TABS = (
    "/directions", "/directions/matrix", "/directions/reliability", "/directions/bias-audit", "/directions/models",
    "/directions/unsupervised", "/directions/own",
)  # fmt: skip

PAGES = ("/", "/latent-space", *TABS, "/compare", "/collections", "/present", "/models", "/demo", "/about")
"""Every page and tab; tests/browser/test_cold.py checks that the list is complete."""

NOT_BLANK = """((picture) => {
  if (!picture?.width) return false;
  const small = Object.assign(document.createElement("canvas"), { width: 8, height: 8 }).getContext("2d");
  small.drawImage(picture, 0, 0, 8, 8);
  return new Set(small.getImageData(0, 0, 8, 8).data).size > 8;
})"""
"""JavaScript: whether a canvas or a picture shows more than one colour."""

SLIDE_DRAWN = f"""(() => {{
  const stage = document.getElementById("present");
  if (!stage?.dataset.kind) return false;
  const pictures = [...stage.querySelectorAll("#slide-sheet img")];
  if (stage.dataset.kind === "words") return document.getElementById("slide-title").textContent.trim() !== "";
  if (stage.dataset.kind !== "face") return pictures.length > 0 && pictures.every((each) => each.naturalWidth > 1);
  return {NOT_BLANK}(stage.querySelector(".lk-frame:not([data-empty]) canvas"));
}})()"""
"""JavaScript: whether a slide shows a face that is not one colour, all of its pictures, or its words."""

_FACE = f"{NOT_BLANK}(document.querySelector('#frame:not([data-empty]) canvas'))"


def _loaded(selector: str) -> str:
    return f"(document.querySelector('{selector}')?.naturalWidth > 1)"


def _many(selector: str, count: int) -> str:
    return f"(document.querySelectorAll('{selector}').length >= {count})"


MAIN_THING = {
    "/": _FACE,
    "/latent-space": "('drawn' in (document.getElementById('scatter-box')?.dataset ?? {}))"
    " && document.querySelector('#scatter .gl-canvas')?.width > 100",
    "/directions": _many(".lk-found", 10),
    "/directions/matrix": "document.querySelector('#matrix .hm image')?.getBoundingClientRect().width > 100",
    "/directions/reliability": _many(".ag-center-cols-container .ag-row", 10),
    "/directions/bias-audit": _many(".lk-dots", 10),
    "/directions/models": _many(".lk-two-table tbody tr", 2),
    "/directions/unsupervised": _many(".lk-cosine", 100) + " && " + _loaded(".lk-unsupervised-traversal img"),
    "/directions/own": _many(".lk-user-direction-face", 20) + " && " + _loaded(".lk-user-direction-face img"),
    "/compare": _loaded(".lk-page main img"),
    "/collections": _many("#items > li", 4) + " && " + _loaded("#items img"),
    "/present": SLIDE_DRAWN,
    "/models": _loaded(".lk-page img"),
    "/demo": _FACE,
    "/about": _many(".lk-table tbody tr", 10),
}
"""JavaScript: whether a page shows its main content."""
