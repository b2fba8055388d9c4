"""What stands in a hall: counter with knee space, screens, keyboards, printer, chairs, walls, floor, line."""

import numpy as np
from numpy.typing import NDArray

from datasets.places import LINE_M, PITCH_M, Hall
from datasets.solids import Colour, Solid, Surface, box, cushion, join, quad, tube

YELLOW = (0.92, 0.76, 0.10)
PAPER = (0.95, 0.95, 0.93)
DARK = (0.12, 0.12, 0.13)
REACH_M = 3.1
"""Half of the counter's length."""


def build_hall(hall: Hall, windows: int = 3, clutter_seed: int = 0) -> tuple[Solid, Solid]:
    """What does not move: the shell of the room, and the furniture in it (which alone throws shadows)."""
    solids = [_counter(hall)]
    for number in range(windows):
        x = (number - windows // 2) * PITCH_M
        solids.append(_desk_things(hall, x, clutter_seed + number))
    return join([_shell(hall), _line()]), join(solids)


def _shell(hall: Hall) -> Solid:
    back, front, left, right, high = -3.0, 7.0, -4.6, 4.6, 3.1

    def plane(corners: list[tuple[float, float, float]], colour: Colour, surface: Surface) -> Solid:
        return quad(np.array(corners), colour, surface)

    walls = [
        plane(
            [(left, back, 0), (right, back, 0), (right, front, 0), (left, front, 0)],
            hall.floor,
            Surface.TILES,
        ),
        plane(
            [(left, front, high), (right, front, high), (right, back, high), (left, back, high)],
            (0.9, 0.9, 0.9),
            Surface.PLAIN,
        ),
    ]
    for low, top, colour in (
        (0.0, 0.12, hall.dado),
        (0.12, 1.0, hall.wall),
        (1.0, 1.08, hall.dado),
        (1.08, high, hall.wall),
    ):
        walls += [
            plane(
                [(right, back, low), (left, back, low), (left, back, top), (right, back, top)],
                colour,
                Surface.WALL,
            ),
            plane(
                [(left, back, low), (left, front, low), (left, front, top), (left, back, top)],
                colour,
                Surface.WALL,
            ),
            plane(
                [(right, front, low), (right, back, low), (right, back, top), (right, front, top)],
                colour,
                Surface.WALL,
            ),
            plane(
                [(left, front, low), (right, front, low), (right, front, top), (left, front, top)],
                colour,
                Surface.WALL,
            ),
        ]
    return join([*walls, _cabinets(hall), _boards(hall)])


def _cabinets(hall: Hall) -> Solid:
    """Filing cupboards at the back wall, a door, a pair of posters."""
    pale = (0.74, 0.75, 0.74)
    parts = [box((x, -2.98, 0.0), (x + 0.84, -2.58, 1.85), pale) for x in (1.3, 2.16, 3.02)]
    parts += [box((x + 0.40, -2.57, 0.9), (x + 0.43, -2.55, 1.1), DARK) for x in (1.3, 2.16, 3.02)]
    parts.append(box((-3.6, -2.99, 0.0), (-2.7, -2.95, 2.05), hall.front, Surface.WOOD))
    return join(parts)


def _boards(hall: Hall) -> Solid:
    """Notices on the back wall and windows' frames at the side."""
    red = (0.72, 0.16, 0.14)
    parts = [
        box((-1.9, -2.99, 1.35), (-0.9, -2.96, 2.05), PAPER, Surface.PLAIN),
        box((-0.3, -2.99, 1.45), (0.75, -2.96, 2.15), hall.dado, Surface.PLAIN),
        box((-1.3, -2.99, 2.35), (1.3, -2.96, 2.62), red),
    ]
    text = np.array([(-0.95, -2.955, 1.4), (-1.85, -2.955, 1.4), (-1.85, -2.955, 2.0), (-0.95, -2.955, 2.0)])
    parts.append(quad(text, PAPER, Surface.TEXT))
    daylight = (0.86, 0.92, 0.98)
    parts += [
        box((x - 0.01, y - 0.8, 1.0), (x + 0.01, y + 0.8, 2.4), daylight, Surface.GLOWING)
        for y in (0.6, 2.6, 4.6)
        for x in (-4.58, 4.58)
    ]
    return join(parts)


def _counter(hall: Hall) -> Solid:
    """Desk top, front board set back for the public's knees (Article 7), ends, and a ledge or glass."""
    surface = Surface.WOOD if hall.wooden else Surface.PLAIN
    depth, height = hall.depth_m, hall.desk_m
    parts = [
        box((-REACH_M, -depth, height - 0.035), (REACH_M, 0.0, height), hall.top, surface),
        box((-REACH_M, -0.48, 0.0), (REACH_M, -0.45, height - 0.035), hall.front, surface),
    ]
    parts += [
        box((x - 0.02, -depth + 0.02, 0.0), (x + 0.02, -0.02, height - 0.035), hall.front, surface)
        for x in (float(edge) for edge in np.arange(-REACH_M, REACH_M + 0.1, PITCH_M))
    ]
    for side in (-REACH_M, REACH_M):
        parts.append(box((side - 0.02, -depth, 0.0), (side + 0.02, 0.0, height), hall.front, surface))
    if hall.ledge_m:
        parts.append(
            box((-REACH_M, -0.16, height), (REACH_M, -0.13, height + hall.ledge_m), hall.front, surface)
        )
        parts.append(
            box(
                (-REACH_M, -0.28, height + hall.ledge_m),
                (REACH_M, 0.03, height + hall.ledge_m + 0.03),
                hall.top,
                surface,
            )
        )
    if hall.glass:
        steel = (0.6, 0.62, 0.64)
        parts += [
            box((x - 0.015, -0.15, height), (x + 0.015, -0.12, height + 0.75), steel)
            for x in (-PITCH_M / 2, PITCH_M / 2)
        ]
    return join(parts)


def _line() -> Solid:
    return box((-2.2, LINE_M - 0.05, 0.0), (2.2, LINE_M + 0.05, 0.003), YELLOW)


def _desk_things(hall: Hall, x: float, seed: int) -> Solid:
    random = np.random.default_rng([seed, 17])
    height = hall.desk_m
    parts = [
        _screen(hall, x - 0.66, -0.38, 36.0),
        _keyboard(x, -hall.depth_m + 0.16, height),
        _printer(x + 0.62, -0.30, height, random),
        _tray(
            x - 0.30 + float(random.uniform(-0.05, 0.05)), -0.36 if hall.ledge_m else -0.16, height, hall.dado
        ),
        _pens(x + 0.30, -0.38, height),
        _nameplate(x + 0.25, -0.07, height + (hall.ledge_m + 0.03 if hall.ledge_m else 0.0)),
    ]
    return join(parts)


def _turned(degrees: float) -> NDArray[np.float64]:
    angle = np.radians(degrees)
    return np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1.0]])


def _screen(hall: Hall, x: float, y: float, degrees: float) -> Solid:
    """A monitor turned to the clerk, who sits at lower y."""
    frame = hall.screen
    lit = np.array(
        [(-0.235, -0.016, 0.135), (0.235, -0.016, 0.135), (0.235, -0.016, 0.40), (-0.235, -0.016, 0.40)]
    )
    parts = [
        box((-0.25, -0.014, 0.12), (0.25, 0.02, 0.42), frame),
        box((-0.03, 0.01, 0.0), (0.03, 0.04, 0.25), frame),
        box((-0.11, -0.06, 0.0), (0.11, 0.10, 0.012), frame),
        quad(lit, (0.62, 0.72, 0.84), Surface.GLOWING_TEXT),
    ]
    return join(parts).moved(_turned(degrees), np.array([x, y, hall.desk_m]))


def _keyboard(x: float, y: float, height: float) -> Solid:
    grey = (0.20, 0.20, 0.21)
    rows = [box((x - 0.215, y - 0.07, height), (x + 0.215, y + 0.07, height + 0.018), grey)]
    for row in range(4):
        low = y - 0.058 + row * 0.03
        rows.append(
            box(
                (x - 0.205, low, height + 0.018), (x + 0.205, low + 0.022, height + 0.024), (0.30, 0.30, 0.31)
            )
        )
    mouse = cushion(
        (x + 0.29, y - 0.05, height), (x + 0.35, y + 0.05, height + 0.032), (0.16, 0.16, 0.17), 0.0
    )
    return join([*rows, mouse])


def _printer(x: float, y: float, height: float, random: np.random.Generator) -> Solid:
    shade = float(random.choice([0.18, 0.82]))
    colour = (shade, shade, shade * 1.02)
    return join(
        [
            box((x - 0.20, y - 0.18, height), (x + 0.20, y + 0.16, height + 0.20), colour),
            box((x - 0.15, y - 0.28, height + 0.05), (x + 0.15, y - 0.18, height + 0.06), colour),
            box((x - 0.105, y - 0.27, height + 0.061), (x + 0.105, y - 0.15, height + 0.064), PAPER),
            box((x - 0.12, y - 0.19, height + 0.14), (x + 0.02, y - 0.178, height + 0.18), DARK),
        ]
    )


def _tray(x: float, y: float, height: float, colour: Colour) -> Solid:
    sheet = np.array(
        [(-0.105, -0.15, 0.031), (0.105, -0.15, 0.031), (0.105, 0.15, 0.031), (-0.105, 0.15, 0.031)]
    )
    parts = [box((-0.11, -0.155, 0.0), (0.11, 0.155, 0.03), colour), quad(sheet, PAPER, Surface.TEXT)]
    return join(parts).moved(_turned(8.0), np.array([x, y - 0.08, height]))


def _pens(x: float, y: float, height: float) -> Solid:
    cup = tube(0.035, 0.038, 0.10, (0.30, 0.32, 0.36), closed=False)
    sticks = [
        tube(0.004, 0.004, 0.16, colour, 6).moved(np.eye(3), np.array([dx, dy, 0.01]))
        for colour, dx, dy in (
            ((0.1, 0.2, 0.6), 0.012, 0.0),
            ((0.7, 0.1, 0.1), -0.01, 0.012),
            (DARK, 0.0, -0.015),
        )
    ]
    return join([cup, *sticks]).moved(np.eye(3), np.array([x, y, height]))


def _nameplate(x: float, y: float, height: float) -> Solid:
    return box(
        (x - 0.11, y - 0.02, height), (x + 0.11, y + 0.02, height + 0.08), (0.16, 0.32, 0.60), Surface.PLAIN
    )


def build_chair(hall: Hall) -> Solid:
    """An office chair about the origin, facing +y: pad, back, arms, pole and star foot."""
    seat, colour = hall.seat_m, hall.chair
    parts = [
        cushion((-0.24, -0.22, seat - 0.07), (0.24, 0.24, seat - 0.005), colour, 0.01),
        tube(0.025, 0.025, seat - 0.16, DARK, 8).moved(np.eye(3), np.array([0.0, 0.0, 0.09])),
    ]
    for angle in range(0, 360, 72):
        leg = box((0.0, -0.02, 0.05), (0.29, 0.02, 0.09), DARK)
        parts.append(leg.moved(_turned(float(angle) + 18), np.zeros(3)))
        wheel = box((0.25, -0.025, 0.0), (0.30, 0.025, 0.05), DARK)
        parts.append(wheel.moved(_turned(float(angle) + 18), np.zeros(3)))
    return join(parts)


def build_chair_back(hall: Hall) -> Solid:
    """The chair's back about its hinge at the seat's rear edge (the origin), leaning with the clerk."""
    return join(
        [
            cushion((-0.22, -0.045, 0.14), (0.22, 0.025, 0.60), hall.chair, 0.01),
            box((-0.03, -0.05, -0.06), (0.03, -0.03, 0.30), DARK),
        ]
    )
