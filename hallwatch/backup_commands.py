"""`hallwatch backup` and `hallwatch restore`: a copy of everything, and putting it back."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from api.backup.archive import BackupError, back_up, restore
from api.database import Database
from hallwatch.folder_lock import FolderInUse, FolderLock
from hallwatch.settings import SettingsError, read_settings

DataOption = Annotated[Path | None, typer.Option("--data", help="数据文件夹。 The data folder.")]


def backup_command(
    target: Annotated[Path, typer.Argument(metavar="FILE.tar", help="要写的文件。 The file to write.")],
    data: DataOption = None,
) -> None:
    """备份数据库、录像与密钥,服务可照常运行。 Copy database, films and key, while the service runs.

    备份含人脸录像,请妥善保管。 It holds films with faces: keep it where only few can read it.
    """
    settings = read_settings(data_dir=data)
    console = Console(soft_wrap=True)
    database = Database(settings.database.get_secret_value())
    try:
        database.migrate()
        with console.status("备份中… backing up") as status:
            manifest = back_up(database, settings.data_dir, target, status.update)
    except BackupError as error:
        raise SettingsError(str(error)) from None
    finally:
        database.close()
    rows = sum(manifest.rows.values())
    console.print(
        f"已备份 {rows} 行、{len(manifest.files)} 个文件 · {rows} rows, {len(manifest.files)} files"
    )
    for name in manifest.missing:
        console.print(f"缺失 missing: {name}", markup=False, highlight=False)


def restore_command(
    source: Annotated[Path, typer.Argument(metavar="FILE.tar", help="备份文件。 The archive.")],
    data: DataOption = None,
) -> None:
    """恢复到空文件夹(和空数据库),逐项核对。 Put an archive back into an empty place, and check it all."""
    settings = read_settings(data_dir=data)
    console = Console(soft_wrap=True)
    database = Database(settings.database.get_secret_value())
    try:
        with FolderLock(settings.data_dir), console.status("恢复中… restoring") as status:
            manifest = restore(database, settings.data_dir, source, status.update)
    except (BackupError, FolderInUse) as error:
        raise SettingsError(str(error)) from None
    finally:
        database.close()
    rows = sum(manifest.rows.values())
    console.print(f"已恢复 {rows} 行、{len(manifest.files)} 个文件,审计链完整")
    console.print(f"{rows} rows, {len(manifest.files)} files are back; the audit's chain holds")
