"""What an event remembers is from its own time: a moment long before is no reason for a flag."""

from datetime import UTC, datetime, timedelta

from vision.article27 import CATALOGUE, Limits
from vision.episodes import Episode, advance
from vision.event_ids import uuid7
from vision.values import Event, Evidence

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
SMOKING = CATALOGUE["smoking"].limits
FPS = 5


def samples(pattern: list[tuple[float, float, str]]) -> list[Evidence]:
    """Evidence five times a second from (seconds, score, variant); each says when it was."""
    found: list[Evidence] = []
    for lasts_s, score, variant in pattern:
        for _ in range(round(lasts_s * FPS)):
            second = len(found) / FPS
            at = NOON + timedelta(seconds=second)
            found.append(Evidence("smoking", "1", at, score, variant, measures={"second": second}))
    return found


def first_event(pattern: list[tuple[float, float, str]], limits: Limits = SMOKING) -> Event:
    episode = Episode("smoking", "1", "c1")
    for sample in samples(pattern):
        episode, events = advance(episode, sample, limits, lambda at: uuid7(at, bytes(10)))
        if events:
            return events[0]
    raise AssertionError("nothing was told")


def test_peak_measures_and_variant_are_not_those_of_a_moment_before_the_event() -> None:
    """Shorter than the gap, so that what added up was not forgotten, yet outside the window."""
    event = first_event([(2, 0.95, "early"), (15, 0.0, "early"), (3, 0.6, "late"), (3, 0.7, "late")])
    assert event.started_at == NOON + timedelta(seconds=17)
    assert event.peak_score == 0.7
    assert event.measures["second"] >= 17
    assert event.variant == "late"


def test_a_stronger_moment_within_the_window_is_the_events_own() -> None:
    event = first_event([(1, 0.95, "early"), (2, 0.0, "early"), (6, 0.6, "late")])
    assert event.started_at == NOON
    assert event.peak_score == 0.95
    assert event.variant == "late"
