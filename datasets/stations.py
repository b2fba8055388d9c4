"""A clerk's place as the clerk's own body meets it, and the ways hands go there.

Coordinates are the figure's: x to its left, y up, z forward from the seat. Hands are described for the right
hand and mirrored for the left.
"""

from dataclasses import dataclass, replace

import numpy as np

from datasets.figures import Figure
from datasets.poses import (
    AROUND_CUP,
    AROUND_PHONE,
    CIGARETTE,
    OPEN,
    PINCH,
    POINTING,
    RELAXED,
    TYPING,
    Curls,
    HandGoal,
    held_flat,
)
from datasets.skeleton import Vector, unit

Triple = tuple[float, float, float]

KNUCKLES: Triple = (0.085, 0.0, 0.0)
PALM: Triple = (0.07, 0.0, 0.018)
FINGERTIPS: Triple = (0.145, 0.0, 0.02)
PHONE_GRIP: Triple = (0.088, 0.008, 0.026)
CUP_GRIP: Triple = (0.075, 0.01, 0.045)
CIGARETTE_GRIP: Triple = (0.128, 0.018, 0.008)
PEN_GRIP: Triple = (0.105, 0.02, 0.035)


def triple(vector: Vector) -> Triple:
    """Three plain numbers."""
    return float(vector[0]), float(vector[1]), float(vector[2])


@dataclass(frozen=True, slots=True, eq=False)
class Station:
    """Where a clerk works: `desk_m` and `seat_m` heights, `edge_m` how far ahead the desk begins."""

    figure: Figure
    desk_m: float
    edge_m: float
    seat_m: float

    def landmark(self, name: str) -> Vector:
        """A point on the body at rest."""
        return self.figure.landmarks[name][1]

    @property
    def hip_y(self) -> float:
        """How high the hip joints are when sitting."""
        return self.seat_m + 0.085

    def stands_at(self) -> float:
        """How high the hip joints are when standing, knees a touch bent."""
        return float(self.figure.skeleton.head("upperleg01.L")[1]) * 0.985


def on_desk(station: Station, x: float, ahead: float, curls: Curls = RELAXED, lift: float = 0.0) -> HandGoal:
    """The right hand lying on the desk, `x` to the left of the middle, `ahead` of the desk's edge."""
    return HandGoal(
        at=(x, station.desk_m + 0.045 + lift, station.edge_m + ahead),
        fingers=(0.25, -0.22, 1.0),
        palm=(0.05, -1.0, -0.15),
        elbow=(-0.65, -1.0, -0.35),
        grip=KNUCKLES,
        curls=curls,
    )


def typing(station: Station, random: np.random.Generator) -> HandGoal:
    """The right hand over its half of the keyboard."""
    goal = on_desk(station, -0.085 + float(random.normal(0, 0.012)), 0.15, TYPING, 0.022)
    return replace(goal, fingers=(0.30, -0.12, 1.0))


def on_mouse(station: Station) -> HandGoal:
    """The right hand on the mouse."""
    return replace(
        on_desk(station, -0.31, 0.15, (0.2, 0.22, 0.24, 0.3, 0.35), 0.005), fingers=(0.1, -0.2, 1.0)
    )


def writing(station: Station, x: float = -0.04) -> HandGoal:
    """The right hand with a pen over a paper."""
    return HandGoal(
        at=(x, station.desk_m + 0.055, station.edge_m + 0.12),
        fingers=(0.75, -0.35, 0.75),
        palm=(0.62, -0.75, -0.30),
        elbow=(-0.8, -1.0, -0.2),
        grip=KNUCKLES,
        curls=PINCH,
    )


def in_lap(x: float = -0.07) -> HandGoal:
    """The right hand lying on the thighs."""
    return HandGoal(
        at=(x, 0.0, 0.0),
        fingers=(0.55, -0.25, 0.8),
        palm=(0.1, -1.0, -0.2),
        elbow=(-0.30, -0.7, -0.8),
        grip=KNUCKLES,
        curls=RELAXED,
    )


def resting_on_thigh(station: Station, x: float = -0.09, ahead: float = 0.20) -> HandGoal:
    """The right hand on the right thigh of somebody who sits."""
    return replace(in_lap(), at=(x, station.hip_y + 0.115, ahead))


def hanging(station: Station, swing: float = 0.0, curls: Curls = RELAXED) -> HandGoal:
    """The right arm hanging at the side of somebody who stands; `swing` metres ahead."""
    hips = station.figure.skeleton.head("upperleg01.R")
    side = float(station.landmark("waist.side")[0])
    return HandGoal(
        at=(-side - 0.085, float(hips[1]) - 0.02 + abs(swing) * 0.25, float(hips[2]) + 0.03 + swing),
        fingers=(0.06, -1.0, 0.16 + swing * 1.6),
        palm=(1.0, 0.0, -0.25),
        elbow=(-0.35, -0.1, -1.0),
        bone="root",
        grip=KNUCKLES,
        curls=curls,
    )


def phone_at_ear(station: Station) -> HandGoal:
    """The phone lies along the right cheek, its upper end at the ear."""
    ear, mouth = station.landmark("ear.R"), station.landmark("mouth")
    low = mouth + np.array([-0.052, -0.012, -0.030])
    up = unit(ear + np.array([0.0, 0.045, -0.012]) - low)
    face = np.array([0.96, 0.12, -0.22])
    centre = ear - up * 0.042 + np.array([-0.022, 0.004, -0.004])
    fingers, palm = held_flat("R", up, face)
    return HandGoal(
        at=triple(centre),
        fingers=triple(fingers),
        palm=triple(palm),
        elbow=(-0.75, -1.0, 0.25),
        bone="head",
        grip=PHONE_GRIP,
        curls=AROUND_PHONE,
    )


def hand_at_ear(station: Station) -> HandGoal:
    """Fingertips touch the right ear: it itches."""
    ear = station.landmark("ear.R")
    return HandGoal(
        at=triple(ear + np.array([-0.020, 0.012, -0.008])),
        fingers=(0.45, 0.85, -0.25),
        palm=(0.85, -0.35, -0.20),
        elbow=(-0.9, -0.7, 0.2),
        bone="head",
        grip=FINGERTIPS,
        curls=(0.3, 0.2, 0.35, 0.5, 0.55),
    )


def phone_before(station: Station, low: float = 0.0, x: float = -0.05) -> HandGoal:
    """A phone held before the chest, screen to the eyes; `low` metres below the usual height."""
    at = np.array([x, station.desk_m + 0.21 - low, station.edge_m + 0.015])
    eyes = np.array([0.0, station.hip_y + 0.60, 0.12])
    face = unit(eyes - at)
    up = unit(np.array([0.0, 1.0, 0.0]) - face * face[1])
    fingers, palm = held_flat("R", up, face)
    return HandGoal(
        at=triple(at),
        fingers=triple(fingers),
        palm=triple(palm),
        elbow=(-0.45, -1.0, -0.25),
        grip=PHONE_GRIP,
        curls=AROUND_PHONE,
    )


def tapping(station: Station, low: float = 0.0) -> HandGoal:
    """The right hand's forefinger at a screen that the left hand holds."""
    held = phone_before(station, low, 0.03)
    return HandGoal(
        at=(held.at[0] - 0.01, held.at[1] + 0.0, held.at[2] - 0.022),
        fingers=(0.55, 0.25, 0.75),
        palm=(0.35, -0.65, 0.45),
        elbow=(-0.7, -1.0, -0.1),
        grip=(0.16, 0.03, 0.02),
        curls=(0.4, 0.12, 0.7, 0.8, 0.85),
    )


def at_mouth(station: Station, grip: Triple = CIGARETTE_GRIP, curls: Curls = CIGARETTE) -> HandGoal:
    """The right hand at the lips, palm to the face, fingers up and inwards: a cigarette's way."""
    mouth = station.landmark("mouth")
    return HandGoal(
        at=triple(mouth + np.array([-0.012, -0.004, 0.022])),
        fingers=(0.70, 0.66, 0.28),
        palm=(0.30, -0.05, -0.95),
        elbow=(-0.75, -1.0, 0.15),
        bone="head",
        grip=grip,
        curls=curls,
    )


def cigarette_low(station: Station) -> HandGoal:
    """Between puffs: the forearm on the desk, the cigarette up and away."""
    return HandGoal(
        at=(-0.20, station.desk_m + 0.12, station.edge_m + 0.14),
        fingers=(0.25, 0.45, 0.85),
        palm=(0.75, -0.35, -0.10),
        elbow=(-0.6, -1.0, -0.3),
        grip=KNUCKLES,
        curls=CIGARETTE,
    )


def at_nose(station: Station) -> HandGoal:
    """The right hand wipes the nose."""
    nose = station.landmark("nose")
    return replace(
        at_mouth(station, FINGERTIPS, (0.3, 0.45, 0.5, 0.55, 0.6)),
        at=triple(nose + np.array([-0.012, -0.015, 0.006])),
    )


def drinking(station: Station, tip: float = 0.0) -> HandGoal:
    """A cup or bottle at the lips; `tip` 0 upright … 1 tipped."""
    mouth = station.landmark("mouth")
    return HandGoal(
        at=triple(mouth + np.array([-0.012, -0.045 + 0.02 * tip, 0.055])),
        fingers=(0.92, 0.05 + 0.1 * tip, 0.35),
        palm=(0.35, -0.15 - 0.55 * tip, -0.92),
        elbow=(-0.8, -0.9, 0.25),
        bone="head",
        grip=CUP_GRIP,
        curls=AROUND_CUP,
    )


def holding_cup(station: Station, x: float, ahead: float) -> HandGoal:
    """The hand round a cup that stands on the desk."""
    return HandGoal(
        at=(x, station.desk_m + 0.055, station.edge_m + ahead),
        fingers=(0.45, 0.0, 0.9),
        palm=(0.9, 0.0, -0.45),
        elbow=(-0.7, -1.0, -0.2),
        grip=CUP_GRIP,
        curls=AROUND_CUP,
    )


def picking_up(station: Station, x: float, ahead: float) -> HandGoal:
    """The hand over something flat on the desk."""
    return replace(
        on_desk(station, x, ahead, (0.5, 0.35, 0.38, 0.4, 0.45), 0.01),
        grip=(0.10, 0.0, 0.02),
        elbow=(-0.8, -0.8, -0.2),
    )


def under_chin(station: Station) -> HandGoal:
    """The chin lies in the right hand."""
    chin = station.landmark("chin")
    return HandGoal(
        at=triple(chin + np.array([-0.022, -0.006, -0.012])),
        fingers=(0.20, 0.80, -0.45),
        palm=(0.30, 0.55, -0.75),
        elbow=(-0.35, -1.0, 0.35),
        bone="head",
        grip=(0.075, 0.0, 0.022),
        curls=(0.1, 0.35, 0.4, 0.45, 0.5),
    )


def on_cheek(station: Station) -> HandGoal:
    """The cheek lies on the right hand's half-closed fingers."""
    ear, mouth = station.landmark("ear.R"), station.landmark("mouth")
    return HandGoal(
        at=triple(0.55 * ear + 0.45 * mouth + np.array([-0.026, -0.012, -0.006])),
        fingers=(0.35, 0.90, -0.1),
        palm=(0.92, -0.2, -0.25),
        elbow=(-0.5, -1.0, 0.35),
        bone="head",
        grip=(0.085, 0.0, 0.028),
        curls=(0.2, 0.65, 0.7, 0.75, 0.75),
    )


def on_hip(station: Station) -> HandGoal:
    """The right hand on the hip, elbow out."""
    waist = station.landmark("waist.side")
    return HandGoal(
        at=(-float(waist[0]) - 0.030, float(waist[1]) - 0.02, float(waist[2]) + 0.045),
        fingers=(0.55, -0.45, 0.75),
        palm=(0.90, 0.15, -0.45),
        elbow=(-1.0, 0.05, -0.45),
        bone="spine05",
        grip=PALM,
        curls=(0.0, 0.3, 0.32, 0.36, 0.4),
    )


def crossed_over(station: Station) -> HandGoal:
    """The outer arm of crossed arms: the right hand lies on the left upper arm."""
    chest = station.landmark("chest")
    shoulder = station.figure.skeleton.head("upperarm01.L")
    return HandGoal(
        at=(float(shoulder[0]) * 0.78, float(chest[1]) - 0.015, float(chest[2]) + 0.060),
        fingers=(0.93, 0.30, 0.05),
        palm=(0.20, -0.25, -0.95),
        elbow=(-0.85, -1.0, 0.30),
        bone="spine01",
        grip=PALM,
        curls=(0.1, 0.25, 0.28, 0.3, 0.32),
    )


def crossed_under(station: Station) -> HandGoal:
    """The inner arm: the right hand is tucked between the left arm and the ribs."""
    chest = station.landmark("chest")
    shoulder = station.figure.skeleton.head("upperarm01.L")
    return HandGoal(
        at=(float(shoulder[0]) * 0.40, float(chest[1]) - 0.070, float(chest[2]) + 0.018),
        fingers=(1.0, 0.05, -0.15),
        palm=(-0.05, 0.15, -1.0),
        elbow=(-0.85, -1.0, 0.15),
        bone="spine01",
        grip=PALM,
        curls=(0.15, 0.2, 0.2, 0.22, 0.25),
    )


def one_arm_across(station: Station) -> HandGoal:
    """One arm folded: the right hand holds the hanging left arm's elbow."""
    chest = station.landmark("belly")
    shoulder = station.figure.skeleton.head("upperarm01.L")
    return replace(
        crossed_over(station), at=(float(shoulder[0]) * 0.95, float(chest[1]) + 0.0, float(chest[2]) + 0.05)
    )


def pointing_at(station: Station, x: float, y: float, rise: float = 0.02) -> HandGoal:
    """The right arm straight out, forefinger towards somebody before the counter; `rise`: how steeply."""
    return HandGoal(
        at=(x, y, station.edge_m + 0.50),
        fingers=(x + 0.17, rise, 1.0),
        palm=(0.75, -0.6, 0.0),
        elbow=(-0.7, -0.7, -0.3),
        grip=FINGERTIPS,
        curls=POINTING,
    )


def giving(station: Station, x: float = 0.0, curls: Curls = PINCH) -> HandGoal:
    """The right hand over the counter with a paper for the customer."""
    return HandGoal(
        at=(x - 0.05, station.desk_m + 0.14, station.edge_m + 0.42),
        fingers=(0.2, 0.05, 1.0),
        palm=(0.75, -0.65, 0.0),
        elbow=(-0.6, -1.0, -0.2),
        grip=KNUCKLES,
        curls=curls,
    )


def holding_open(station: Station, x: float, y: float, ahead: float, tilt: float) -> HandGoal:
    """The right hand at the edge of a newspaper or book held open; `tilt` 0 upright … 1 lying."""
    return HandGoal(
        at=(x, y, station.edge_m + ahead),
        fingers=(0.35, 0.75 - 0.4 * tilt, 0.45 + 0.4 * tilt),
        palm=(0.75, 0.1 + 0.4 * tilt, -0.55),
        elbow=(-0.7, -1.0, -0.1),
        grip=KNUCKLES,
        curls=(0.45, 0.5, 0.5, 0.5, 0.5),
    )


def lying(station: Station, x: float, ahead: float) -> HandGoal:
    """The right forearm flat on the desk, across before the body, for a head to lie on."""
    return HandGoal(
        at=(x, station.desk_m + 0.045, station.edge_m + ahead),
        fingers=(0.95, -0.05, 0.25),
        palm=(0.05, -1.0, 0.0),
        elbow=(-1.0, 0.1, 0.5),
        grip=KNUCKLES,
        curls=OPEN,
    )
