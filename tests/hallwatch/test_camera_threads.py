"""Several cameras in one process: one's trouble is not the others'."""

import threading
from collections import Counter
from pathlib import Path

import pytest

from cameras.errors import NotFound
from hallwatch import camera_threads
from hallwatch.camera_threads import CameraThreads
from hallwatch.delivery import BackOff
from hallwatch.settings import SettingsError, read_settings
from hallwatch.site import whole_frame_site
from hallwatch.site_models import Site
from hallwatch.work_plan import WorkPlan, dealt, work_plans


def hall(count: int) -> Site:
    site = whole_frame_site("film.mp4")
    cameras = [site.cameras[0].model_copy(update={"id": f"cam{number}"}) for number in range(count)]
    return site.model_copy(update={"cameras": tuple(cameras)})


def plans(tmp_path: Path, count: int) -> list[WorkPlan]:
    settings = read_settings(data_dir=tmp_path, worker_key="k" * 32)
    return work_plans(settings, hall(count), [], None)


def test_cameras_are_shared_out_evenly() -> None:
    names = [f"cam{number}" for number in range(7)]
    assert dealt(names, 2) == [["cam0", "cam2", "cam4", "cam6"], ["cam1", "cam3", "cam5"]]
    assert dealt(names, 100) == [[name] for name in names]


def test_all_cameras_are_planned_where_none_is_named(tmp_path: Path) -> None:
    assert [plan.camera.id for plan in plans(tmp_path, 3)] == ["cam0", "cam1", "cam2"]
    with pytest.raises(SettingsError, match="no camera `cam9`; the site has cam0"):
        work_plans(read_settings(data_dir=tmp_path, worker_key="k" * 32), hall(1), ["cam9"], None)


def test_a_camera_whose_work_breaks_off_is_begun_again_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(camera_threads, "AGAIN", BackOff(first_s=0.01, most_s=0.01))
    begun: Counter[str] = Counter()
    stop, again = threading.Event(), threading.Event()

    def watch(plan: WorkPlan, stopped: threading.Event) -> None:
        begun[plan.camera.id] += 1
        if plan.camera.id == "cam0":
            if begun["cam0"] == 3:
                again.set()
                stopped.wait()
            raise ZeroDivisionError("a defect")
        if plan.camera.id == "cam1":
            raise NotFound("film.mp4 does not exist: check the path.")
        stopped.wait()

    running = threading.Thread(target=CameraThreads(plans(tmp_path, 3), watch, stop).run)
    running.start()
    assert again.wait(10)
    stop.set()
    running.join(10)
    assert not running.is_alive()
    assert begun == {"cam0": 3, "cam1": 1, "cam2": 1}


def test_when_no_camera_can_be_watched_the_reason_is_told(tmp_path: Path) -> None:
    def watch(plan: WorkPlan, _stopped: threading.Event) -> None:
        raise NotFound(f"{plan.camera.id} does not exist: check the path.")

    with pytest.raises(NotFound, match="cam0 does not exist"):
        CameraThreads(plans(tmp_path, 2), watch, threading.Event()).run()
