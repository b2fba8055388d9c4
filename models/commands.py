"""`hallwatch models …`: fetch the networks, show which are here, check them, import a detector."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn
from rich.table import Table

from models.errors import ModelsError
from models.package_index import Advance
from models.pull import pull, pull_from
from models.registry import Registry, registry
from models.storage import Store

app = typer.Typer(
    no_args_is_help=True, help="网络模型:下载、列出、校验、导入。 Networks: fetch, list, check, import."
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
        task = self._progress.add_task(what, total=total_bytes)

        def advance(here_bytes: int) -> None:
            self._progress.update(task, completed=min(here_bytes, total_bytes))

        return advance

    def stored(self, file: str, fresh: bool) -> None:
        self._console.print(f"{file}: {'stored' if fresh else 'already here'}", highlight=False)


@app.command("pull")
def pull_command(
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
        with Progress(*columns, console=console) as progress:
            bar = _Bar(console, progress)
            if origin is None:
                pull(registry(), store, bar)
            else:
                pull_from(registry(), store, bar, origin)
        console.print(f"Networks are in {store.folder}", highlight=False)


@app.command("list")
def list_command() -> None:
    """列出模型、许可与大小。 Which networks there are, under which licence, and which are here."""
    with _in_one_sentence():
        Console().print(_table(registry(), Store.default()))


def _table(known: Registry, store: Store) -> Table:
    table = Table(title=str(store.folder))
    for heading in ("name", "task", "licence", "MB", "here", "what for"):
        table.add_column(heading, justify="right" if heading == "MB" else "left")
    for name, entry in (known.networks | known.bundles).items():
        path = store.folder / entry.file
        here = path.is_file()
        size = f"{path.stat().st_size / 1e6:.1f}" if here else ""
        table.add_row(name, entry.task, entry.licence, size, "yes" if here else "no", entry.about)
    return table


if __name__ == "__main__":
    app()
