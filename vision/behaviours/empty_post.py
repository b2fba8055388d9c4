"""空岗超15分钟未报备, clause 25(4): the same absence goes on and is not covered by a registered leave.

What is seen is what `absence` sees; the rule waits longer and its event is linked to the absence.
"""

from vision.behaviours.absence import emptiness
from vision.values import Evidence
from vision.window_view import WindowHistory, WindowView

CODE = "empty_post"


def score(view: WindowView, history: WindowHistory) -> Evidence:
    """1 while the post is seen to be empty, 0 while somebody is there."""
    return emptiness(CODE, view)
