"""看报纸杂志书籍, clause 27(1)6: a newspaper, magazine or book held open before the eyes.

Counts: both forearms raised with the hands apart before the chest, the head bent to what they hold; printed
matter seen there makes it surer. Must not: papers of the job on the desk (the forearms lie), one sheet held
or handed over (the hands are close together, or one is low), writing low (the head is down over the hands).
Needs the nose, and both shoulders, elbows and wrists, from an engine that sees depth.

Held open, a paper keeps both wrists above the elbows (0.05 to 0.4 breadths), the hands 1.1 to 1.45 apart and
the nose 0 to 0.1 over the shoulders' line; a sheet held to read keeps the lower wrist 0.1 under its elbow and
the hands 0.9 apart (BlazePose on rendered clerks). Hands that type high are as far apart, with the head up.
"""

from vision.behaviours.behaviour import Judged, of_staff
from vision.body import Body, ramp
from vision.boxes import centre
from vision.values import Evidence, Person, ThingKind
from vision.window_view import WindowHistory, WindowView
from vision.world_body import WorldBody

CODE = "reading"
MIN_CONFIDENCE = 0.4

FOREARMS_UP, FOREARMS_LYING = 0.06, -0.08
HANDS_OPEN, HANDS_TOGETHER = 1.08, 0.95
HEAD_BENT, HEAD_UP = 0.14, 0.24
HEAD_DOWN, HEAD_LOWERED = -0.2, -0.1
BOOK_REACH = 1.2
POSTURE_ALONE = 0.75
"""What the posture is worth where no printed matter was seen; seen, it makes up the rest."""


def score(view: WindowView, history: WindowHistory) -> Evidence:
    """Evidence that a clerk reads something held open."""
    return of_staff(CODE, judge, view, history)


def judge(person: Person, view: WindowView, history: WindowHistory) -> Judged | None:
    """How far both hands hold something open before the bent head."""
    if person.pose is None:
        return None
    body, world = Body(person.pose, MIN_CONFIDENCE), WorldBody.of(person.pose)
    arms = [f"{side}_{joint}" for side in ("left", "right") for joint in ("shoulder", "elbow", "wrist")]
    if world is None or not body.seen("nose", *arms):
        return None
    raised = min(world.offset(f"{side}_elbow", f"{side}_wrist")[1] for side in ("left", "right"))
    apart = world.apart("left_wrist", "right_wrist")
    lift = (body.shoulders[1] - body.joint("nose")[1]) / body.unit
    held = ramp(raised, FOREARMS_LYING, FOREARMS_UP) * ramp(apart, HANDS_TOGETHER, HANDS_OPEN)
    bent = ramp(lift, HEAD_UP, HEAD_BENT) * ramp(lift, HEAD_DOWN, HEAD_LOWERED)
    book = _book(person, view, body)
    strength = held * bent * (POSTURE_ALONE + (1 - POSTURE_ALONE) * min(book * 2, 1.0))
    measures = {"hands_apart": round(apart, 2), "nose_above_shoulders": round(lift, 2)}
    return Judged(strength, measures=measures | {"book_seen": round(book, 2)})


def _book(person: Person, view: WindowView, body: Body) -> float:
    """How surely printed matter is seen at one of the hands."""
    mine = [t for t in view.things if t.kind is ThingKind.BOOK and t.track == person.track]
    hands = [body.hand(side) for side in ("left", "right")]
    near = [t.score for t in mine if min(body.from_unit(centre(t.box), hand) for hand in hands) <= BOOK_REACH]
    return max(near, default=0.0)
