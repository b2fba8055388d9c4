"""Messages as JSON: what the API takes, whatever perception came up with."""

import json

import pytest

from hallwatch.site import EXAMPLE, load_site
from hallwatch.wire import MAX_STRIP, EventMessage, hall_json
from tests.hallwatch.messages import event


@pytest.mark.parametrize("length", [0, 1, 399, 400, 401, 799, 800, 5000])
def test_a_long_strip_is_thinned_out_from_its_start(length: int) -> None:
    strip = tuple((float(second), 0.5) for second in range(length))
    told = EventMessage(event().event, strip).as_json()["evidence"]
    assert len(told) <= MAX_STRIP
    assert len(told) >= min(length, MAX_STRIP // 2)
    assert told[:1] == [[0.0, 0.5]][:length]


def test_a_score_past_its_end_by_rounding_is_told_as_the_end() -> None:
    told = EventMessage(event(peak_score=1.0000001).event, ((0.0, -1e-9),)).as_json()
    assert (told["peak_score"], told["evidence"]) == (1.0, [[0.0, 0.0]])


def test_a_measure_that_is_no_number_is_left_out() -> None:
    told = event(measures={"tilt_deg": float("nan"), "held_s": 5.0}).as_json()
    assert told["measures"] == {"held_s": 5.0}


def test_the_hall_is_told_without_its_cameras_addresses() -> None:
    told = json.dumps(hall_json(load_site(EXAMPLE)))
    assert "rtsp" not in told
    assert json.loads(told)["cameras"][0]["windows"] == ["1", "2"]
