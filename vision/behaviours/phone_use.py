"""使用手机, clause 27(1)4: a call (`call`), or looking at a phone (`screen`).

`call`: a hand held to the ear, nearer to it than to the mouth; a phone seen there makes it surer. `screen`: a
phone seen at a hand, with the head bent to it. Must not: a hand at the mouth or under the chin (drinking,
smoking, propping: nearer to the mouth), a short touch of the ear (the rule's eight seconds), reading papers
(no phone seen).

Needs a wrist, the nose and the ear of that side. A hand with a phone at the ear puts the fingers within 0.45
shoulder breadths of it, a hand on the desk beyond 1.2, one at the mouth nearer to the mouth than to the ear
(BlazePose on rendered clerks).
"""

from vision.behaviours.behaviour import Judged, of_staff
from vision.body import Body, ramp
from vision.boxes import centre
from vision.values import Evidence, Person, Point, ThingKind
from vision.window_view import WindowHistory, WindowView

CODE = "phone_use"

AT_EAR = 0.45
AWAY_FROM_EAR = 0.75
EAR_SIDE, MOUTH_SIDE = 0.1, 0.25
"""How much farther from the ear than from the mouth a hand may be, in shoulder breadths.

A phone reaches from the one to the other, so a calling hand is about as near to both; hands that feed or prop
the mouth are 0.3 nearer to it."""

ARM_CONFIDENCE = 0.3
"""An arm raised to the ear is foreshortened, and engines doubt it while they place it well."""

PHONE_REACH = 0.8
HEAD_UP = 0.45
HEAD_BENT = 0.3
"""Height of the nose above the shoulders, in shoulder breadths: 0.4 upright, below 0.3 bent to a hand."""


def score(view: WindowView, history: WindowHistory) -> Evidence:
    """Evidence that a clerk uses a phone."""
    return of_staff(CODE, judge, view, history)


def judge(person: Person, view: WindowView, history: WindowHistory) -> Judged | None:
    """The stronger of call and screen over both hands; None when no hand can be judged."""
    if person.pose is None:
        return None
    body = Body(person.pose)
    phones = _phones(person, view)
    found = [
        judged
        for side in ("left", "right")
        for judged in (_call(body, side, phones), _screen(body, side, phones))
        if judged is not None
    ]
    return max(found, key=lambda judged: judged.score, default=None)


def _phones(person: Person, view: WindowView) -> dict[Point, float]:
    mine = (t for t in view.things if t.kind is ThingKind.PHONE and t.track == person.track)
    return {centre(thing.box): thing.score for thing in mine}


def _phone_at(body: Body, hand: Point, phones: dict[Point, float]) -> float:
    near = [value for place, value in phones.items() if body.from_unit(hand, place) <= PHONE_REACH]
    return max(near, default=0.0)


def _call(body: Body, side: str, phones: dict[Point, float]) -> Judged | None:
    arm = Body(body.pose, ARM_CONFIDENCE)
    if not body.seen("nose") or not arm.seen(f"{side}_wrist", f"{side}_elbow", f"{side}_shoulder"):
        return None
    ear, wrist, hand = body.joint(f"{side}_ear"), body.joint(f"{side}_wrist"), body.hand(side)
    to_ear = min(body.from_unit(hand, ear), body.from_unit(wrist, ear))
    to_mouth = min(body.from_unit(hand, body.mouth()), body.from_unit(wrist, body.mouth()))
    raised = wrist[1] < body.joint(f"{side}_elbow")[1]
    held = ramp(to_ear, AWAY_FROM_EAR, AT_EAR) * ramp(to_ear - to_mouth, MOUTH_SIDE, EAR_SIDE)
    phone = _phone_at(body, hand, phones)
    strength = held * (0.8 + 0.2 * min(phone * 2, 1.0)) if raised else 0.0
    return Judged(strength, "call", {"hand_to_ear": round(to_ear, 2), "phone_seen": round(phone, 2)})


def _screen(body: Body, side: str, phones: dict[Point, float]) -> Judged | None:
    if not body.seen("nose", f"{side}_wrist", "left_shoulder", "right_shoulder"):
        return None
    phone = _phone_at(body, body.hand(side), phones)
    lift = (body.shoulders[1] - body.joint("nose")[1]) / body.unit
    bent = ramp(lift, HEAD_UP, HEAD_BENT)
    strength = min(phone / 0.4, 1.0) * (0.4 + 0.6 * bent) if phone else 0.0
    return Judged(strength, "screen", {"phone_seen": round(phone, 2), "nose_above_shoulders": round(lift, 2)})
