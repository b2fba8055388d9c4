"""What was seen during a clip, in the form that the page draws."""

from datetime import UTC, datetime, timedelta

import numpy as np

from hallwatch.skeleton_trail import KEPT, SkeletonTrail
from vision.values import Observation, Person, Pose, Side, Thing, ThingKind

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
JOINTS = np.tile(np.array([12.345, 6.78, 0.987], np.float32), (17, 1))
CLERK = Person(7, (1.04, 2.0, 3.0, 4.0), 0.9, Pose(JOINTS), "1", Side.STAFF)
SOMEBODY = Person(8, (1.0, 2.0, 3.0, 4.0), 0.9)
PHONE = Thing(ThingKind.PHONE, (1.0, 2.0, 3.0, 4.06), 0.456)


def trail(*at_s: float) -> SkeletonTrail:
    kept = SkeletonTrail()
    for second in at_s:
        at = NINE + timedelta(seconds=second)
        kept.remember(Observation("1", at, (640, 360), (CLERK, SOMEBODY), (PHONE,)))
    return kept


def times(skeleton: dict[str, object]) -> list[float]:
    frames = skeleton["frames"]
    assert isinstance(frames, list)
    return [frame["t_s"] for frame in frames]


def test_times_count_from_the_clips_start_and_stop_at_its_end() -> None:
    skeleton = trail(0, 9.9, 10.2, 11, 12, 13).over(NINE + timedelta(seconds=10), 2)
    assert times(skeleton) == [0.2, 1.0, 2.0]
    assert (skeleton["format"], skeleton["size"]) == (1, [640, 360])


def test_persons_and_things_have_the_wires_fields() -> None:
    (frame,) = trail(0).over(NINE, 1)["frames"]
    clerk, somebody = frame["persons"]
    assert clerk == {
        "track": 7,
        "box": [1.0, 2.0, 3.0, 4.0],
        "zone": "staff",
        "keypoints": [[12.3, 6.8, 0.99]] * 17,
    }
    assert (somebody["zone"], somebody["keypoints"]) == (None, None)
    assert frame["things"] == [{"kind": "phone", "box": [1.0, 2.0, 3.0, 4.1], "score": 0.46}]


def test_a_clip_in_which_nothing_was_analysed_has_no_frames() -> None:
    assert trail(0).over(NINE + timedelta(seconds=20), 5) == {"format": 1, "size": [0, 0], "frames": []}


def test_what_no_clip_can_show_any_more_is_forgotten() -> None:
    kept = trail(0, 1, KEPT.total_seconds() + 0.5)
    assert times(kept.over(NINE, 200)) == [1.0, KEPT.total_seconds() + 0.5]
