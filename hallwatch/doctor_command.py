"""`hallwatch doctor`: the findings as a table or as JSON."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from hallwatch.calendar_seed import china_calendar
from hallwatch.doctor import Finding, Patient, examine, installed_distributions
from hallwatch.settings import PAGE_DIR, Settings, read_settings
from models.registry import registry
from models.storage import Store


def doctor(
    data: Annotated[
        Path | None,
        typer.Option("--data", metavar="DIR", help="数据文件夹。 Where events and clips are kept."),
    ] = None,
    port: Annotated[int | None, typer.Option("--port", help="端口。 The port to listen on.")] = None,
    security: Annotated[
        bool,
        typer.Option(
            "--security", help="检查安装是否严密。 Whether files, address, accounts, keys and audit are safe."
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。 Print JSON.")] = False,
) -> None:
    """检查本机环境。 Say whether this machine is fit to run hallwatch, and what to do where it is not."""
    settings = read_settings(data_dir=data, port=port)
    if security:
        # Here, not above: the plain examination needs no database library.
        from hallwatch.security_check import examine_security, own_uid

        findings = list(examine_security(settings, datetime.now(UTC), own_uid()))
    else:
        findings = list(examine(this_machine(settings)))
    if as_json:
        rows = [{"name": f.name, "ok": f.ok, "seen": f.seen, "advice": f.advice} for f in findings]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        Console().print(_table(findings))
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


def this_machine(settings: Settings) -> Patient:
    """The machine this runs on."""
    today = datetime.now(UTC).date()
    return Patient(
        settings, today, china_calendar(), registry(), Store.default(), PAGE_DIR, installed_distributions()
    )


def _table(findings: list[Finding]) -> Table:
    table = Table(show_header=False, box=None)
    for finding in findings:
        mark = "[green]✓[/]" if finding.ok else "[red]✗[/]"
        table.add_row(mark, finding.name, finding.seen, f"→ {finding.advice}" if finding.advice else "")
    return table
