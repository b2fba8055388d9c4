"""Eight seconds of a rendered clerk through the real networks: one person, arms crossed as in truth."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest

from models.blazepose import BlazePose
from models.errors import NetworkMissing
from models.storage import Store
from tests.conftest import need
from tests.vision.builders import CountedIds
from vision.judge import Judge, Judgement, WindowRules, default_limits
from vision.perception import Perception
from vision.values import Frame, Observation
from vision.zones import WHOLE_PICTURE, WindowZones

NAME = "arms_crossed-man-cctv"
BEGAN = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def engine() -> BlazePose:
    store = Store.default()
    try:
        return BlazePose(store.path("pose_detection"), store.path("pose_landmark_full"))
    except NetworkMissing as missing:
        need(False, str(missing))
        raise


def frames(path: Path, from_s: float, until_s: float, every: int) -> list[Frame]:
    clip = cv2.VideoCapture(str(path))
    fps = clip.get(cv2.CAP_PROP_FPS)
    found = []
    for index in range(int(until_s * fps)):
        good, image = clip.read()
        assert good
        if index >= from_s * fps and index % every == 0:
            picture = np.asarray(image, dtype=np.uint8)
            found.append(Frame("c1", index, BEGAN + timedelta(seconds=index / fps), picture))
    clip.release()
    return found


@pytest.fixture(scope="module")
def watched(shared: Path, engine: BlazePose) -> tuple[list[Observation], list[Judgement]]:
    """Seconds 3 to 11 at five frames a second, without a detector; the arms are crossed from second 5 on."""
    path = shared / "clips" / f"{NAME}.mp4"
    need(path.is_file(), f"the clip {NAME}.mp4")
    seeing = Perception([WindowZones("1", WHOLE_PICTURE)], engine)
    judging = Judge("c1", [WindowRules("1", default_limits())], CountedIds())
    observations = [seeing.observe(frame) for frame in frames(path, 3, 11, 2)]
    return observations, [judging.observe(one) for one in observations]


def test_one_person_is_seen_all_the_time(watched: tuple[list[Observation], list[Judgement]]) -> None:
    observations, _ = watched
    assert {tuple(person.track for person in one.persons) for one in observations} == {(1,)}


def test_the_crossed_arms_are_flagged_when_the_truth_says(
    shared: Path, watched: tuple[list[Observation], list[Judgement]]
) -> None:
    truth = json.loads((shared / "clips" / f"{NAME}.truth.json").read_text())["episodes"][0]
    events = [event for one in watched[1] for event in one.events]
    assert {event.behaviour for event in events} == {"arms_crossed"}
    assert len({event.id for event in events}) == 1
    began_s = (events[0].started_at - BEGAN).total_seconds()
    assert began_s == pytest.approx(truth["start_s"], abs=1.5)
