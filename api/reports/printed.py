"""A report as the values of its printed page: every number and word as people read it."""

from pathlib import Path
from typing import Any

from api.compliance.definitions import DEFINITIONS
from api.compliance.models import NumbersOut
from api.reports import formats
from api.reports.content import Report, rise
from api.reports.spans import STEP
from api.reports.typesetting import typeset
from api.reports.words import Language, behaviour_name, full_width, span_name, unit_name, word

AXES = (0.95, 0.9, 0.8, 0.6, 0.4, 0.2, 0.0)
"""Where the curve's axis may begin: at the highest that is below all of its points."""


def report_pdf(report: Report, language: Language, font: Path | None = None) -> bytes:
    """The report as a PDF. Raises FontMissingError where no Chinese font is there."""
    return typeset("report", printed(report, language), report.made_at, font)


def printed(report: Report, language: Language) -> dict[str, Any]:
    """What the template is told."""
    step = STEP[report.span.kind]
    return {
        **frame(report, language, word(report.span.kind, language)),
        "final": report.final,
        "notices": _notices(report, language),
        "boxes": _boxes(report, language),
        "compared": _compared(report, language),
        "curve": _curve(report, language),
        "windows": _windows(report, language),
        "heat": _heat(report, language),
        "worst": _worst(report, language),
        "behaviours": _behaviours(report, language),
        "unknown": _unknown(report, language),
        "backlog": _backlog(report, language),
        "definitions": _definitions(language),
        "errors": _errors(report, language),
        "words": {
            **_words(language),
            "curve": word(f"curve.{step}", language),
            "heat": word(f"heat.{step}", language),
            "principle": word("principle", language),
            "signatures": [word(f"sign.{who}", language) for who in ("checked", "head", "date")],
        },
    }


def frame(report: Report, language: Language, what: str) -> dict[str, Any]:
    """What each printed page says of itself."""
    hall, span = unit_name(report.hall, language), span_name(report.span, language)
    offset = report.starts_at.strftime("%z")
    return {
        "language": language,
        "hall": hall,
        "what": what if language == "zh" else what[0].upper() + what[1:],
        "subject": word("subject", language),
        "span": span[0].upper() + span[1:],
        "zone": f"{word('zone', language)} {report.time_zone} (UTC{offset[:3]}:{offset[3:]})",
        "made": f"{word('made', language)} {formats.clock(report.made_at)} · "
        f"hallwatch {word('version', language)} {report.version} · "
        f"{word('revision', language)} {report.revision}",
        "page": word("page", language),
    }


def _words(language: Language) -> dict[str, str]:
    keys = (
        *("by_window", "window", "curve_legend", "heat_legend", "worst", "worst_none", "worst_note"),
        *("behaviours", "behaviours_none", "unknown", "unknown_none", "backlog", "definitions"),
        *("error_rate", "interval", "grey_note", "compliance", "coverage"),
    )
    return {key: word(key, language) for key in keys}


def _notices(report: Report, language: Language) -> list[str]:
    found = []
    if report.is_empty:
        found.append(word("nothing", language))
    if not report.final:
        found.append(word("open_now", language))
    if report.revision:
        found.append(word("revised", language, revision=report.revision))
    return found


def _boxes(report: Report, language: Language) -> list[dict[str, str]]:
    total = report.total
    values = {
        "compliance": (formats.percent(total.compliance), ""),
        "coverage": (formats.percent(total.coverage), f"{formats.hours(total.observed_s)} / "
                     f"{formats.hours(total.open_s)} {word('hours', language)}"),
        "clean": (formats.with_interval(total.clean), f"{total.hours_clean} / {total.hours_judged}"),
        "confirmed": (str(total.confirmed), f"{formats.minutes(total.breach_s)} {word('minutes', language)}"),
        "pending": (str(total.pending), f"{word('dismissed', language)} {total.dismissed} · "
                    f"{word('expired', language)} {total.expired}"),
    }  # fmt: skip
    return [
        {"name": word(key, language), "value": value, "below": below}
        for key, (value, below) in values.items()
    ]


def _compared(report: Report, language: Language) -> str:
    if report.before is None:
        return ""
    now, then = report.total, report.before.total
    unit = word("points", language)
    parts = [
        f"{word(key, language)} {formats.points(rise(getattr(now, key), getattr(then, key)))} {unit}"
        for key in ("compliance", "coverage")
    ]
    parts.append(f"{word('confirmed', language)} {formats.signed(now.confirmed - then.confirmed)}")
    before = span_name(report.before.span, language)
    return word("compared", language, span=before, changes=" · ".join(parts))


def _curve(report: Report, language: Language) -> dict[str, Any]:
    shares = [s.numbers.compliance for s in report.steps if s.numbers and s.numbers.compliance is not None]
    lowest = min(shares, default=1.0)
    return {
        "lowest": next(axis for axis in AXES if axis <= lowest),
        "points": [
            {
                "label": formats.step_label(report.span, step.bucket, step.starts_at, language).split(),
                "compliance": step.numbers.compliance if step.numbers else None,
                "coverage": step.numbers.coverage if step.numbers else None,
                "enough": bool(step.numbers and step.numbers.enough),
                "text": formats.percent(step.numbers.compliance if step.numbers else None),
            }
            for step in report.steps
        ],
    }


def _windows(report: Report, language: Language) -> dict[str, Any]:
    keys = ("compliance", "coverage", "open_s", "observed_s", "confirmed", "breach_s", "pending")
    more = ("dismissed", "expired", "away_s", "change", "revision")
    heads = [word(f"short.{key}", language) for key in (*keys, *more)]
    lines = [
        {
            "name": unit_name(part.unit, language),
            "enough": part.numbers.enough,
            "values": [
                *_line(part.numbers),
                formats.points(part.change),
                str(part.revision),
            ],
        }
        for part in report.windows
    ]
    return {"heads": heads, "lines": lines}


def _line(numbers: NumbersOut) -> list[str]:
    return [
        formats.percent(numbers.compliance),
        formats.percent(numbers.coverage),
        formats.hours(numbers.open_s),
        formats.hours(numbers.observed_s),
        str(numbers.confirmed),
        formats.minutes(numbers.breach_s),
        str(numbers.pending),
        str(numbers.dismissed),
        str(numbers.expired),
        formats.minutes(numbers.away_s),
    ]


def _heat(report: Report, language: Language) -> dict[str, Any]:
    labels = [formats.step_label(report.span, s.bucket, s.starts_at, language) for s in report.steps]
    return {
        "labels": [label.split() for label in labels],
        "rows": [
            {
                "name": unit_name(part.unit, language),
                "cells": [_cell(report.cells.get((part.unit.id, step.bucket))) for step in report.steps],
            }
            for part in report.windows
        ],
    }


def _cell(numbers: NumbersOut | None) -> dict[str, Any] | None:
    """None: closed, or nothing known."""
    if numbers is None or numbers.open_s == 0:
        return None
    if numbers.compliance is None:
        return {"text": "×", "enough": False, "breach": 0}
    text = formats.percent(numbers.compliance, 0).removesuffix("%")
    return {"text": text, "enough": numbers.enough, "breach": 1 - numbers.compliance}


def _worst(report: Report, language: Language) -> dict[str, Any]:
    heads = [
        word("hour", language),
        word("window", language),
        word("compliance", language),
        word("coverage", language),
        f"{word('breach_s', language)} ({word('minutes', language)})",
        word("confirmed", language),
    ]
    lines = [
        [
            formats.clock(hour.starts_at),
            unit_name(hour.unit, language),
            formats.percent(hour.compliance),
            formats.percent(hour.coverage),
            formats.minutes(hour.breach_s),
            str(hour.confirmed),
        ]
        for hour in report.worst
    ]
    return {"heads": heads, "lines": lines}


def _behaviours(report: Report, language: Language) -> dict[str, Any]:
    keys = ("behaviour", "confirmed", "pending", "dismissed", "expired", "per_100_hours", "precision")
    lines = [
        [
            behaviour_name(one.behaviour, language),
            str(one.confirmed),
            str(one.pending),
            str(one.dismissed),
            str(one.expired),
            formats.NONE if one.per_100_hours is None else f"{one.per_100_hours:.1f}",
            formats.with_interval(one.precision),
        ]
        for one in sorted(report.behaviours, key=lambda one: (-one.confirmed, one.behaviour))
    ]
    return {"heads": [word(key, language) for key in keys], "lines": lines}


def _unknown(report: Report, language: Language) -> list[dict[str, Any]]:
    causes = sorted(report.total.unknown.items(), key=lambda pair: -pair[1])
    return [
        {
            "name": word(f"cause.{cause}", language),
            "text": f"{formats.hours(seconds)} {word('hours', language)} · "
            f"{formats.percent(seconds / report.total.open_s)} {word('share_open', language)}",
            "share": seconds / report.total.open_s,
        }
        for cause, seconds in causes
        if report.total.open_s
    ]


def _backlog(report: Report, language: Language) -> list[list[str]]:
    backlog = report.backlog
    lines = [
        [word("backlog.pending", language), str(backlog.pending)],
        [word("backlog.overdue", language), str(backlog.overdue)],
        [word("backlog.appeals", language), str(backlog.open_appeals)],
    ]
    if backlog.oldest_at:
        lines.append([word("backlog.oldest", language), formats.clock(backlog.oldest_at)])
    return lines


def _definitions(language: Language) -> list[dict[str, str]]:
    return [
        {"name": one.name_zh, "text": full_width(one.text_zh)} if language == "zh" else
        {"name": one.name_en, "text": one.text_en.replace(" %", "\u00a0%")}
        for one in DEFINITIONS
    ]  # fmt: skip


def _errors(report: Report, language: Language) -> dict[str, Any]:
    rate = report.error_rate
    keys = ("behaviour", "found", "missed", "false", "recall", "tested_precision")
    return {
        "source": full_width(rate.source_zh) if language == "zh" else rate.source_en,
        "heads": [word(key, language) for key in keys],
        "lines": [
            [
                behaviour_name(one.behaviour, language),
                *(str(number) for number in (one.found, one.missed, one.false)),
                formats.with_interval(one.recall),
                formats.with_interval(one.precision),
            ]
            for one in rate.behaviours
        ],
    }
