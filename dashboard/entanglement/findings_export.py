"""Findings as a file: CSV, Markdown or JSON, each with the model, its digest and the method."""

from __future__ import annotations

import csv
import io
import json
import math
from typing import Any

from dashboard.entanglement.bias_audit import targets_of
from dashboard.entanglement.findings import Finding, Findings, Question, headline, sentence
from dashboard.synthesis.model import Model

FORMS = ("csv", "md", "json")

COLUMNS = (
    *("moved", "seen", "effect", "low", "high", "p_adjusted", "same_way", "people", "flips", "flips_low", "flips_high"),
    *("locked", "locked_low", "locked_high", "locked_flips", "alone_flips"),
    *("other_judge", "apart", "apart_low", "apart_high", "sentence"),
)


def held_words(model: Model) -> list[str]:
    """Name the locked targets in a sentence: perceived gender, perceived age, skin tone."""
    return [target.title.lower() for target in targets_of(model)]


OWN = "the model's own scorer"


def about(model: Model, found: Findings, asked: Question, judge: str = OWN) -> dict[str, Any]:
    """Describe the model, the measurement and the selection of findings."""
    return {
        "model": model.name,
        "digest": model.digest,
        "judge": judge,
        "people": found.people,
        "moved": "each slider from -2 to +2 standard deviations, five steps, slope by least squares a person",
        "unit": "standard deviations of the score over the bank, per standard deviation of the slider",
        "tested": found.tested,
        "told_from_0": found.passed,
        "false_finds_at_most": asked.false_share,
        "least_effect": asked.least,
        "interval_level": None if found.rough else round(found.level, 6),
        "locked": [target.name for target in targets_of(model)],
    }


def as_file(model: Model, found: Findings, asked: Question, form: str, judge: str = OWN) -> str:
    """Write findings.

    Args:
        model: the model.
        found: the findings.
        asked: the filters.
        form: one of `FORMS`.
        judge: description of the judge.
    """
    if form == "json":
        return json.dumps(as_json(model, found, asked, judge), indent=2, ensure_ascii=False) + "\n"
    if form == "csv":
        rows = [_row(model, finding) for finding in found.listed]
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["model", "digest", "judge", *COLUMNS])
        for row in rows:
            numbers = [f"{value:.6g}" if isinstance(value, float) else value for value in row]
            writer.writerow([model.name, model.digest, judge, *("" if value == "nan" else value for value in numbers)])
        return text.getvalue()
    return markdown(model, found, asked, judge)


def as_json(model: Model, found: Findings, asked: Question, judge: str = OWN) -> dict[str, Any]:
    """Return findings as plain values: their description (`about`), and the values of `COLUMNS` for each."""
    rows = [_row(model, finding) for finding in found.listed]
    plain = [{name: _plain(value) for name, value in zip(COLUMNS, row, strict=True)} for row in rows]
    return {**about(model, found, asked, judge), "findings": plain}


def markdown(model: Model, found: Findings, asked: Question, judge: str = OWN) -> str:
    """Write findings as a list of sentences and a table."""
    lines = [
        f"# Findings of {model.name}",
        "",
        f"Model `{model.name}`, digest `{model.digest}`. {how(found, asked, judge)}",
        "",
        *(f"{rank}. {sentence(each, held_words(model))}" for rank, each in enumerate(found.listed, 1)),
        "",
        "| moved | score | effect, σ | interval | same way | locked, σ |",
        "|---|---|---|---|---|---|",
    ]
    for each in found.listed:
        moved, *_ = headline(each)
        ends = "" if math.isnan(each.low) else f"{each.low:+.2f} to {each.high:+.2f}"
        held = "" if math.isnan(each.locked) else f"{each.locked:+.2f}"
        seen = each.seen.replace("_", " ")
        lines.append(f"| {moved} | {seen} | {each.effect:+.2f} | {ends} | {each.same.hits} of {each.same.n} | {held} |")
    return "\n".join(lines) + "\n"


def how(found: Findings, asked: Question, judge: str = OWN) -> str:
    """Describe the measurement and selection of the findings in two sentences."""
    if found.rough:
        return f"Rough: {found.people} people so far, too few for intervals."
    share = f"{100 * asked.false_share:g} %"
    return (
        f"Each slider was moved from −2 to +2 σ on the same {found.people:,} people and read by {judge}; "
        f"{found.passed} of {found.tested} cells differ from 0 (Student's t over people, Benjamini and "
        f"Hochberg, false finds at most {share}), and those with at least {asked.least:g} σ are listed. Intervals have "
        f"the level {100 * found.level:.1f} %, so that at most {share} of them miss (false coverage rate)."
    )


def _row(model: Model, finding: Finding) -> list[Any]:
    flips, held = finding.flips, finding.locked_flips
    nan = float("nan")
    return [
        *(finding.moved, finding.seen, finding.effect, finding.low, finding.high, finding.p),
        *(finding.same.value, finding.same.n),
        *((flips.value, flips.low, flips.high) if flips else (nan, nan, nan)),
        *(finding.locked, finding.locked_low, finding.locked_high),
        *(held.value if held else nan, finding.alone_flips.value if finding.alone_flips else nan),
        *((finding.other, apart.value, apart.low, apart.high) if (apart := finding.apart) else (nan,) * 4),
        sentence(finding, held_words(model)),
    ]


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
