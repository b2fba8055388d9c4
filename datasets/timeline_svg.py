"""A clip's truth and events over its seconds, side by side, as one SVG picture."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from datasets.evaluate import ClipScore
from datasets.matching import Flag
from datasets.truth import Span
from vision.article27 import CATALOGUE

WIDTH, LABEL, BAR, ROW = 920, 190, 13, 40
TOP, AXIS = 6, 22
TICKS_S = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 3600)
MOST_TICKS = 12
LEAST_PX = 2.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch to draw: its CSS class, its seconds, in the upper (truth) or lower (events) lane."""

    kind: str
    start_s: float
    end_s: float
    lower: bool
    told: str


def timeline(score: ClipScore) -> str:
    """The SVG of one clip; an empty text where nothing is due, flagged or nearly so."""
    rows = _rows(score)
    if not rows:
        return ""
    height = TOP + ROW * len(rows) + AXIS
    parts = [*_axis(score.truth.duration_s, TOP + ROW * len(rows))]
    for index, row in enumerate(rows):
        parts += _row(score, row, TOP + ROW * index)
    body = "\n".join(parts)
    return (
        f'<svg class="timeline" viewBox="0 0 {WIDTH} {height}" role="img"'
        f' aria-label="{escape(score.truth.name)}">\n{body}\n</svg>'
    )


def bars(score: ClipScore, behaviour: str, window: str) -> Iterator[Bar]:
    """What is to be drawn for one behaviour at one window."""
    matched, key = score.matched, (behaviour, window)
    for near in score.truth.near_misses:
        if near.like == behaviour and near.window in (None, window):
            yield _true("near", near, f"近似 near miss: {near.what}")
    for kind, told, episodes in (
        ("short", "不足时限 shorter than its rule asks", matched.too_short),
        ("due hit", "真值 truth", [hit.due.episode for hit in matched.hits]),
        ("due miss", "漏报 missed", [due.episode for due in matched.misses]),
    ):
        own = [one for one in episodes if (one.behaviour, one.window) == key]
        yield from (_true(kind, episode, told) for episode in own)
    for kind, flags in (("found", [hit.flag for hit in matched.hits]), ("false", list(matched.false_flags))):
        yield from (_seen(kind, flag) for flag in flags if (flag.behaviour, flag.window) == key)


def _rows(score: ClipScore) -> Sequence[tuple[str, str]]:
    """Behaviour and window of every line, in the catalogue's order."""
    matched, truth = score.matched, score.truth
    found = {(flag.behaviour, flag.window) for flag in score.flags}
    found |= {(due.episode.behaviour, due.episode.window) for due in matched.misses}
    found |= {(episode.behaviour, episode.window) for episode in matched.too_short}
    found |= {(near.like, near.window or next(iter(truth.windows))) for near in truth.near_misses}
    order = {code: index for index, code in enumerate(CATALOGUE)}
    return sorted(found, key=lambda row: (order[row[0]], row[1]))


def _true(kind: str, span: Span, told: str) -> Bar:
    return Bar(kind, span.start_s, span.end_s, False, told)


def _seen(kind: str, flag: Flag) -> Bar:
    told = {"found": "命中 flagged, true", "false": "误报 flagged, false"}[kind]
    return Bar(kind, flag.started_s, flag.ended_s, True, f"{told}, score {flag.score:.2f}")


def _row(score: ClipScore, row: tuple[str, str], y: int) -> Iterator[str]:
    behaviour, window = row
    article = CATALOGUE[behaviour]
    yield f'<text x="0" y="{y + 14}" class="name">{escape(article.zh)} · {window}号</text>'
    yield f'<text x="0" y="{y + 28}" class="small">{escape(behaviour)}</text>'
    for lane, text in ((0, "真值 truth"), (1, "事件 events")):
        yield f'<text x="{LABEL - 6}" y="{y + 11 + lane * 16}" class="lane">{text}</text>'
        yield f'<rect x="{LABEL}" y="{y + lane * 16}" width="{WIDTH - LABEL}" height="{BAR}" class="bed"/>'
    for bar in bars(score, behaviour, window):
        yield _bar(bar, y, score.truth.duration_s)
    for hit in score.matched.hits:
        if (hit.flag.behaviour, hit.flag.window) == row:
            x = _x(hit.flag.flagged_s, score.truth.duration_s)
            yield f'<path d="M{x:.1f} {y + 16}v{BAR}" class="mark"/>'


def _bar(bar: Bar, y: int, duration_s: float) -> str:
    x = _x(bar.start_s, duration_s)
    width = max(_x(bar.end_s, duration_s) - x, LEAST_PX)
    told = f"{bar.told}, {bar.start_s:.1f}–{bar.end_s:.1f} s"
    return (
        f'<rect x="{x:.1f}" y="{y + 16 * bar.lower}" width="{width:.1f}" height="{BAR}" rx="2"'
        f' class="{bar.kind}"><title>{escape(told)}</title></rect>'
    )


def _x(second: float, duration_s: float) -> float:
    return LABEL + (WIDTH - LABEL) * min(max(second / duration_s, 0.0), 1.0)


def _axis(duration_s: float, y: int) -> Iterator[str]:
    step = next((tick for tick in TICKS_S if duration_s / tick <= MOST_TICKS), TICKS_S[-1])
    for count in range(math.floor(duration_s / step) + 1):
        x = _x(count * step, duration_s)
        anchor = "end" if x > WIDTH - 16 else "middle"
        yield f'<path d="M{x:.1f} {TOP}V{y}" class="tick"/>'
        yield f'<text x="{x:.1f}" y="{y + 13}" class="second" text-anchor="{anchor}">{count * step} s</text>'
