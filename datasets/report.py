"""The report of an evaluation: one HTML file that needs nothing beside it.

The table of figures, each clip's truth and events on one time line, and a picture of every miss and every
false flag.
"""

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path

from datasets.evaluate import BehaviourScore, ClipScore, Evaluation
from datasets.intervals import wilson
from datasets.timeline_svg import timeline
from vision.article27 import CATALOGUE

STYLE = Path(__file__).with_name("report.css")


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment that wants a picture: the middle of what was missed, or when something false was flagged."""

    kind: str
    behaviour: str
    window: str
    at_s: float
    told: str


Pictures = Mapping[str, Mapping[Moment, bytes]]
"""JPEGs by clip name and moment."""


def moments_of(score: ClipScore) -> tuple[Moment, ...]:
    """Every miss and every false flag of a clip, in order of time."""
    fallen = {id(flag): near.what for flag, near in score.near_missed}
    found = [
        Moment(
            "miss",
            due.episode.behaviour,
            due.episode.window,
            (due.due_s + due.episode.end_s) / 2,
            f"{due.episode.start_s:.1f}–{due.episode.end_s:.1f} s"
            + (f" ({due.episode.variant})" if due.episode.variant else ""),
        )
        for due in score.matched.misses
    ] + [
        Moment(
            "false",
            flag.behaviour,
            flag.window,
            flag.flagged_s,
            f"{flag.started_s:.1f}–{flag.ended_s:.1f} s, score {flag.score:.2f}"
            + (f", near miss: {fallen[id(flag)]}" if id(flag) in fallen else ""),
        )
        for flag in score.matched.false_flags
    ]
    return tuple(sorted(found, key=lambda moment: (moment.at_s, moment.kind)))


def report_html(
    evaluation: Evaluation,
    scores: Sequence[ClipScore],
    pictures: Pictures,
    *,
    title: str,
    made_at: datetime,
    detector: str | None = None,
) -> str:
    """The whole page. `title` names what was measured; `made_at` is shown as it is."""
    body = "\n".join(
        (
            f"<h1>hallwatch 测评报告 <small>Evaluation of {escape(title)}</small></h1>",
            _made(evaluation, made_at, detector),
            _tiles(evaluation),
            _table(evaluation),
            _keys(),
            "<h2>逐段对照 <small>Clip by clip</small></h2>",
            *(_clip(score, pictures.get(score.truth.name, {})) for score in scores),
        )
    )
    return (
        '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>hallwatch · {escape(title)}</title>\n<style>\n{STYLE.read_text(encoding='utf-8')}</style>\n"
        f"</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _made(evaluation: Evaluation, made_at: datetime, detector: str | None) -> str:
    minutes = evaluation.duration_s / 60
    return (
        f'<p class="made">{evaluation.clips} 段 · {minutes:.1f} 分钟 · 检测网络 {escape(detector or "无")} ·'
        f" {made_at:%Y-%m-%d %H:%M} UTC<br>"
        f"{evaluation.clips} clips, {minutes:.1f} minutes, detector: {escape(detector or 'none')}</p>"
    )


def _tiles(evaluation: Evaluation) -> str:
    keypoints, distance = evaluation.keypoints, evaluation.distance
    presence, interval = evaluation.presence
    found = wilson(keypoints.found, keypoints.in_view)
    total = evaluation.total
    tiles = [
        (
            "总体 F1",
            "micro F1",
            _percent(evaluation.micro_f1),
            f"{total.tp} / {total.fn} / {total.fp} tp/fn/fp",
        ),
        (
            "每路每小时误报",
            "false flags per camera and hour",
            _number(evaluation.false_flags_per_camera_hour, 1),
            f"{total.fp} 次误报,其中 {total.near_miss_flags} 次落在近似动作上 on near misses",
        ),
        (
            "关节误差",
            "keypoint error, median",
            _percent(keypoints.median_torso),
            f"躯干长 of the trunk; {_number(keypoints.median_px, 1)} px, OKS {_number(keypoints.oks, 2)}, "
            f"OKS mAP {_number(keypoints.oks_map, 2)}",
        ),
        (
            "找到姿态",
            "poses found while in view",
            _percent(keypoints.found / keypoints.in_view if keypoints.in_view else None),
            f"{_range(found.low, found.high)}, {keypoints.in_view} 人次 persons",
        ),
        (
            "看到在岗",
            "clerks seen while in view",
            _percent(presence),
            f"{_range(interval.low, interval.high)}, {evaluation.staff_frames} 帧 frames",
        ),
        (
            "站位误差",
            "floor position error, median",
            _number(distance.median, 0, " cm"),
            f"至柜台 to the counter {_number(distance.to_counter_median, 0, ' cm')}; {distance.positions} 次",
        ),
    ]
    return '<section class="tiles">' + "".join(_tile(*tile) for tile in tiles) + "</section>"


def _tile(zh: str, en: str, value: str, told: str) -> str:
    return (
        f'<div class="tile"><h3>{zh} <small>{en}</small></h3><p class="value">{value}</p>'
        f"<p>{escape(told)}</p></div>"
    )


def _table(evaluation: Evaluation) -> str:
    heads = (
        ("行为", "behaviour"),
        ("命中", "found"),
        ("漏报", "missed"),
        ("误报", "false"),
        ("精确率", "precision"),
        ("召回率", "recall"),
        ("F1", ""),
        ("延迟", "delay"),
        ("近似误报", "near-miss flags"),
    )
    head = "".join(f"<th>{zh}<small>{en}</small></th>" for zh, en in heads)
    rows = [_score_row(_name(code), score) for code, score in evaluation.behaviours.items()]
    rows.append(_score_row("合计 <small>all</small>", evaluation.total, "total"))
    return (
        "<h2>各行为 <small>By behaviour (95 % Wilson intervals in brackets)</small></h2>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


def _name(code: str) -> str:
    return f"{escape(CATALOGUE[code].zh)} <small>{escape(code)}</small>"


def _score_row(name: str, score: BehaviourScore, kind: str = "") -> str:
    cells = [
        str(score.tp),
        str(score.fn),
        str(score.fp),
        _interval(score.precision, score.tp, score.tp + score.fp),
        _interval(score.recall, score.tp, score.tp + score.fn),
        _number(score.f1, 2),
        _number(score.delay_s, 1, " s"),
        str(score.near_miss_flags),
    ]
    return f'<tr class="{kind}"><th>{name}</th>' + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _interval(share: float | None, successes: int, tries: int) -> str:
    if share is None:
        return "–"
    found = wilson(successes, tries)
    return f"{_percent(share)} <small>[{_range(found.low, found.high)}]</small>"


def _keys() -> str:
    keys = (
        ("due hit", "应报并命中", "due and found"),
        ("due miss", "漏报", "missed"),
        ("short", "不足时限", "too short to flag"),
        ("near", "近似动作", "near miss"),
        ("found", "事件(正确)", "event, true"),
        ("false", "误报", "event, false"),
    )
    items = "".join(
        f'<li><svg viewBox="0 0 26 13"><rect width="26" height="13" rx="2" class="{kind}"/></svg>'
        f"{zh} <small>{en}</small></li>"
        for kind, zh, en in keys
    )
    return (
        f'<ul class="keys">{items}<li><svg viewBox="0 0 26 13"><path d="M13 0v13" class="mark"/></svg>'
        "达到时限 <small>rule met</small></li></ul>"
    )


def _clip(score: ClipScore, pictures: Mapping[Moment, bytes]) -> str:
    matched, truth = score.matched, score.truth
    counts = f"{len(matched.hits)} 命中 · {len(matched.misses)} 漏报 · {len(matched.false_flags)} 误报"
    wrong = "wrong" if matched.misses or matched.false_flags else "right"
    drawn = (
        timeline(score) or '<p class="quiet">无应报、无事件 <small>nothing due, nothing flagged</small></p>'
    )
    figures = "".join(_figures(score, pictures))
    shown = f'<div class="pictures">{figures}</div>' if figures else ""
    return (
        f'<section class="clip {wrong}"><h3>{escape(truth.name)} <small>{truth.duration_s:.0f} s ·'
        f" {counts}</small></h3>{drawn}{shown}</section>"
    )


def _figures(score: ClipScore, pictures: Mapping[Moment, bytes]) -> Iterator[str]:
    for moment in moments_of(score):
        label = {"miss": "漏报 missed", "false": "误报 false flag"}[moment.kind]
        image = pictures.get(moment)
        shown = '<div class="none">无画面 no picture</div>'
        if image is not None:
            data = base64.b64encode(image).decode("ascii")
            shown = f'<img alt="{escape(moment.behaviour)}" src="data:image/jpeg;base64,{data}">'
        yield (
            f'<figure class="{moment.kind}">{shown}<figcaption><b>{label}</b> {_name(moment.behaviour)}'
            f" @ {moment.at_s:.1f} s<br><small>{escape(moment.told)}</small></figcaption></figure>"
        )


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"


def _range(low: float, high: float) -> str:
    return f"{100 * low:.0f}–{100 * high:.0f} %"


def _number(value: float | None, digits: int, unit: str = "") -> str:
    return "–" if value is None else f"{value:.{digits}f}{unit}"
