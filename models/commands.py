"""`hallwatch models …`: fetch the networks, show which are here, check them, import or export one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn
from rich.table import Table

from models.detector_cards import UNKNOWN_LICENCE, imported_detectors, imported_poses, read_card
from models.errors import ModelsError
from models.package_index import Advance
from models.pull import pull, pull_from
from models.registry import Registry, Release, registry
from models.storage import Store

app = typer.Typer(
    no_args_is_help=True,
    help="网络模型:下载、列出、校验、导入、导出。 Networks: fetch, list, check, import.",
)


@contextmanager
def _in_one_sentence() -> Iterator[None]:
    """What a person can put right ends the command with its sentence and exit code 1."""
    try:
        yield
    except ModelsError as error:
        Console(stderr=True, soft_wrap=True).print(str(error), markup=False, highlight=False)
        raise typer.Exit(1) from error


class _Bar:
    """Shows a pull on the terminal."""

    def __init__(self, console: Console, progress: Progress) -> None:
        self._console = console
        self._progress = progress

    def downloading(self, what: str, total_bytes: int) -> Advance:
        self._progress.start()
        task = self._progress.add_task(what, total=total_bytes)

        def advance(here_bytes: int) -> None:
            self._progress.update(task, completed=min(here_bytes, total_bytes))

        return advance

    def stored(self, file: str, fresh: bool) -> None:
        self._console.print(f"{file}: {'stored' if fresh else 'already here'}", highlight=False)


@app.command("pull")
def pull_command(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME]…",
            help="官方发布的模型名,见 list;不写则取基本模型。 Published networks by name (see `list`); "
            "without any, the networks that hallwatch needs.",
        ),
    ] = None,
    origin: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="FOLDER",
            help="不联网:从此文件夹取(安装包或模型文件)。 Without a network: take the package's file or the "
            "networks from this folder.",
        ),
    ] = None,
) -> None:
    """下载模型到本机缓存。 Bring the networks into this user's store; what is right is left alone."""
    console = Console(soft_wrap=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with _in_one_sentence():
        store = Store.default()
        progress = Progress(*columns, console=console)
        bar = _Bar(console, progress)
        try:
            if names:
                _pull_releases(names, store, bar, console, origin)
            elif origin is None:
                pull(registry(), store, bar)
            else:
                pull_from(registry(), store, bar, origin)
        finally:
            progress.stop()
        console.print(f"Networks are in {store.folder}", highlight=False)


def _pull_releases(names: list[str], store: Store, bar: _Bar, console: Console, origin: Path | None) -> None:
    """Each licence is shown before its network is fetched."""
    from models.detectors import import_network
    from models.releases import brought, download_release, licence_told, pull_release, release_of

    def take(store: Store, path: Path, name: str, release: Release) -> Path:
        return import_network(store, path, name, licence=release.licence, family=release.family)

    fetch = brought(origin) if origin else download_release
    for name in names:
        release = release_of(registry(), name)
        console.print(
            f"{name}: {licence_told(release.licence)}; {release.url}", markup=False, highlight=False
        )
        pull_release(registry(), store, name, bar, fetch, take)


@app.command("export")
def export_command(
    weights: Annotated[Path, typer.Argument(metavar="WEIGHTS.pt", help="权重文件。 The weights.")],
    size: Annotated[int, typer.Option(min=32, help="输入边长(像素)。 Pixels of the input's side.")] = 640,
) -> None:
    """把 Ultralytics 权重导出为 ONNX(需 train 附加包)。 Make Ultralytics' weights into an ONNX network."""
    from models.export import export
    from models.releases import COPYLEFT_MEANS

    console = Console(soft_wrap=True)
    console.print(COPYLEFT_MEANS, markup=False, highlight=False)
    with _in_one_sentence():
        made = export(weights, size)
    console.print(f"{made}: `hallwatch models import {made}`", markup=False, highlight=False)


@app.command("list")
def list_command() -> None:
    """列出模型、许可与大小。 Which networks there are, under which licence, and which are here."""
    with _in_one_sentence():
        Console().print(_table(registry(), Store.default()))


def _table(known: Registry, store: Store) -> Table:
    table = Table(title=str(store.folder))
    for heading in ("name", "task", "licence"):
        table.add_column(heading, no_wrap=True)
    table.add_column("MB", justify="right", no_wrap=True)
    table.add_column("here", no_wrap=True)
    table.add_column("what for")
    for name, network in known.networks.items():
        here = (store.folder / network.file).is_file()
        table.add_row(name, network.task, network.licence, _mb(network.size), _yes(here), network.about)
    for name, bundle in known.bundles.items():
        path = store.folder / bundle.file
        size = _mb(path.stat().st_size) if path.is_file() else ""
        table.add_row(name, bundle.task, bundle.licence, size, _yes(path.is_file()), bundle.about)
    own = {"detector": imported_detectors(store), "pose": imported_poses(store)}
    for task, files in own.items():
        for name, path in files.items():
            card = read_card(path)
            licence = card.licence if card else UNKNOWN_LICENCE
            about = known.releases[name].about if name in known.releases else "imported"
            table.add_row(name, task, licence, _mb(path.stat().st_size), _yes(True), about)
    for name, release in known.releases.items():
        if name not in own[release.task]:
            table.add_row(name, release.task, release.licence, "", _yes(False), release.about)
    return table


def _mb(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:.1f}"


def _yes(present: bool) -> str:
    return "yes" if present else "no"


@app.command("verify")
def verify_command() -> None:
    """校验每个模型并试运行。 Check every network's checksum and ask each once."""
    # Imported here: the engines take half a second to load, and only this command and import run any.
    from models.verify import verify

    console, store, failed = Console(soft_wrap=True), Store.default(), False
    with _in_one_sentence():
        for finding in verify(registry(), store):
            failed |= finding.trouble is not None
            console.print(f"{finding.name}: {finding.trouble or 'right'}", markup=False, highlight=False)
    if failed:
        raise typer.Exit(1)


@app.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(metavar="FILE.onnx", help="检测或姿态模型。 The network's file.")],
    name: Annotated[str | None, typer.Option(help="名称,默认取文件名。 By default the file's name.")] = None,
    labels: Annotated[
        Path | None,
        typer.Option(help="类别名,每行一个;默认 COCO。 Class names, one a line; COCO's by default."),
    ] = None,
    licence: Annotated[
        str, typer.Option(help="模型的许可。 The network's licence, shown in the list.")
    ] = UNKNOWN_LICENCE,
    family: Annotated[
        str | None,
        typer.Option(help="模型家族,默认自动识别。 Who decodes it; told by its outputs by default."),
    ] = None,
) -> None:
    """导入自己的检测或姿态模型。 Take a copy of a network of your own, after asking it once."""
    from models.detectors import import_network, read_labels
    from models.releases import licence_told

    console = Console(soft_wrap=True)
    with _in_one_sentence():
        names = read_labels(labels) if labels else None
        target = import_network(Store.default(), file, name, names, licence, family)
        card = read_card(target)
    if card:
        console.print(f"{card.decoder}, {licence_told(card.licence)}", markup=False, highlight=False)
    console.print(f"{target.stem} is imported into {target.parent}", markup=False, highlight=False)


if __name__ == "__main__":
    app()
