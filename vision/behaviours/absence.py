"""离岗, clauses 27(1)1 and 27(1)5: nobody on the staff side of an open window.

Counts: the post is empty (`vision.posts`), from the moment it was left; before the window opened nothing
counts. Must not: a covered, dark or frozen camera (that is no evidence at all), a clerk who is hidden behind
somebody or below the desk, one who comes or goes and of whom too little is seen yet. A clerk counts as seen
by box or by pose, in whatever posture.
"""

from vision.behaviours.behaviour import unjudged
from vision.posts import Post, PostState
from vision.values import Evidence, Run
from vision.window_view import WindowHistory, WindowView

CODE = "absence"


def score(view: WindowView, history: WindowHistory) -> Evidence:
    """1 while the post is empty, 0 while it is taken, None while neither can be said."""
    return emptiness(CODE, view)


def emptiness(code: str, view: WindowView) -> Evidence:
    """Evidence that the post is empty, under the code of the rule that asks."""
    post = view.post
    if not view.observed or post is None:
        return unjudged(code, view)
    measures = {"staff_seen": float(post.staff_seen)}
    if post.required > 1:
        measures["staff_required"] = float(post.required)
    if post.state is PostState.ON and post.hit:
        return Evidence(code, view.window, view.captured_at, 0.0, measures=measures)
    if post.state is PostState.AWAY and not post.hit:
        return Evidence(code, view.window, view.captured_at, 1.0, measures=measures, run=_run(view, post))
    return unjudged(code, view)


def _run(view: WindowView, post: Post) -> Run | None:
    """Since when the post has been empty while the window was open."""
    if post.since is None:
        return None
    since = max(post.since, view.watch.shift.opens) if view.watch else post.since
    return Run(since, min(post.seen_s, max((view.captured_at - since).total_seconds(), 0.0)))
