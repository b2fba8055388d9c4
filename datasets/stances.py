"""How a clerk sits and how anybody stands, before the hands are told what to do."""

from datasets.poses import Goals, HandGoal
from datasets.stations import Station, Triple


def seated(station: Station, left: HandGoal, right: HandGoal, lean: Triple = (0.0, 0.0, 0.0)) -> Goals:
    """Upright at the desk; `lean` is added to the trunk (pitch, yaw, roll)."""
    hips = (0.0, station.hip_y, 0.0)
    return Goals(
        hips=hips,
        hands=(left, right),
        feet=((0.13, 0.085, 0.36), (-0.13, 0.085, 0.33)),
        pelvis=(-6.0, 0.0, 0.0),
        spine=(13.0 + lean[0], lean[1], lean[2]),
        neck=(4.0 - lean[0] * 0.4, 0.0, 0.0),
        knees=(0.0, 0.35, 1.0),
    )


def standing(station: Station, left: HandGoal, right: HandGoal, lean: Triple = (0.0, 0.0, 0.0)) -> Goals:
    """On both feet, arms as told."""
    return Goals(
        hips=(0.0, station.stands_at(), 0.0),
        hands=(left, right),
        feet=((0.10, 0.085, -0.02), (-0.10, 0.085, 0.02)),
        spine=(2.0 + lean[0], lean[1], lean[2]),
        neck=(3.0, 0.0, 0.0),
        knees=(0.0, 0.1, 1.0),
    )
