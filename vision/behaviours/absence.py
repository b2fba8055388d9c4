"""离岗, clauses 27(1)1 and 27(1)5: nobody on the staff side of an open window.

Counts: the view is good and no clerk is seen. Must not: a covered, dark or frozen camera (that is no
evidence at all). A clerk counts as seen by box or by pose, in whatever posture; the tracker carries someone
who is hidden for a moment.
"""

from vision.behaviours.behaviour import unjudged
from vision.values import Evidence
from vision.window_view import WindowHistory, WindowView

CODE = "absence"


def score(view: WindowView, history: WindowHistory) -> Evidence:
    """1 while the post is seen to be empty, 0 while somebody is there."""
    return emptiness(CODE, view)


def emptiness(code: str, view: WindowView) -> Evidence:
    """Evidence that the post is empty, under the code of the rule that asks."""
    if not view.observed:
        return unjudged(code, view)
    empty = 0.0 if view.staff else 1.0
    return Evidence(
        code, view.window, view.captured_at, empty, measures={"staff_seen": float(len(view.staff))}
    )
