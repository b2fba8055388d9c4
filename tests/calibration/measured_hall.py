"""A hall's floor as a camera sees it, measured without error: what calibrations in tests are made of."""

from typing import Any

from tests.calibration.test_floor import Eye

SIZE = (640, 360)
EYE = Eye(2.8, 35, 0)
SPOTS_M = [(-1.0, 0.2), (1.0, 0.2), (1.0, 3.0), (-1.0, 3.0), (0.1, 1.4), (-0.9, 1.6)]
STAFF = [[0.1, 0.1], [0.9, 0.1], [0.9, 0.45], [0.1, 0.45]]
PUBLIC = [[0.05, 0.5], [0.95, 0.5], [0.95, 0.98], [0.05, 0.98]]
BOW_TIE = [[0.1, 0.1], [0.9, 0.5], [0.9, 0.1], [0.1, 0.5]]


def share_of(spot_m: tuple[float, float]) -> list[float]:
    """Where a floor point is seen, in shares of the picture."""
    x, y = EYE.sees(spot_m)
    return [round(x / SIZE[0], 6), round(y / SIZE[1], 6)]


def measured_floor(**fields: Any) -> dict[str, Any]:
    """Six points in metres, a counter's edge and the line one metre before it."""
    return {
        "points": [{"at": share_of(spot), "m": list(spot), "tile": None} for spot in SPOTS_M],
        "tile_m": None,
        "lens": None,
        "straight_lines": [],
        "counter_edge_m": [[-1.0, 2.5], [1.0, 2.5]],
        "line_m": [[-1.0, 1.5], [1.0, 1.5]],
    } | fields


def measured(*windows: str, **floor: Any) -> dict[str, Any]:
    """A calibration of those windows, each with the same zones."""
    zones = {window: {"staff": STAFF, "public": PUBLIC} for window in windows}
    return {"floor": measured_floor(**floor), "zones": zones}
