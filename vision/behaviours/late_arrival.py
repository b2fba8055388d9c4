"""迟到, clauses 27(1)1 and 25(2): the post is not taken ten minutes before its window opens.

Counts: from the moment the post was due, it is seen to be empty and was not seen taken for this opening,
neither then nor in the half hour before. Judged while the window is still closed for all other rules; goes
on until somebody takes the post. Must not: a post that is first looked at after the window opened (nobody
knows how it was before; that is for `absence`), somebody hidden, no view.
"""

from vision.behaviours.behaviour import unjudged
from vision.posts import PostState
from vision.values import Evidence, Run
from vision.window_view import WindowHistory, WindowView

CODE = "late_arrival"


def score(view: WindowView, history: WindowHistory) -> Evidence:
    """1 while the post is due and empty, 0 once it was taken, None while neither can be said."""
    watch, post = view.watch, view.post
    if watch is None or view.captured_at < watch.shift.due:
        return unjudged(CODE, view)
    if watch.taken_at is not None:
        return Evidence(CODE, view.window, view.captured_at, 0.0)
    if not view.observed or post is None or post.since is None:
        return unjudged(CODE, view)
    if post.hit or post.state is not PostState.AWAY:
        return unjudged(CODE, view)
    since = max(post.since, watch.shift.due)
    if since >= watch.shift.opens:
        return unjudged(CODE, view)
    run = Run(since, min(post.seen_s, (view.captured_at - since).total_seconds()))
    late_s = (view.captured_at - watch.shift.due).total_seconds()
    return Evidence(
        CODE, view.window, view.captured_at, 1.0, measures={"late_min": round(late_s / 60, 1)}, run=run
    )
