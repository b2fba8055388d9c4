"""Boxes, evidence strips and ids: small values that everything leans on."""

import uuid
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vision.builders import at, pose
from vision.boxes import area, box_of_joints, centre, coverage, grown, intersection, iou
from vision.event_ids import uuid7
from vision.evidence_strip import LONGEST, Strip
from vision.values import Box

number = st.floats(-1000, 1000)
boxes = st.tuples(number, number, number, number)


@given(boxes, boxes)
def test_overlap_is_a_share_and_knows_no_order(one: Box, other: Box) -> None:
    assert 0 <= iou(one, other) <= 1 + 1e-9
    assert iou(one, other) == pytest.approx(iou(other, one))
    assert 0 <= coverage(one, other) <= 1 + 1e-9
    assert intersection(one, other) <= min(area(one), area(other)) + 1e-6


def test_overlap_of_known_boxes() -> None:
    assert iou((0, 0, 2, 2), (1, 0, 3, 2)) == pytest.approx(1 / 3)
    assert iou((0, 0, 1, 1), (2, 2, 3, 3)) == 0
    assert coverage((0, 0, 1, 1), (0, 0, 5, 5)) == 1
    assert coverage((0, 0, 5, 5), (0, 0, 1, 1)) == pytest.approx(1 / 25)
    assert centre((0, 0, 4, 2)) == (2, 1)


def test_a_box_turned_inside_out_covers_nothing() -> None:
    assert area((5, 5, 1, 1)) == 0
    assert iou((5, 5, 1, 1), (0, 0, 9, 9)) == 0


def test_a_grown_box_stays_in_the_picture() -> None:
    assert grown((100, 100, 200, 200), 0.1, (640, 360)) == (90, 90, 210, 210)
    assert grown((0, 0, 640, 360), 0.5, (640, 360)) == (0, 0, 640, 360)


def test_the_box_of_joints_has_room_for_the_scalp_and_leaves_unseen_joints_out() -> None:
    whole = box_of_joints(pose().keypoints)
    hidden = box_of_joints(pose(unseen=("left_ankle", "right_ankle")).keypoints)
    assert whole is not None
    assert hidden is not None
    assert whole[1] < pose().keypoints[:, 1].min()
    assert hidden[3] < whole[3]


def test_three_joints_make_no_box() -> None:
    keypoints = np.zeros((17, 3), dtype=np.float32)
    keypoints[:3, 2] = 1
    assert box_of_joints(keypoints) is None


@given(st.integers(0, 3000), st.integers(1, 7))
@settings(max_examples=40, deadline=None)
def test_a_strip_never_grows_beyond_its_length_and_keeps_its_first_sample(count: int, step: int) -> None:
    strip = Strip()
    for index in range(count):
        strip = strip.taking(at(index * step / 5), index / 3000)
        assert len(strip.samples) <= LONGEST
    times = [moment for moment, _ in strip.samples]
    assert times == sorted(times)
    if count:
        assert times[0] == at(0)
        behind_s = (at((count - 1) * step / 5) - times[-1]).total_seconds()
        assert behind_s < strip.stride * step / 5


def test_a_short_strip_keeps_every_sample() -> None:
    strip = Strip()
    for index in range(LONGEST):
        strip = strip.taking(at(index), None if index % 2 else 0.5)
    assert strip.relative_to(at(0)) == tuple((float(i), None if i % 2 else 0.5) for i in range(LONGEST))


def test_a_strip_forgets_what_is_older() -> None:
    strip = Strip().taking(at(0), 0.1).taking(at(1), 0.2).taking(at(2), 0.3).since(at(1))
    assert strip.relative_to(at(1)) == ((0.0, 0.2), (1.0, 0.3))
    assert Strip().since(at(1)) == Strip()


moments = st.integers(0, 7_000_000_000_000).map(lambda ms: at(0) + timedelta(milliseconds=ms))


@given(moments, st.binary(min_size=10, max_size=10))
def test_an_id_is_a_uuid_of_version_7_that_tells_its_moment(moment: datetime, random: bytes) -> None:
    made = uuid.UUID(uuid7(moment, random))
    assert made.version == 7
    assert made.variant == uuid.RFC_4122
    told = datetime.fromtimestamp(int.from_bytes(made.bytes[:6], "big") / 1000, UTC)
    assert abs(told - moment) <= timedelta(milliseconds=1)


@given(moments, moments, st.binary(min_size=10, max_size=10), st.binary(min_size=10, max_size=10))
def test_ids_sort_by_time(one: datetime, other: datetime, random: bytes, more: bytes) -> None:
    if abs(one - other) < timedelta(milliseconds=1):
        return
    assert (uuid7(one, random) < uuid7(other, more)) == (one < other)


def test_what_is_random_in_an_id_tells_two_of_one_moment_apart() -> None:
    assert uuid7(at(0), bytes(10)) != uuid7(at(0), bytes(9) + b"\x01")


def test_a_strip_tells_how_much_of_it_could_be_judged() -> None:
    strip = Strip()
    for second, score in enumerate((0.9, None, 0.8, 0.7, None, 0.6)):
        strip = strip.taking(at(second), score)
    assert strip.judged_share(at(0), at(5)) == pytest.approx(4 / 6)
    assert strip.judged_share(at(2), at(3)) == 1.0
    assert strip.judged_share(at(20), at(30)) is None
