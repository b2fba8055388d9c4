"""The command `hallwatch`: what a person types, and how it fails in one sentence."""

import importlib
import importlib.util
import signal
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Annotated, Literal, NoReturn

import typer
from rich.console import Console

from calibration.errors import CalibrationError
from cameras.errors import CameraError
from cameras.redaction import redact
from hallwatch import __version__
from hallwatch.doctor_command import doctor
from hallwatch.folder_lock import FolderInUse
from hallwatch.logs import configure_logs
from hallwatch.settings import Settings, SettingsError, read_settings
from hallwatch.site import SiteError
from hallwatch.site_commands import app as site_app
from hallwatch.spool import SpoolError
from hallwatch.up import UpError, WhatToWatch, up
from models.commands import app as models_app
from models.errors import ModelsError
from vision.tracks_file import TracksError

KNOWN_ERRORS: tuple[type[Exception], ...] = (
    CalibrationError,
    CameraError,
    FolderInUse,
    ModelsError,
    SettingsError,
    SiteError,
    SpoolError,
    TracksError,
    UpError,
)

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="政务大厅窗口行为规范监看。 Watches the windows of a government service hall.",
)
app.add_typer(site_app, name="site")
app.add_typer(models_app, name="models")
app.command()(doctor)

SiteOption = Annotated[
    Path | None,
    typer.Option("--site", metavar="FILE", help="站点文件。 The hall's site file.", envvar="HALLWATCH_SITE"),
]
SourceOption = Annotated[
    str | None,
    typer.Option(
        "--source",
        metavar="SRC",
        help="视频源:rtsp://…、文件或 0。 One camera alone: rtsp://…, a file, or 0.",
        envvar="HALLWATCH_SOURCE",
    ),
]
DataOption = Annotated[
    Path | None, typer.Option("--data", metavar="DIR", help="数据文件夹。 Where events and clips are kept.")
]
HostOption = Annotated[str | None, typer.Option("--host", help="监听地址。 The address to listen on.")]
PortOption = Annotated[int | None, typer.Option("--port", help="端口。 The port to listen on.")]
TiedOption = Annotated[bool, typer.Option("--tied", hidden=True)]


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"hallwatch {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="版本。 Print the version.")
    ] = False,
) -> None:
    """What holds for every command."""


def _settings(**options: object) -> Settings:
    settings = read_settings(**options)
    configure_logs(settings.log_level, settings.log_format)
    return settings


@app.command("up")
def up_command(
    site: SiteOption = None,
    source: SourceOption = None,
    data: DataOption = None,
    host: HostOption = None,
    port: PortOption = None,
) -> None:
    """启动全部服务。 Start the API and the cameras' workers, and go on until stopped."""
    settings = _settings(data_dir=data, host=host, port=port)
    if site is not None and source is not None:
        raise UpError("--site and --source exclude each other; give one of them")
    raise typer.Exit(up(settings, WhatToWatch(site, source), Console()))


@app.command("serve")
def serve_command(
    data: DataOption = None, host: HostOption = None, port: PortOption = None, tied: TiedOption = False
) -> None:
    """只启动接口服务。 Run the API alone."""
    from hallwatch.api_process import serve
    from hallwatch.signals import end_with_parent

    settings = _settings(data_dir=data, host=host, port=port)
    if tied:
        end_with_parent()
    serve(settings)


@app.command("work")
def work_command(
    camera: Annotated[
        list[str] | None,
        typer.Option(
            "--camera", help="摄像机编号,可重复;默认全部。 Which camera to watch, repeatable; all by default."
        ),
    ] = None,
    site: SiteOption = None,
    source: SourceOption = None,
    data: DataOption = None,
    api: Annotated[
        str | None,
        typer.Option("--api", metavar="URL", help="接口地址。 Where the API is.", envvar="HALLWATCH_API"),
    ] = None,
    tied: TiedOption = False,
) -> None:
    """只处理摄像机。 Watch cameras in one process and tell the API."""
    from hallwatch.signals import end_with_parent, stop_on_signals
    from hallwatch.work_plan import work_plans
    from hallwatch.worker import run_workers

    settings = _settings(data_dir=data)
    plans = work_plans(settings, WhatToWatch(site, source).site(), camera or [], api)
    stop = threading.Event()
    stop_on_signals(stop.set)
    if tied:
        end_with_parent()
    run_workers(plans, stop)


@app.command("copies")
def copies_command(
    data: DataOption = None,
    api: Annotated[
        str | None,
        typer.Option("--api", metavar="URL", help="接口地址。 Where the API is.", envvar="HALLWATCH_API"),
    ] = None,
    tied: TiedOption = False,
) -> None:
    """只生成审核副本(遮挡群众面部)。 Make the copies that reviewers see, faces of the public blurred."""
    from hallwatch.copies import make_copies
    from hallwatch.signals import end_with_parent, stop_on_signals

    settings = _settings(data_dir=data)
    stop = threading.Event()
    stop_on_signals(stop.set)
    if tied:
        end_with_parent()
    make_copies(settings, api or settings.address, stop)


@app.command("password")
def password_command(
    username: Annotated[str, typer.Argument(help="用户名。 Whose password.")] = "supervisor",
    data: DataOption = None,
    from_stdin: Annotated[
        bool, typer.Option("--stdin", help="从标准输入读取。 Read it from standard input, for scripts.")
    ] = False,
    role: Annotated[
        Literal["supervisor", "manager", "administrator", "auditor", "window_staff"] | None,
        typer.Option(
            help="审核员、管理者、系统管理员、审计员或窗口人员。 Who judges, who reads figures, who makes "
            "accounts, who reads the audit, or who works at a window and may appeal."
        ),
    ] = None,
    window: Annotated[
        list[str] | None,
        typer.Option(
            help="本人所在窗口,可重复;不得裁定。 Their own window, repeatable; they never judge it."
        ),
    ] = None,
    without_second_factor: Annotated[
        bool,
        typer.Option(
            "--without-second-factor",
            help="同时移除动态验证码(身份验证器丢失时)。 Forget the second factor too, where it was lost.",
        ),
    ] = False,
) -> None:
    """重设密码或新建账号。 Set a password (at least 12 characters), making the account if need be."""
    from api.accounts import PasswordUnfitError, RoleUnfitError, set_password
    from hallwatch.api_process import api_settings

    settings = _settings(data_dir=data)
    password = sys.stdin.readline().rstrip("\n") if from_stdin else _asked_password()
    try:
        set_password(
            api_settings(settings),
            username,
            password,
            role=role,
            windows=window,
            without_second_factor=without_second_factor,
        )
    except (PasswordUnfitError, RoleUnfitError) as error:
        raise SettingsError(str(error)) from None


@app.command("openapi")
def openapi_command() -> None:
    """打印接口描述(OpenAPI 3.1)。 Print the API's description, as docs/openapi.json keeps it."""
    import json

    from api.app import description

    typer.echo(json.dumps(description(), ensure_ascii=False, indent=1, sort_keys=True))


def _asked_password() -> str:
    return str(typer.prompt("新密码 new password", hide_input=True, confirmation_prompt=True))


def _add_recorded_commands() -> None:
    """Those that open networks or renderers are added late: `hallwatch serve` loads none."""
    from hallwatch.audit_commands import app as audit_app
    from hallwatch.backup_commands import backup_command, restore_command
    from hallwatch.calibrate_commands import app as calibrate_app
    from hallwatch.camera_commands import app as cameras_app
    from hallwatch.clips_commands import app as clips_app
    from hallwatch.figures_commands import app as figures_app
    from hallwatch.measure_commands import evaluate_command, measure_app
    from hallwatch.recorded_commands import analyze_command, inspect_command
    from hallwatch.replay_command import replay_command
    from hallwatch.report_command import report_command
    from hallwatch.retention_commands import app as retention_app
    from hallwatch.supervision_commands import app as supervision_app
    from hallwatch.supervision_commands import simulator_command

    app.add_typer(audit_app, name="audit")
    app.add_typer(calibrate_app, name="calibrate")
    app.add_typer(cameras_app, name="cameras")
    app.add_typer(clips_app, name="clips")
    app.add_typer(figures_app, name="figures")
    app.add_typer(retention_app, name="retention")
    app.add_typer(supervision_app, name="supervision")
    app.command("platform-simulator")(simulator_command)
    app.command("analyze")(analyze_command)
    app.command("replay")(replay_command)
    app.command("report")(report_command)
    app.command("backup")(backup_command)
    app.command("restore")(restore_command)
    app.command("inspect")(inspect_command)
    app.command("evaluate")(evaluate_command)
    datasets_app = _rendering_commands()
    datasets_app.registered_commands.extend(measure_app.registered_commands)
    app.add_typer(datasets_app, name="datasets")


def _rendering_commands() -> typer.Typer:
    """The renderer's commands, where the extra `synthetic` is installed."""
    if importlib.util.find_spec("moderngl"):
        from datasets.commands import app as rendering

        return rendering
    return typer.Typer(no_args_is_help=True, help="真值与测评。 Truth, and measuring against it.")


def _interrupted(_number: int, _frame: FrameType | None) -> NoReturn:
    # SystemExit passes through the command line library; it would turn KeyboardInterrupt into exit code 1.
    raise SystemExit(130)


def main() -> None:
    """Run the command line; what a person can put right ends in one red sentence and exit code 2."""
    signal.signal(signal.SIGINT, _interrupted)
    if not {"serve", "up", "work", "copies"} & set(sys.argv[1:2]):
        _add_recorded_commands()
    try:
        app()
    except KNOWN_ERRORS as error:
        sentence = redact(str(error))
        Console(stderr=True, soft_wrap=True).print(sentence, style="red", markup=False, highlight=False)
        raise SystemExit(2) from None
