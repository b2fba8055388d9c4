"""`hallwatch cameras …`: find cameras, look at what one offers, and put it into the site file."""

import os
import sys
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import typer
from rich.console import Console
from rich.table import Table

from cameras.discovery import MULTICAST, discover
from cameras.live_picture import live_jpeg
from cameras.onvif import Login, OnvifCamera, advice, ask, with_login
from cameras.probe import StreamInfo, probe
from cameras.reader import read
from cameras.redaction import redact
from cameras.source import Source
from hallwatch.settings import SettingsError
from hallwatch.site_edit import add_camera

app = typer.Typer(
    no_args_is_help=True,
    help="摄像机:发现、探测、加入站点文件。 Cameras: find them, probe one, add it to the site file.",
)

PASSWORD = "HALLWATCH_CAMERA_PASSWORD"
LONGEST_GROUP_S = 10.0
"""A clip begins at a key frame: farther apart, ten seconds of lead may become twenty."""

AddressArgument = Annotated[
    str,
    typer.Argument(
        metavar="ADDRESS",
        help="ONVIF 主机(如 192.0.2.10:8000)、rtsp:// 地址、文件或 0。"
        " An ONVIF host such as 192.0.2.10:8000, an rtsp:// address, a file, or 0.",
    ),
]
UserOption = Annotated[
    str | None,
    typer.Option(
        "--user",
        help=f"用户名;密码会询问,或取自环境变量。 Its user; the password is asked for or in {PASSWORD}.",
    ),
]
TransportOption = Annotated[
    Literal["tcp", "udp"], typer.Option("--transport", help="RTSP 传输方式。 How RTSP is sent.")
]


@app.command("discover")
def discover_command(
    hosts: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[HOST[:PORT]]…",
            help="另行询问的地址(组播不过路由)。 Hosts to ask too: multicast ends at the next router.",
        ),
    ] = None,
    seconds: Annotated[float, typer.Option(min=0.2, max=60, help="等待秒数。 How long to wait.")] = 3.0,
) -> None:
    """发现网络中的 ONVIF 摄像机。 Find the ONVIF cameras of the network."""
    console = Console()
    ask_too = [_udp_place(host) for host in hosts or ()]
    try:
        with console.status("正在查找… looking"):
            found = discover(seconds, [*ask_too] if ask_too else [MULTICAST])
    except OSError as error:
        raise SettingsError(
            f"nothing can be sent to the network ({error.strerror}); check its settings"
        ) from None
    if not found:
        console.print(
            "没有摄像机应答。请检查摄像机的 ONVIF 开关,或直接给出其地址。\n"
            "No camera answered. Switch ONVIF on in the camera, or name its host: hallwatch cameras probe."
        )
        raise typer.Exit(1)
    table = Table("地址 address", "名称 name", "型号 hardware")
    for one in found:
        table.add_row(one.address, one.name, one.hardware)
    console.print(table)


@app.command("probe")
def probe_command(
    address: AddressArgument,
    user: UserOption = None,
    transport: TransportOption = "tcp",
    picture: Annotated[
        Path | None, typer.Option("--picture", metavar="FILE", help="保存一张画面。 Save a picture (JPEG).")
    ] = None,
) -> None:
    """查看一台摄像机:码流、时钟、关键帧间隔。 Say what a camera offers: streams, clock, key frames."""
    console = Console(soft_wrap=True)
    login = _login(user)
    if _is_onvif(address):
        camera = ask(address, login)
        _print_camera(console, camera)
        best = camera.sub or camera.main
        if best is None:
            console.print("没有视频流。 It offers no video stream.")
            raise typer.Exit(1)
        address = with_login(best.address, login)
    else:
        address = with_login(address, login)
    source = Source.parse(address, transport)
    with console.status("正在打开视频… opening the stream"):
        info = probe(source)
    _print_stream(console, source, info)
    if picture is not None:
        picture.write_bytes(live_jpeg(next(read(source)).image, max_width=3840, quality=90))
        console.print(f"画面已保存 picture saved: {picture}", markup=False)


@app.command("add")
def add_command(
    site: Annotated[Path, typer.Argument(metavar="SITE", help="站点文件。 The site file.")],
    address: AddressArgument,
    camera_id: Annotated[str, typer.Option("--id", help="摄像机编号。 Its id, such as window-3.")],
    name: Annotated[str, typer.Option("--name", help="名称。 Its name, as people see it.")],
    window: Annotated[
        list[str], typer.Option("--window", help="所见窗口,可重复。 A window that it sees, repeatable.")
    ],
    user: UserOption = None,
    transport: TransportOption = "tcp",
) -> None:
    """把摄像机加入站点文件(先打开确认)。 Add a camera to the site file, once it could be opened."""
    console = Console(soft_wrap=True)
    entry = {"id": camera_id, "name": name} | _sources(console, address, _login(user), transport)
    entry["zones"] = {each: {} for each in window}
    before = add_camera(site, entry)
    console.print(
        f"已加入 {camera_id};原文件保存为 {before}。"
        "请重启后在页面的“标定”中画出工作人员区,画好之前不作评判。\n"
        f"{camera_id} is added; the file before is kept as {before}. Restart, and draw the staff side on the "
        "page's calibration: until then nobody is judged by it.",
        markup=False,
        highlight=False,
    )


def _sources(console: Console, address: str, login: Login | None, transport: str) -> dict[str, Any]:
    """What the site file says of where pictures come from; each stream was opened."""
    if _is_onvif(address):
        camera = ask(address, login)
        _print_camera(console, camera)
        if camera.main is None:
            raise SettingsError(
                f"{redact(address)} offers no video stream; check the camera's ONVIF profiles"
            )
        chosen = {"source": camera.sub or camera.main}
        if camera.sub is not None:
            chosen["evidence_source"] = camera.main
        sources = {key: with_login(profile.address, login) for key, profile in chosen.items()}
    else:
        sources = {"source": with_login(address, login)}
    for each in sources.values():
        source = Source.parse(each, transport)
        with console.status("正在打开视频… opening the stream"):
            _print_stream(console, source, probe(source))
    return sources | ({"transport": transport} if transport != "tcp" else {})


def _is_onvif(address: str) -> bool:
    """A bare host, onvif://…, or the address of a device service; all else is a stream."""
    parts = urlsplit(address)
    if parts.scheme in {"http", "https"}:
        return parts.path.startswith("/onvif")
    if "://" in address:
        return parts.scheme == "onvif"
    return not (address.isdecimal() or address.startswith("/") or Path(address).exists())


def _udp_place(host: str) -> tuple[str, int]:
    name, _, port = host.partition(":")
    if not name or (port and not port.isdecimal()):
        raise SettingsError(f"{host} is no address; write a host or host:port, as in 192.0.2.10")
    return name, int(port or MULTICAST[1])


def _login(user: str | None) -> Login | None:
    """Whose password comes from the environment or the keyboard: everybody can read a command line."""
    if user is None:
        return None
    password = os.environ.get(PASSWORD)
    if password is None:
        if not sys.stdin.isatty():
            raise SettingsError(f"no password for {user}: set {PASSWORD}, or run this in a terminal")
        password = str(typer.prompt(f"{user} 的密码 password", hide_input=True))
    return Login(user, password)


def _print_camera(console: Console, camera: OnvifCamera) -> None:
    clock = "–" if camera.clock_ahead_s is None else f"{camera.clock_ahead_s:+.1f} s"
    console.print(
        f"{camera.make} {camera.model}, {camera.firmware}; 时钟差 clock against ours {clock}",
        markup=False,
        highlight=False,
    )
    table = Table("码流 stream", "编码 codec", "尺寸 size", "帧率 fps", "用途 use", "地址 address")
    for profile in camera.profiles:
        use = "证据 evidence" if profile == camera.main else "分析 analysis" if profile == camera.sub else ""
        rate = f"{profile.fps:g}" if profile.fps else "–"
        size = f"{profile.width}×{profile.height}"
        table.add_row(profile.name, profile.codec, size, rate, use, redact(profile.address))
    console.print(table)
    for line in advice(camera):
        console.print(f"! {line}", markup=False, highlight=False)


def _print_stream(console: Console, source: Source, info: StreamInfo) -> None:
    rate = f"{info.fps:g} fps" if info.fps else "帧率未知 rate unknown"
    apart_s = info.keyframe_interval_s
    groups = "–" if apart_s is None else f"{apart_s:g} s"
    console.print(
        f"{source.redacted}: {info.codec} {info.width}×{info.height} {rate}, "
        f"关键帧间隔 key frames every {groups}",
        markup=False,
        highlight=False,
    )
    if apart_s is not None and apart_s > LONGEST_GROUP_S:
        console.print(
            "! 关键帧过疏:录像会提前开始很多,请设为 2–4 秒。"
            " Key frames are far apart: clips begin long before the deed; set 2–4 s in the camera.",
            markup=False,
        )
