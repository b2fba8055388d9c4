"""The big set: scripts made by a seed, whose parts share no figure, no hall and no camera position.

A figure, a hall or a camera seed belongs to one part only, so that what is learnt from one part meets
strangers in strange places in the other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from datasets.script import Script, Someone, Walking

ABSENT_S = 215.0
WORK = (
    "type",
    "mouse",
    "write",
    "talk",
    "read_papers",
    "hold_paper",
    "hand_over",
    "stamp",
    "wait",
    "printer",
)
NEAR = (
    "touch_ear",
    "drink",
    "wipe_nose",
    "pen_at_lips",
    "write_low",
    "one_arm_folded",
    "hold_paper",
    "printer",
)
BEHAVIOURS = (
    "arms_crossed",
    "phone_call",
    "phone_screen",
    "lean_back",
    "smoke",
    "queue",
    "work",
    "absence",
    "slumped",
    "chin_in_hand",
    "hands_on_hips",
    "lean_on_counter",
    "read",
    "point",
    "crossing",
    "phone_call",
    "arms_crossed",
    "phone_screen",
    "smoke",
    "lean_back",
    "queue",
)
"""The order in which clips are made; those that the project must be best at come more than once."""
SECONDS = MappingProxyType(
    {"point": (4.0, 6.0), "read": (32.0, 36.0), "slumped": (18.0, 24.0), "smoke": (20.0, 28.0)}
)
"""How long a behaviour lasts, where 14–20 s do not do."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one part of the set has for itself: halls, and ranges of figure and camera seeds; its share."""

    halls: tuple[str, ...]
    first_seed: int
    share: float


SPLITS = MappingProxyType(
    {
        "train": Part(("willow", "granite", "bamboo"), 1000, 0.5),
        "validate": Part(("lotus",), 2000, 0.2),
        "test": Part(("harbour", "plum"), 3000, 0.3),
    }
)
CAMERA_KINDS = ("corner", "frontal", "corner_left", "frontal_left", "corner", "side")


def plan(part: str, minutes: float) -> list[Script]:
    """The scripts of one part of a set of `minutes` in all; the same every time."""
    own = SPLITS[part]
    wanted = minutes * 60 * own.share
    scripts: list[Script] = []
    total = 0.0
    for script in _endless(part, own):
        if total >= wanted and len(scripts) >= len(set(BEHAVIOURS)):
            return scripts
        scripts.append(script)
        total += script.duration_s
    return scripts


def _endless(part: str, own: Part) -> Iterator[Script]:
    number = 0
    while True:
        random = np.random.default_rng([own.first_seed, number])
        theme = BEHAVIOURS[number % len(BEHAVIOURS)]
        seed = own.first_seed + number
        hall = own.halls[number % len(own.halls)]
        if theme in ("queue", "crossing"):
            yield _queue(f"{part}-{number:03d}-{theme}", hall, seed, random, lasting=theme == "queue")
        else:
            yield _clerk(f"{part}-{number:03d}-{theme}", hall, seed, random, theme)
        number += 1


def _clerk(name: str, hall: str, seed: int, random: np.random.Generator, theme: str) -> Script:
    """Work, the theme, work, a near miss, work."""
    before = float(random.uniform(6, 10))
    low, high = SECONDS.get(theme, (14.0, 20.0))
    lasts = ABSENT_S if theme == "absence" else float(random.uniform(low, high))
    works = [str(work) for work in random.choice(WORK, 4)]
    does: dict[float, object] = {0.0: works[0]}
    side = "left" if random.random() < 0.5 else "right"
    if theme == "absence":
        does |= {before: {"leave": side}, before + lasts: {"back": side}}
    elif theme != "work":
        does[before] = theme
    clock = before + lasts + (9.0 if theme == "absence" else 0.0)
    does[clock] = works[1]
    near = float(random.uniform(4, 7))
    does[clock + near] = str(random.choice(NEAR))
    end = clock + near + float(random.uniform(7, 11))
    does[end] = works[2]
    clerk = Someone(figure=seed, does=does)  # type: ignore[arg-type]
    people = {"clerk": clerk}
    if random.random() < 0.35 and theme != "absence":
        people["customer"] = _customer(seed, random)
    camera = CAMERA_KINDS[int(random.integers(len(CAMERA_KINDS)))]
    return Script(
        name=name, hall=hall, camera=camera, seed=seed, duration_s=round(end + 5.0, 1), people=people
    )


def _customer(seed: int, random: np.random.Generator) -> Someone:
    """Somebody who is served; sometimes leans over the counter."""
    acts = ["at_counter", "stand", "stand_paper", "lean_over"]
    does: dict[float, object] = {
        0.0: "at_counter",
        float(random.uniform(8, 16)): acts[int(random.integers(4))],
    }
    does[float(random.uniform(20, 28))] = "at_counter"
    return Someone(side="public", figure=seed + 500, start=(0.35, 0.36), does=does)  # type: ignore[arg-type]


def _queue(name: str, hall: str, seed: int, random: np.random.Generator, lasting: bool) -> Script:
    """One is served; a second comes over the line and stays, or only passes; others wait behind it."""
    come = float(random.uniform(9, 13))
    stay = float(random.uniform(18, 26))
    first = Someone(
        side="public",
        figure=seed + 500,
        start=(float(random.uniform(-1, 1)), 4.6),
        does={0.0: Walking(walk=((0.1, 2.2), (0.08, 0.4)), facing="counter"), 5.5: "at_counter"},
    )
    line = float(random.uniform(1.2, 1.5))
    x = float(random.choice([-0.65, 0.75]))
    inside = ((x, 0.6),) if lasting else ((x, 0.84), (-2.2 * x, 0.86), (-3 * x, 2.6))
    second_does: dict[float, object] = {
        0.0: Walking(walk=((x, line),), facing="counter"),
        come - 3.0: "stand_phone" if random.random() < 0.5 else "stand",
        come: Walking(walk=inside, facing="counter" if lasting else "onwards"),
        come + 4.0: "stand",
    }
    if lasting:
        second_does[come + stay] = Walking(walk=((x, 1.5), (x * 3, 4.5)))
    third = Someone(
        side="public",
        figure=seed + 502,
        start=(float(random.uniform(-1.5, 1.5)), 2.3),
        does={0.0: "stand_paper", come + 6.0: "stand"},
    )
    people = {
        "clerk": Someone(figure=seed, does={0.0: "talk", 8.0: "type", 16.0: "hand_over", 24.0: "type"}),
        "first": first,
        "second": Someone(side="public", figure=seed + 501, start=(x * 2, 3.8), does=second_does),  # type: ignore[arg-type]
        "third": third,
    }
    camera = "queue" if random.random() < 0.5 else "queue_left"
    length = round(come + stay + 7.0, 1)
    return Script(name=name, hall=hall, camera=camera, seed=seed, duration_s=length, people=people)
