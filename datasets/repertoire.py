"""What a clerk can be asked to do: each activity as an endless run of key poses, with what it truly is.

An activity says which behaviour of Article 27 it is, or which one it merely looks like (a near miss).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from datasets import stations as at
from datasets.poses import AROUND_CUP, PINCH, POINTING, RELAXED, Goals, Hand, HandGoal, hand
from datasets.stances import seated
from datasets.stations import Station

Random = np.random.Generator


@dataclass(frozen=True, slots=True, eq=False)
class Beat:
    """One key pose: reached in `move_s`, kept for `stay_s`.

    `held` names the prop in each hand (a two-handed one in both); `fidget` is what the fingers do meanwhile;
    `counts` is whether this moment belongs to the behaviour; `recline_deg` how far the chair's back gives.
    """

    goals: Goals
    move_s: float
    stay_s: float
    held: Mapping[Hand, str] = field(default_factory=dict)
    fidget: str = ""
    counts: bool = True
    recline_deg: float = 0.0


Plan = Callable[[Station, Random, Hand], Iterator[Beat]]


@dataclass(frozen=True, slots=True)
class Activity:
    """`behaviour` (with `variant`) is what it truly is; `like` what a near miss could be mistaken for."""

    name: str
    plan: Plan
    behaviour: str | None = None
    variant: str | None = None
    like: str | None = None
    props: tuple[str, ...] = ()


def other(side: Hand) -> Hand:
    """The other hand."""
    return "L" if side == "R" else "R"


def both(station: Station, right: HandGoal, left: HandGoal) -> tuple[HandGoal, HandGoal]:
    """Left and right goals, both described for a right hand."""
    return hand("L", left), hand("R", right)


def arms(main: Hand, busy: HandGoal, idle: HandGoal) -> tuple[HandGoal, HandGoal]:
    """Left and right goals when `main` does one thing and the other hand another."""
    return (hand("L", busy), hand("R", idle)) if main == "L" else (hand("L", idle), hand("R", busy))


def rest(station: Station, random: Random) -> HandGoal:
    """Where a hand lies that has nothing to do: most often on the desk."""
    if random.random() < 0.75:
        return at.on_desk(
            station, -0.16 + float(random.normal(0, 0.03)), 0.07 + float(random.normal(0, 0.015))
        )
    return at.resting_on_thigh(station)


def glance(goals: Goals, pitch: float, yaw: float, roll: float = 0.0) -> Goals:
    """The same with the head turned further."""
    neck = goals.neck
    return replace(goals, neck=(neck[0] + pitch, neck[1] + yaw, neck[2] + roll))


def _type(station: Station, random: Random, main: Hand) -> Iterator[Beat]:
    screen = -1.0
    while True:
        hands = both(station, at.typing(station, random), at.typing(station, random))
        goals = seated(station, *hands, (float(random.normal(4, 1.5)), 0.0, 0.0))
        yaw = screen * -30 if random.random() < 0.7 else 0.0
        pitch = 4.0 if yaw else 22.0
        yield Beat(glance(goals, pitch, yaw), 0.8, float(random.uniform(1.8, 4.5)), fidget="typing")


def _mouse(station: Station, random: Random, main: Hand) -> Iterator[Beat]:
    while True:
        hands = both(station, at.on_mouse(station), at.on_desk(station, -0.12, 0.08))
        goals = seated(station, *hands, (float(random.normal(3, 1.5)), 0.0, -2.0))
        yield Beat(glance(goals, 4.0, 22.0), 0.8, float(random.uniform(1.5, 3.5)), fidget="mouse")


def _write(station: Station, random: Random, main: Hand, low: float = 0.0) -> Iterator[Beat]:
    while True:
        x = -0.05 + float(random.normal(0, 0.02))
        hands = arms(main, at.writing(station, x), at.on_desk(station, -0.13, 0.10))
        goals = seated(station, *hands, (12.0 + low, 0.0, float(random.normal(0, 2))))
        yield Beat(
            glance(goals, 26 + 0.4 * low, 0.0), 0.8, float(random.uniform(2, 4)), {main: "pen"}, "writing"
        )


def _write_low(station: Station, random: Random, main: Hand) -> Iterator[Beat]:
    return _write(station, random, main, 16.0)


def _talk(station: Station, random: Random, main: Hand) -> Iterator[Beat]:
    """Speaks with the customer, hands now and then in the air."""
    while True:
        idle = rest(station, random)
        moving = at.on_desk(station, -0.15 + float(random.normal(0, 0.03)), 0.10)
        if random.random() < 0.45:
            moving = replace(
                at.giving(station, -0.12, RELAXED),
                at=(-0.16, station.desk_m + 0.16 + float(random.uniform(-0.04, 0.06)), station.edge_m + 0.20),
                palm=(0.5, 0.6, -0.3),
            )
        goals = seated(station, *arms(main, moving, idle), (float(random.normal(3, 2)), 0.0, 0.0))
        nod = float(random.choice([0.0, 0.0, 8.0]))
        yield Beat(glance(goals, -4 + nod, float(random.normal(0, 5))), 0.7, float(random.uniform(0.8, 2.2)))


def _read_papers(station: Station, random: Random, main: Hand) -> Iterator[Beat]:
    """Reads what the customer handed in: papers, at the desk, head low."""
    while True:
        busy = at.on_desk(station, -0.08 + float(random.normal(0, 0.02)), 0.16, POINTING, 0.01)
        hands = arms(main, busy, at.on_desk(station, -0.14, 0.10))
        goals = seated(station, *hands, (11.0, 0.0, 0.0))
        yield Beat(glance(goals, 27, float(random.normal(0, 4))), 0.9, float(random.uniform(1.5, 3.5)))


def _hold_paper(station: Station, random: Random, main: Hand) -> Iterator[Beat]:
    while True:
        raised = replace(at.giving(station, -0.02), at=(-0.10, station.desk_m + 0.17, station.edge_m + 0.10))
        hands = arms(main, raised, at.on_desk(station, -0.14, 0.10))
        goals = seated(station, *hands, (6.0, 0.0, 0.0))
        yield Beat(glance(goals, 18, 0.0), 0.9, float(random.uniform(1.5, 3)), {main: "paper"})


def _hand_over(station: Station, random: Random, main: Hand) -> Iterator[Beat]:
    """Gives a paper or card across the counter and takes one back."""
    while True:
        what = "card" if random.random() < 0.4 else "paper"
        idle = at.on_desk(station, -0.15, 0.08)
        give = seated(station, *arms(main, at.giving(station), idle), (16.0, 0.0, 0.0))
        yield Beat(glance(give, -4, 0.0), 0.9, 1.2, {main: what})
        back = seated(station, *arms(main, at.picking_up(station, -0.05, 0.12), idle), (8.0, 0.0, 0.0))
        yield Beat(glance(back, 20, 0.0), 0.8, float(random.uniform(1, 2.4)))


def _stamp(station: Station, random: Random, main: Hand) -> Iterator[Beat]:
    idle = at.on_desk(station, -0.15, 0.12)
    while True:
        for lift, stay in ((0.14, 0.25), (0.085, 0.35)):
            press = at.on_desk(station, -0.03, 0.12, AROUND_CUP, lift)
            goals = seated(station, *arms(main, press, idle), (9.0, 0.0, 0.0))
            yield Beat(glance(goals, 24, 0.0), 0.45, stay, {main: "stamp"})


def _printer(station: Station, random: Random, main: Hand) -> Iterator[Beat]:
    """Reaches to the printer at the right."""
    while True:
        far = replace(at.giving(station, -0.05), at=(-0.52, station.desk_m + 0.10, station.edge_m + 0.26))
        reach = seated(station, hand("L", at.on_desk(station, -0.12, 0.06)), far, (12.0, -18.0, 10.0))
        yield Beat(glance(reach, 8, -24), 1.1, float(random.uniform(0.8, 1.6)))
        hands = both(station, at.on_desk(station, -0.10, 0.12), at.on_desk(station, -0.12, 0.10))
        yield Beat(
            glance(seated(station, *hands, (6.0, 0.0, 0.0)), 14, 0.0), 1.1, float(random.uniform(1, 2))
        )


def _wait(station: Station, random: Random, main: Hand) -> Iterator[Beat]:
    """Hands on the desk, looks about."""
    while True:
        hands = both(station, rest(station, random), at.on_desk(station, -0.14, 0.07))
        goals = seated(station, *hands, (float(random.normal(1, 1.5)), 0.0, 0.0))
        look = float(random.normal(0, 14)), float(random.normal(-2, 4))
        yield Beat(glance(goals, look[1], look[0]), 0.8, float(random.uniform(1.5, 3.5)))


def _call(station: Station, random: Random, main: Hand) -> Iterator[Beat]:
    while True:
        goals = seated(station, *arms(main, at.phone_at_ear(station), rest(station, random)), (2.0, 0.0, 0.0))
        tip = 7.0 if main == "R" else -7.0
        look = float(random.normal(0, 8))
        yield Beat(glance(goals, 2.0, look, tip), 1.1, float(random.uniform(2, 4.5)), {main: "phone"})


def _screen(station: Station, random: Random, main: Hand) -> Iterator[Beat]:
    low = float(random.choice([0.0, 0.03, 0.12]))
    two = random.random() < 0.4
    while True:
        shift = float(random.normal(0, 0.012))
        held = at.phone_before(station, low + shift)
        idle = at.on_desk(station, -0.14, 0.06)
        if two:
            held, idle = at.phone_before(station, low + shift, 0.03), at.tapping(station, low + shift)
        goals = seated(station, *arms(main, held, idle), (9.0, 0.0, 0.0))
        bent = glance(goals, 24 + 30 * low, float(random.normal(0, 3)))
        yield Beat(bent, 0.9, float(random.uniform(1.5, 4)), {main: "phone"}, "tapping" if two else "thumb")


def _arms_crossed(station: Station, random: Random, main: Hand) -> Iterator[Beat]:
    while True:
        lean = float(random.normal(-3, 2))
        hands = arms(main, at.crossed_over(station), at.crossed_under(station))
        goals = seated(station, *hands, (lean, 0.0, 0.0))
        yield Beat(
            glance(goals, -2.0, float(random.normal(0, 10))),
            1.1,
            float(random.uniform(2.5, 5)),
            recline_deg=3,
        )


def _one_arm_folded(station: Station, random: Random, main: Hand) -> Iterator[Beat]:
    """One forearm across the belly, the other hand works on."""
    while True:
        hands = arms(main, at.one_arm_across(station), at.on_desk(station, -0.12, 0.10))
        goals = seated(station, *hands, (3.0, 0.0, 0.0))
        yield Beat(glance(goals, 6.0, float(random.normal(0, 8))), 1.0, float(random.uniform(2, 4)))


def _lean_back(station: Station, random: Random, main: Hand) -> Iterator[Beat]:
    back = float(random.uniform(24, 32))
    while True:
        hands = both(
            station, at.resting_on_thigh(station, -0.10, 0.16), at.resting_on_thigh(station, -0.08, 0.20)
        )
        goals = seated(station, *hands, (-back * 0.55, 0.0, float(random.normal(0, 1.5))))
        goals = replace(goals, hips=(0.0, station.hip_y - 0.01, 0.10), pelvis=(-6 - back * 0.55, 0.0, 0.0))
        look = glance(goals, back * 0.35, float(random.normal(0, 9)))
        yield Beat(look, 1.4, float(random.uniform(2.5, 5)), recline_deg=back)


def _lean_on_counter(station: Station, random: Random, main: Hand) -> Iterator[Beat]:
    """Weight on one forearm, the trunk tipped to that side."""
    sign = 1.0 if main == "R" else -1.0
    while True:
        down = replace(at.lying(station, 0.02, 0.16), curls=RELAXED)
        hands = arms(main, down, at.resting_on_thigh(station))
        goals = seated(station, *hands, (20.0, 0.0, 22.0 * sign))
        look = glance(goals, -6.0, float(random.normal(0, 7)), -8.0 * sign)
        yield Beat(look, 1.3, float(random.uniform(2.5, 5)))


def _smoke(station: Station, random: Random, main: Hand) -> Iterator[Beat]:
    while True:
        low = seated(station, *arms(main, at.cigarette_low(station), rest(station, random)), (1.0, 0.0, 0.0))
        held: dict[Hand, str] = {main: "cigarette"}
        yield Beat(glance(low, 0.0, float(random.normal(0, 10))), 1.0, float(random.uniform(1.5, 4)), held)
        puff = seated(station, *arms(main, at.at_mouth(station), rest(station, random)), (1.0, 0.0, 0.0))
        yield Beat(glance(puff, 3.0, 0.0), 0.9, float(random.uniform(1.2, 2.2)), held, "puff")


def _chin_in_hand(station: Station, random: Random, main: Hand) -> Iterator[Beat]:
    sign = 1.0 if main == "R" else -1.0
    cheek = random.random() < 0.5
    while True:
        propped = at.on_cheek(station) if cheek else at.under_chin(station)
        hands = arms(main, propped, at.lying(station, 0.0, 0.10))
        goals = seated(station, *hands, (22.0, 0.0, 5.0 * sign))
        look = glance(goals, -4.0, 4.0 * sign, 9.0 * sign)
        yield Beat(look, 1.2, float(random.uniform(2.5, 5)))


def _slumped(station: Station, random: Random, main: Hand) -> Iterator[Beat]:
    sign = 1.0 if main == "R" else -1.0
    while True:
        hands = arms(main, at.lying(station, 0.10, 0.30), at.lying(station, 0.06, 0.23))
        goals = seated(station, *hands, (47.0, 0.0, 0.0))
        goals = replace(
            goals, hips=(0.0, station.hip_y, -0.06), pelvis=(10.0, 0.0, 0.0), neck=(22.0, 34.0 * sign, 0.0)
        )
        yield Beat(goals, 1.6, float(random.uniform(4, 8)))


def _hands_on_hips(station: Station, random: Random, main: Hand) -> Iterator[Beat]:
    one = random.random() < 0.4
    while True:
        idle = at.on_desk(station, -0.14, 0.06) if one else at.on_hip(station)
        goals = seated(station, *arms(main, at.on_hip(station), idle), (-2.0, 0.0, 0.0))
        yield Beat(glance(goals, -3.0, float(random.normal(0, 10))), 1.1, float(random.uniform(2.5, 5)))


def _point(station: Station, random: Random, main: Hand) -> Iterator[Beat]:
    """At somebody who sits (level) or stands (upwards) before the counter."""
    rise, aside = float(random.uniform(0.0, 0.3)), float(random.normal(-0.10, 0.08))
    while True:
        out = at.pointing_at(station, aside, station.desk_m + 0.30 + 0.6 * rise, rise)
        goals = seated(station, *arms(main, out, at.on_desk(station, -0.14, 0.06)), (8.0, 0.0, 0.0))
        yield Beat(glance(goals, -6.0, 0.0), 0.7, float(random.uniform(1.8, 3)))


def _read(station: Station, random: Random, main: Hand) -> Iterator[Beat]:
    kind = str(random.choice(["newspaper", "book", "magazine"]))
    half, height, tilt = {
        "newspaper": (0.27, 0.20, 0.3),
        "book": (0.13, 0.17, 0.5),
        "magazine": (0.18, 0.18, 0.5),
    }[kind]
    while True:
        page = at.holding_open(station, -half, station.desk_m + height, 0.10, tilt)
        goals = seated(station, *both(station, page, page), (3.0, 0.0, 0.0))
        look = glance(goals, 16.0, float(random.normal(0, 5)))
        yield Beat(look, 1.1, float(random.uniform(2.5, 5)), {"L": kind, "R": kind})


def _touch_ear(station: Station, random: Random, main: Hand) -> Iterator[Beat]:
    while True:
        goals = seated(
            station, *arms(main, at.hand_at_ear(station), at.on_desk(station, -0.13, 0.1)), (3.0, 0.0, 0.0)
        )
        yield Beat(glance(goals, 4.0, 4.0, 4.0), 0.8, float(random.uniform(1.2, 2.0)), fidget="scratch")
        yield from _once(_talk, station, random, main)


def _drink(station: Station, random: Random, main: Hand) -> Iterator[Beat]:
    what = "cup" if random.random() < 0.6 else "bottle"
    while True:
        idle = at.on_desk(station, -0.13, 0.1)
        for tip, stay in ((0.1, 0.2), (0.8, 1.4)):
            goals = seated(station, *arms(main, at.drinking(station, tip), idle), (0.0, 0.0, 0.0))
            yield Beat(glance(goals, -4.0 - 8 * tip, 0.0), 0.9, stay, {main: what})
        down = seated(station, *arms(main, at.holding_cup(station, -0.31, 0.24), idle), (2.0, 0.0, 0.0))
        yield Beat(glance(down, 8.0, 0.0), 0.9, float(random.uniform(1, 2)), {main: what}, counts=False)


def _wipe_nose(station: Station, random: Random, main: Hand) -> Iterator[Beat]:
    while True:
        goals = seated(
            station, *arms(main, at.at_nose(station), at.on_desk(station, -0.13, 0.1)), (3.0, 0.0, 0.0)
        )
        yield Beat(glance(goals, 8.0, 0.0), 0.7, float(random.uniform(0.8, 1.3)), fidget="scratch")
        yield from _once(_type, station, random, main)


def _pen_at_lips(station: Station, random: Random, main: Hand) -> Iterator[Beat]:
    """Thinks, the end of a pen at the lips."""
    while True:
        near = at.at_mouth(station, (0.10, 0.03, 0.055), PINCH)
        goals = seated(station, *arms(main, near, at.on_desk(station, -0.13, 0.1)), (3.0, 0.0, 0.0))
        yield Beat(glance(goals, 6.0, 20.0), 0.9, float(random.uniform(2, 3.5)), {main: "pen"})
        yield from _once(_write, station, random, main)


def _once(plan: Plan, station: Station, random: Random, main: Hand) -> Iterator[Beat]:
    yield replace(next(plan(station, random, main)), counts=False)


ACTIVITIES = {
    activity.name: activity
    for activity in (
        Activity("type", _type),
        Activity("mouse", _mouse),
        Activity("write", _write, props=("pen",)),
        Activity("talk", _talk),
        Activity("read_papers", _read_papers, like="reading"),
        Activity("hold_paper", _hold_paper, like="reading", props=("paper",)),
        Activity("hand_over", _hand_over, props=("paper", "card")),
        Activity("stamp", _stamp, props=("stamp",)),
        Activity("printer", _printer, like="leaning"),
        Activity("wait", _wait),
        Activity("phone_call", _call, "phone_use", "call", props=("phone",)),
        Activity("phone_screen", _screen, "phone_use", "screen", props=("phone",)),
        Activity("arms_crossed", _arms_crossed, "arms_crossed"),
        Activity("lean_back", _lean_back, "leaning", "back"),
        Activity("lean_on_counter", _lean_on_counter, "leaning", "counter"),
        Activity("smoke", _smoke, "smoking", props=("cigarette",)),
        Activity("chin_in_hand", _chin_in_hand, "chin_in_hand"),
        Activity("slumped", _slumped, "slumped"),
        Activity("hands_on_hips", _hands_on_hips, "hands_on_hips"),
        Activity("point", _point, "pointing"),
        Activity("read", _read, "reading", props=("newspaper", "book", "magazine")),
        Activity("touch_ear", _touch_ear, like="phone_use"),
        Activity("drink", _drink, like="smoking", props=("cup", "bottle")),
        Activity("wipe_nose", _wipe_nose, like="smoking"),
        Activity("pen_at_lips", _pen_at_lips, like="smoking", props=("pen",)),
        Activity("write_low", _write_low, like="slumped", props=("pen",)),
        Activity("one_arm_folded", _one_arm_folded, like="arms_crossed"),
    )
}
"""What a clerk who sits can do, by name."""
