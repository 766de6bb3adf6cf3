"""A report of a model's findings: Markdown, and one HTML file with nothing beside it."""

from __future__ import annotations

import html
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np

from dashboard.entanglement.bias_audit import Row, audit, targets_of
from dashboard.entanglement.findings import Findings, Question, findings, sentence
from dashboard.entanglement.findings_export import held_words, how
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
    "code{font-size:13px;overflow-wrap:anywhere}.scroll{overflow-x:auto}"
    "@media(prefers-color-scheme:dark){body{color:#e8ecf1;background:#14191f}td,th{border-color:#2b333e}}"
)

Block = tuple[str, Any]
"""What stands in a report: "h1", "h2" or "p" with a text, "ol" or "ul" with texts, "table" with heads and rows."""


def report(model: Model, free: Measured, locked: Measured | None, version: str, form: str) -> str:
    """Write the report.

    Args:
        model: the model.
        free: the run with nothing locked.
        locked: the one with all targets of the audit locked; None where there is none.
        version: of the program.
        form: "md" or "html".
    """
    blocks = _blocks(model, free, locked, version)
    return _markdown(blocks) if form == "md" else _html(f"Findings of {model.name}", blocks)


def methods(model: Model, free: Measured, found: Findings) -> str:
    """Write the paragraph for the methods section of a paper."""
    held = ", ".join(target.name.replace("_", " ") for target in targets_of(model))
    steps = ", ".join(f"{step:+g}" for step in free.run.steps)
    parts = (
        f"We moved each of {len(free.found.matrix)} attribute directions of the generator {model.name} (Karras et al. "
        f"2018; Guan 2018; digest {model.digest[:16]}) on {free.bases:,} random latents (NumPy RandomState, seed "
        f"{SEED}),",
        f"pinning its coordinate at {steps} standard deviations, and had the model's own scorer read every picture.",
        "An effect is the least-squares slope of the score a person, in standard deviations of that score over the "
        "model's bank, averaged over people.",
        "Effects were tested against 0 with Student's t over people and selected at a false discovery rate of 5 % over "
        f"{found.tested} pairs (Benjamini and Hochberg 1995); intervals of selected effects have the level "
        f"{100 * found.level:.2f} % (Benjamini and Yekutieli 2005).",
        "A reading flips if the score lies on different sides of an even chance (binary) or of the bank's median "
        "(continuous) at the two ends; shares have the interval of Wilson (1927).",
        f"The locked condition pins {held} at each latent's own coordinates." if held else "",
        "The scorer's readings are of pictures, not of people, and it is the same network that the directions were "
        "found with.",
    )
    return " ".join(part for part in parts if part)


def _blocks(model: Model, free: Measured, locked: Measured | None, version: str) -> list[Block]:
    asked = Question()
    found = findings(model, free, locked, asked)
    held = held_words(model)
    rows = audit(model, free, locked) if targets_of(model) else []
    names = [target.title for target in targets_of(model)]
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    blocks: list[Block] = [
        ("h1", f"Findings of {model.name}"),
        ("p", f"{how(found, asked)} Written {now}."),
        ("h2", "Findings"),
        ("ol", [sentence(each, held) for each in found.listed]),
    ]
    if rows:
        blocks += [
            ("h2", "Bias audit"),
            ("p", "People whose reading flips, free and locked, and the mean | mean absolute effect, free."),
            ("table", (["Slider", "Flips", "Locked", *names], [_audit_row(row, names) for row in rows])),
        ]
    return [
        *blocks,
        ("h2", "Methods"),
        ("p", methods(model, free, found)),
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
                    ["judge", "the model's own scorer"],
                    ["Likeness", version],
                    ["NumPy", np.__version__],
                    ["Python", platform.python_version()],
                ],
            ),
        ),
        ("h2", "References"),
        ("ul", REFERENCES),
    ]


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
            # A bar within a cell would end it.
            cells = [[str(cell).replace("|", "\\|") for cell in row] for row in (head, *rows)]
            body = [f"| {' | '.join(row)} |" for row in cells]
            lines += [body[0], "|" + "---|" * len(head), *body[1:], ""]
        elif kind in ("ol", "ul"):
            lines += [f"{f'{number}.' if kind == 'ol' else '-'} {text}" for number, text in enumerate(content, 1)] + [
                ""
            ]
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
        else:
            parts.append(f"<{kind}>{html.escape(str(content))}</{kind}>")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(title)}</title><style>{STYLE}</style></head><body>{''.join(parts)}</body></html>\n"
    )
