"""`hallwatch evaluate`, `hallwatch datasets site` and `hallwatch datasets tune`: measuring against truth."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import cv2
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from calibration.floor import FloorError
from cameras.errors import CameraError
from datasets.evaluate import Evaluation, evaluate
from datasets.report import Moment, report_html
from datasets.site_from_truth import site_from_truth
from datasets.stored_evidence import ENDING, read_evidence, write_evidence
from datasets.truth import Truth, TruthError, find_truths, load_truth
from datasets.tune import Proposal, StoredClip, TuneError, check_split, propose
from hallwatch.evaluate import MeasuredClip, evidence_of, measure, pictures_of
from hallwatch.logs import configure_logs
from hallwatch.measure_table import print_table
from hallwatch.networks import Networks, open_networks
from hallwatch.recorded_commands import DetectorOption
from hallwatch.site import SiteError
from vision.article27 import CATALOGUE

FAILED = 2

Tell = Callable[[Truth, float], None]
"""Is told which clip is at work, and how many of its seconds are done."""

measure_app = typer.Typer(no_args_is_help=True, add_completion=False)
"""`site` and `tune`: stand beside the generator's commands under `hallwatch datasets`."""


def evaluate_command(
    truth_dir: Annotated[
        Path, typer.Argument(metavar="TRUTH_DIR", help="片段与真值的文件夹。 A folder of clips with truth.")
    ],
    as_json: Annotated[
        bool, typer.Option("--json", help="输出一个 JSON 对象。 Print one JSON object.")
    ] = False,
    report: Annotated[
        Path | None,
        typer.Option("--report", metavar="FILE.html", help="写出网页报告。 Write a report to look at."),
    ] = None,
    detector: DetectorOption = None,
) -> None:
    """用真值测评:精确率、召回率、延迟、关节与站位误差。 Measure the pipeline against clips with truth."""
    with _one_sentence():
        truths = [load_truth(path) for path in find_truths(truth_dir)]
        networks = _networks(detector)
        with _progress(truths) as tell:
            clips = [_measured(truth, networks, tell) for truth in truths]
        result = evaluate([clip.score for clip in clips])
        if report is not None:
            _write_report(report, truth_dir, result, clips, networks)
    if as_json:
        typer.echo(json.dumps(result.as_json(), ensure_ascii=False, indent=1))
    else:
        print_table(result, Console())


@measure_app.command("site")
def site_command(
    truth: Annotated[
        Path, typer.Argument(metavar="NAME.truth.json", help="真值文件。 The truth beside a clip.")
    ],
) -> None:
    """由真值生成站点文件。 Print the site file that a clip's truth makes."""
    with _one_sentence():
        typer.echo(site_from_truth(load_truth(truth)), nl=False)


@measure_app.command("tune")
def tune_command(
    behaviour: Annotated[
        str, typer.Argument(metavar="BEHAVIOUR", help="行为代码。 A behaviour's code, such as phone_use.")
    ],
    truth_dir: Annotated[
        Path, typer.Argument(metavar="TRUTH_DIR", help="验证集文件夹。 The `validate` part of the truth.")
    ],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.yaml", help="写出建议。 Write the proposal here.")
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="重新观看片段。 Look at the clips anew, not at what was stored.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="允许其他文件夹。 Take a folder that is not `validate` too.")
    ] = False,
    detector: DetectorOption = None,
) -> None:
    """在验证集上搜索阈值,给出建议。 Propose limits from the validate part."""
    with _one_sentence():
        check_split(truth_dir, force)
        if behaviour not in CATALOGUE:
            raise TuneError(f"There is no behaviour `{behaviour}`; there are {', '.join(CATALOGUE)}.")
        truths = [load_truth(path) for path in find_truths(truth_dir)]
        _store_evidence(truths, detector, again)
        clips = [StoredClip(truth, read_evidence(_evidence_path(truth))) for truth in truths]
        proposal = propose(behaviour, clips)
        if out is not None:
            out.write_text(proposal.as_yaml(), encoding="utf-8")
    typer.echo(proposal.as_yaml(), nl=False)
    _say_what_to_do(proposal)


@contextmanager
def _one_sentence() -> Iterator[None]:
    """What a person can put right ends in one red sentence."""
    try:
        yield
    except (CameraError, FloorError, SiteError, TruthError, TuneError, OSError) as error:
        _errors().print(str(error), style="red", markup=False, highlight=False)
        raise typer.Exit(FAILED) from None


def _errors() -> Console:
    return Console(stderr=True, soft_wrap=True)


def _networks(detector: str | None) -> Networks:
    """Opened with logs on standard error: standard output may be read by a script."""
    configure_logs("WARNING")
    cv2.setNumThreads(1)
    return open_networks(detector)


def _measured(truth: Truth, networks: Networks, tell: Tell) -> MeasuredClip:
    tell(truth, 0.0)
    clip = measure(truth, networks, lambda done_s: tell(truth, done_s))
    tell(truth, truth.duration_s)
    return clip


@contextmanager
def _progress(truths: Sequence[Truth]) -> Iterator[Tell]:
    """A bar over the seconds of all clips."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    before, total_s = {}, 0.0
    for truth in truths:
        before[truth.name] = total_s
        total_s += truth.duration_s
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=total_s)
        yield lambda truth, done_s: progress.update(
            task, description=truth.name, completed=before[truth.name] + done_s
        )


def _write_report(
    path: Path, truth_dir: Path, result: Evaluation, clips: Sequence[MeasuredClip], networks: Networks
) -> None:
    pictures: dict[str, dict[Moment, bytes]] = {clip.truth.name: pictures_of(clip) for clip in clips}
    page = report_html(
        result,
        [clip.score for clip in clips],
        pictures,
        title=truth_dir.resolve().name,
        made_at=datetime.now(UTC),
        detector=networks.detector_file.name if networks.detector_file else None,
    )
    path.write_text(page, encoding="utf-8")
    _errors().print(f"报告 report: {path}", highlight=False)


def _evidence_path(truth: Truth) -> Path:
    return truth.folder / f"{truth.name}{ENDING}"


def _store_evidence(truths: Sequence[Truth], detector: str | None, again: bool) -> None:
    """Look at the clips whose evidence is not stored yet."""
    waiting = [truth for truth in truths if again or not _evidence_path(truth).is_file()]
    stored = len(truths) - len(waiting)
    if stored:
        told = f"{stored} 段用已存证据 clips from stored evidence; --again looks at them anew"
        _errors().print(told, highlight=False)
    if not waiting:
        return
    networks = _networks(detector)
    with _progress(waiting) as tell:
        for truth in waiting:
            write_evidence(_evidence_path(truth), evidence_of(_measured(truth, networks, tell)))


def _say_what_to_do(proposal: Proposal) -> None:
    told = (
        "建议值可写入站点文件的 limits。 Put this under `limits` of a site file; then evaluate the test part."
        if proposal.is_better
        else "现用阈值已最好。 Nothing tried is better than the limits in use."
    )
    _errors().print(told, highlight=False)
