"""使用手机, clause 27(1)4: a call (`call`), or looking at a phone (`screen`).

`call`: a hand held to the ear, nearer to it than to the mouth, by somebody who sits as usual; a phone seen
there makes it surer and outweighs how they sit. `screen`: a phone seen in the last seconds where a hand is
now, away from the ear, with the head bent to it. Must not: a hand at the mouth or under the chin (drinking,
smoking: nearer to the mouth), a head propped on a hand (the weight on the elbow takes the shoulders along), a
short touch of the ear (the rule's eight seconds), reading papers: a sheet held to read looks as a phone does
but for the phone, so that the posture alone never makes a `screen`. That no phone was seen is no evidence
against a call, as a hand hides most of it.

Needs a wrist, its elbow and shoulder, the nose and the ear of that side. A hand with a phone at the ear puts
the fingers within 0.35 shoulder breadths of it, a hand on the desk beyond 1.2, one at the mouth nearer to the
mouth than to the ear; callers keep their shoulders within 0.13 of their usual place, propped heads move them
by 0.18 to 0.33 (BlazePose on rendered clerks). `posture_only` is 1 where no phone was seen.
"""

from vision.assessable import Needs, Unassessable, unassessable
from vision.behaviours.behaviour import Judged, of_staff
from vision.behaviours.chin_in_hand import propped
from vision.body import Body, ramp
from vision.boxes import centre
from vision.values import Evidence, Person, Point, ThingKind
from vision.window_view import WindowHistory, WindowView
from vision.working_posture import posture_of, tilt_of

CODE = "phone_use"

AT_EAR = 0.45
AWAY_FROM_EAR = 0.75
EAR_SIDE, MOUTH_SIDE = 0.1, 0.25
"""How much farther from the ear than from the mouth a hand may be, in shoulder breadths.

A phone reaches from the one to the other, so a calling hand is about as near to both; hands that feed or prop
the mouth are 0.3 nearer to it."""

SEATED_AS_USUAL, PROPPED = 0.15, 0.25
"""How far the shoulders are from their usual place, in their breadths: upright, and with the head's weight on
an elbow."""

ARM_CONFIDENCE = 0.3
"""An arm raised to the ear is foreshortened, and engines doubt it while they place it well."""

SIDES = ("left", "right")
NEEDS = tuple(
    Needs(tuple(f"{side}_{joint}" for joint in ("shoulder", "elbow", "wrist")), ARM_CONFIDENCE)
    for side in SIDES
)

PHONE_REACH = 0.8
PHONE_LASTS_S = 3.0
"""Hands are looked at once a second and about half of the looks show a phone that is there; three of them
miss it together once in eight times."""

HEAD_UP = 0.45
HEAD_BENT = 0.3
"""Height of the nose above the shoulders, in shoulder breadths: 0.4 upright, below 0.3 bent to a hand."""


def score(view: WindowView, history: WindowHistory) -> Evidence:
    """Evidence that a clerk uses a phone."""
    return of_staff(CODE, judge, view, history)


def judge(person: Person, view: WindowView, history: WindowHistory) -> Judged | Unassessable | None:
    """The stronger of call and screen over both hands; why not, or None, when no hand can be judged."""
    if person.pose is None:
        return Unassessable.NO_POSE
    body = Body(person.pose)
    borne = _borne(person, view, history)
    found = []
    for side in SIDES:
        phone = _phone_lately(person.track, body.hand(side), body, view, history)
        found += [_call(body, side, phone, borne), _screen(body, side, phone)]
    known = [judged for judged in found if judged is not None]
    if not known:
        return unassessable(person, view, *NEEDS)
    best = max(known, key=lambda judged: judged.score)
    if best.measures["posture_only"] and (why := unassessable(person, view, *NEEDS)) is not None:
        return why
    return best


def _phone_lately(track: int, hand: Point, body: Body, view: WindowView, history: WindowHistory) -> float:
    """How surely a phone was seen within the last seconds where the hand is now."""
    lately = (thing for past in history.last(PHONE_LASTS_S, view.captured_at) for thing in past.things)
    mine = (thing for thing in lately if thing.kind is ThingKind.PHONE and thing.track == track)
    near = (t.score for t in mine if body.from_unit(hand, centre(t.box)) <= PHONE_REACH)
    return max(near, default=0.0)


def _borne(person: Person, view: WindowView, history: WindowHistory) -> float:
    """Whether the head's weight is on the hand, 0..1: it took the shoulders along, or the elbow bears it."""
    now, usual = posture_of(person, view.captured_at), history.usual(person.track)
    tilt = tilt_of(now, usual) if now and usual else None
    moved = ramp(tilt.moved, SEATED_AS_USUAL, PROPPED) if tilt else 0.0
    held = propped(person, view.captured_at, usual)
    return max(moved, held.score if held else 0.0)


def _call(body: Body, side: str, phone: float, borne: float) -> Judged | None:
    arm = Body(body.pose, ARM_CONFIDENCE)
    if not body.seen("nose") or not arm.seen(f"{side}_wrist", f"{side}_elbow", f"{side}_shoulder"):
        return None
    ear, wrist, hand = body.joint(f"{side}_ear"), body.joint(f"{side}_wrist"), body.hand(side)
    to_ear = min(body.from_unit(hand, ear), body.from_unit(wrist, ear))
    to_mouth = min(body.from_unit(hand, body.mouth()), body.from_unit(wrist, body.mouth()))
    raised = wrist[1] < body.joint(f"{side}_elbow")[1]
    held = ramp(to_ear, AWAY_FROM_EAR, AT_EAR) * ramp(to_ear - to_mouth, MOUTH_SIDE, EAR_SIDE)
    seen = min(phone * 2, 1.0)
    strength = held * (0.8 + 0.2 * seen) * (1 - borne * (1 - seen)) if raised else 0.0
    return Judged(strength, "call", {"hand_to_ear": round(to_ear, 2), **_rests_on(phone)})


def _screen(body: Body, side: str, phone: float) -> Judged | None:
    # A phone that is seen shows where the hand is, even where the engine doubts it.
    hand_seen = bool(phone) or Body(body.pose, ARM_CONFIDENCE).seen(f"{side}_wrist")
    if not hand_seen or not body.seen("nose", "left_shoulder", "right_shoulder"):
        return None
    lift = (body.shoulders[1] - body.joint("nose")[1]) / body.unit
    bent = ramp(lift, HEAD_UP, HEAD_BENT)
    before_eyes = ramp(body.from_unit(body.hand(side), body.joint(f"{side}_ear")), AT_EAR, AWAY_FROM_EAR)
    strength = min(phone / 0.4, 1.0) * (0.4 + 0.6 * bent) * before_eyes
    return Judged(strength, "screen", {"nose_above_shoulders": round(lift, 2), **_rests_on(phone)})


def _rests_on(phone: float) -> dict[str, float]:
    """What a reviewer is told of the phone itself."""
    return {"phone_seen": round(phone, 2), "posture_only": 0.0 if phone else 1.0}
