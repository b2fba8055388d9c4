"""`hallwatch figures`: whether the stored sums are right, and computing them anew."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from api.compliance.checking import differences
from api.compliance.settling import rebuild, settle_all
from api.database import Database
from hallwatch.settings import read_settings

app = typer.Typer(no_args_is_help=True, help="合规数字。 Compliance figures as they are stored.")

DataOption = Annotated[Path | None, typer.Option("--data", help="数据文件夹。 The data folder.")]
MOST_SHOWN = 50


@app.callback()
def figures() -> None:
    """合规数字。 Compliance figures as they are stored."""


@app.command("verify")
def verify_command(data: DataOption = None) -> None:
    """与原始记录逐一核对。 Compare with a computation from scratch. 1: differences."""
    console = Console(soft_wrap=True)
    with _database(data) as database:
        settle_all(database, partial(datetime.now, UTC))
        number = 0
        with console.status("核对中… checking"), database.read() as session:
            for number, found in enumerate(differences(session), 1):
                if number <= MOST_SHOWN:
                    place = " ".join(part for part in found.key if part)
                    line = f"{place}: stored {found.stored}, computed {found.computed}"
                    console.print(line, markup=False, highlight=False)
    if number:
        console.print(f"{number} 处不符,请运行 hallwatch figures rebuild · {number} differ: rebuild them")
        raise typer.Exit(1)
    console.print("全部一致 · every figure is what the records say")


@app.command("rebuild")
def rebuild_command(data: DataOption = None) -> None:
    """由原始记录重新计算全部数字。 Compute every figure anew from ledger, events and permits."""
    console = Console(soft_wrap=True)
    with _database(data) as database, Progress(console=console, transient=True) as shown:
        task = shown.add_task("重新计算 computing", total=None)
        clock = partial(datetime.now, UTC)
        changed = rebuild(database, clock, lambda done, all_: shown.update(task, completed=done, total=all_))
    console.print(f"已改写 {changed} 行 · {changed} rows changed")


@contextmanager
def _database(data: Path | None) -> Iterator[Database]:
    database = Database(read_settings(data_dir=data).database.get_secret_value())
    try:
        database.migrate()
        yield database
    finally:
        database.close()
