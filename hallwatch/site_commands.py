"""`hallwatch site …`: check a site file, print one to start from."""

from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from calibration.errors import CalibrationError
from hallwatch.calendar_seed import china_calendar
from hallwatch.measured_floor import ground_of, strip_of
from hallwatch.roster import unknown_years
from hallwatch.site import EXAMPLE, load_site
from hallwatch.site_models import Camera, Site

app = typer.Typer(
    no_args_is_help=True, help="站点文件:检查、示例。 The site file: check it, print an example."
)


@app.command("check")
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="站点文件。 The file to check.")],
) -> None:
    """检查站点文件。 Say everything that is wrong in a site file, each with its line."""
    site = load_site(file)
    for camera in site.cameras:
        _check_floor(camera)
        for window in sorted(set(camera.zones) - set(camera.drawn)):
            typer.echo(
                f"{camera.id}: 窗口 {window} 尚未画出工作人员区,暂不评判;请在页面的标定中画出"
                f" · window {window} has no staff side yet and is not judged; draw it on the calibration page"
            )
    _check_calendar(site)
    typer.echo(f"{file}: 正确 right ({len(site.windows)} windows, {len(site.cameras)} cameras)")


def _check_floor(camera: Camera) -> None:
    """Say how well the floor fits; raise `CalibrationError` with the camera's name where it does not."""
    try:
        ground, strip = ground_of(camera), strip_of(camera)
    except CalibrationError as error:
        raise CalibrationError(f"camera {camera.id}: {error}", error.code, **error.values) from None
    if ground is None:
        return
    worst_cm = float(ground.floor.residuals_m().max()) * 100
    line = f", 一米线距柜台 line at {strip.depth_m():.2f} m" if strip else ""
    typer.echo(f"{camera.id}: 地面误差 floor error ≤ {worst_cm:.1f} cm{line}")


def _check_calendar(site: Site) -> None:
    """Say which of this year and the next has no holidays yet: windows are not judged then."""
    this_year = datetime.now(ZoneInfo(site.hall.time_zone)).year
    for year in unknown_years(site, china_calendar(), (this_year, this_year + 1)):
        typer.echo(
            f"{year}: 节假日未知,该年不评判;请在 calendar 中列出"
            f" · holidays unknown, that year is not judged; list them under `calendar`"
        )


@app.command("example")
def example() -> None:
    """输出带注释的示例。 Print a commented example."""
    typer.echo(EXAMPLE.read_text(encoding="utf-8"), nl=False)
