"""Clips are scored by what their truth says: events, joints, presence, and places on the floor."""

import numpy as np
import pytest

from datasets.evaluate import evaluate, score_clip
from datasets.sightings import SIGMAS, compare, oks
from tests.datasets.measured import (
    STANDING,
    episode,
    flag,
    frames,
    seen,
    seen_person,
    true_person,
    truth,
)
from vision.values import Side, ViewQuality

THERE = truth()


def test_the_result_has_the_keys_that_others_read() -> None:
    score = score_clip(truth(episode("phone_use", 5, 19)), [flag("phone_use", 5, 19, flagged_s=13.4)])
    found = evaluate([score]).as_json()
    assert found["behaviours"]["phone_use"].items() >= {
        ("tp", 1), ("fn", 0), ("fp", 0), ("precision", 1.0), ("recall", 1.0), ("f1", 1.0), ("delay_s", 0.4),
    }  # fmt: skip
    assert found.keys() >= {"micro_f1", "false_flags_per_camera_hour", "keypoints", "distance_cm"}


def test_counts_add_up_over_clips_and_behaviours() -> None:
    scores = [
        score_clip(truth(episode("phone_use", 5, 19)), [flag("phone_use", 5, 19)]),
        score_clip(truth(episode("phone_use", 5, 19)), [flag("smoking", 5, 19)]),
        score_clip(truth(), []),
    ]
    result = evaluate(scores)
    phone, smoking = result.behaviours["phone_use"], result.behaviours["smoking"]
    assert (phone.tp, phone.fn, phone.fp, phone.recall) == (1, 1, 0, 0.5)
    assert (smoking.tp, smoking.fn, smoking.fp, smoking.recall) == (0, 0, 1, None)
    assert result.micro_f1 == 2 / (2 + 1 + 1)
    assert result.false_flags_per_camera_hour == pytest.approx(3600 / 180)
    assert list(result.behaviours) == ["phone_use", "smoking"]


def test_the_delay_is_the_median_of_the_hits_alone() -> None:
    scores = [
        score_clip(truth(episode("phone_use", 5, 40)), [flag("phone_use", 5, 40, flagged_s=13 + delay)])
        for delay in (0.0, 1.0, 9.0)
    ]
    assert evaluate(scores).behaviours["phone_use"].delay_s == 1.0


def test_a_flag_on_a_near_miss_is_false_and_told_apart() -> None:
    near = {"like": "smoking", "what": "drinking", "start_s": 5, "end_s": 9}
    result = evaluate([score_clip(truth(near_misses=[near]), [flag("smoking", 5, 12)])])
    assert (result.behaviours["smoking"].fp, result.behaviours["smoking"].near_miss_flags) == (1, 1)


def test_nothing_at_all_is_told_as_nothing_not_as_perfect() -> None:
    found = evaluate([score_clip(truth(), [])]).as_json()
    assert found["behaviours"] == {}
    assert found["micro_f1"] is None
    assert found["false_flags_per_camera_hour"] == 0
    assert found["keypoints"]["median_px"] is None
    assert found["distance_cm"]["median"] is None


def test_joints_off_by_five_pixels_are_a_twentieth_of_the_trunk() -> None:
    sightings = compare(THERE, frames(true_person()), [seen(seen_person(moved=(3, 4)))])
    assert sightings.joints[0].errors_px == pytest.approx([5.0] * 17)
    assert sightings.joints[0].trunk_px == pytest.approx(100)
    score = score_clip(THERE, [], frames(true_person()), [seen(seen_person(moved=(3, 4)))])
    keypoints = evaluate([score]).keypoints
    assert keypoints.median_torso == pytest.approx(0.05)
    assert keypoints.by_joint["left_wrist"] == pytest.approx(0.05)


def test_oks_is_one_in_place_and_falls_with_distance() -> None:
    area = 80 * 280 * 0.53
    assert oks(np.zeros(17), area, SIGMAS) == 1.0
    one_sigma = np.sqrt(area) * 2 * SIGMAS
    assert oks(one_sigma, area, SIGMAS) == pytest.approx(np.exp(-0.5))


def test_hidden_joints_are_not_held_against_the_pose() -> None:
    hidden = true_person(visible={name: name != "left_wrist" for name in STANDING})
    wild = seen_person(joints={"left_wrist": (400, 300)})
    errors = compare(THERE, frames(hidden), [seen(wild)]).joints[0].errors_px
    assert np.nanmax(errors) == pytest.approx(0)
    assert np.isnan(errors).sum() == 1


def test_wild_arms_are_counted_and_not_taken_for_somebody_else() -> None:
    wild = seen_person(joints={"left_wrist": (132, 255)})
    sightings = compare(THERE, frames(true_person()), [seen(wild)])
    assert sightings.found == 1
    assert np.nanmax(sightings.joints[0].errors_px) == pytest.approx(100)


def test_somebody_elsewhere_is_not_the_clerk_who_was_missed() -> None:
    sightings = compare(THERE, frames(true_person()), [seen(seen_person(moved=(150, 0)))])
    assert (sightings.in_view, sightings.found, sightings.joints) == (1, 0, ())


def test_two_people_are_not_both_found_in_one() -> None:
    other = true_person(id="other", joints_px={name: (x + 20, y) for name, (x, y) in STANDING.items()})
    sightings = compare(THERE, frames(true_person(), other), [seen(seen_person(moved=(2, 0)))])
    assert (sightings.in_view, sightings.found) == (2, 1)
    assert np.nanmax(sightings.joints[0].errors_px) == pytest.approx(2)


def test_a_box_without_a_pose_is_presence_but_no_pose() -> None:
    sightings = compare(THERE, frames(true_person()), [seen(seen_person(pose=None))])
    assert (sightings.in_view, sightings.found) == (1, 0)
    assert (sightings.staff_frames, sightings.staff_seen) == (1, 1)


def test_a_clerk_taken_for_the_public_is_not_present() -> None:
    sightings = compare(THERE, frames(true_person()), [seen(seen_person(zone=Side.PUBLIC))])
    assert (sightings.staff_frames, sightings.staff_seen) == (1, 0)


def test_a_clerk_out_of_view_is_not_asked_for() -> None:
    away = true_person(visible=dict.fromkeys(STANDING, False))
    sightings = compare(THERE, frames(away), [seen()])
    assert (sightings.in_view, sightings.staff_frames) == (0, 0)


def test_a_covered_camera_is_not_measured() -> None:
    assert compare(THERE, frames(true_person()), [seen(view=ViewQuality.COVERED)]).in_view == 0


def test_a_moment_without_a_true_frame_is_left_out() -> None:
    assert compare(THERE, frames(true_person(), seconds=(0.0,)), [seen(seen_person(), at_s=5.0)]).in_view == 0


FLOOR = {"points": [], "counter_edge_m": [[0, 0], [2, 0]], "line_m": [[0, 1], [2, 1]]}


def test_places_on_the_floor_are_off_by_centimetres() -> None:
    there = truth(floor=FLOOR)
    standing = true_person(id="v", side="public", floor_m=[1.0, 1.0])
    placed = seen_person(zone=Side.PUBLIC, floor=(1.3, 1.4))
    distance = evaluate([score_clip(there, [], frames(standing), [seen(placed)])]).distance
    assert distance.positions == 1
    assert distance.median == pytest.approx(50)
    assert distance.to_counter_median == pytest.approx(40)


def test_only_the_public_is_measured_on_the_floor() -> None:
    clerk = true_person(floor_m=[1.0, 1.0])
    assert compare(truth(floor=FLOOR), frames(clerk), [seen(seen_person(floor=(1.0, 2.0)))]).floor == ()


def test_with_feet_and_without_are_told_apart_and_the_stated_error_is_held_to_account() -> None:
    there = truth(floor=FLOOR)
    hidden = {**dict.fromkeys(STANDING, True), "left_ankle": False, "right_ankle": False}
    error = (0.04, 0.0, 0.01)  # 20 cm along the counter, 10 cm towards it, one deviation
    scores = [
        score_clip(
            there,
            [],
            frames(true_person(id="v", side="public", floor_m=[1.0, 1.0], visible=visible)),
            [seen(seen_person(zone=Side.PUBLIC, floor=floor, floor_error=error))],
        )
        for visible, floor in ((None, (1.4, 1.0)), (None, (1.0, 1.3)), (hidden, (1.1, 1.0)))
    ]
    distance = evaluate(scores).distance
    assert (distance.feet_seen.positions, distance.feet_hidden.positions) == (2, 1)
    assert distance.feet_seen.held == 0.5  # two deviations are held, three are not
    assert distance.feet_hidden.median == pytest.approx(10)
    assert distance.feet_hidden.held == 1.0


def test_a_second_is_right_when_most_of_its_frames_say_whether_the_post_is_manned() -> None:
    away = truth(episode("absence", 20, 40))
    moments = [second / 2 for second in range(120)]
    manned = [at_s for at_s in moments if not 20 <= at_s < 40]

    def right(there: set[float]) -> tuple[int, int]:
        looks = [seen(*([seen_person()] if at_s in there else []), at_s=at_s) for at_s in moments]
        sightings = compare(away, frames(true_person(), seconds=moments), looks)
        return sightings.seconds, sightings.seconds_right

    assert right(set(manned)) == (52, 52)  # about the comings and goings nobody is asked
    assert right(set(manned) | {30.0}) == (52, 52)
    assert right(set(manned) | {30.0, 30.5}) == (52, 51)
    assert right(set(manned) - {5.0, 5.5}) == (52, 51)
