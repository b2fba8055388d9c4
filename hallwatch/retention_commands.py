"""`hallwatch retention`: deleting by age now, or seeing what would go."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from api.retention.deleting import Outcome, delete_due, what_is_due
from api.services import assemble
from hallwatch.api_process import api_settings
from hallwatch.settings import read_settings

app = typer.Typer(no_args_is_help=True, help="按期删除。 Deletion by age.")

DataOption = Annotated[Path | None, typer.Option("--data", help="数据文件夹。 The data folder.")]
NAMES = {
    "confirmed": "已确认 confirmed",
    "dismissed": "已排除 dismissed",
    "withdrawn": "已撤回 withdrawn",
    "expired": "已过期 expired",
}


@app.callback()
def retention() -> None:
    """按期删除。 Deletion by age."""


@app.command("run")
def run_command(
    data: DataOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只列出,不删除。 Say what would go, delete nothing.")
    ] = False,
) -> None:
    """立即删除到期内容;服务每夜也会自动进行。 Delete what is due now, as the service does every night."""
    settings = api_settings(read_settings(data_dir=data))
    console = Console(soft_wrap=True)
    parts = assemble(settings)
    try:
        parts.database.migrate()
        if dry_run:
            _show(console, what_is_due(parts), "将删除 would be deleted")
            return
        with Progress(console=console, transient=True) as shown:
            task = shown.add_task("删除 deleting", total=None)
            done = delete_due(parts, lambda done, all_: shown.update(task, completed=done, total=all_))
        _show(console, done, "已删除 deleted")
    finally:
        parts.database.close()


def _show(console: Console, outcome: Outcome, title: str) -> None:
    table = Table("", title)
    for state, number in outcome.events.items():
        table.add_row(NAMES[state], str(number))
    table.add_row("原始录像 originals", str(outcome.originals))
    console.print(table)
