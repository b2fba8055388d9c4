"""The honour board as the values of its one printed page."""

from pathlib import Path
from typing import Any

from api.reports import formats
from api.reports.board import Board
from api.reports.content import Report, WindowPart
from api.reports.printed import frame
from api.reports.typesetting import typeset
from api.reports.words import Language, behaviour_name, span_name, unit_name, word


def board_pdf(report: Report, board: Board, language: Language, font: Path | None = None) -> bytes:
    """The board as a PDF of one page. Raises FontMissingError where no Chinese font is there."""
    return typeset("board", printed_board(report, board, language), report.made_at, font)


def printed_board(report: Report, board: Board, language: Language) -> dict[str, Any]:
    """What the template is told."""
    return {
        **frame(report, language, word("board", language)),
        "notice": "" if report.final else word("open_now", language),
        "praise": {
            "heads": [word(key, language) for key in ("window", "coverage", "hours_clean", "pending")],
            "lines": [_praised(part, language) for part in board.praised],
        },
        "improved": {
            "heads": [word("window", language), word("compliance", language), word("change", language)],
            "lines": [_improved(part, language) for part in board.improved],
        },
        "breaches": {
            "heads": [word(key, language) for key in ("window", "behaviour", "total")],
            "lines": [
                [
                    unit_name(one.unit, language),
                    " · ".join(f"{behaviour_name(c, language)} {n}" for c, n in one.by_behaviour.items()),
                    str(one.number),
                ]
                for one in board.breaches
            ],
        },
        "left_out": word(
            "left_out",
            language,
            open=board.open_appeals,
            appealable=board.appealable,
            pending=board.pending,
        ),
        "words": {
            key: word(key, language)
            for key in (
                *("praise", "praise_none", "praise_rule", "improved", "improved_none"),
                *("breaches", "breaches_none", "breaches_rule", "nobody_named", "principle"),
            )
        }
        | {"improved_rule": _compared(report, language)},
    }


def _compared(report: Report, language: Language) -> str:
    if report.before is None:
        return word("improved_alone", language)
    return word("improved_rule", language, span=span_name(report.before.span, language))


def _praised(part: WindowPart, language: Language) -> list[str]:
    numbers = part.numbers
    return [
        unit_name(part.unit, language),
        formats.percent(numbers.coverage),
        f"{numbers.hours_clean} / {numbers.hours_judged}",
        str(numbers.pending),
    ]


def _improved(part: WindowPart, language: Language) -> list[str]:
    return [
        unit_name(part.unit, language),
        formats.percent(part.numbers.compliance),
        f"{formats.points(part.change)} {word('points', language)}",
    ]
