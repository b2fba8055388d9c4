"""Things that hands hold or that lie on the desk: their solids, and how a hand holds them.

A prop's own axes: x across, y along, z out of its face (upwards when it lies or stands on the desk). A hand's
axes are fingers, thumb, palm (`datasets.poses`); right hands mirror them.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from datasets.skeleton import euler
from datasets.solids import Colour, Solid, Surface, box, cushion, join, quad, tube
from datasets.stations import CIGARETTE_GRIP, CUP_GRIP, PEN_GRIP, PHONE_GRIP

Matrix = NDArray[np.float64]

PHONES = ((0.071, 0.147, 0.008), (0.076, 0.161, 0.008), (0.067, 0.138, 0.008))
"""Width, length, thickness in metres of common phones."""
CASES: tuple[Colour, ...] = (
    *((0.06, 0.06, 0.07), (0.86, 0.87, 0.88), (0.16, 0.24, 0.42), (0.62, 0.16, 0.20)),
    *((0.30, 0.30, 0.32), (0.86, 0.72, 0.70), (0.70, 0.62, 0.46), (0.24, 0.40, 0.34), (0.55, 0.48, 0.66)),
)
GLOWS: tuple[Colour, ...] = (
    *((0.62, 0.72, 0.86), (0.62, 0.72, 0.86), (0.90, 0.86, 0.78)),
    *((0.30, 0.34, 0.40), (0.92, 0.93, 0.95), (0.10, 0.10, 0.11)),
)
"""What a phone's screen looks like: mostly lit, sometimes a dark theme or off."""
PAPER: Colour = (0.95, 0.95, 0.92)


@dataclass(frozen=True, slots=True, eq=False)
class Prop:
    """One thing. `hold` (3, 4) carries its own axes into a hand's; `rest_m` lifts it onto the desk.

    `two_handed` things lie between both hands instead. `lies` says whether it is seen before it is taken.
    """

    kind: str
    solid: Solid
    hold: Matrix
    rest_m: float = 0.0
    two_handed: bool = False
    lies: bool = True


def _hold(x: tuple[float, ...], y: tuple[float, ...], z: tuple[float, ...], at: tuple[float, ...]) -> Matrix:
    return np.array([x, y, z, at], dtype=np.float64).T


def _phone(random: np.random.Generator) -> Prop:
    width, length, thick = PHONES[int(random.integers(len(PHONES)))]
    case = CASES[int(random.integers(len(CASES)))]
    half = np.array([width, length, thick]) / 2
    body = box((-half[0], -half[1], -half[2]), (half[0], half[1], half[2]), case)
    lit = [(-1, -1), (1, -1), (1, 1), (-1, 1)]
    glass = np.array([(x * (half[0] - 0.003), y * (half[1] - 0.004), half[2] + 0.0004) for x, y in lit])
    glow = GLOWS[int(random.integers(len(GLOWS)))]
    screen = quad(glass, glow, Surface.GLOWING_TEXT)
    lens = box(
        (half[0] - 0.028, half[1] - 0.03, -half[2] - 0.002),
        (half[0] - 0.008, half[1] - 0.008, -half[2]),
        (0.02,) * 3,
    )
    hold = _hold((0.8, -0.6, 0.0), (0.6, 0.8, 0.0), (0.0, 0.0, 1.0), PHONE_GRIP)
    return Prop("phone", join([body, screen, lens]), _gripped_anew(hold, random, 7.0), rest_m=half[2])


def _gripped_anew(hold: Matrix, random: np.random.Generator, spread_deg: float) -> Matrix:
    """The same hold turned some degrees: no two hands hold a thing alike."""
    angles = random.normal(0.0, spread_deg, 3)
    return np.hstack([euler(*angles) @ hold[:, :3], hold[:, 3:]])


def _cigarette(random: np.random.Generator) -> Prop:
    """From the filter's end (the origin) along z to the ember."""
    parts = [
        tube(0.0042, 0.0042, 0.025, (0.82, 0.58, 0.32), 7),
        tube(0.0042, 0.0042, 0.052, (0.96, 0.96, 0.94), 7).moved(np.eye(3), np.array([0, 0, 0.025])),
        tube(0.0042, 0.003, 0.006, (0.95, 0.35, 0.10), 7).moved(np.eye(3), np.array([0, 0, 0.077])),
    ]
    at = (CIGARETTE_GRIP[0], CIGARETTE_GRIP[1], CIGARETTE_GRIP[2] + 0.022)
    hold = _hold((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.10, 0.10, -0.98), at)
    return Prop("cigarette", join(parts), _gripped_anew(hold, random, 8.0), lies=False)


def _pen(random: np.random.Generator) -> Prop:
    colour = ((0.08, 0.16, 0.50), (0.08, 0.08, 0.09), (0.62, 0.10, 0.10))[int(random.integers(3))]
    solid = tube(0.002, 0.0045, 0.02, (0.6, 0.6, 0.6), 6)
    barrel = tube(0.0045, 0.0045, 0.12, colour, 6).moved(np.eye(3), np.array([0, 0, 0.02]))
    tip = np.array(PEN_GRIP) + np.array([0.035, -0.005, 0.03])
    way = np.array([-0.62, 0.42, -0.66]) / np.linalg.norm([-0.62, 0.42, -0.66])
    side = np.cross(way, [0.0, 0.0, 1.0])
    side /= np.linalg.norm(side)
    return Prop(
        "pen", join([solid, barrel]), np.stack([side, np.cross(way, side), way, tip], axis=1), lies=False
    )


def _cup(random: np.random.Generator) -> Prop:
    colour = ((0.92, 0.92, 0.90), (0.30, 0.42, 0.60), (0.72, 0.30, 0.24))[int(random.integers(3))]
    cup = tube(0.034, 0.040, 0.095, colour, 14, closed=False).moved(np.eye(3), np.array([0, 0, -0.0475]))
    tea = tube(0.036, 0.036, 0.001, (0.45, 0.25, 0.10), 14).moved(np.eye(3), np.array([0, 0, 0.025]))
    return Prop("cup", join([cup, tea]), _standing(CUP_GRIP), rest_m=0.0475)


def _bottle(random: np.random.Generator) -> Prop:
    """A tea flask or a bottle of water."""
    colour = ((0.62, 0.44, 0.20), (0.20, 0.30, 0.24), (0.70, 0.80, 0.86))[int(random.integers(3))]
    low = tube(0.033, 0.033, 0.15, colour, 12).moved(np.eye(3), np.array([0, 0, -0.08]))
    neck = tube(0.030, 0.018, 0.03, colour, 12).moved(np.eye(3), np.array([0, 0, 0.07]))
    cap = tube(0.020, 0.020, 0.022, (0.15, 0.15, 0.16), 12).moved(np.eye(3), np.array([0, 0, 0.10]))
    return Prop("bottle", join([low, neck, cap]), _standing(CUP_GRIP), rest_m=0.08)


def _standing(at: tuple[float, float, float]) -> Matrix:
    """What stands upright in a hand whose thumb is up."""
    return _hold((1.0, 0.0, 0.0), (0.0, 0.0, -1.0), (0.0, 1.0, 0.0), at)


def _sheet(width: float, length: float, colour: Colour, kind: str) -> Prop:
    corners = [(-1, -1), (1, -1), (1, 1), (-1, 1)]
    face = np.array([(x * width / 2, y * length / 2, 0.0006) for x, y in corners])
    solid = join(
        [
            box((-width / 2, -length / 2, -0.0006), (width / 2, length / 2, 0.0004), colour),
            quad(face, colour, Surface.TEXT),
        ]
    )
    ahead = 0.11 + length / 2 - 0.03
    hold = _hold((0.0, -1.0, 0.0), (1.0, 0.0, 0.0), (0.0, 0.0, -1.0), (ahead, 0.025, 0.035))
    return Prop(kind, solid, hold, rest_m=0.002, lies=kind == "paper")


def _stamp(random: np.random.Generator) -> Prop:
    base = tube(0.021, 0.021, 0.02, (0.72, 0.10, 0.10), 12)
    grip = tube(0.013, 0.017, 0.065, (0.35, 0.20, 0.12), 12).moved(np.eye(3), np.array([0, 0, 0.02]))
    hold = _hold((1.0, 0.0, 0.0), (0.0, -1.0, 0.0), (0.0, 0.0, -1.0), (0.075, 0.02, 0.095))
    return Prop("stamp", join([base, grip]), hold)


def _spread(width: float, length: float, fold_m: float, colour: Colour, kind: str) -> Prop:
    """Two pages open towards the reader (z), folded along y."""
    parts = []
    for sign in (-1.0, 1.0):
        inner, outer = (0.0, 0.0), (sign * width / 2, fold_m)
        low, high = -length / 2, length / 2
        corners = np.array(
            [
                (inner[0], low, inner[1]),
                (outer[0], low, outer[1]),
                (outer[0], high, outer[1]),
                (inner[0], high, inner[1]),
            ]
        )
        if sign < 0:
            corners = corners[[1, 0, 3, 2]]
        parts.append(quad(corners, colour, Surface.TEXT))
        parts.append(quad(corners - np.array([0, 0, 0.003]), colour, Surface.TEXT))
    return Prop(kind, join(parts), np.eye(3, 4), two_handed=True, lies=False)


def _bag(random: np.random.Generator) -> Prop:
    colour = ((0.16, 0.18, 0.24), (0.55, 0.34, 0.20), (0.70, 0.20, 0.24))[int(random.integers(3))]
    solid = cushion((-0.10, -0.20, -0.05), (0.10, 0.06, 0.05), colour, 0.01)
    return Prop("bag", solid, np.eye(3, 4), two_handed=True, lies=False)


PROPS: dict[str, Callable[[np.random.Generator], Prop]] = {
    "phone": _phone,
    "cigarette": _cigarette,
    "pen": _pen,
    "cup": _cup,
    "bottle": _bottle,
    "stamp": _stamp,
    "bag": _bag,
    "paper": lambda _: _sheet(0.21, 0.297, PAPER, "paper"),
    "card": lambda _: _sheet(0.054, 0.086, (0.70, 0.80, 0.88), "card"),
    "newspaper": lambda _: _spread(0.64, 0.42, 0.06, (0.82, 0.81, 0.77), "newspaper"),
    "book": lambda _: _spread(0.30, 0.22, 0.03, (0.93, 0.91, 0.85), "book"),
    "magazine": lambda _: _spread(0.42, 0.29, 0.03, (0.80, 0.74, 0.78), "magazine"),
}


def make(kind: str, seed: int) -> Prop:
    """A prop of that kind; its size and colours follow the seed."""
    number = list(PROPS).index(kind)
    return PROPS[kind](np.random.default_rng([seed, number, 41]))


def puff_of_smoke(strength: float) -> Solid:
    """A unit square of smoke about the origin, facing y; `strength` 0..1 is how thick."""
    corners = np.array([(-1.0, 0, -1.0), (1.0, 0, -1.0), (1.0, 0, 1.0), (-1.0, 0, 1.0)])
    return quad(corners, (strength, strength, strength), Surface.SMOKE)
