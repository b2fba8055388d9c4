"""The big set: scripts made by a seed, whose parts share no figure, no hall and no camera position.

A figure, a hall or a camera seed belongs to one part only, so that what is learnt from one part meets
strangers in strange places in the other. Each round has every behaviour at least once, long enough to be
flagged; besides, episodes too short for the rule and near misses of every kind, which must stay silent.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from datasets.script import Doing, Leaving, Returning, Script, Someone, Walking

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
CONDUCT = (
    *("arms_crossed", "phone_call", "phone_screen", "lean_back", "lean_on_counter", "smoke", "slumped"),
    *("chin_in_hand", "hands_on_hips", "read", "point", "stand_crossed", "stand_hips", "phone_screen"),
)
"""What a clerk does wrong at the post; two of them a clip. Even in number."""

LASTS_S = MappingProxyType(
    {"point": (4.0, 6.0), "read": (32.0, 36.0), "slumped": (18.0, 24.0), "smoke": (22.0, 28.0)}
)
"""How long a behaviour lasts, where 14–20 s do not do."""

TOO_SHORT_S = MappingProxyType(
    {
        "arms_crossed": 2.5,
        "hands_on_hips": 2.5,
        "phone_call": 4.0,
        "phone_screen": 4.0,
        "chin_in_hand": 4.0,
        "lean_back": 4.5,
        "slumped": 5.0,
        "read": 9.0,
    }
)
"""Conduct that is over before its rule's time: nothing may be flagged."""

FPS = 5.0
SLOW_FPS = 2.0
"""Where little moves, or for long."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one part of the set has for itself: halls, a range of figure and camera seeds; its rounds."""

    halls: tuple[str, ...]
    first_seed: int
    rounds: int


SPLITS = MappingProxyType(
    {
        "train": Part(("willow", "granite", "bamboo"), 1000, 2),
        "validate": Part(("lotus",), 2000, 2),
        "test": Part(("harbour", "plum"), 3000, 4),
    }
)
CAMERA_KINDS = ("corner", "frontal", "corner_left", "frontal_left", "side")
QUEUE_KINDS = ("queue", "queue_left", "queue_wide", "queue_tele")


def plan(part: str, rounds: int | None = None) -> list[Script]:
    """The scripts of one part; the same every time. `rounds` makes it shorter or longer than it is."""
    own = SPLITS[part]
    scripts: list[Script] = []
    for number in range(own.rounds if rounds is None else rounds):
        scripts += _Round(part, own, number, first=len(scripts)).scripts()
    return scripts


@dataclass(slots=True)
class _Round:
    """One round of a part; `first` is the number of its first clip."""

    part: str
    own: Part
    number: int
    first: int

    def scripts(self) -> Iterator[Script]:
        random = np.random.default_rng([self.own.first_seed, self.number, 7])
        acts = [str(act) for act in random.permutation(CONDUCT)]
        themes: list[tuple[str, tuple[str, ...]]] = [
            ("conduct", (acts[at], acts[at + 1])) for at in range(0, len(acts), 2)
        ]
        themes += [(name, ()) for name in ("work", "absence", "empty_post", "gathering")]
        themes += [(name, ()) for name in ("queue", "crossing", "queue", "crossing")]
        for at, (theme, two) in enumerate(themes):
            yield self._clip(self.first + at, theme, two)

    def _clip(self, number: int, theme: str, acts: tuple[str, ...]) -> Script:
        random = np.random.default_rng([self.own.first_seed, number])
        made = {
            "conduct": lambda: _conduct(number, random, acts),
            "work": lambda: _work(random),
            "absence": lambda: _absence(random),
            "empty_post": lambda: _empty_post(random),
            "gathering": lambda: _gathering(random),
            "queue": lambda: _queue(number, random, lasting=True),
            "crossing": lambda: _queue(number, random, lasting=False),
        }[theme]()
        seed = self.own.first_seed + 10 * number
        people = {
            name: someone.model_copy(update={"figure": seed + offset + (500 if _public(someone) else 0)})
            for offset, (name, someone) in enumerate(made.people.items())
        }
        return Script(
            name="-".join([f"{self.part}-{number:03d}", *(acts or (theme,))]),
            hall=self.own.halls[number % len(self.own.halls)],
            camera=made.camera,
            seed=seed,
            duration_s=round(made.duration_s, 1),
            fps=made.fps,
            people=people,
        )


@dataclass(frozen=True, slots=True)
class _Made:
    """A script before it has its place and looks."""

    camera: str
    duration_s: float
    people: dict[str, Someone]
    fps: float = FPS


def _public(someone: Someone) -> bool:
    return someone.side == "public"


def _conduct(number: int, random: np.random.Generator, acts: tuple[str, ...]) -> _Made:
    """Work, conduct, work, what must stay silent, work, conduct, work."""
    does: dict[float, Doing] = {0.0: _one(random, WORK)}
    clock = float(random.uniform(7, 10))
    for act in acts:
        does[clock] = act
        low, high = LASTS_S.get(act, (14.0, 20.0))
        clock += float(random.uniform(low, high))
        does[clock] = _one(random, WORK)
        clock += float(random.uniform(6, 8)) + (2.0 if act.startswith("stand") else 0.0)
        if act == acts[0]:
            clock = _silent(does, clock, random)
    people = {"clerk": Someone(does=does)}
    if random.random() < 0.35:
        people["customer"] = _customer(random)
    return _Made(CAMERA_KINDS[number % len(CAMERA_KINDS)], clock, people)


def _silent(does: dict[float, Doing], clock: float, random: np.random.Generator) -> float:
    """Add a near miss or an episode too short, and work after it; the moment after that."""
    if random.random() < 0.6:
        does[clock] = _one(random, NEAR)
        clock += float(random.uniform(6, 10))
    else:
        act = _one(random, tuple(TOO_SHORT_S))
        does[clock] = act
        clock += TOO_SHORT_S[act]
    does[clock] = _one(random, WORK)
    return clock + float(random.uniform(6, 8))


def _one(random: np.random.Generator, names: tuple[str, ...]) -> str:
    return names[int(random.integers(len(names)))]


def _work(random: np.random.Generator) -> _Made:
    """Nothing but work and what merely looks like conduct, with a customer."""
    does: dict[float, Doing] = {0.0: "type"}
    clock = 6.0
    for act in random.permutation(NEAR):
        does[clock] = str(act)
        clock += float(random.uniform(6, 9))
        does[clock] = _one(random, WORK)
        clock += float(random.uniform(4, 6))
    people = {"clerk": Someone(does=does), "customer": _customer(random)}
    return _Made(_one(random, CAMERA_KINDS), clock, people)


def _absence(random: np.random.Generator) -> _Made:
    """Away for less than the limit, back, and away for longer."""
    side = "left" if random.random() < 0.5 else "right"
    leave, back = Leaving(leave=side), Returning(back=side)  # type: ignore[arg-type]
    short, long = float(random.uniform(60, 150)), float(random.uniform(192, 215))
    does: dict[float, Doing] = {0.0: _one(random, WORK), 10.0: leave, 10.0 + short: back}
    clock = 10.0 + short + 9.0
    does[clock] = _one(random, WORK)
    does |= {clock + 15.0: leave, clock + 15.0 + long: back}
    clock += 15.0 + long + 9.0
    does[clock] = "type"
    people = {"clerk": Someone(does=does)}
    return _Made(_one(random, CAMERA_KINDS), clock + 8.0, people, SLOW_FPS)


def _empty_post(random: np.random.Generator) -> _Made:
    """Away for more than a quarter of an hour."""
    side = "left" if random.random() < 0.5 else "right"
    away = float(random.uniform(925, 960))
    does: dict[float, Doing] = {
        0.0: _one(random, WORK),
        12.0: Leaving(leave=side),  # type: ignore[arg-type]
        12.0 + away: Returning(back=side),  # type: ignore[arg-type]
        21.0 + away: "type",
    }
    return _Made(_one(random, CAMERA_KINDS), 30.0 + away, {"clerk": Someone(does=does)}, SLOW_FPS)


def _gathering(random: np.random.Generator) -> _Made:
    """Three leave their posts and stand together behind one of them."""
    x, y = float(random.uniform(-0.1, 0.2)), float(random.uniform(-1.85, -1.65))
    stay = float(random.uniform(76, 84))
    second = Walking(walk=((1.1, -1.15), (x + 0.5, y)), facing="hall")
    third = Walking(walk=((-1.1, -1.15), (x - 0.5, y - 0.05)), facing="hall")
    people = {
        "clerk": Someone(does={0.0: "type", 14.0: "stand", 14.0 + stay: "talk"}),
        "second": Someone(window=2, does={0.0: "type", 6.0: second, 11.0: "stand"}),
        "third": Someone(window=3, does={0.0: "type", 8.0: third, 13.0: "stand"}),
    }
    camera = _one(random, ("corner", "frontal", "corner_left"))
    return _Made(camera, 14.0 + stay, people, SLOW_FPS)


def _customer(random: np.random.Generator) -> Someone:
    """Somebody who is served; sometimes leans over the counter."""
    does: dict[float, Doing] = {
        0.0: "at_counter",
        float(random.uniform(8, 16)): _one(random, ("at_counter", "stand", "stand_paper", "lean_over")),
        float(random.uniform(20, 28)): "at_counter",
    }
    return Someone(side="public", start=(0.35, 0.36), does=does)


def _queue(number: int, random: np.random.Generator, lasting: bool) -> _Made:
    """One is served; a second comes over the line and stays, or only passes; another waits behind it."""
    come = float(random.uniform(9, 13))
    stay = float(random.uniform(18, 26))
    near = Walking(walk=((0.1, 2.2), (0.08, 0.4)), facing="counter")
    first = Someone(
        side="public", start=(float(random.uniform(-1, 1)), 4.6), does={0.0: near, 5.5: "at_counter"}
    )
    line = float(random.uniform(1.2, 1.5))
    x = float(random.choice([-0.65, 0.75]))
    inside = ((x, 0.6),) if lasting else ((x, 0.84), (-2.2 * x, 0.86), (-3 * x, 2.6))
    second_does: dict[float, Doing] = {
        0.0: Walking(walk=((x, line),), facing="counter"),
        come - 3.0: "stand_phone" if random.random() < 0.5 else "stand",
        come: Walking(walk=inside, facing="counter" if lasting else "onwards"),
        come + 4.0: "stand",
    }
    if lasting:
        second_does[come + stay] = Walking(walk=((x, 1.5), (x * 3, 4.5)))
    second = Someone(side="public", start=(x * 2, 3.8), does=second_does)
    third = Someone(
        side="public",
        start=(float(random.uniform(-1.5, 1.5)), 2.3),
        does={0.0: "stand_paper", come + 6.0: "stand"},
    )
    clerk = Someone(does={0.0: "talk", 8.0: "type", 16.0: "hand_over", 24.0: "type"})
    people = {"clerk": clerk, "first": first, "second": second, "third": third}
    return _Made(QUEUE_KINDS[number % len(QUEUE_KINDS)], come + stay + 7.0, people)
