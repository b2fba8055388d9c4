"""Crops to learn held things from: cut about hands and mouths, labelled by what is truly held and seen."""

from pathlib import Path

import numpy as np
import pytest

from datasets.held_card import Confusion
from datasets.held_crops import CROP_PX, Crops, crop_scripts, cut, cut_square, label_of, load_crops
from datasets.real_crops import real_crops
from datasets.real_video import video_crops
from datasets.script import Script, Someone
from datasets.splits import SPLITS
from models.held_things import CLASSES
from tests.vision.builders import person
from vision.body import Body


def body() -> Body:
    pose = person(hand_at="mouth").pose
    assert pose is not None
    return Body(pose)


def thing(kind: str, at: tuple[float, float], seen: float = 0.4, half: float = 4.0) -> dict[str, object]:
    box = [at[0] - half, at[1] - half, at[0] + half, at[1] + half]
    return {"kind": kind, "box_px": box, "seen": seen, "person": "clerk", "hand": "left"}


@pytest.mark.parametrize(
    ("kind", "label"), [("phone", "phone"), ("pen", "other"), ("cup", "other"), ("newspaper", "reading")]
)
def test_a_crop_is_what_is_held_in_its_middle(kind: str, label: str) -> None:
    hand = body().hand("right")
    assert label_of(body(), hand, [thing(kind, hand)]) == label


def test_a_cigarette_is_at_the_mouth_where_it_touches_it() -> None:
    mouth, hand = body().mouth(), body().hand("right")
    assert label_of(body(), mouth, [thing("cigarette", mouth)]) == "cigarette_at_mouth"
    assert label_of(body(), hand, [thing("cigarette", hand)]) == "cigarette"


def test_at_the_edge_nobody_can_say_and_beyond_it_is_not_in_the_crop() -> None:
    x, y = body().hand("right")
    side = 1.25 * body().unit
    assert label_of(body(), (x, y), [thing("phone", (x + 0.5 * side, y))]) is None
    assert label_of(body(), (x, y), [thing("phone", (x + 0.8 * side, y))]) == "empty"


def test_what_is_hidden_or_lies_on_the_desk_is_not_held() -> None:
    hand = body().hand("right")
    lying = thing("phone", hand)
    del lying["hand"]
    assert label_of(body(), hand, [thing("phone", hand, seen=0.02), lying]) == "empty"


def test_a_square_is_cut_to_scale_and_grey_beyond_the_picture() -> None:
    image = np.zeros((100, 200, 3), dtype=np.uint8)
    image[40:60, 90:110] = 255
    crop = cut_square(image, (100, 50), 40)
    assert crop.shape == (CROP_PX, CROP_PX, 3)
    assert crop[CROP_PX // 2, CROP_PX // 2].tolist() == [255, 255, 255]
    assert crop[2, 2].tolist() == [0, 0, 0]
    assert cut_square(image, (0, 0), 40)[2, 2].tolist() == [114, 114, 114]


def test_the_parts_share_no_figure_and_no_hall() -> None:
    looks = {part: {script.seed for script in crop_scripts(part)} for part in SPLITS}
    halls = {part: {script.hall for script in crop_scripts(part)} for part in SPLITS}
    for kept in (looks, halls):
        assert sum(map(len, kept.values())) == len(set().union(*kept.values()))


def test_a_played_script_gives_crops_of_what_its_clerk_does(
    figures: Path, drawing: None, tmp_path: Path
) -> None:
    script = Script(
        hall="willow",
        camera="frontal",
        seed=5,
        duration_s=7.0,
        fps=1.25,
        people={"clerk": Someone(figure=5, does={0.0: "phone_screen"})},
    )
    crops = load_crops([cut(script, figures, tmp_path / "one.npz")])
    told = {CLASSES[label] for label in crops.labels}
    assert "phone" in told
    assert told <= {"phone", "empty"}
    assert crops.pictures.shape[1:] == (CROP_PX, CROP_PX, 3)
    assert (crops.shoulders_px > 20).all()


def test_real_crops_lie_where_the_list_says(shared: Path) -> None:
    pictures = shared / "pictures"
    test = real_crops(pictures, "test")
    train = real_crops(pictures, "train")
    assert {CLASSES[label] for label in train.labels} >= {"cigarette", "cigarette_at_mouth", "empty"}
    assert {CLASSES[label] for label in test.labels} >= {"phone", "cigarette", "other", "empty"}
    with pytest.raises(FileNotFoundError, match="is missing"):
        real_crops(pictures / "nowhere", "test")


def test_hands_in_video_are_empty_and_a_missing_video_is_named(shared: Path) -> None:
    seen = video_crops(shared / "video")
    assert {CLASSES[label] for label in seen.labels} == {"empty"}
    assert len(seen.labels) > 100
    assert seen.pictures.std(axis=(1, 2, 3)).min() > 5
    with pytest.raises(FileNotFoundError, match="is missing"):
        video_crops(shared / "nowhere")


def test_a_confusion_counts_and_scores() -> None:
    told = Confusion.of(np.array([0, 1, 1, 2]), np.array([0, 1, 0, 2]))
    assert told.f1("phone") == pytest.approx(2 / 3)
    assert told.f1("cigarette") == 1.0
    assert told.f1("reading") == 0.0
    assert told.mean_f1 == pytest.approx((2 / 3 + 2 / 3 + 1) / 3)


def test_stored_crops_come_back(tmp_path: Path) -> None:
    one = Crops(
        np.zeros((2, CROP_PX, CROP_PX, 3), np.uint8),
        np.array([0, 1]),
        np.array([30.0, 40.0], np.float32),
        np.array([True, False]),
    )
    one.save(tmp_path / "a.npz")
    both = load_crops([tmp_path / "a.npz", tmp_path / "a.npz"])
    assert both.labels.tolist() == [0, 1, 0, 1]
