"""吸烟, clause 27(1)11: a cigarette in the hand or at the mouth, or repeated puffs.

Counts: a cigarette seen at a hand or the mouth; or puffs (a hand goes to the mouth, stays 0.3 to 4.5
seconds, and leaves it): two within 30 seconds where a cigarette was seen between them, three where no network
sees any. Must not: drinking (a cup seen at the hand; two sips), a hand resting at the chin (stays longer), a
touch of the nose and a pen at the lips (single visits), writing with the head low.

Needs the nose and a wrist. A hand at the mouth brings the fingers within 0.45 shoulder breadths of it, a hand
back at the desk is beyond 0.8 (BlazePose on rendered clerks). A puff takes about two seconds and comes every
five to sixty.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from vision.behaviours.behaviour import Judged, of_staff
from vision.body import Body, ramp
from vision.boxes import centre
from vision.hand_reach import SIDES, reach_of
from vision.values import Evidence, Person, ThingKind
from vision.window_view import WindowHistory, WindowView

CODE = "smoking"

AT_MOUTH = 0.5
AWAY_FROM_MOUTH = 0.75
PUFF_MIN_S, PUFF_MAX_S = 0.3, 4.5
PUFFS_WITHIN_S = 30.0
PUFFS_NEEDED, PUFFS_NEEDED_UNSEEN = 2, 3
PUFF_LASTS_S = 9.0
"""For how long after a puff the clerk is taken to go on smoking."""

CIGARETTE_REACH = 0.6
HAND_AT_MOUTH_SCORE = 0.4
"""A hand at the mouth by itself is a hint that never flags: people cough, think and drink."""

PUFFS_SCORE = 0.7
"""What two puffs without a cigarette seen are worth: enough to flag, less than seeing it."""


def score(view: WindowView, history: WindowHistory) -> Evidence:
    """Evidence that a clerk smokes."""
    return of_staff(CODE, judge, view, history)


def judge(person: Person, view: WindowView, history: WindowHistory) -> Judged | None:
    """A cigarette seen now, or the puffs of the last half minute."""
    if person.pose is None or not Body(person.pose).seen("nose"):
        return None
    cigarette = _cigarette(person, view)
    visits = [puff for side in ("left", "right") for puff in _puffs(person.track, side, view, history)]
    lately = bool(visits) and _seconds(max(p.ended_at for p in visits), view.captured_at) <= PUFF_LASTS_S
    needed = PUFFS_NEEDED if _seen_lately(person.track, view, history) else PUFFS_NEEDED_UNSEEN
    repeated = PUFFS_SCORE if len(visits) >= needed and lately else 0.0
    raised = HAND_AT_MOUTH_SCORE * ramp(_nearest_hand(person, view), AWAY_FROM_MOUTH, AT_MOUTH / 2)
    return Judged(
        max(cigarette, repeated, raised), None, {"puffs": float(len(visits)), "cigarette_seen": cigarette}
    )


def _seen_lately(track: int, view: WindowView, history: WindowHistory) -> bool:
    """Whether a cigarette of this clerk was seen at any moment in which puffs count."""
    return any(
        thing.kind is ThingKind.CIGARETTE and thing.track == track
        for past in history.last(PUFFS_WITHIN_S, view.captured_at)
        for thing in past.things
    )


def _nearest_hand(person: Person, view: WindowView) -> float:
    reaches = (reach_of(person, side, view.things) for side in SIDES)
    return min((reach for reach in reaches if reach is not None), default=math.inf)


def _cigarette(person: Person, view: WindowView) -> float:
    assert person.pose is not None
    body = Body(person.pose)
    places = [body.mouth(), body.hand("left"), body.hand("right")]
    mine = (t for t in view.things if t.kind is ThingKind.CIGARETTE and t.track == person.track)
    near = [t.score for t in mine if min(body.from_unit(centre(t.box), p) for p in places) <= CIGARETTE_REACH]
    return max(near, default=0.0)


@dataclass(frozen=True, slots=True)
class Puff:
    """One visit of a hand to the mouth, over."""

    began_at: datetime
    ended_at: datetime


def _puffs(track: int, side: str, view: WindowView, history: WindowHistory) -> list[Puff]:
    reach = history.reach(track, side, PUFFS_WITHIN_S, view.captured_at)
    return [puff for puff in visits_to_mouth(reach) if _is_puff(puff)]


def _is_puff(puff: Puff) -> bool:
    return PUFF_MIN_S <= _seconds(puff.began_at, puff.ended_at) <= PUFF_MAX_S


def visits_to_mouth(reach: Sequence[tuple[datetime, float]]) -> list[Puff]:
    """The finished visits: from coming within `AT_MOUTH` until going beyond `AWAY_FROM_MOUTH`.

    A visit lasts from its first to its last moment at the mouth.
    """
    visits: list[Puff] = []
    began = last = None
    for at, distance in reach:
        if distance <= AT_MOUTH:
            began, last = began or at, at
        elif distance >= AWAY_FROM_MOUTH and began is not None and last is not None:
            visits.append(Puff(began, last))
            began = last = None
    return visits


def _seconds(since: datetime, until: datetime) -> float:
    return (until - since).total_seconds()
