"""What people on their feet do: the public that waits or is served, and clerks who have stood up."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from datasets import stations as at
from datasets.poses import PINCH, RELAXED, Goals, Hand, HandGoal
from datasets.repertoire import Activity, Beat, arms, both, glance
from datasets.stances import standing
from datasets.stations import Station

Random = np.random.Generator


def _shifted(goals: Goals, random: Random) -> Goals:
    """Weight on one leg or the other."""
    to = float(random.choice([-1.0, 0.0, 1.0])) * 0.025
    x, y, z = goals.hips
    return replace(
        goals, hips=(x + to, y - abs(to) * 0.3, z), spine=(goals.spine[0], goals.spine[1], -to * 60)
    )


def _stand(station: Station, random: Random, main: Hand) -> Iterator[Beat]:
    while True:
        goals = _shifted(standing(station, *both(station, at.hanging(station), at.hanging(station))), random)
        look = glance(goals, float(random.normal(2, 4)), float(random.normal(0, 14)))
        yield Beat(look, 1.2, float(random.uniform(2, 5)))


def _before_chest(station: Station, low: float, x: float = -0.06) -> HandGoal:
    """The right hand with something to read, for somebody who stands."""
    held = at.phone_before(station)
    chest = station.landmark("chest")
    return replace(held, at=(x, float(chest[1]) - low, float(chest[2]) + 0.20))


def _stand_phone(station: Station, random: Random, main: Hand) -> Iterator[Beat]:
    while True:
        goals = standing(station, *arms(main, _before_chest(station, 0.02), at.hanging(station)))
        look = glance(_shifted(goals, random), 28, 0.0)
        yield Beat(look, 1.1, float(random.uniform(2, 5)), {main: "phone"}, "thumb")


def _stand_paper(station: Station, random: Random, main: Hand) -> Iterator[Beat]:
    while True:
        sheet = replace(
            _before_chest(station, 0.16, -0.08),
            fingers=(0.3, 0.35, 0.85),
            palm=(0.7, -0.2, -0.3),
            curls=PINCH,
        )
        goals = standing(station, *arms(main, replace(sheet, grip=at.KNUCKLES), at.hanging(station)))
        look = glance(_shifted(goals, random), 20, 0.0)
        yield Beat(look, 1.1, float(random.uniform(2, 5)), {main: "paper"})


def _counter_hand(station: Station, x: float) -> HandGoal:
    return HandGoal(
        at=(x, station.desk_m + 0.035, station.edge_m + 0.10),
        fingers=(0.25, -0.15, 1.0),
        palm=(0.0, -1.0, -0.1),
        elbow=(-0.7, -1.0, -0.4),
        grip=at.KNUCKLES,
        curls=RELAXED,
    )


def _at_counter(station: Station, random: Random, main: Hand) -> Iterator[Beat]:
    """Is served: a hand or two on the counter, now and then a gesture."""
    while True:
        idle = _counter_hand(station, -0.14) if random.random() < 0.6 else at.hanging(station)
        busy = _counter_hand(station, -0.18 + float(random.normal(0, 0.03)))
        if random.random() < 0.3:
            busy = replace(
                busy, at=(-0.16, station.desk_m + 0.22, station.edge_m + 0.05), palm=(0.4, 0.8, 0.0)
            )
        goals = standing(station, *arms(main, busy, idle), (6.0, 0.0, 0.0))
        yield Beat(
            glance(_shifted(goals, random), 12, float(random.normal(0, 6))),
            1.0,
            float(random.uniform(1.5, 4)),
        )


def _lean_over(station: Station, random: Random, main: Hand) -> Iterator[Beat]:
    """Leans far over the counter to see."""
    while True:
        hands = both(
            station,
            replace(_counter_hand(station, -0.2), at=(-0.22, station.desk_m + 0.035, station.edge_m + 0.3)),
            _counter_hand(station, -0.2),
        )
        goals = standing(station, *hands, (24.0, 0.0, float(random.normal(0, 3))))
        goals = replace(goals, hips=(0.0, goals.hips[1] - 0.03, 0.02), pelvis=(8.0, 0.0, 0.0))
        yield Beat(glance(goals, 0.0, float(random.normal(0, 8))), 1.2, float(random.uniform(2, 4)))


def _carry(station: Station, random: Random, main: Hand) -> Iterator[Beat]:
    """Both hands before the belly round a bag."""
    chest = station.landmark("chest")
    around = HandGoal(
        at=(-0.125, float(chest[1]) - 0.16, float(chest[2]) + 0.15),
        fingers=(0.25, -0.1, 1.0),
        palm=(1.0, 0.25, -0.1),
        elbow=(-0.6, -1.0, -0.3),
        bone="spine01",
        grip=at.KNUCKLES,
        curls=(0.1, 0.35, 0.35, 0.35, 0.35),
    )
    while True:
        goals = standing(station, *both(station, around, around), (-3.0, 0.0, 0.0))
        yield Beat(_shifted(goals, random), 1.1, float(random.uniform(2, 5)), {"L": "bag", "R": "bag"})


def _stand_crossed(station: Station, random: Random, main: Hand) -> Iterator[Beat]:
    while True:
        goals = standing(
            station, *arms(main, at.crossed_over(station), at.crossed_under(station)), (-2.0, 0.0, 0.0)
        )
        look = glance(_shifted(goals, random), 0.0, float(random.normal(0, 12)))
        yield Beat(look, 1.1, float(random.uniform(2.5, 5)))


def _stand_hips(station: Station, random: Random, main: Hand) -> Iterator[Beat]:
    while True:
        goals = standing(station, *both(station, at.on_hip(station), at.on_hip(station)), (-2.0, 0.0, 0.0))
        look = glance(_shifted(goals, random), 0.0, float(random.normal(0, 12)))
        yield Beat(look, 1.1, float(random.uniform(2.5, 5)))


def _stand_over_desk(station: Station, random: Random, main: Hand) -> Iterator[Beat]:
    """A clerk on their feet hands something over."""
    while True:
        far = replace(at.giving(station, -0.05), at=(-0.05, station.desk_m + 0.2, station.edge_m + 0.45))
        goals = standing(station, *arms(main, far, at.on_desk(station, -0.15, 0.08)), (24.0, 0.0, 0.0))
        yield Beat(glance(goals, -6, 0.0), 1.0, 1.4, {main: "paper"})
        back = standing(station, *both(station, at.hanging(station), at.hanging(station)))
        yield Beat(glance(back, 10, 0.0), 1.0, float(random.uniform(1.5, 3)))


ON_FOOT = {
    activity.name: activity
    for activity in (
        Activity("stand", _stand),
        Activity("stand_phone", _stand_phone, props=("phone",)),
        Activity("stand_paper", _stand_paper, props=("paper",)),
        Activity("at_counter", _at_counter),
        Activity("lean_over", _lean_over, like="leaning"),
        Activity("carry", _carry, props=("bag",)),
        Activity("stand_crossed", _stand_crossed, "arms_crossed"),
        Activity("stand_hips", _stand_hips, "hands_on_hips"),
        Activity("stand_over_desk", _stand_over_desk, like="leaning", props=("paper",)),
    )
}
"""By name; only a clerk's count as behaviours."""
