"""A report of a model's findings: Markdown with pictures, or one self-contained HTML file."""

from __future__ import annotations

import html
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np

from dashboard.analysis.matrices import ordered
from dashboard.entanglement.bias_audit import Row, audit, targets_of
from dashboard.entanglement.findings import Findings, Question, findings, sentence
from dashboard.entanglement.findings_export import OWN, held_words, how
from dashboard.entanglement.report_figures import findings_figure, flips_figure, matrix_figure
from dashboard.entanglement.rescoring_results import SEED, Measured
from dashboard.synthesis.model import Model

REFERENCES = (
    "Benjamini, Y., Hochberg, Y. (1995). Controlling the false discovery rate. J. R. Stat. Soc. B 57, 289-300.",
    "Benjamini, Y., Yekutieli, D. (2005). False discovery rate-adjusted multiple confidence intervals for selected "
    "parameters. J. Am. Stat. Assoc. 100, 71-81.",
    "Guan, S. (2018). TL-GAN: transparent latent-space GAN. github.com/SummitKwan/transparent_latent_gan.",
    "Karras, T., Aila, T., Laine, S., Lehtinen, J. (2018). Progressive growing of GANs for improved quality, "
    "stability, and variation. ICLR.",
    "Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. J. Am. Stat. Assoc. "
    "22, 209-212.",
)

STYLE = (
    "body{max-width:52em;margin:2em auto;padding:0 1em;font:15px/1.5 system-ui,sans-serif}"
    "body{color:#17202b;background:#fff}table{border-collapse:collapse;font-size:14px}"
    "td,th{padding:4px 10px;border-bottom:1px solid #e2e6eb;text-align:left}"
    "figure{margin:1em 0}figcaption{font-size:13px}"
    "code{font-size:13px;overflow-wrap:anywhere}.scroll{overflow-x:auto}"
    "@media(prefers-color-scheme:dark){body{color:#e8ecf1;background:#14191f}td,th{border-color:#2b333e}}"
)

Block = tuple[str, Any]
"""A block of a report: "h1", "h2" or "p" with a text, "ol" or "ul" with texts, "table" with heads and rows, "figure"
with a file's name, a caption and an SVG.
"""

FIGURES = "figures"
"""Folder of the pictures of a Markdown report."""


def report(
    model: Model,
    free: Measured,
    locked: Measured | None,
    version: str,
    form: str,
    *,
    judge: str = OWN,
    other: Measured | None = None,
    alone: Mapping[str, Measured | None] | None = None,
) -> str:
    """Write the report.

    Args:
        model: the model.
        free: the run without locks.
        locked: the run with all targets of the audit locked; None if missing.
        version: of the program.
        form: "md" or "html".
        judge: description of the judge.
        other: the free run with another judge's scores.
        alone: by target name, the run with only that target locked.

    Returns:
        The report; a Markdown report refers to picture files, which :func:`packed` includes.
    """
    blocks = _blocks(model, free, locked, version, judge, other, alone)
    return _markdown(blocks) if form == "md" else _html(f"Findings of {model.name}", blocks)


def packed(model: Model, free: Measured, locked: Measured | None, version: str, **given: Any) -> dict[str, str]:
    """Write the report as files by name: Markdown with its pictures beside it; arguments as of :func:`report`."""
    judge = given.get("judge", OWN)
    blocks = _blocks(model, free, locked, version, judge, given.get("other"), given.get("alone"))
    pictures = {f"{FIGURES}/{content[0]}.svg": content[2] for kind, content in blocks if kind == "figure"}
    return {f"{model.name}-report.md": _markdown(blocks), **pictures}


def methods(model: Model, free: Measured, found: Findings, judge: str = OWN) -> str:
    """Write the paragraph for the methods section of a paper."""
    held = ", ".join(target.name.replace("_", " ") for target in targets_of(model))
    steps = ", ".join(f"{step:+g}" for step in free.run.steps)
    parts = (
        f"We moved each of {len(free.found.matrix)} attribute directions of the generator {model.name} (Karras et al. "
        f"2018; Guan 2018; digest {model.digest[:16]}) on {free.bases:,} random latents (NumPy RandomState, seed "
        f"{SEED}),",
        f"pinning its coordinate at {steps} standard deviations, and had every picture read by {judge}.",
        "An effect is the least-squares slope of the score a person, in standard deviations of that score over the "
        "model's bank, averaged over people.",
        "Effects were tested against 0 with Student's t over people and selected at a false discovery rate of 5 % over "
        f"{found.tested} pairs (Benjamini and Hochberg 1995); intervals of selected effects have the level "
        f"{100 * found.level:.2f} % (Benjamini and Yekutieli 2005).",
        "A reading flips if the score lies on different sides of an even chance (binary) or of the bank's median "
        "(continuous) at the two ends; shares have the interval of Wilson (1927).",
        f"The locked condition pins {held} at each latent's own coordinates." if held else "",
        "Readings are of pictures, not of people"
        + (", and the scorer is the same network that the directions were found with." if judge == OWN else "."),
    )
    return " ".join(part for part in parts if part)


def _blocks(
    model: Model,
    free: Measured,
    locked: Measured | None,
    version: str,
    judge: str,
    other: Measured | None,
    alone: Mapping[str, Measured | None] | None,
) -> list[Block]:
    asked = Question()
    found = findings(model, free, locked, asked, other=other, alone=alone)
    held = held_words(model)
    rows = audit(model, free, locked) if targets_of(model) else []
    names = [target.title for target in targets_of(model)]
    bars = findings_figure(found.listed, "The largest findings")
    flips = flips_figure(rows, names, "People who read differently")
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    blocks: list[Block] = [
        ("h1", f"Findings of {model.name}"),
        ("p", f"{how(found, asked, judge)} Written {now}."),
        ("h2", "Findings"),
        *_matrix(model, free, judge),
        ("figure", ("findings", f"The largest findings, free (grey) and locked (blue), by {judge}.", bars)),
        ("ol", [sentence(each, held) for each in found.listed]),
    ]
    if rows:
        blocks += [
            ("h2", "Bias audit"),
            ("p", "People whose reading flips, free and locked, and the mean | mean absolute effect, free."),
            ("figure", ("flips", f"People of 100 who read differently, free and locked, by {judge}.", flips)),
            ("table", (["Slider", "Flips", "Locked", *names], [_audit_row(row, names) for row in rows])),
        ]
    return [
        *blocks,
        ("h2", "Methods"),
        ("p", methods(model, free, found, judge)),
        ("h2", "Parameters"),
        (
            "table",
            (
                ["Parameter", "Value"],
                [
                    ["model", model.name],
                    ["digest", model.digest],
                    *([name, digest] for name, digest in sorted(model.files.items())),
                    ["people, free", f"{free.bases}"],
                    ["people, locked", f"{locked.bases if locked else 0}"],
                    ["seed", f"{SEED}"],
                    ["steps", ", ".join(f"{step:+g}" for step in free.run.steps)],
                    ["judge", judge],
                    ["Likeness", version],
                    ["NumPy", np.__version__],
                    ["Python", platform.python_version()],
                ],
            ),
        ),
        ("h2", "References"),
        ("ul", REFERENCES),
    ]


def _matrix(model: Model, free: Measured, judge: str) -> list[Block]:
    groups = [attribute.group for attribute in model.attributes]
    count = len(free.found.matrix)
    if count != len(model.names):
        return []
    order = ordered("clusters", model.names, groups, free.found.matrix).order
    names = [model.names[k].replace("_", " ") for k in order]
    drawn = matrix_figure(names, free.found.matrix[np.ix_(order, order)], "Measured effects")
    words = (
        f"Measured effects, everything free: score of the column, in standard deviations, per standard deviation moved "
        f"along the row; {free.bases:,} people, by {judge}. Purple -1, green +1."
    )
    return [("figure", ("matrix", words, drawn))]


def _audit_row(row: Row, names: Sequence[str]) -> list[str]:
    lead = row.leading
    flips = row.free[lead].flips
    after = "" if row.locked is None else f"{100 * row.locked[lead].flips.value:.0f} %"
    effects = [f"{each.spread.mean.value:+.2f} | {each.spread.size.value:.2f}" for each in row.free]
    share = f"{100 * flips.value:.0f} % ({names[lead].lower()})"
    return [row.name.replace("_", " "), share, after, *effects]


def _markdown(blocks: Sequence[Block]) -> str:
    lines: list[str] = []
    for kind, content in blocks:
        if kind == "table":
            head, rows = content
            # A bar inside a cell would close it.
            cells = [[str(cell).replace("|", "\\|") for cell in row] for row in (head, *rows)]
            body = [f"| {' | '.join(row)} |" for row in cells]
            lines += [body[0], "|" + "---|" * len(head), *body[1:], ""]
        elif kind in ("ol", "ul"):
            lines += [f"{f'{number}.' if kind == 'ol' else '-'} {text}" for number, text in enumerate(content, 1)] + [
                ""
            ]
        elif kind == "figure":
            lines += [f"![{content[1]}]({FIGURES}/{content[0]}.svg)", "", content[1], ""]
        else:
            lines += [{"h1": "# ", "h2": "## ", "p": ""}[kind] + str(content), ""]
    return "\n".join(lines).rstrip() + "\n"


def _html(title: str, blocks: Sequence[Block]) -> str:
    def cells(row: Sequence[str], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{html.escape(str(cell))}</{tag}>" for cell in row) + "</tr>"

    parts = []
    for kind, content in blocks:
        if kind == "table":
            head, rows = content
            body = "".join(cells(row, "td") for row in rows)
            parts.append(f'<div class="scroll"><table>{cells(head, "th")}{body}</table></div>')
        elif kind in ("ol", "ul"):
            parts.append(f"<{kind}>" + "".join(f"<li>{html.escape(text)}</li>" for text in content) + f"</{kind}>")
        elif kind == "figure":
            parts.append(f"<figure>{content[2]}<figcaption>{html.escape(content[1])}</figcaption></figure>")
        else:
            parts.append(f"<{kind}>{html.escape(str(content))}</{kind}>")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(title)}</title><style>{STYLE}</style></head><body>{''.join(parts)}</body></html>\n"
    )
