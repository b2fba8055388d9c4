"""What is usual at a window: learned from work, kept through a lean, changed by a new seat."""

import pytest

from tests.vision.builders import UNIT_PX, at, history_of, observation, person, view
from vision.values import Person, Side, Thing, ThingKind, ViewQuality
from vision.window_view import view_of
from vision.working_posture import Posture, WorkingPosture, posture_of, tilt_of


def learned(*stretches: tuple[float, float, float]) -> WorkingPosture:
    """Stretches of (seconds, pitch, roll), five samples a second, one after the other."""
    usual, index = WorkingPosture(), 0
    for lasts_s, pitch_deg, lean_deg in stretches:
        for _ in range(int(lasts_s * 5)):
            posture = posture_of(person(pitch_deg=pitch_deg, lean_deg=lean_deg), at(index / 5))
            assert posture is not None
            usual.take(posture)
            index += 1
    return usual


def test_nothing_is_usual_in_the_first_seconds() -> None:
    assert learned((2, -10, 0)).usual is None


def back_from(usual: Posture | None, pitch_deg: float) -> float:
    """How many degrees a trunk at that pitch is back of the usual."""
    now = posture_of(person(pitch_deg=pitch_deg), at(0))
    assert now is not None
    assert usual is not None
    tilt = tilt_of(now, usual)
    assert tilt is not None
    return -tilt.forward_deg


def test_how_somebody_works_becomes_usual() -> None:
    usual = learned((10, -10, 0)).usual
    assert usual is not None
    assert usual.unit_px == pytest.approx(UNIT_PX, rel=0.05)
    assert back_from(usual, -10) == pytest.approx(0, abs=0.5)
    assert back_from(usual, 15) == pytest.approx(25, abs=0.5)
    assert back_from(usual, -40) == pytest.approx(-30, abs=0.5)


def test_a_tilt_to_the_persons_left_is_told_from_one_forward() -> None:
    usual = learned((10, -10, 0)).usual
    now = posture_of(person(pitch_deg=-10, lean_deg=20), at(0))
    assert usual is not None
    assert now is not None
    tilt = tilt_of(now, usual)
    assert tilt is not None
    assert tilt.left_deg == pytest.approx(20, abs=1)
    assert tilt.forward_deg == pytest.approx(0, abs=2)


def test_leaning_back_for_a_minute_does_not_become_usual() -> None:
    assert back_from(learned((20, -10, 0), (60, 15, 0)).usual, -10) == pytest.approx(0, abs=0.5)


def test_what_lasts_for_minutes_becomes_usual() -> None:
    assert back_from(learned((20, -10, 0), (200, 15, 0)).usual, 15) == pytest.approx(0, abs=0.5)


def test_departures_with_work_between_them_never_add_up() -> None:
    usual = learned((20, -10, 0), *[(60, 15, 0), (5, -10, 0)] * 5).usual
    assert back_from(usual, -10) == pytest.approx(0, abs=0.5)


def test_where_an_engine_knows_no_depth_there_is_a_roll_and_no_tilt() -> None:
    posture = posture_of(person(lean_deg=20), at(0))
    assert posture is not None
    assert posture.roll_deg == pytest.approx(20, abs=0.5)
    assert tilt_of(posture, posture) is None


@pytest.mark.parametrize("unseen", [("left_shoulder",), ("left_hip", "right_hip")])
def test_a_trunk_that_is_not_seen_has_no_posture(unseen: tuple[str, ...]) -> None:
    assert posture_of(person(unseen=unseen), at(0)) is None


def test_one_hip_is_enough() -> None:
    assert posture_of(person(unseen=["left_hip"]), at(0)) is not None


def test_a_window_sees_its_own_people_and_what_they_hold() -> None:
    clerk, visitor = person(1), person(2, zone=Side.PUBLIC)
    passer_by = person(3, zone=None)
    mine = Thing(ThingKind.PHONE, (0, 0, 1, 1), 0.9, track=1)
    others = Thing(ThingKind.PHONE, (0, 0, 1, 1), 0.9, track=3)
    seen = view_of(observation(clerk, visitor, passer_by, things=[mine, others]), "1")
    assert [one.track for one in seen.staff] == [1]
    assert [one.track for one in seen.public] == [2]
    assert seen.things == (mine,)
    assert seen.observed
    other_window = view_of(observation(clerk), "2")
    assert (other_window.staff, other_window.public, other_window.things) == ((), (), ())


@pytest.mark.parametrize("quality", list(ViewQuality))
def test_only_a_good_view_is_observed(quality: ViewQuality) -> None:
    assert view_of(observation(quality=quality), "1").observed is (quality is ViewQuality.OK)


def test_a_minute_is_remembered_and_no_more() -> None:
    history = history_of(*(view(person(), at_s=index) for index in range(200)))
    assert len(history.recent) == 61
    assert [one.captured_at for one in history.last(2, at(199))] == [at(197), at(198), at(199)]


def test_who_left_is_forgotten_and_who_is_hidden_for_a_moment_is_not() -> None:
    worked = [view(person(7), at_s=index) for index in range(20)]
    hidden = [view(at_s=20 + index) for index in range(30)]
    gone = [view(at_s=50 + index) for index in range(60)]
    assert history_of(*worked, *hidden).usual(7) is not None
    assert history_of(*worked, *hidden, *gone).usual(7) is None
    assert history_of(*worked, *hidden, *gone).reach(7, "left", 60, at(110)) == []


def test_a_person_of_whom_there_is_only_a_box_leaves_no_posture() -> None:
    boxed = Person(1, (0, 0, 50, 90), 0.9, None, "1", Side.STAFF)
    assert history_of(*(view(boxed, at_s=index) for index in range(9))).usual(1) is None


def test_a_track_that_takes_up_a_lost_one_keeps_what_was_usual() -> None:
    worked = [view(person(pitch_deg=-10), at_s=tick / 5) for tick in range(50)]
    leans = [view(person(track=2, pitch_deg=25), at_s=10 + tick / 5) for tick in range(50)]
    history = history_of(*worked, *leans)
    usual = history.usual(2)
    assert back_from(usual, -10) == pytest.approx(0, abs=0.5)


def test_somebody_elsewhere_or_later_is_learned_anew() -> None:
    worked = [view(person(pitch_deg=-10), at_s=tick / 5) for tick in range(50)]
    beside = [view(person(track=2, at=(500.0, 150.0), pitch_deg=-40), at_s=10 + t / 5) for t in range(50)]
    later = [view(person(track=3, pitch_deg=-40), at_s=40 + tick / 5) for tick in range(50)]
    assert back_from(history_of(*worked, *beside).usual(2), -40) == pytest.approx(0, abs=0.5)
    assert back_from(history_of(*worked, *later).usual(3), -40) == pytest.approx(0, abs=0.5)
