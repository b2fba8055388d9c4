"""The site file that a clip's truth makes: its hall, windows, zones and floor, as YAML."""

import io
import re
from collections.abc import Sequence
from itertools import combinations
from typing import Any

from ruamel.yaml import YAML

from datasets.truth import Spot, TrueCamera, TrueFloor, Truth, TruthError

LEAST_AREA = 1e-4
"""Shares of the picture; a zone smaller than this holds nobody."""

ANALYSIS_FPS = 5.0


def site_from_truth(truth: Truth) -> str:
    """A site file for one clip; what lies outside the picture is cut away.

    Windows have no opening hours, so they are always open. Raises `TruthError` when no staff zone is in view.
    """
    zones = {name: _zones(window.staff_zone, window.public_zone) for name, window in truth.windows.items()}
    zones = {name: sides for name, sides in zones.items() if "staff" in sides}
    if not zones:
        raise TruthError(f"{truth.name}: no window has a staff zone in the picture; give it a site file.")
    camera: dict[str, Any] = {
        "id": _identifier(truth.name),
        "name": truth.name,
        "source": truth.clip,
        "starts_at": truth.starts_at.isoformat(),
        "analysis_fps": min(ANALYSIS_FPS, truth.fps),
        "zones": zones,
    }
    floor = _floor(truth.floor, truth.width, truth.height) if truth.floor else None
    if floor is not None and truth.camera is not None:
        floor["lens"] = _lens(truth.camera, truth.width, truth.height)
    if floor is not None:
        camera["floor"] = floor
    return _as_yaml(
        {
            "hall": {
                "id": "truth",
                "name": "测评大厅",
                "name_en": "Hall of the truth",
                "time_zone": "Asia/Shanghai",
            },
            "windows": [{"id": name, "name": f"{name}号窗口", "name_en": f"Window {name}"} for name in zones],
            "cameras": [camera],
        }
    )


def clipped(corners: Sequence[Spot]) -> tuple[Spot, ...]:
    """A polygon cut to the unit square (Sutherland & Hodgman 1974); empty where nothing is left."""
    points = list(corners)
    for axis, limit, keep in ((0, 0.0, 1), (0, 1.0, -1), (1, 0.0, 1), (1, 1.0, -1)):
        points = _cut(points, axis, limit, keep)
    rounded = [(_share(x), _share(y)) for x, y in points]
    kept = [spot for index, spot in enumerate(rounded) if spot != rounded[index - 1]]
    return tuple(kept) if len(kept) >= 3 and _area(kept) >= LEAST_AREA else ()


def _cut(points: list[Spot], axis: int, limit: float, keep: int) -> list[Spot]:
    """The part of a polygon on one side of an axis-parallel line."""
    left: list[Spot] = []
    for index, spot in enumerate(points):
        before = points[index - 1]
        inside, was_inside = ((p[axis] - limit) * keep >= 0 for p in (spot, before))
        if inside != was_inside:
            left.append(_crossing(before, spot, axis, limit))
        if inside:
            left.append(spot)
    return left


def _crossing(one: Spot, other: Spot, axis: int, limit: float) -> Spot:
    share = (limit - one[axis]) / (other[axis] - one[axis])
    across = one[1 - axis] + share * (other[1 - axis] - one[1 - axis])
    return (limit, across) if axis == 0 else (across, limit)


def _share(value: float) -> float:
    return min(max(round(value, 4), 0.0), 1.0)


def _area(corners: Sequence[Spot]) -> float:
    edges = zip(corners, [*corners[1:], corners[0]], strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in edges)) / 2


def _zones(staff: Sequence[Spot] | None, public: Sequence[Spot] | None) -> dict[str, Any]:
    sides = {"staff": clipped(staff or ()), "public": clipped(public or ())}
    return {side: _listed(corners) for side, corners in sides.items() if corners}


def _floor(floor: TrueFloor, width: int, height: int) -> dict[str, Any] | None:
    """The floor's spots in the picture; None where too few are to tell the plane."""
    spots = [((point.px[0] / width, point.px[1] / height), point.m) for point in floor.points]
    spots = [spot for spot in spots if all(0 <= share <= 1 for share in spot[0])]
    if not (_spans([at for at, _ in spots]) and _spans([m for _, m in spots])):
        return None
    found: dict[str, Any] = {
        "points": [{"at": [round(at[0], 5), round(at[1], 5)], "m": list(m)} for at, m in spots]
    }
    for name in ("counter_edge_m", "line_m"):
        segment = getattr(floor, name)
        if segment is not None:
            found[name] = _listed(segment)
    return found


def _lens(camera: TrueCamera, width: int, height: int) -> dict[str, Any]:
    """The lens that a chessboard would have told, in shares of the picture."""
    k1, k2, p1, p2, k3 = (*camera.distortion, *(0.0,) * 5)[:5]
    (focal, _, x), (_, _, y), _ = camera.K
    return {
        "focal": round(focal / width, 6),
        "centre": [round(x / width, 6), round(y / height, 6)],
        "distortion": [k1, k2, p1, p2, k3],
    }


def _spans(spots: Sequence[Spot]) -> bool:
    """Whether there are four or more, not all on one line."""
    return len(spots) >= 4 and any(abs(_turn(*three)) > 1e-6 for three in combinations(spots, 3))


def _turn(a: Spot, b: Spot, c: Spot) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _listed(spots: Sequence[Spot]) -> list[list[float]]:
    return [list(spot) for spot in spots]


def _identifier(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "-", name)[:60].lstrip("_-") or "clip"


def _as_yaml(site: dict[str, Any]) -> str:
    yaml = YAML()
    yaml.default_flow_style = None
    yaml.width = 108
    yaml.allow_unicode = True
    text = io.StringIO()
    yaml.dump(site, text)
    return text.getvalue()
