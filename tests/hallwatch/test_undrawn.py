"""A camera whose zones nobody drew yet judges nobody; once they are drawn in the browser, it begins."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from hallwatch.calendar_seed import china_calendar
from hallwatch.networks import Networks
from hallwatch.pipeline import Pipeline, pipeline_for
from hallwatch.saved_calibration import CameraCalibration, SavedCalibration
from hallwatch.site import load_site
from hallwatch.site_models import WindowZones
from tests.hallwatch.camera_scenes import NOON
from vision.values import Frame

SITE = """\
hall: {id: h, name: 大厅, name_en: Hall, time_zone: Asia/Shanghai}
windows:
  - {id: "1", name: 1号, name_en: One, limits: {absence: {hold_s: 2, window_s: 3}}}
  - {id: "2", name: 2号, name_en: Two}
cameras:
  - id: c
    name: 一号机
    source: rtsp://192.0.2.1/1
    zones: {"1": {}, "2": {}}
"""
WHOLE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    path = tmp_path / "site.yaml"
    path.write_text(SITE, encoding="utf-8")
    site = load_site(path)
    return pipeline_for(site, site.cameras[0], Networks(None, None), lambda _: "id", china_calendar())  # type: ignore[arg-type]


def test_nobody_is_missed_where_no_staff_side_was_drawn(pipeline: Pipeline) -> None:
    empty = np.zeros((90, 160, 3), np.uint8)
    for second in range(0, 600, 2):
        seen = pipeline.take(Frame("c", second, NOON + timedelta(seconds=second), empty))
        assert seen.judgement.events == ()
        assert seen.judgement.open_windows == (), "nor is any of it counted as observed"


def test_a_window_is_judged_from_the_moment_it_is_drawn(pipeline: Pipeline) -> None:
    content = CameraCalibration(zones={"1": WindowZones(staff=WHOLE)})
    saved = SavedCalibration(tag='"1"', revision=1, content=content)
    pipeline.calibrate(saved.on(pipeline.camera))
    assert [rules.window for rules in pipeline.judge.rules] == ["1"]
    pipeline.calibrate(SavedCalibration(tag='"0"', revision=0).on(pipeline.camera))
