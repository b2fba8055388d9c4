"""A calibration saved in the browser: the same floor and zones in the worker, at once and for good."""

import math
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import cv2
import httpx
import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from api.accounts import set_password
from api.calibration_check import check_zones, described_floor, surveyed
from api.calibration_content import CalibrationContent
from api.calibration_models import WorkerCalibration
from api.problems import Problem
from cameras.health import Health
from cameras.reader import Picture
from cameras.write_video import VideoWriter
from hallwatch import worker
from hallwatch.api_process import api_settings
from hallwatch.calendar_seed import china_calendar
from hallwatch.calibration_feed import CalibrationFeed
from hallwatch.delivery import SinkUnreachableError
from hallwatch.live_view import LiveView
from hallwatch.measured_floor import floor_of, strip_of
from hallwatch.networks import Networks
from hallwatch.pipeline import pipeline_for
from hallwatch.saved_calibration import SITE_FILE, SavedCalibration, calibration_json
from hallwatch.settings import Settings
from hallwatch.site import whole_frame_site
from hallwatch.site_models import Camera, LimitChanges, Site
from hallwatch.spool import Spool
from hallwatch.work_plan import WorkPlan
from hallwatch.worker import CameraWork
from hallwatch.worker_key import worker_key
from tests.calibration.measured_hall import EYE, SIZE, STAFF, measured
from tests.hallwatch.camera_scenes import NOON, event_id
from tests.hallwatch.test_spool_to_api import PASSWORD, ApiProcess, becomes_true
from tests.hallwatch.test_spool_to_api import settings as settings
from tests.vision.stage import Actor, Stage
from vision.values import Side

WHOLE = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]
LEFT = [[0.0, 0.0], [0.2, 0.0], [0.2, 1.0], [0.0, 1.0]]
RIGHT = [[0.25, 0.0], [1.0, 0.0], [1.0, 1.0], [0.25, 1.0]]


def saved(content: Any, revision: int = 1) -> SavedCalibration:
    """What the API's answer makes of a content that the page sent."""
    told = WorkerCalibration(revision=revision, content=CalibrationContent.model_validate(content))
    answer = told.model_dump(mode="json")
    return SavedCalibration.model_validate({"tag": f'"{revision}"', **answer})


def one_window(**limits: LimitChanges) -> Site:
    site = whole_frame_site("0")
    return site.model_copy(update={"limits": {**site.limits, **limits}})


def texture(number: int) -> np.ndarray:
    """A hall that stands still, with a sensor's noise."""
    blocks = np.random.default_rng(5).integers(40, 215, (45, 80), dtype=np.uint8)
    calm = cv2.resize(blocks, SIZE, interpolation=cv2.INTER_NEAREST).astype(np.int16)
    noise = np.random.default_rng(number).integers(-4, 5, calm.shape)
    return np.repeat((calm + noise).astype(np.uint8)[:, :, None], 3, axis=2)


@pytest.fixture
def work(tmp_path: Path) -> Iterator[CameraWork]:
    """A camera at work: somebody stands in the middle of its picture, the clerk's seat is at its left."""
    stage = Stage([Actor()])
    absence = LimitChanges(hold_s=2, window_s=3, gap_s=1, cooldown_s=1)
    site, numbers = one_window(absence=absence), count(1)
    camera = saved({"floor": None, "zones": {"1": {"staff": LEFT, "public": RIGHT}}}).on(site.cameras[0])
    site = site.model_copy(update={"cameras": (camera,)})
    networks = Networks(stage, stage)  # type: ignore[arg-type]
    pipeline = pipeline_for(site, camera, networks, lambda _: event_id(next(numbers)), china_calendar())
    with Spool(tmp_path / "spool", now=datetime.now(UTC)) as spool:
        yield CameraWork.resumed(pipeline, spool, tmp_path / "clips", LiveView(lambda _: 0, ()))


def play(work: CameraWork, from_s: float, seconds: float) -> None:
    for number in range(round(from_s * 5), round((from_s + seconds) * 5)):
        at_s = number / 5
        work.take(Picture(number, NOON + timedelta(seconds=at_s), at_s, texture(number)))


def told_events(work: CameraWork) -> list[dict[str, Any]]:
    return [dict(message.payload) for message in work.spool.due("event", float("inf"), 100)]


def test_zones_of_a_running_camera_change_and_its_open_event_goes_on(work: CameraWork) -> None:
    play(work, 0, 6)
    (absence,) = told_events(work)
    assert (absence["behaviour"], absence["ended_at"]) == ("absence", None), "nobody sits at the left"
    before = work.pipeline.judge.snapshot()

    work.calibrate(
        saved({"floor": measured()["floor"], "zones": {"1": {"staff": WHOLE}}}), work.pipeline.camera
    )
    assert work.pipeline.judge.snapshot() == before, "nothing that was open is lost"
    play(work, 6, 6)

    (ended,) = told_events(work)
    assert ended["id"] == absence["id"]
    assert ended["ending"] == "ceased", "who stood before the seat sits in it, as it is drawn now"
    (person,) = work.clips.trail._observations[-1].persons
    assert (person.zone, person.window) == (Side.STAFF, "1")
    assert person.track == 2, "a number that nobody had before"
    (status,) = work.spool.due("status", float("inf"), 10)
    assert (status.payload["calibration"], status.payload["size"]) == (1, list(SIZE))


def test_the_floor_of_a_running_camera_is_the_saved_one(work: CameraWork) -> None:
    camera = work.pipeline.camera
    work.calibrate(saved(measured("1")), camera)
    play(work, 0, 2)
    ground = work.pipeline._perception.ground  # type: ignore[union-attr]
    assert ground is not None
    assert ground.floor.to_metres(EYE.sees((0.4, 2.0))) == pytest.approx((0.4, 2.0), abs=0.01)
    assert all(rules.strip is not None for rules in work.pipeline.judge.rules)
    work.calibrate(SavedCalibration(tag='"2"', revision=2), camera)
    play(work, 2, 1)
    assert work.pipeline.camera == camera
    assert work.pipeline._perception.ground is None  # type: ignore[union-attr]


CAMERA = one_window().cameras[0]


def feed_of(path: Path, *answers: SavedCalibration | Exception) -> CalibrationFeed:
    """Answers in turn, then nothing new; like the API it says nothing new to whoever has the newest."""
    waiting = list(answers)

    def fetch(tag: str) -> dict[str, Any] | None:
        if not waiting:
            return None
        answer = waiting.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return None if answer.tag == tag else answer.model_dump(mode="json")

    return CalibrationFeed(CAMERA, path, fetch)


def test_what_was_told_once_outlives_the_process_and_the_api(tmp_path: Path) -> None:
    path, told = tmp_path / "calibration.json", saved(measured("1"), 3)
    first = feed_of(path, told)
    assert first.kept() == SITE_FILE
    first.ask()
    assert first.newest() == told
    assert first.newest() is None, "taken once"
    after = feed_of(path, SinkUnreachableError("gone"))
    assert after.kept() == told
    with pytest.raises(SinkUnreachableError):
        after.ask()
    again = feed_of(path, told)
    again.kept()
    again.ask()
    assert again.newest() is None, "the API has nothing newer"


@pytest.mark.parametrize("content", ["", "{", '{"tag": "\\"1\\"", "revision": -1}'])
def test_a_broken_file_is_as_none(tmp_path: Path, content: str) -> None:
    path = tmp_path / "calibration.json"
    path.write_text(content)
    feed = feed_of(path, saved(measured("1")))
    assert feed.kept() == SITE_FILE
    feed.ask()
    assert feed.newest() == saved(measured("1"))
    assert feed_of(path).kept() == saved(measured("1"))


def test_what_does_not_fit_changes_nothing(tmp_path: Path) -> None:
    path, good = tmp_path / "calibration.json", saved(measured("1"), 1)
    beyond = saved(measured("1", line_m=[[0, 2.5], [1, 2.5]]), 2)
    feed = feed_of(path, good, beyond)
    feed.ask()
    feed.ask()
    assert feed.newest() == good
    assert feed_of(path).kept() == good


def test_windows_stay_the_site_files(tmp_path: Path) -> None:
    elsewhere = saved({"floor": None, "zones": {"9": {"staff": STAFF}}}).on(CAMERA)
    assert elsewhere == CAMERA
    assert calibration_json(CAMERA)["zones"] == {"1": {"staff": WHOLE, "public": None}}


def around(radii: list[float]) -> list[list[float]]:
    """Corners in order around the picture's middle."""
    turns = [2 * math.pi * index / len(radii) for index in range(len(radii))]
    corners = zip(radii, turns, strict=True)
    return [[round(0.5 + r * math.cos(a), 5), round(0.5 + r * math.sin(a), 5)] for r, a in corners]


outlines = st.lists(st.floats(0.05, 0.5), min_size=3, max_size=9).map(around)
lenses = st.one_of(
    st.none(),
    st.builds(
        lambda focal, k1: {"focal": focal, "centre": [0.5, 0.5], "distortion": [k1, 0, 0, 0, 0]},
        st.one_of(st.none(), st.just(500 / 640)),
        st.floats(-0.02, 0.01),
    ),
)


@given(
    lens=lenses,
    tile=st.one_of(st.none(), st.just([0.6, 0.5])),
    picked=st.integers(4, 6),
    clicks=st.lists(st.floats(-0.002, 0.002), min_size=12, max_size=12),
    staff=outlines,
    public=st.one_of(st.none(), outlines),
    line_away=st.floats(0.2, 1.5),
)
@examples(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_what_the_page_may_save_is_what_the_worker_uses(
    lens: Any, tile: Any, picked: int, clicks: list[float], staff: Any, public: Any, line_away: float
) -> None:
    content = measured("1", lens=lens, tile_m=tile, line_m=[[-1, 2.5 - line_away], [1, 2.5 - line_away]])
    points = content["floor"]["points"] = content["floor"]["points"][:picked]
    for index, point in enumerate(points):
        point["at"] = [min(1, max(0, at + clicks[2 * index + axis])) for axis, at in enumerate(point["at"])]
        if tile and index % 2:
            point["tile"], point["m"] = [point["m"][0] / tile[0], point["m"][1] / tile[1]], None
    content["zones"]["1"] = {"staff": staff, "public": public}
    sent = CalibrationContent.model_validate(content)
    assert sent.floor is not None
    refused = is_refused(lambda: check_zones(sent, {"1": ("1号", "1")})) or is_refused(
        lambda: surveyed(sent, SIZE)
    )
    assume(not refused)

    camera: Camera = saved(content).on(CAMERA)

    drawn = camera.zones["1"]
    assert [list(corner) for corner in drawn.staff] == staff
    assert [list(corner) for corner in drawn.public or ()] == (public or [])
    described, floor = described_floor(sent.floor), floor_of(camera, SIZE)
    assert floor is not None
    assert np.array_equal(floor.homography, described.fitted(SIZE).homography)
    assert strip_of(camera) == described.strip()
    assert calibration_json(camera) == sent.model_dump(mode="json"), "and is told to the API as it came"


def is_refused(check: Callable[[], object]) -> bool:
    try:
        check()
    except Problem:
        return True
    return False


@pytest.fixture
def plan(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> WorkPlan:
    """A worker's plan for a film, played as if it were a camera; the stage stands in for its networks."""
    stage = Stage([Actor()])
    monkeypatch.setattr(worker, "open_networks", lambda _: Networks(stage, stage))  # type: ignore[arg-type]
    film = tmp_path / "film.mp4"
    with VideoWriter(film, 5, SIZE) as writer:
        for number in range(50):
            writer.write(texture(number))
    site = whole_frame_site(str(film))
    folder = settings.data_dir / "spool" / "1"
    return WorkPlan(site, site.cameras[0], folder, settings.address, worker_key(settings))


class Working:
    """The plan's worker in a thread."""

    def __init__(self, plan: WorkPlan) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=worker.run_worker, args=(plan, self._stop))

    def __enter__(self) -> "Working":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(20)
        assert not self._thread.is_alive()


def test_a_running_worker_takes_what_is_saved_and_has_it_after_a_start_without_the_api(
    settings: Settings, plan: WorkPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_password(api_settings(settings), "supervisor", PASSWORD)
    api = ApiProcess(settings)
    api.start()
    assert becomes_true(api.answers)
    path = "cameras/1/calibration"
    with httpx.Client(base_url=f"{settings.address}/api/v1", trust_env=False) as browser, Working(plan):
        answer = browser.post("session", json={"username": "supervisor", "password": PASSWORD})
        browser.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        assert becomes_true(lambda: browser.get(path).json().get("in_use") == 0)
        assert becomes_true(lambda: browser.get(path).json()["size"] == list(SIZE))
        site = browser.get(path).json()
        assert site["content"] == calibration_json(plan.camera)
        put = browser.put(path, json={"content": measured("1")}, headers={"If-Match": '"0"'})
        assert put.status_code == 200, put.text
        assert becomes_true(lambda: browser.get(path).json()["in_use"] == 1, within_s=15)
        api.kill()
    taken = pictures_taken(monkeypatch)
    with Working(plan):
        assert becomes_true(lambda: len(taken) > 2)
    with Spool(plan.spool_dir, now=datetime.now(UTC)) as spool:
        (status,) = spool.due("status", float("inf"), 10)
    assert status.payload["calibration"] == 1


def pictures_taken(monkeypatch: pytest.MonkeyPatch) -> list[Picture]:
    """Grows with each picture that a worker is through with."""
    taken: list[Picture] = []
    take = CameraWork.take

    def counted(work: CameraWork, item: Picture | Health) -> None:
        take(work, item)
        if isinstance(item, Picture):
            taken.append(item)

    monkeypatch.setattr(CameraWork, "take", counted)
    return taken
