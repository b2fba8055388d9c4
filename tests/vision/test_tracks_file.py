"""Tracks on disk: what was seen comes back, in few bytes, and damage loses no more than it must."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vision.behaviours.clerks import POSTURES, clerk
from tests.vision.builders import at, observation, thing_at_hand
from vision.tracks_file import TracksError, TracksReader, TracksWriter, read_tracks
from vision.values import Observation, Person, Side, ThingKind, ViewQuality

CONTEXT = {"rules": "today's"}


def written(path: Path, observations: list[Observation]) -> Path:
    with TracksWriter(path, CONTEXT) as writer:
        for one in observations:
            writer.write(one)
    return path


def minute(people: int = 1, seconds: float = 60.0, fps: float = 5.0) -> list[Observation]:
    """Clerks at work whose joints jitter as an engine's do."""
    return [
        observation(
            *(clerk("typing", 20, noise=0.02, seed=index * 7 + n, track=n) for n in range(people)),
            at_s=index / fps,
        )
        for index in range(round(seconds * fps))
    ]


def alike(one: Person, other: Person) -> None:
    assert (one.track, one.window, one.zone) == (other.track, other.window, other.zone)
    assert one.box == pytest.approx(other.box, abs=0.26)
    assert (one.pose is None) == (other.pose is None)
    if one.pose is not None and other.pose is not None:
        assert one.pose.keypoints[:, :2] == pytest.approx(other.pose.keypoints[:, :2], abs=0.26)
        assert one.pose.keypoints[:, 2] == pytest.approx(other.pose.keypoints[:, 2], abs=0.02)
        if one.pose.world is not None and one.zone is not Side.PUBLIC:
            assert other.pose.world == pytest.approx(one.pose.world, abs=0.0051)
    assert (one.floor is None) == (other.floor is None)


@given(
    st.sampled_from(sorted(POSTURES)),
    st.floats(-60, 60),
    st.floats(0, 0.3),
    st.sampled_from([Side.STAFF, Side.PUBLIC, None]),
    st.sampled_from(list(ViewQuality)),
    st.tuples(st.floats(-50, 50), st.floats(-50, 50)) | st.none(),
)
@settings(max_examples=40, deadline=None)
def test_what_was_seen_comes_back(
    tmp_path_factory: pytest.TempPathFactory,
    posture: str,
    turned: float,
    noise: float,
    zone: Side | None,
    view: ViewQuality,
    floor: tuple[float, float] | None,
) -> None:
    who = replace(
        clerk(posture, turned, noise=noise), zone=zone, floor=floor, floor_error=(0.02, -0.01, 0.04)
    )
    boxed = replace(who, track=9, pose=None, window=None, floor_error=None)
    seen = observation(who, boxed, things=[thing_at_hand(who, ThingKind.PHONE)], quality=view)
    path = written(tmp_path_factory.mktemp("tracks") / "a.tracks", [seen, replace(seen, captured_at=at(0.2))])
    first, second = read_tracks(path)
    assert (first.camera, first.size, first.view) == (seen.camera, seen.size, view)
    assert (second.captured_at - first.captured_at).total_seconds() == pytest.approx(0.2)
    for one, other in zip(seen.persons, first.persons, strict=True):
        alike(one, other)
    assert first.persons[0].floor_error == pytest.approx((0.02, -0.01, 0.04), abs=1e-4)
    if floor is not None:
        assert first.persons[0].floor == pytest.approx(floor, abs=0.0051)
    assert first.things[0].box == pytest.approx(seen.things[0].box, abs=0.26)
    assert first.things[0].kind is ThingKind.PHONE


@pytest.mark.parametrize("people", [1, 2])
def test_a_minute_takes_at_most_60_kilobytes(tmp_path: Path, people: int) -> None:
    path = written(tmp_path / "a.tracks", minute(people))
    assert path.stat().st_size <= 60_000


def test_the_header_tells_whose_they_are(tmp_path: Path) -> None:
    reader = TracksReader(written(tmp_path / "a.tracks", minute(seconds=2)))
    assert reader.header.camera == "c1"
    assert reader.header.context == CONTEXT
    assert len(list(reader.observations())) == 10
    assert reader.complete


def test_a_file_cut_anywhere_keeps_the_minutes_before(tmp_path: Path) -> None:
    whole = written(tmp_path / "a.tracks", minute(seconds=130)).read_bytes()
    for share in np.linspace(0.05, 0.999, 25):
        cut = tmp_path / "cut.tracks"
        cut.write_bytes(whole[: int(len(whole) * share)])
        reader = TracksReader(cut)
        count = len(list(reader.observations()))
        assert not reader.complete
        assert count in (0, 300, 600, 650)


def test_a_damaged_block_ends_what_is_read(tmp_path: Path) -> None:
    path = written(tmp_path / "a.tracks", minute(seconds=130))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)
    reader = TracksReader(path)
    assert len(list(reader.observations())) == 300
    assert not reader.complete


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "holds no tracks"),
        (b"RIFF....AVI LIST", "holds no tracks"),
        (b"HWTK\x09\x02\x00\x00\x00{}", "version 9"),
        (b"HWTK\x01\x02\x00\x00\x00{}", "damaged header"),
        (b"HWTK\x01\xff\xff\xff\x7fx", "damaged header"),
    ],
)
def test_foreign_and_newer_files_are_refused_in_words(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "a.tracks"
    path.write_bytes(content)
    with pytest.raises(TracksError, match=says):
        TracksReader(path)
