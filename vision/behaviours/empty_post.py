"""空岗超15分钟未报备, clause 25(4): the same absence goes on beyond the limit.

What is seen is what `absence` sees; the rule waits longer and its event is linked to the absence. Whether a
registered leave (报备) covers it is not for a camera to know: permits are matched where they are kept.
"""

from vision.behaviours.absence import emptiness
from vision.values import Evidence
from vision.window_view import WindowHistory, WindowView

CODE = "empty_post"


def score(view: WindowView, history: WindowHistory) -> Evidence:
    """1 while the post is empty, 0 while it is taken, None while neither can be said."""
    return emptiness(CODE, view)
