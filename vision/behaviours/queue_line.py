"""一米线, clause 20: more people between the counter and the 1-metre line than are being served.

Counts: more than one person of the public with both feet in the strip between the counter's edge and the
line. Must not: people behind the line, people who cross it without stopping (the rule's ten seconds), staff
on the public side, a child that is carried (seen as no person of its own). Needs a calibrated floor; without
one nothing is judged.
"""

from vision.behaviours.behaviour import unjudged
from vision.values import Evidence
from vision.window_view import WindowHistory, WindowView

CODE = "queue_line"
SERVED_AT_ONCE = 1


def score(view: WindowView, history: WindowHistory) -> Evidence:
    """1 while more people stand inside the line than are served, else 0."""
    if not view.observed or view.strip is None:
        return unjudged(CODE, view)
    strip = view.strip
    inside = [person.floor for person in view.public if person.floor and strip.contains(person.floor)]
    measures = {"people_inside": float(len(inside))}
    if inside:
        measures["nearest_m"] = round(min(strip.distance_to_counter(spot) for spot in inside), 2)
    crowded = 1.0 if len(inside) > SERVED_AT_ONCE else 0.0
    return Evidence(CODE, view.window, view.captured_at, crowded, measures=measures)
