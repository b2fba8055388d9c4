"""OKS mAP is COCO's own, to the last digit."""

import contextlib
import importlib.util
import io

import numpy as np
import pytest

from datasets.keypoint_precision import PosePrecision, SeenPose, TruePose, likeness, pose_precision
from tests.conftest import need

Picture = tuple[list[TruePose], list[SeenPose]]


def person(rng: np.random.Generator, *, ignored: bool = False, hidden: float = 0.3) -> TruePose:
    x, y = rng.uniform(20, 500, 2)
    width, height = rng.uniform(40, 120), rng.uniform(80, 240)
    joints = np.column_stack([rng.uniform(x, x + width, 17), rng.uniform(y, y + height, 17)])
    in_view = rng.random(17) >= hidden
    if not ignored:
        in_view[0] = True
    box = (x, y, x + width, y + height)
    return TruePose(np.where(in_view[:, None], joints, 0), in_view, box, width * height * 0.53, ignored)


def pictures(seed: int) -> list[Picture]:
    """Pictures of people, some hardly in view, seen well, badly, twice, or not at all, and of nobody."""
    rng = np.random.default_rng(seed)
    made: list[Picture] = []
    for _ in range(30):
        people = [person(rng) for _ in range(rng.integers(0, 4))]
        people += [
            person(rng, ignored=True, hidden=rng.choice([0.8, 1.0])) for _ in range(rng.integers(0, 2))
        ]
        seen = [
            SeenPose(one.joints + rng.normal(0, rng.choice([1, 4, 9, 25]), (17, 2)), float(rng.random()))
            for one in people
            for _ in range(rng.choice([0, 1, 1, 1, 2]))
        ]
        seen += [SeenPose(person(rng).joints, float(rng.random())) for _ in range(rng.integers(0, 2))]
        made.append((people, seen))
    return made


def cocos_own(made: list[Picture]) -> PosePrecision:
    need(importlib.util.find_spec("pycocotools"), "the package pycocotools (extra `dev`)")
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    truth, found = [], []
    for number, (people, seen) in enumerate(made, 1):
        for one in people:
            x1, y1, x2, y2 = one.box
            flags = np.where(one.in_view, 2, 0)[:, None]
            truth.append(
                {
                    "id": len(truth) + 1,
                    "image_id": number,
                    "category_id": 1,
                    "area": one.area_px,
                    "iscrowd": 0,
                    "bbox": [x1, y1, x2 - x1, y2 - y1],
                    "num_keypoints": 0 if one.ignored else int(one.in_view.sum()),
                    "keypoints": np.concatenate([one.joints, flags], axis=1).reshape(-1).tolist(),
                }
            )
        found += [
            {
                "image_id": number,
                "category_id": 1,
                "keypoints": np.column_stack([pose.joints, np.ones(17)]).reshape(-1).tolist(),
                "score": pose.score,
            }
            for pose in seen
        ]
    with contextlib.redirect_stdout(io.StringIO()):
        known = COCO()
        known.dataset = {
            "info": {},
            "images": [{"id": number} for number in range(1, len(made) + 1)],
            "annotations": truth,
            "categories": [{"id": 1}],
        }
        known.createIndex()
        counted = COCOeval(known, known.loadRes(found), "keypoints")
        counted.params.areaRng, counted.params.areaRngLbl = [[0, 1e10]] * 3, ["all", "medium", "large"]
        counted.evaluate()
        counted.accumulate()
        counted.summarize()
    mean, at_50, at_75, _, _, recall, *_ = counted.stats
    return PosePrecision(0, 0, mean, at_50, at_75, recall)


@pytest.mark.parametrize("seed", range(6))
def test_it_is_what_cocos_own_code_counts(seed: int) -> None:
    made = pictures(seed)
    ours, theirs = pose_precision(made), cocos_own(made)
    assert ours.mean is not None
    assert 0.05 < ours.mean < 0.95
    assert ours.mean == pytest.approx(theirs.mean, abs=1e-9)
    assert ours.at_50 == pytest.approx(theirs.at_50, abs=1e-9)
    assert ours.at_75 == pytest.approx(theirs.at_75, abs=1e-9)
    assert ours.recall == pytest.approx(theirs.recall, abs=1e-9)


def test_poses_that_are_all_right_have_a_precision_of_one() -> None:
    rng = np.random.default_rng(27)
    people = [person(rng) for _ in range(3)]
    seen = [SeenPose(one.joints.copy(), 0.5) for one in people]
    found = pose_precision([(people, seen)])
    assert found == PosePrecision(3, 3, 1.0, 1.0, 1.0, 1.0)


def test_without_anybody_there_is_no_precision() -> None:
    assert pose_precision([([], [SeenPose(np.zeros((17, 2)), 0.9)])]).mean is None
    assert pose_precision([]).mean is None


def test_without_any_pose_it_is_nothing() -> None:
    assert pose_precision([([person(np.random.default_rng(1))], [])]).mean == 0


def test_whoever_is_hardly_in_view_may_be_found_or_not() -> None:
    rng = np.random.default_rng(3)
    plain, hidden = person(rng), person(rng, ignored=True, hidden=0.7)
    seen = [SeenPose(plain.joints, 0.5), SeenPose(hidden.joints, 0.9)]
    assert likeness(hidden, seen[1]) == 1
    assert pose_precision([([plain, hidden], seen)]).mean == pytest.approx(1)
    assert pose_precision([([plain, hidden], seen[:1])]).mean == pytest.approx(1)
