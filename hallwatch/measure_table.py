"""The terminal's table of an evaluation, narrow enough for 80 columns."""

from collections.abc import Iterator

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from datasets.evaluate import BehaviourScore, Evaluation
from datasets.intervals import wilson
from vision.article27 import CATALOGUE

HEADINGS = (
    "命中\ntp",
    "漏报\nfn",
    "误报\nfp",
    "精确率\nprecision",
    "召回率\nrecall",
    "\nF1",
    "延迟\ndelay s",
    "近似\nnear",
)
"""Under precision and recall stands the 95 % interval; `near` are false flags on near misses."""


def print_table(result: Evaluation, console: Console) -> None:
    """The counts of each behaviour, and under them how well people were seen."""
    table = Table(
        title=f"{result.clips} clips, {result.duration_s / 60:.1f} min",
        title_justify="left",
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
    )
    table.add_column("行为\nbehaviour", no_wrap=True)
    for heading in HEADINGS:
        table.add_column(heading, justify="right", no_wrap=True)
    for code, score in result.behaviours.items():
        table.add_row(f"{CATALOGUE[code].zh}\n[dim]{code}[/]", *_cells(score))
    table.add_section()
    table.add_row("合计\n[dim]all[/]", *_cells(result.total), style="bold")
    console.print(table)
    for line in _lines(result):
        console.print(line, highlight=False, soft_wrap=True)


def _cells(score: BehaviourScore) -> tuple[str, ...]:
    return (
        str(score.tp),
        str(score.fn),
        str(score.fp),
        _share(score.precision, score.tp, score.tp + score.fp),
        _share(score.recall, score.tp, score.tp + score.fn),
        _number(score.f1, 2),
        _number(score.delay_s, 1),
        str(score.near_miss_flags),
    )


def _lines(result: Evaluation) -> Iterator[str]:
    keypoints, distance = result.keypoints, result.distance
    presence, _ = result.presence
    found = keypoints.found / keypoints.in_view if keypoints.in_view else None
    yield (
        f"每路每小时误报 false flags per camera and hour: {_number(result.false_flags_per_camera_hour, 1)}"
        f" ({result.total.near_miss_flags} on near misses)"
    )
    yield (
        f"关节 keypoints: poses of {_percent(found)} of {keypoints.in_view} in view,"
        f" median {_number(keypoints.median_px, 1)} px = {_percent(keypoints.median_torso)} of the trunk,"
        f" OKS {_number(keypoints.oks, 2)}"
    )
    yield (
        f"在岗 presence: clerk seen in {_percent(presence)} of {result.staff_frames} frames with one in view;"
        f" posts right (manned or empty) in"
        f" {_percent(result.seconds_right / result.seconds if result.seconds else None)}"
        f" of {result.seconds} seconds"
    )
    yield (
        f"站位 floor: median {_number(distance.median, 0)} cm, p90 {_number(distance.p90, 0)} cm,"
        f" to the counter {_number(distance.to_counter_median, 0)} cm ({distance.positions} positions)"
    )
    for name, group in (("feet seen", distance.feet_seen), ("feet hidden", distance.feet_hidden)):
        yield (
            f"    {name}: median {_number(group.median, 1)} cm, p95 {_number(group.p95, 1)} cm,"
            f" stated error holds {_percent(group.held)} ({group.positions} positions)"
        )


def _share(share: float | None, part: int, whole: int) -> str:
    if share is None:
        return "–"
    interval = wilson(part, whole)
    return f"{share:.2f}\n[dim]{interval.low:.2f}–{interval.high:.2f}[/]"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"


def _number(value: float | None, digits: int) -> str:
    return "–" if value is None else f"{value:.{digits}f}"
