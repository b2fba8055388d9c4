"""一米线, clause 20: more people between the counter and the 1-metre line than are being served.

Counts: more than one person of the public (or as many as the window serves at once, with the companions it
allows) standing in the strip between the counter's edge and the line. Must not: people behind the line,
people who cross it without stopping, staff on the public side, a child that is carried (seen as no person of
its own), the served person turning. A place on the floor has an error: somebody whose error bar holds the
line is doubtful, and a verdict that rests on the doubtful is ambiguous and flags nothing. Needs a calibrated
floor; without one nothing is judged.
"""

from vision.behaviours.behaviour import unjudged
from vision.queueing import standing_before
from vision.values import Evidence
from vision.window_view import WindowHistory, WindowView

CODE = "queue_line"
AMBIGUOUS = 0.4
"""Below every sensible limit: what may be a crowd shows in the strip of evidence, and flags nothing."""


def score(view: WindowView, history: WindowHistory) -> Evidence:
    """1 while more people certainly stand inside the line than are served, `AMBIGUOUS` while it may be so."""
    if not view.observed or view.strip is None:
        return unjudged(CODE, view)
    standing = standing_before(view.strip, view.public, history.prints)
    inside = [one for one in standing if one.inside]
    doubtful = [one for one in standing if one.doubtful]
    measures = {"people_inside": float(len(inside))}
    if doubtful:
        measures["people_doubtful"] = float(len(doubtful))
    if inside:
        deepest = inside[: view.allowed_inside + 1][-1]
        measures["nearest_m"] = round(inside[0].to_counter_m, 2)
        measures["beyond_line_m"] = round(deepest.beyond_line_m, 2)
        measures["error_m"] = round(deepest.error_m, 2)
    crowded = 1.0 if len(inside) > view.allowed_inside else 0.0
    if not crowded and len(inside) + len(doubtful) > view.allowed_inside:
        crowded = AMBIGUOUS
    return Evidence(CODE, view.window, view.captured_at, crowded, measures=measures)
