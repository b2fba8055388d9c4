"""`hallwatch clips`: whether the evidence that is kept is what it was."""

import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from api.clip_store import ClipStore
from api.database import Database
from hallwatch.settings import read_settings
from hallwatch.verify_clips import Verified, verify

app = typer.Typer(no_args_is_help=True, help="录像片段。 Clips as they are kept.")


@app.callback()
def clips() -> None:
    """录像片段。 Clips as they are kept."""


@app.command("verify")
def verify_command(
    data: Annotated[Path | None, typer.Option("--data", help="数据文件夹。 The data folder.")] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="只核对大小与散列,不解码。 Sizes and hashes only, play nothing.")
    ] = False,
) -> None:
    """核对所有片段:是否齐全、未被改动、可播放。 Check every clip: there, unchanged, playable. 1: faults."""
    settings = read_settings(data_dir=data)
    console = Console(soft_wrap=True)
    database = Database(settings.database.get_secret_value())
    count = Verified()
    faults = 0
    try:
        found = verify(
            database,
            ClipStore(settings.data_dir),
            settings.data_dir / "clips",
            time.time(),
            count,
            play=not quick,
        )
        for fault in found:
            faults += 1
            event = f"  event {fault.event_id}" if fault.event_id else ""
            console.print(f"{fault.what}: {fault.path}{event}", markup=False, highlight=False)
    finally:
        database.close()
    console.print(f"已核对 {count.films} 个文件,问题 {faults} 个 · {count.films} films, {faults} faults")
    raise typer.Exit(1 if faults else 0)
