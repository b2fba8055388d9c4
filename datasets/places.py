"""The halls: their counters, colours, light and cameras. Each name is one place, the same every time.

World axes as in `datasets.optics`: x along the counter, y towards the public, z up; the counter's public
edge lies on y = 0 and window 1 at x = 0.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from datasets.optics import Camera, look
from datasets.render import Lights
from datasets.sensor import Sensor

Colour = tuple[float, float, float]

LINE_M = 1.0
"""Where the public waits, metres from the counter (Article 20)."""
PITCH_M = 1.75
"""From one window's middle to the next."""


@dataclass(frozen=True, slots=True)
class Hall:
    """One hall. Lengths in metres.

    `desk_m` is the counter's height (Article 7: 70–85 cm), `depth_m` from the public edge to the clerk's;
    `ledge_m` the height of a raised ledge at the public edge above the desk, 0 for none.
    """

    name: str
    desk_m: float
    depth_m: float
    ledge_m: float
    glass: bool
    tile_m: float
    floor: Colour
    wall: Colour
    dado: Colour
    top: Colour
    front: Colour
    wooden: bool
    chair: Colour
    screen: Colour
    lights: Lights
    sensor: Sensor
    seat_m: float = 0.46

    @property
    def seat_y(self) -> float:
        """Where the clerk's hips are above the floor plan: behind the desk with a hand's breadth between."""
        return -self.depth_m - 0.27


def _daylight(side: float, strength: float, warm: float) -> Lights:
    return Lights(
        key_way=(side, 0.45, 1.15),
        key_colour=(0.95 * strength * warm, 0.93 * strength, 0.90 * strength),
        fill_way=(-side, 0.9, 0.35),
        fill_colour=(0.20, 0.21, 0.23),
        sky=(0.50, 0.52, 0.55),
        ground=(0.26, 0.25, 0.24),
    )


def _panels(strength: float, warm: float) -> Lights:
    """Ceiling panels: from almost straight above."""
    return Lights(
        key_way=(0.12, 0.30, 1.3),
        key_colour=(0.80 * strength * warm, 0.80 * strength, 0.78 * strength),
        fill_way=(0.3, 1.0, 0.45),
        fill_colour=(0.26, 0.26, 0.26),
        sky=(0.56 * warm, 0.57, 0.57),
        ground=(0.30, 0.29, 0.27),
    )


HALLS = {
    hall.name: hall
    for hall in (
        Hall(
            *("willow", 0.76, 0.85, 0.0, False, 0.80),
            floor=(0.80, 0.79, 0.76),
            wall=(0.88, 0.87, 0.83),
            dado=(0.45, 0.55, 0.62),
            top=(0.72, 0.55, 0.38),
            front=(0.66, 0.48, 0.32),
            wooden=True,
            chair=(0.16, 0.17, 0.20),
            screen=(0.10, 0.10, 0.11),
            lights=_panels(1.0, 1.0),
            sensor=Sensor(exposure=1.0, noise=0.010, softness_px=0.5, warmth=1.0, seed=1),
        ),
        Hall(
            *("granite", 0.80, 0.80, 0.22, False, 0.60),
            floor=(0.55, 0.55, 0.57),
            wall=(0.80, 0.82, 0.85),
            dado=(0.30, 0.36, 0.46),
            top=(0.86, 0.86, 0.85),
            front=(0.34, 0.38, 0.44),
            wooden=False,
            chair=(0.20, 0.28, 0.40),
            screen=(0.78, 0.78, 0.79),
            lights=_daylight(-0.9, 1.0, 0.95),
            sensor=Sensor(exposure=0.88, noise=0.016, softness_px=0.7, warmth=0.94, seed=2),
        ),
        Hall(
            *("lotus", 0.74, 0.90, 0.0, False, 1.00),
            floor=(0.86, 0.82, 0.74),
            wall=(0.93, 0.91, 0.86),
            dado=(0.70, 0.28, 0.24),
            top=(0.55, 0.36, 0.24),
            front=(0.48, 0.30, 0.20),
            wooden=True,
            chair=(0.36, 0.16, 0.14),
            screen=(0.12, 0.12, 0.13),
            lights=_daylight(0.8, 0.9, 1.10),
            sensor=Sensor(exposure=1.05, noise=0.012, softness_px=0.6, warmth=1.08, seed=3),
        ),
        Hall(
            *("harbour", 0.78, 0.85, 0.0, True, 0.80),
            floor=(0.70, 0.74, 0.78),
            wall=(0.78, 0.84, 0.88),
            dado=(0.22, 0.42, 0.62),
            top=(0.80, 0.78, 0.74),
            front=(0.84, 0.85, 0.87),
            wooden=False,
            chair=(0.12, 0.12, 0.13),
            screen=(0.08, 0.08, 0.09),
            lights=_panels(1.15, 0.97),
            sensor=Sensor(exposure=1.08, noise=0.009, softness_px=0.4, warmth=0.97, seed=4),
        ),
        Hall(
            *("bamboo", 0.72, 0.85, 0.18, False, 0.45),
            floor=(0.62, 0.54, 0.44),
            wall=(0.84, 0.85, 0.78),
            dado=(0.42, 0.52, 0.40),
            top=(0.78, 0.66, 0.48),
            front=(0.72, 0.60, 0.42),
            wooden=True,
            chair=(0.25, 0.32, 0.26),
            screen=(0.14, 0.14, 0.15),
            lights=_panels(0.85, 1.06),
            sensor=Sensor(exposure=0.82, noise=0.020, softness_px=0.8, warmth=1.05, seed=5),
        ),
        Hall(
            *("plum", 0.82, 0.80, 0.0, False, 0.60),
            floor=(0.74, 0.72, 0.72),
            wall=(0.82, 0.79, 0.80),
            dado=(0.40, 0.30, 0.42),
            top=(0.30, 0.29, 0.31),
            front=(0.62, 0.60, 0.62),
            wooden=False,
            chair=(0.30, 0.29, 0.31),
            screen=(0.20, 0.20, 0.21),
            lights=_daylight(0.5, 0.7, 1.0),
            sensor=Sensor(exposure=0.76, noise=0.024, softness_px=0.7, warmth=1.0, seed=6),
        ),
    )
}

CAMERAS = (
    *("corner", "corner_left", "frontal", "frontal_left", "side"),
    *("queue", "queue_left", "queue_wide", "queue_tele"),
)


def camera(hall: Hall, kind: str, width: int, height: int, seed: int = 0) -> Camera:
    """The camera of that kind in a hall; the seed shifts it as installers do (some 15 cm, some degrees)."""
    random = np.random.default_rng([seed, 71])
    shift = random.uniform(-1, 1, 4)
    roll = float(random.normal(0, 0.7))
    views = _queue_views(shift) if kind.startswith("queue") else _clerk_views(hall, shift)
    place, at, lens, barrel = views[kind]
    return look(place, at, width, height, float(lens), barrel, roll)


View = tuple[tuple[float, float, float], tuple[float, float, float], float, float]
"""Where a camera hangs, what it looks at, its lens in degrees, its barrel distortion."""


def _clerk_views(hall: Hall, shift: NDArray[np.float64]) -> dict[str, View]:
    dx, dy, dz, dlens = shift
    high, chest = 2.7 + 0.22 * dz, hall.desk_m + 0.12
    mid = hall.seat_y + 0.28
    return {
        "corner": ((1.75 + 0.2 * dx, 1.25 + 0.2 * dy, high), (0.0, mid, chest), 57 + 6 * dlens, -0.20),
        "corner_left": ((-1.15 + 0.15 * dx, 1.70 + 0.2 * dy, high), (0.0, mid, chest), 57 + 6 * dlens, -0.20),
        "frontal": (
            (0.10 + 0.1 * dx, 0.42 + 0.1 * dy, 1.75 + 0.1 * dz),
            (0.0, mid, chest + 0.1),
            72 + 8 * dlens,
            -0.16,
        ),
        "frontal_left": (
            (-0.55 + 0.1 * dx, 0.30 + 0.1 * dy, 1.70 + 0.1 * dz),
            (0.02, mid, chest + 0.1),
            74 + 8 * dlens,
            -0.16,
        ),
        "side": (
            (-2.3 + 0.15 * dx, mid + 0.5 + 0.15 * dy, 2.2 + 0.15 * dz),
            (0.0, mid, chest),
            60 + 6 * dlens,
            -0.14,
        ),
    }


def _queue_views(shift: NDArray[np.float64]) -> dict[str, View]:
    dx, dy, dz, dlens = shift
    high = 2.7 + 0.22 * dz
    return {
        "queue": (
            (2.5 + 0.2 * dx, 0.30 + 0.2 * dy, high),
            (-0.3, 0.55, 0.65),
            80 + 6 * dlens,
            -0.18,
        ),
        "queue_left": (
            (-2.5 + 0.2 * dx, 0.30 + 0.2 * dy, high),
            (0.3, 0.55, 0.65),
            80 + 6 * dlens,
            -0.18,
        ),
        "queue_wide": (
            (2.0 + 0.2 * dx, 0.10 + 0.2 * dy, 2.2 + 0.2 * dz),
            (-0.2, 0.75, 0.6),
            95 + 5 * dlens,
            -0.24,
        ),
        "queue_tele": (
            (-3.0 + 0.2 * dx, 1.6 + 0.3 * dy, 2.9 + 0.1 * dz),
            (0.1, 0.55, 0.75),
            63 + 3 * dlens,
            -0.10,
        ),
    }
