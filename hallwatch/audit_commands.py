"""`hallwatch audit`: whether the chain of the audit holds, and a copy of it to be kept elsewhere."""

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import zip_longest
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from api.audit.chain import first_fault, read_entries, read_head
from api.database import Database
from hallwatch.settings import read_settings

app = typer.Typer(no_args_is_help=True, help="审计日志。 The audit log.")

DataOption = Annotated[Path | None, typer.Option("--data", help="数据文件夹。 The data folder.")]


@app.callback()
def audit() -> None:
    """审计日志。 The audit log."""


@app.command("verify")
def verify_command(
    data: DataOption = None,
    against: Annotated[
        Path | None,
        typer.Option(
            "--against",
            metavar="FILE.ndjson",
            help="与早先导出的副本比对。 Compare with a copy that was exported before.",
        ),
    ] = None,
) -> None:
    """逐行核对哈希链。 Check the hash chain row by row. 1: a row was changed, removed or moved."""
    console = Console(soft_wrap=True)
    with _database(data) as database, database.read() as session:
        head = read_head(session)
        with console.status("核对中… checking"):
            fault = first_fault(read_entries(session, head.id), head)
            why = f"row {fault.id}: {fault.why}" if fault else None
            if why is None and against is not None:
                why = _difference(against, (one.as_json() for one in read_entries(session)))
    if why:
        console.print(f"审计日志不完整 · the audit does not hold: {why}", markup=False, highlight=False)
        raise typer.Exit(1)
    console.print(
        f"完整:{head.id} 行 · {head.id} rows hold, head {head.sha256}", markup=False, highlight=False
    )


@app.command("export")
def export_command(
    out: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE.ndjson]", help="写入此文件;省略则输出。 Written there, or printed."),
    ] = None,
    data: DataOption = None,
) -> None:
    """导出为 NDJSON,每行一条。 Export as NDJSON, a row a line; keep it where nobody can change it."""
    with ExitStack() as stack:
        target = stack.enter_context(out.open("x", encoding="utf-8")) if out else sys.stdout
        database = stack.enter_context(_database(data))
        with database.read() as session:
            for entry in read_entries(session):
                target.write(json.dumps(entry.as_json(), ensure_ascii=False) + "\n")


def _difference(copy: Path, rows: Iterator[dict[str, Any]]) -> str | None:
    """Why the copy is no beginning of the rows; None where it is."""
    with copy.open(encoding="utf-8") as lines:
        for number, (line, row) in enumerate(zip_longest(lines, rows), 1):
            if line is None:
                return None
            try:
                kept = json.loads(line)
            except ValueError:
                return f"line {number} of {copy.name} is no JSON; was it made by `hallwatch audit export`?"
            if row is None:
                return f"row {kept.get('id')} of {copy.name} is no longer there"
            if kept != row:
                return f"row {row['id']} is not what {copy.name} says"
    return None


@contextmanager
def _database(data: Path | None) -> Iterator[Database]:
    database = Database(read_settings(data_dir=data).database.get_secret_value())
    try:
        database.migrate()
        yield database
    finally:
        database.close()
