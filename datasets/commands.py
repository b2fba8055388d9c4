"""`hallwatch datasets`: render scenes with exact truth, and measure against them."""

import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from cameras.errors import CameraError
from datasets.figures import FiguresMissingError, find_figures
from datasets.film import is_done, shoot
from datasets.held_crops import crop_scripts, cut
from datasets.render import NoRendererError
from datasets.script import Script, ScriptError, read_script
from datasets.splits import SPLITS, plan

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="合成场景与真值。 Rendered scenes with exact truth, and measuring against them.",
)
FiguresOption = Annotated[
    Path | None,
    typer.Option(
        "--figures", metavar="DIR", help="人体素材文件夹。 The folder of figures (else HALLWATCH_FIGURES)."
    ),
]
JobsOption = Annotated[
    int | None,
    typer.Option("--jobs", min=1, help="并行进程数(默认每核一个)。 Processes; one a core if not given."),
]
OutOption = Annotated[
    Path, typer.Option("--out", metavar="DIR", help="输出文件夹。 Where clips and truth go.")
]


@app.command()
def render(
    scripts: Annotated[list[Path], typer.Argument(metavar="SCRIPT…", help="剧本(YAML)。 Scripts in YAML.")],
    out: OutOption,
    figures: FiguresOption = None,
    jobs: JobsOption = None,
    again: Annotated[
        bool, typer.Option("--again", help="已有的也重新渲染。 Render what is there already too.")
    ] = False,
) -> None:
    """渲染剧本并写出真值;已完成的跳过。 Render scripts into clips with truth; skips finished ones."""
    try:
        played = [read_script(path) for path in _expanded(scripts)]
        _render_all(played, out, figures, jobs, again)
    except (ScriptError, FiguresMissingError, NoRendererError, CameraError, OSError) as error:
        _fail(error)


@app.command()
def truth(
    out: OutOption = Path("truth"),
    rounds: Annotated[
        int | None,
        typer.Option(
            "--rounds",
            min=1,
            help="每个子集的轮数,每轮含全部行为。 Rounds of each part; every round has all behaviours.",
        ),
    ] = None,
    split: Annotated[
        str | None, typer.Option("--split", help="只渲染一个子集:train、validate 或 test。 One part only.")
    ] = None,
    figures: FiguresOption = None,
    jobs: JobsOption = None,
) -> None:
    """渲染整套数据(按人物、大厅、相机划分)。 Render the big set, split by figure, hall and camera."""
    if split is not None and split not in SPLITS:
        _fail(f"--split must be one of {', '.join(SPLITS)}, not {split!r}.")
    try:
        for part in SPLITS if split is None else (split,):
            _render_all(plan(part, rounds), out / part, figures, jobs, again=False)
    except (FiguresMissingError, NoRendererError, CameraError, OSError) as error:
        _fail(error)


def _fail(error: object) -> NoReturn:
    Console(stderr=True).print(str(error), style="red", soft_wrap=True, markup=False, highlight=False)
    raise typer.Exit(1)


def _expanded(paths: Sequence[Path]) -> list[Path]:
    """Folders stand for the scripts in them."""
    found: list[Path] = []
    for path in paths:
        found += sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    if not found:
        raise ScriptError(
            f"No scripts in {', '.join(map(str, paths))}: name a .yaml file or a folder of them."
        )
    return found


@app.command()
def crops(
    out: OutOption = Path("crops"),
    split: Annotated[
        str | None, typer.Option("--split", help="只做一个子集:train、validate 或 test。 One part only.")
    ] = None,
    figures: FiguresOption = None,
    jobs: JobsOption = None,
) -> None:
    """渲染手部与口部小图,供训练手持物网络。 Render crops of hands and mouths to learn held things from."""
    if split is not None and split not in SPLITS:
        _fail(f"--split must be one of {', '.join(SPLITS)}, not {split!r}.")
    try:
        folder = find_figures(figures)
        for part in SPLITS if split is None else (split,):
            (out / part).mkdir(parents=True, exist_ok=True)
            scripts = [one for one in crop_scripts(part) if not (out / part / f"{one.name}.npz").is_file()]
            _play_all([_Job(one, folder, out / part, crops=True) for one in scripts], part, jobs)
    except (FiguresMissingError, NoRendererError, CameraError, OSError) as error:
        _fail(error)


@dataclass(frozen=True, slots=True)
class _Job:
    """One script to be played: into a clip with truth, or into crops of what hands hold."""

    script: Script
    figures: Path
    folder: Path
    crops: bool = False


def _render_all(
    scripts: Sequence[Script], out: Path, figures: Path | None, jobs: int | None, again: bool
) -> None:
    folder = find_figures(figures)
    waiting = [_Job(script, folder, out) for script in scripts if again or not is_done(script, out)]
    console = Console(stderr=True)
    if len(waiting) < len(scripts):
        done = len(scripts) - len(waiting)
        console.print(f"{done} 段已完成,跳过。 {done} finished clips skipped.")
    _play_all(waiting, out.name, jobs)


def _play_all(waiting: Sequence[_Job], name: str, jobs: int | None) -> None:
    if not waiting:
        return
    total = sum(job.script.duration_s for job in waiting)
    with _bar(Console(stderr=True)) as bar:
        task = bar.add_task(name, total=round(total))
        for job in _run(waiting, jobs or os.cpu_count() or 1):
            bar.advance(task, round(job.script.duration_s))
            bar.update(task, description=job.script.name)


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("s"),
        TimeRemainingColumn(),
        console=console,
    )


def _run(waiting: Sequence[_Job], jobs: int) -> Any:
    """The jobs as they are finished; the first failure ends it all."""
    if jobs == 1 or len(waiting) == 1:
        for job in waiting:
            _shoot(job)
            yield job
        return
    # A forked OpenGL context is of no use, so the processes start afresh.
    with ProcessPoolExecutor(
        min(jobs, len(waiting)), multiprocessing.get_context("spawn"), initializer=_one_thread
    ) as pool:
        running: dict[Future[None], _Job] = {pool.submit(_shoot, job): job for job in waiting}
        try:
            while running:
                finished, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    future.result()
                    yield running.pop(future)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _one_thread() -> None:
    """One process a core: no threads inside, in the rasteriser, OpenCV or BLAS."""
    for name in ("LP_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = "1"


def _shoot(job: _Job) -> None:
    if job.crops:
        cut(job.script, job.figures, job.folder / f"{job.script.name}.npz")
    else:
        shoot(job.script, job.figures, job.folder)
