"""吸烟, clause 27(1)11: a cigarette in the hand or at the mouth, or repeated puffs.

Counts: a cigarette seen at a hand or the mouth; or puffs (a hand comes from rest to the mouth, stays 0.6 to
4.5 seconds, and goes back to rest): two within 30 seconds where a cigarette was seen between them, three
where no network sees any. Must not: drinking (a cup seen in that hand at any moment of the visit; two sips),
a hand resting at the chin or a cheek (stays longer, and slides about without going to rest), a touch of the
nose and a pen at the lips (single visits), writing with the head low.

Needs the nose and a wrist with its elbow. A puff keeps the fingers within 0.35 shoulder breadths of the mouth
for about two seconds; at rest, in the lap or on the desk, they are beyond 1.1, and stay there for a second at
least; a propped chin is doubted by the engine and jumps between 0.2 and 0.95 within a second (BlazePose on
rendered clerks). A puff comes every five to sixty seconds. `posture_only` is 1
where no cigarette was seen in that time.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from vision.assessable import Needs, Unassessable, unassessable
from vision.behaviours.behaviour import Judged, of_staff
from vision.body import Body, ramp
from vision.boxes import centre
from vision.hand_reach import SIDES, holds_cup, reach_of
from vision.values import Evidence, Person, ThingKind
from vision.window_view import WindowHistory, WindowView

CODE = "smoking"
NEEDS = Needs(("nose",))

AT_MOUTH = 0.5
AWAY_FROM_MOUTH = 0.95
AT_REST_S = 0.5
"""How long a hand stays away before and after a puff; a puff's way up and down takes about a second."""

PUFF_MIN_S, PUFF_MAX_S = 0.6, 4.5
PUFFS_WITHIN_S = 30.0
PUFFS_NEEDED, PUFFS_NEEDED_UNSEEN = 2, 3
PUFF_LASTS_S = 9.0
"""For how long after a puff the clerk is taken to go on smoking."""

CIGARETTE_REACH = 0.6
HAND_AT_MOUTH_SCORE = 0.4
"""A hand at the mouth by itself is a hint that never flags: people cough, think and drink."""

PUFFS_SCORE = 0.7
"""What puffs without a cigarette seen are worth: enough to flag, less than seeing it."""


def score(view: WindowView, history: WindowHistory) -> Evidence:
    """Evidence that a clerk smokes."""
    return of_staff(CODE, judge, view, history)


def judge(person: Person, view: WindowView, history: WindowHistory) -> Judged | Unassessable | None:
    """A cigarette seen now, or the puffs of the last half minute."""
    why = unassessable(person, view, NEEDS)
    if why is not None:
        return why
    cigarette = _cigarette(person, view)
    lately = max(cigarette, _seen_lately(person.track, view, history))
    visits = [puff for side in SIDES for puff in _puffs(person.track, side, view, history)]
    still = bool(visits) and _seconds(max(p.ended_at for p in visits), view.captured_at) <= PUFF_LASTS_S
    needed = PUFFS_NEEDED if lately else PUFFS_NEEDED_UNSEEN
    repeated = PUFFS_SCORE if len(visits) >= needed and still else 0.0
    raised = HAND_AT_MOUTH_SCORE * ramp(_nearest_hand(person, view), AWAY_FROM_MOUTH, AT_MOUTH / 2)
    measures = {
        "puffs": float(len(visits)),
        "cigarette_seen": round(lately, 2),
        "posture_only": 0.0 if lately else 1.0,
    }
    return Judged(max(cigarette, repeated, raised), measures=measures)


def _seen_lately(track: int, view: WindowView, history: WindowHistory) -> float:
    """How surely a cigarette of this clerk was seen at any moment in which puffs count."""
    return max(
        (
            thing.score
            for past in history.last(PUFFS_WITHIN_S, view.captured_at)
            for thing in past.things
            if thing.kind is ThingKind.CIGARETTE and thing.track == track
        ),
        default=0.0,
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
    cups = _cups_raised(track, side, history.last(PUFFS_WITHIN_S, view.captured_at))
    return [puff for puff in visits_to_mouth(reach) if _is_puff(puff) and not _is_sip(puff, cups)]


def _is_puff(puff: Puff) -> bool:
    return PUFF_MIN_S <= _seconds(puff.began_at, puff.ended_at) <= PUFF_MAX_S


def _is_sip(puff: Puff, cups: Iterable[datetime]) -> bool:
    return any(puff.began_at <= at <= puff.ended_at for at in cups)


def _cups_raised(track: int, side: str, views: Iterable[WindowView]) -> list[datetime]:
    """When a cup or bottle was seen in that hand before the mouth; what stands about on the desk is none."""
    return [
        past.captured_at
        for past in views
        if past.things
        for person in past.staff
        if person.track == track and person.pose is not None
        if holds_cup(Body(person.pose), side, past.things, track)
        if Body(person.pose).from_unit(Body(person.pose).hand(side), Body(person.pose).mouth()) <= AT_MOUTH
    ]


def visits_to_mouth(reach: Sequence[tuple[datetime, float]]) -> list[Puff]:
    """The finished visits: from coming within `AT_MOUTH` until the hand has gone back to rest.

    At rest is a hand that stays beyond `AWAY_FROM_MOUTH` for `AT_REST_S`. A visit lasts from its first to its
    last moment at the mouth; what begins where nothing was seen before counts, as it may have come from rest.
    """
    visits: list[Puff] = []
    began = last = away_since = None
    rested = True
    for at, distance in reach:
        if distance < AWAY_FROM_MOUTH:
            away_since = None
            if distance <= AT_MOUTH and (rested or began is not None):
                began, last, rested = began or at, at, False
            continue
        away_since = away_since or at
        if _seconds(away_since, at) < AT_REST_S:
            continue
        rested = True
        if began is not None and last is not None:
            visits.append(Puff(began, last))
            began = last = None
    return visits


def _seconds(since: datetime, until: datetime) -> float:
    return (until - since).total_seconds()
