"""`hallwatch calibrate …`: a camera's lens and floor, from points, tiles or printed boards."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import cv2
import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from calibration.board_sheet import sheet_svg
from calibration.boards import Board, BoardCorners, find_board, lens_from_boards
from calibration.floor import FloorError
from calibration.lens import Lens
from calibration.survey import Survey, require_line_certain, survey
from hallwatch.floor_picture import floor_picture
from hallwatch.measured_floor import ANY_SIZE, fitted
from hallwatch.settings import SettingsError
from hallwatch.site import load_site
from hallwatch.site_edit import floor_yaml, write_floor
from hallwatch.site_models import Camera, Floor
from vision.values import Image

app = typer.Typer(
    no_args_is_help=True,
    help="标定:镜头、地面与一米线。 Calibrate lens, floor and the 1-metre line.",
)

SiteFile = Annotated[
    Path, typer.Option("--site", metavar="FILE", help="站点文件。 The site file.", envvar="HALLWATCH_SITE")
]
CameraId = Annotated[str, typer.Option("--camera", metavar="ID", help="摄像机编号。 Which camera.")]
Kind = Annotated[str, typer.Option(help="charuco 或 chessboard。 What is printed on the board.")]
Columns = Annotated[int, typer.Option(min=3, help="横向格数。 Squares across.")]
Rows = Annotated[int, typer.Option(min=3, help="纵向格数。 Squares down.")]
SquareMm = Annotated[float, typer.Option(min=10, max=2000, help="每格毫米。 One square's width in mm.")]
Write = Annotated[bool, typer.Option("--write", help="写入站点文件。 Put it into the site file.")]
PictureOut = Annotated[
    Path | None, typer.Option("--out", metavar="PNG", help="画回图上。 The floor drawn on the picture.")
]

WARNINGS: Mapping[str, str] = {
    "only_four_points": "只有 4 个点:误差无从检验,请再量几个。 "
    "Four points only: nothing tells their error; add some.",
    "one_point_carries_all": "有的点去掉后误差超过 15 厘米:请在其附近再量点。 "
    "Without one of the points the floor is over 15 cm off: measure more near it.",
    "line_not_at_one_metre": "一米线离柜台不是 1 米。 The line is not one metre from the counter.",
    "line_uncertain": "一米线处误差超过 15 厘米。 At the line the floor is over 15 cm uncertain.",
}


@app.command("sheet")
def sheet_command(
    out: Annotated[Path, typer.Option("--out", metavar="SVG", help="输出文件。 Where it goes.")],
    kind: Kind = "charuco",
    columns: Columns = 4,
    rows: Rows = 3,
    square_mm: SquareMm = 95,
) -> None:
    """打印标定板(默认 A3)。 The board to print at 100 % (A3 unless told otherwise)."""
    out.write_text(sheet_svg(_board(kind, columns, rows, square_mm)), encoding="utf-8")
    typer.echo(f"{out}: 按实际大小打印并量一下标尺。 Print it at 100 % and check its rule of 100 mm.")


@app.command("check")
def check_command(
    site: SiteFile,
    camera: CameraId,
    picture: Annotated[
        Path | None, typer.Option("--picture", metavar="FILE", help="该摄像机的画面。 A still of the camera.")
    ] = None,
    out: PictureOut = None,
) -> None:
    """检验站点文件里的地面点。 Check the floor points in a site file, and draw the floor."""
    entry = _camera(site, camera)
    if entry.floor is None:
        raise SettingsError(f"camera {camera} has no floor in {site}: write its points there, or use a board")
    still = _read(picture) if picture else None
    _told(entry.floor, still, out)


@app.command("board")
def board_command(
    picture: Annotated[
        Path, typer.Argument(metavar="PICTURE", help="地上放着板的画面。 The board on the floor.")
    ],
    site: SiteFile,
    camera: CameraId,
    origin: Annotated[
        tuple[float, float],
        typer.Option(help="板角在大厅里的坐标(米)。 The board's corner in the hall, metres."),
    ] = (0.0, 0.0),
    turn: Annotated[float, typer.Option(help="板的朝向(度)。 How far the board is turned, degrees.")] = 0.0,
    kind: Kind = "charuco",
    columns: Columns = 4,
    rows: Rows = 3,
    square_mm: SquareMm = 95,
    out: PictureOut = None,
    write: Write = False,
) -> None:
    """由放在地上的标定板得到地面。 The floor from a board that lies on it."""
    entry, still = _camera(site, camera), _read(picture)
    corners = find_board(still, _board(kind, columns, rows, square_mm))
    found = _floor_of_board(corners, _size(still), origin, turn, entry.floor)
    _told(Floor.model_validate(found), still, out)
    _keep(site, camera, found, write)


@app.command("lens")
def lens_command(
    pictures: Annotated[
        list[Path],
        typer.Argument(metavar="PICTURES…", help="举着板的若干画面。 The board at several places."),
    ],
    site: SiteFile,
    camera: CameraId,
    kind: Kind = "charuco",
    columns: Columns = 4,
    rows: Rows = 3,
    square_mm: SquareMm = 95,
    write: Write = False,
) -> None:
    """由一组标定板画面得到镜头。 The lens from a series of pictures of a board."""
    entry = _camera(site, camera)
    lens = lens_from_boards([_read(picture) for picture in pictures], _board(kind, columns, rows, square_mm))
    typer.echo(
        f"视场角 field of view {lens.field_of_view_deg():.1f}°, k1 {lens.distortion[0]:+.3f}, "
        f"误差 error {lens.rms_px or 0:.2f} px"
    )
    described = _described(lens)
    if entry.floor is None:
        typer.echo(floor_yaml({"points": [], "lens": described}), nl=False)
        if write:
            raise SettingsError(f"camera {camera} has no floor yet: write its points first, then the lens")
        return
    _keep(site, camera, _plain(entry.floor) | {"lens": described}, write)


def _told(floor: Floor, still: Image | None, out: Path | None) -> None:
    """Print how good a floor is and draw it; a floor that is refused is drawn too, then raised."""
    size = _size(still) if still is not None else ANY_SIZE
    try:
        found = survey(fitted(floor, size), size, floor.counter_edge_m, floor.line_m)
    except FloorError as error:
        if error.floor is not None and still is not None and out is not None:
            _draw(survey(error.floor, size, None, None), still, out)
        raise
    _print(found)
    if still is not None and out is not None:
        _draw(found, still, out)
    elif out is not None:
        raise SettingsError("--out draws on a still of the camera: give one with --picture")
    require_line_certain(found)


def _print(found: Survey) -> None:
    table = Table(title="地面点 Floor points")
    for heading in ("#", "米 m", "误差 error px", "误差 error cm", "留一 left out cm"):
        table.add_column(heading, justify="right")
    for number, point in enumerate(found.points, start=1):
        left = "–" if point.left_out_m is None else f"{point.left_out_m * 100:.1f}"
        x, y = point.metres
        table.add_row(
            str(number), f"{x:.2f}, {y:.2f}", f"{point.off_px:.1f}", f"{point.off_m * 100:.1f}", left
        )
    Console().print(table)
    if found.line_at_m is not None and found.line_sd_m is not None:
        typer.echo(f"一米线距柜台 line at {found.line_at_m:.2f} m ± {found.line_sd_m * 196:.0f} cm (95 %)")
    for warning in found.warnings:
        typer.echo(WARNINGS[warning])


def _draw(found: Survey, still: Image, out: Path) -> None:
    cv2.imencode(".png", floor_picture(still, found))[1].tofile(out)
    typer.echo(f"{out}")


def _keep(site: Path, camera: str, floor: Mapping[str, Any], write: bool) -> None:
    if not write:
        typer.echo(floor_yaml(floor), nl=False)
        return
    before = write_floor(site, camera, floor)
    typer.echo(f"已写入 written: {site} (原文件 before: {before})")


def _floor_of_board(
    corners: BoardCorners, size: tuple[int, int], origin: tuple[float, float], turn: float, old: Floor | None
) -> dict[str, Any]:
    """The board's corners as floor points in the hall's metres; lens, counter and line stay as they were."""
    cos, sin = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    metres = corners.metres @ np.array([[cos, sin], [-sin, cos]]) + np.array(origin)
    shares = corners.pixels / np.array(size)
    points = [
        {"at": [float(x), float(y)], "m": [float(across), float(away)]}
        for (x, y), (across, away) in zip(shares, metres, strict=True)
    ]
    kept = _plain(old) if old else {}
    return {
        key: kept[key] for key in ("lens", "straight_lines", "counter_edge_m", "line_m") if key in kept
    } | {"points": points}


def _plain(floor: Floor) -> dict[str, Any]:
    return floor.model_dump(mode="json", exclude_none=True, exclude_defaults=True)


def _described(lens: Lens) -> dict[str, Any]:
    return {"focal": lens.focal, "centre": list(lens.centre), "distortion": list(lens.distortion)}


def _board(kind: str, columns: int, rows: int, square_mm: float) -> Board:
    if kind == "charuco":
        return Board("charuco", columns, rows, square_mm / 1000)
    if kind == "chessboard":
        return Board("chessboard", columns, rows, square_mm / 1000)
    raise SettingsError(f"--kind is charuco or chessboard, not {kind}")


def _camera(site: Path, camera: str) -> Camera:
    known = {entry.id: entry for entry in load_site(site).cameras}
    if camera not in known:
        raise SettingsError(f"there is no camera {camera} in {site}; there are {', '.join(known)}")
    return known[camera]


def _read(picture: Path) -> Image:
    try:
        data = np.fromfile(picture, dtype=np.uint8)
    except OSError as error:
        raise SettingsError(f"{picture} cannot be read ({error.strerror})") from None
    image = cv2.imdecode(data, cv2.IMREAD_COLOR) if data.size else None
    if image is None:
        raise SettingsError(f"{picture} is no picture that can be read; use PNG or JPEG")
    return np.asarray(image, dtype=np.uint8)


def _size(still: Image) -> tuple[int, int]:
    return int(still.shape[1]), int(still.shape[0])
