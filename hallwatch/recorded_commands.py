"""`hallwatch analyze` and `hallwatch inspect`: recorded videos and still pictures, for people and scripts."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import cv2
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from cameras.errors import CameraError
from cameras.probe import probe
from cameras.source import Source
from hallwatch.analyze import Analysed, Found, Watcher, analyze
from hallwatch.logs import configure_logs
from hallwatch.networks import open_networks
from hallwatch.replay import context_of
from hallwatch.settings import SettingsError
from hallwatch.site import load_site, whole_frame_site
from hallwatch.site_models import Camera, Site
from hallwatch.stills import Inspected, PictureError, inspect, json_line, write_overlay
from vision.article27 import CATALOGUE
from vision.tracks_file import TracksWriter

FAILED = 2

DetectorOption = Annotated[
    str | None,
    typer.Option(
        "--detector",
        metavar="FILE|NAME",
        envvar="HALLWATCH_DETECTOR",
        help="检测网络(ONNX 文件或已导入的名称)。 Detector: an ONNX file, or a name that was imported.",
    ),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="每行一个 JSON 对象。 One JSON object a line on standard output.")
]


def analyze_command(
    sources: Annotated[list[str], typer.Argument(metavar="SOURCE…", help="视频文件。 Video files.")],
    site: Annotated[
        Path | None,
        typer.Option(
            "--site", metavar="FILE", help="站点文件;省略时整幅画面为一个窗口。 The hall's site file."
        ),
    ] = None,
    camera: Annotated[
        str | None,
        typer.Option("--camera", help="用站点文件中的哪一路摄像机。 Which camera of the site it is."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help="片段与标注视频的文件夹。 Takes clips and an annotated video."
        ),
    ] = None,
    tracks: Annotated[
        Path | None,
        typer.Option("--tracks", metavar="DIR", help="轨迹文件夹(不含画面)。 Takes tracks, for `replay`."),
    ] = None,
    as_json: JsonOption = False,
    detector: DetectorOption = None,
) -> None:
    """分析录像,列出事件。 Run recorded videos through the whole pipeline and list the events."""
    configure_logs("WARNING")
    cv2.setNumThreads(1)
    networks = open_networks(detector)
    known = load_site(site) if site else None
    _make_folder(out)
    _make_folder(tracks)
    failed = False
    console, errors = Console(), Console(stderr=True)
    for source in sources:
        watched, seen_by = _watched(known, camera, source)
        try:
            with _progress(source, errors) as progress, _tracks(tracks, source, watched, seen_by) as keep:
                analysed = analyze(watched, seen_by, networks, out=out, progress=progress, watcher=keep)
        except CameraError as error:
            _complain(errors, str(error))
            failed = True
            continue
        _print_events(analysed, console, as_json)
        for fault in analysed.faults:
            _complain(errors, fault)
            failed = True
    if failed:
        raise typer.Exit(FAILED)


@contextmanager
def _tracks(folder: Path | None, source: str, site: Site, camera: Camera) -> Iterator[Watcher]:
    """What keeps the tracks of one file, where they are wanted."""
    if folder is None:
        yield lambda _: None
        return
    with TracksWriter(folder / f"{Path(source).stem}.tracks", context_of(site, camera)) as writer:
        yield writer.write


def inspect_command(
    images: Annotated[list[Path], typer.Argument(metavar="IMAGE…", help="图片文件。 Pictures.")],
    as_json: JsonOption = False,
    overlay: Annotated[
        Path | None,
        typer.Option("--overlay", metavar="DIR", help="标注图的文件夹。 Takes pictures with what was seen."),
    ] = None,
    detector: DetectorOption = None,
) -> None:
    """检视图片,给出各姿态分值。 Say who is seen in pictures, and score each posture from 0 to 1."""
    configure_logs("WARNING")
    cv2.setNumThreads(1)
    networks = open_networks(detector)
    console, errors = Console(), Console(stderr=True)
    failed = False
    for seen in inspect(images, networks):
        if isinstance(seen, PictureError):
            _complain(errors, str(seen))
            failed = True
            continue
        if overlay is not None:
            failed |= not _overlaid(seen, overlay, errors)
        if as_json:
            typer.echo(json_line(seen))
        else:
            console.print(_persons_table(seen))
    if failed:
        raise typer.Exit(FAILED)


def _complain(errors: Console, sentence: str) -> None:
    errors.print(sentence, style="red", markup=False, highlight=False, soft_wrap=True)


def _make_folder(out: Path | None) -> None:
    """Found out before the long work, not after it."""
    if out is None:
        return
    try:
        (out / "clips").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = f"the folder {out} cannot be made ({error.strerror})"
        raise SettingsError(f"{why}: name with --out a folder you may write to") from None


def _overlaid(seen: Inspected, folder: Path, errors: Console) -> bool:
    """Whether the picture was written; a disk that does not take it does not end the command."""
    try:
        write_overlay(seen, folder)
    except PictureError as error:
        _complain(errors, str(error))
        return False
    return True


def _watched(known: Site | None, camera: str | None, source: str) -> tuple[Site, Camera]:
    """The site, and its camera with the source to analyse in place of its own."""
    if known is None:
        site = whole_frame_site(source)
        return site, site.cameras[0]
    chosen = [entry for entry in known.cameras if camera in (None, entry.id)]
    if not chosen:
        names = ", ".join(entry.id for entry in known.cameras)
        raise SettingsError(f"the site has no camera {camera}; it has {names}")
    return known, chosen[0].model_copy(update={"source": source})


@contextmanager
def _progress(source: str, console: Console) -> Iterator["_Bar"]:
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        yield _Bar(progress, source)


class _Bar:
    """A progress bar over the seconds of one file."""

    def __init__(self, progress: Progress, source: str) -> None:
        self._progress = progress
        self._task = progress.add_task(Path(source).name, total=probe(Source.parse(source)).duration_s)

    def __call__(self, done_s: float) -> None:
        self._progress.update(self._task, completed=done_s)


def _print_events(analysed: Analysed, console: Console, as_json: bool) -> None:
    if as_json:
        for found in analysed.events:
            typer.echo(json.dumps(found.as_json(), ensure_ascii=False))
        return
    title = f"{Path(analysed.source).name}  {analysed.duration_s:.0f} s"
    if not analysed.events:
        console.print(f"{title}: 无事件 · no events", highlight=False)
        return
    console.print(_events_table(title, analysed.events))


def _events_table(title: str, events: Sequence[Found]) -> Table:
    table = Table(title=title, title_justify="left")
    for heading in (
        "行为 behaviour",
        "窗口 window",
        "开始 from s",
        "结束 to s",
        "分值 score",
        "测量 measures",
    ):
        table.add_column(heading)
    for found in events:
        event = found.event
        name = f"{CATALOGUE[event.behaviour].zh} {event.behaviour}"
        measures = ", ".join(f"{key} {value:g}" for key, value in event.measures.items())
        table.add_row(
            f"{name} ({event.variant})" if event.variant else name,
            event.window,
            f"{found.started_s:.1f}",
            f"{found.ended_s:.1f}",
            f"{event.peak_score:.2f}",
            measures,
        )
    return table


def _persons_table(seen: Inspected) -> Table:
    table = Table(title=str(seen.path), title_justify="left")
    persons = seen.as_json()["persons"]
    codes = list(persons[0]["scores"]) if persons else []
    for heading in ("方框 box", "侧 side", "关节 joints", *codes):
        table.add_column(heading)
    for person in persons:
        box = " ".join(f"{value:.0f}" for value in person["box"])
        scores = [
            "–" if person["scores"][code] is None else f"{person['scores'][code]:.2f}" for code in codes
        ]
        table.add_row(box, person["zone"] or "–", "17" if person["keypoints"] else "–", *scores)
    return table
