"""`hallwatch replay`: judge stored tracks by another site file and say what would be different."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from hallwatch.replay import Compared, camera_of, compare, judge_again, site_then
from hallwatch.site import load_site
from hallwatch.site_models import Camera, Site
from vision.article27 import CATALOGUE
from vision.tracks_file import TracksReader
from vision.values import Event

VERDICTS = {
    "appears": "新增 appears",
    "vanishes": "消失 vanishes",
    "changes": "变化 changes",
    "stays": "不变 stays",
}
STYLES = {"appears": "green", "vanishes": "red", "changes": "yellow", "stays": "dim"}


def replay_command(
    tracks: Annotated[list[Path], typer.Argument(metavar="TRACKS…", help="轨迹文件。 Files of tracks.")],
    site: Annotated[Path, typer.Option("--site", metavar="FILE", help="要试的站点文件。 The rules to try.")],
    before: Annotated[
        Path | None,
        typer.Option(
            "--before", metavar="FILE", help="对比的站点文件;省略时用轨迹里记下的。 The rules before."
        ),
    ] = None,
    camera: Annotated[
        str | None, typer.Option("--camera", help="站点文件中的摄像机。 Which camera of the site it is.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="每行一个 JSON 对象。 One JSON object a line on standard output.")
    ] = False,
) -> None:
    """用新规则重判已存轨迹并对比。 Judge stored tracks by other rules, and compare."""
    new = load_site(site)
    old = load_site(before) if before else None
    for path in tracks:
        reader = TracksReader(path)
        compared = _compared(reader, old, new, camera)
        if not reader.complete:
            typer.echo(f"{path}: 文件不完整 was cut short; what came before was judged", err=True)
        if as_json:
            for pair in compared:
                typer.echo(json.dumps({"tracks": str(path), **_plain(pair)}, ensure_ascii=False))
        else:
            Console().print(_table(path, reader, compared))


def _compared(reader: TracksReader, old: Site | None, new: Site, camera: str | None) -> tuple[Compared, ...]:
    then, then_camera = (old, _camera(old, reader, camera)) if old else site_then(reader)
    was = judge_again(reader.observations(), then, then_camera)
    now = judge_again(reader.observations(), new, _camera(new, reader, camera))
    return compare(was, now)


def _camera(site: Site, reader: TracksReader, name: str | None) -> Camera:
    if name is None:
        return camera_of(site, reader)
    found = next((entry for entry in site.cameras if entry.id == name), None)
    return found or camera_of(site, reader)


def _table(path: Path, reader: TracksReader, compared: tuple[Compared, ...]) -> Table:
    changed = sum(pair.verdict != "stays" for pair in compared)
    table = Table(title=f"{path.name}: {len(compared)} 事件 events, {changed} 不同 different")
    for heading in ("行为 behaviour", "窗口 window", "之前 before", "之后 after", "结果 verdict"):
        table.add_column(heading)
    for pair in compared:
        event = pair.before or pair.after
        assert event is not None
        article = CATALOGUE[event.behaviour]
        table.add_row(
            f"{article.zh} {event.behaviour}",
            event.window,
            _span(reader, pair.before),
            _span(reader, pair.after),
            VERDICTS[pair.verdict],
            style=STYLES[pair.verdict],
        )
    return table


def _span(reader: TracksReader, event: Event | None) -> str:
    if event is None:
        return "–"
    begun = (event.started_at - reader.header.started_at).total_seconds()
    ended = (event.ended_at - reader.header.started_at).total_seconds() if event.ended_at else None
    until = f"{ended:.1f}" if ended is not None else "…"
    return f"{begun:.1f}–{until} s" + (f" ({event.variant})" if event.variant else "")


def _plain(pair: Compared) -> dict[str, object]:
    event = pair.before or pair.after
    assert event is not None
    return {
        "verdict": pair.verdict,
        "behaviour": event.behaviour,
        "window": event.window,
        "before": _event(pair.before),
        "after": _event(pair.after),
    }


def _event(event: Event | None) -> dict[str, object] | None:
    if event is None:
        return None
    return {
        "started_at": event.started_at.isoformat(),
        "ended_at": event.ended_at.isoformat() if event.ended_at else None,
        "variant": event.variant,
        "ending": event.ending.value if event.ending else None,
    }
