"""Whether a calibration can be used: its floor fitted and surveyed, its zones held to the rules of zones."""

import math
from collections.abc import Mapping, Sequence

from api.calibration_content import CalibrationContent, FloorContent, LensContent, Outline
from api.calibration_models import Grade, PointErrorOut, Polyline, PreviewOut
from api.calibration_words import told
from api.problems import FieldError, Problem
from calibration.described_floor import DescribedFloor, measured_at
from calibration.errors import CalibrationError
from calibration.floor import LARGEST_RESIDUAL_M, LARGEST_SD_M, Floor, FloorError
from calibration.lens import Lens
from calibration.polygons import ZoneError, on_one_line, require_zone
from calibration.survey import Survey, SurveyedPoint, require_line_certain, survey, surveyed_points

PixelSize = tuple[int, int]

GOOD_M = 0.05
"""A point that is off by less is as good as clicks and a tape can make it."""

SIDES_ZH = {"staff": "工作人员区", "public": "公众区"}
SIDES_EN = {"staff": "staff side", "public": "public side"}


def surveyed(content: CalibrationContent, size: PixelSize) -> Survey | None:
    """The floor fitted and judged in a picture of `size`; None where none was measured.

    Ends the request with `calibration_refused` where it cannot be used.
    """
    if content.floor is None:
        return None
    fit: Floor | None = None
    try:
        described = described_floor(content.floor)
        fit = described.fitted(size)
        found = survey(fit, size, described.counter_edge_m, described.line_m)
        require_line_certain(found)
    except CalibrationError as error:
        seen = error.floor if isinstance(error, FloorError) and error.floor is not None else fit
        points = [] if seen is None else [_point(point) for point in surveyed_points(seen)]
        raise _refused(error, "/content/floor", points) from None
    return found


def worst_cm_of(content: CalibrationContent, size: PixelSize) -> float | None:
    """The largest error of a point of the floor; None where there is none, or it cannot be fitted."""
    if content.floor is None:
        return None
    try:
        fit = described_floor(content.floor).fitted(size)
    except CalibrationError:
        return None
    return round(float(fit.residuals_m().max()) * 100, 2)


def described_floor(floor: FloorContent) -> DescribedFloor:
    """The floor as calibration takes it. Raises `CalibrationError` for what no floor can be."""
    numbered = enumerate(floor.points, start=1)
    points = tuple((one.at, measured_at(one.m, one.tile, floor.tile_m, number)) for number, one in numbered)
    if len(points) >= 3 and on_one_line([metres for _, metres in points]):
        raise CalibrationError(
            "The floor points lie on one line on the floor: measure points that span the floor.",
            "points_on_a_line_on_floor",
        )
    if len(points) >= 3 and on_one_line([at for at, _ in points]):
        raise CalibrationError(
            "The floor points lie on one line in the picture: measure points that span the floor.",
            "points_on_a_line_in_picture",
        )
    lines = tuple(tuple(line) for line in floor.straight_lines)
    return DescribedFloor(points, _lens(floor.lens), lines, floor.counter_edge_m, floor.line_m)


def check_zones(content: CalibrationContent, windows: Mapping[str, tuple[str, str]]) -> None:
    """Refuse zones that are none, or not those of the camera's `windows` (id to names zh, en)."""
    for window, zones in content.zones.items():
        if window not in windows:
            raise _zone_refused(
                window,
                "zone_of_no_window",
                f"该摄像机没有窗口 {window}:请删除它的区域,或在站点文件中把窗口加给该摄像机。",
                f"This camera has no window {window}: remove its zones, or add it to the camera in the "
                "site file.",
            )
        for side, corners in (("staff", zones.staff), ("public", zones.public)):
            if corners is not None:
                _check_outline(window, windows[window], side, corners)
    for window, (name, name_en) in windows.items():
        if window not in content.zones:
            raise _zone_refused(
                window,
                "zone_missing",
                f"{name}还没有工作人员区:请在画面上画出。",
                f"{name_en} has no staff side yet: draw it in the picture.",
            )


def shown_preview(found: Survey | None) -> PreviewOut:
    """A surveyed floor as the page draws it."""
    if found is None:
        return PreviewOut(
            points=[],
            worst_cm=None,
            grid=[],
            counter=None,
            line=None,
            line_at_m=None,
            line_sd_cm=None,
            ellipses=[],
            warnings=[],
        )
    return PreviewOut(
        points=[_point(point) for point in found.points],
        worst_cm=_cm(found.worst_m),
        grid=[_shares(line, found.size) for line in found.grid],
        counter=_shares(found.counter, found.size) if found.counter else None,
        line=_shares(found.line, found.size) if found.line else None,
        line_at_m=None if found.line_at_m is None else round(found.line_at_m, 4),
        line_sd_cm=None if found.line_sd_m is None else _cm(found.line_sd_m),
        ellipses=[_shares(line, found.size) for line in found.ellipses],
        warnings=list(found.warnings),
    )


def _lens(lens: LensContent | None) -> Lens | None:
    if lens is None:
        return None
    return Lens(lens.focal or 1.0, lens.centre, lens.distortion, focal_known=lens.focal is not None)


def _check_outline(window: str, names: tuple[str, str], side: str, corners: Outline) -> None:
    try:
        require_zone(corners)
    except ZoneError as error:
        zh, en = told(error)
        said = (f"{names[0]}的{SIDES_ZH[side]}:{zh}", f"{names[1]}, {SIDES_EN[side]}: {en}")
        raise _zone_refused(f"{window}/{side}", error.code, *said) from None


def _zone_refused(place: str, reason: str, zh: str, en: str) -> Problem:
    error = FieldError(f"/content/zones/{place}", zh, en)
    return Problem("calibration_refused", error, said=(zh, en), more={"reason": reason, "points": []})


def _refused(error: CalibrationError, pointer: str, points: list[PointErrorOut]) -> Problem:
    zh, en = told(error)
    more = {"reason": error.code, "points": [point.model_dump() for point in points]}
    return Problem("calibration_refused", FieldError(pointer, zh, en), said=(zh, en), more=more)


def _point(point: SurveyedPoint) -> PointErrorOut:
    return PointErrorOut(
        off_px=_finite(point.off_px),
        off_cm=_cm(point.off_m),
        left_out_px=None if point.left_out_px is None else _finite(point.left_out_px),
        left_out_cm=None if point.left_out_m is None else _cm(point.left_out_m),
        grade=_grade(point),
    )


def _grade(point: SurveyedPoint) -> Grade:
    """Bad contradicts the others; weak is what nothing vouches for, or what the floor hangs on alone."""
    if not point.off_m <= LARGEST_RESIDUAL_M:
        return "bad"
    vouched = point.left_out_m is not None and point.left_out_m <= LARGEST_SD_M
    return "good" if point.off_m <= GOOD_M and vouched else "weak"


def _cm(metres: float) -> float:
    return _finite(metres * 100)


def _finite(value: float) -> float:
    """Rounded; what is beyond the horizon may be as far off as numbers go, and JSON knows no infinity."""
    return round(min(value, 1e6), 2) if math.isfinite(value) else 1e6


def _shares(line: Sequence[tuple[float, float]], size: PixelSize) -> Polyline:
    finite = [(x / size[0], y / size[1]) for x, y in line if math.isfinite(x) and math.isfinite(y)]
    return [(round(x, 5), round(y, 5)) for x, y in finite]
