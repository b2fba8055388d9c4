"""YOLOX's answers become boxes in the picture, and what is no YOLOX is refused in one sentence."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from onnx import TensorProto

from models.coco_classes import COCO_CLASSES
from models.detections import Detection
from models.errors import NetworkRefused
from models.families.yolox import YoloX, best, decoded, grid
from models.letterbox import Box, Image
from models.onnx_network import OnnxNetwork
from tests.models.tiny_networks import ROWS, SIDE, Floats, network, row_of, rows

PICTURE = np.zeros((SIDE * 2, SIDE * 2, 3), dtype=np.uint8)
PHONE = COCO_CLASSES.index("cell phone")
RECALL_FLOOR = 0.5
"""Of people in the pictures; 0.61 was measured. The detector has seen half of them in training."""


def yolox(path: Path, labels: tuple[str, ...] | None = None) -> YoloX:
    return YoloX(OnnxNetwork(path), labels)


def seeing(*things: tuple[Box, int, int]) -> Floats:
    """The answer of a network that sees boxes (px of its square) of a class, each at a stride."""
    answer = rows()
    for box, stride, label in things:
        index, row = row_of(box, stride, 80, label)
        answer[index] = row
    return answer


def iou(one: Box, other: Box) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    overlap = max(width, 0) * max(height, 0)
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return overlap / (sum(areas) - overlap)


@pytest.mark.parametrize("stride", [8, 16, 32])
def test_a_box_is_found_where_it_is_in_the_picture(tmp_path: Path, stride: int) -> None:
    detector = yolox(network(tmp_path / "d.onnx", seeing(((10, 12, 30, 50), stride, PHONE))))
    (thing,) = detector.detect(PICTURE)
    assert thing.label == "cell phone"
    assert thing.score == pytest.approx(0.9)
    assert thing.box == pytest.approx((20, 24, 60, 100), abs=0.01)


def test_a_box_found_in_a_crop_is_told_in_the_whole_picture(tmp_path: Path) -> None:
    detector = yolox(network(tmp_path / "d.onnx", seeing(((16, 16, 32, 48), 8, 0))))
    (thing,) = detector.detect(PICTURE, (64, 32, 96, 64))
    assert thing.box == pytest.approx((72, 40, 80, 56), abs=0.01)


def test_a_box_ends_where_the_picture_ends(tmp_path: Path) -> None:
    detector = yolox(network(tmp_path / "d.onnx", seeing(((-20, 30, 128, 70), 32, 0))))
    (thing,) = detector.detect(PICTURE)
    assert thing.box == pytest.approx((0, 60, 128, 128), abs=0.01)


def test_one_thing_seen_twice_is_told_once_by_its_better_box(tmp_path: Path) -> None:
    answer = seeing(((10, 10, 40, 40), 8, 0), ((11, 10, 41, 40), 16, 0))
    answer[answer[:, 4] > 0, 4] = (0.6, 0.8)
    (thing,) = yolox(network(tmp_path / "d.onnx", answer)).detect(PICTURE)
    assert thing.score == pytest.approx(0.8)
    assert thing.box[0] == pytest.approx(22, abs=0.01)


def test_a_phone_in_front_of_a_person_is_told_beside_the_person(tmp_path: Path) -> None:
    answer = seeing(((10, 10, 40, 40), 8, 0), ((11, 10, 41, 40), 16, PHONE))
    things = yolox(network(tmp_path / "d.onnx", answer)).detect(PICTURE)
    assert {thing.label for thing in things} == {"person", "cell phone"}


def test_the_best_comes_first_and_the_doubtful_not_at_all(tmp_path: Path) -> None:
    answer = seeing(((2, 2, 12, 12), 8, 0), ((30, 30, 50, 60), 8, 0), ((30, 2, 60, 20), 8, 0))
    answer[answer[:, 4] > 0, 4] = (0.5, 0.2, 0.7)
    detector = yolox(network(tmp_path / "d.onnx", answer))
    assert [thing.score for thing in detector.detect(PICTURE)] == pytest.approx([0.7, 0.5])
    assert len(detector.detect(PICTURE, min_score=0.1)) == 3
    assert detector.detect(PICTURE, min_score=0.71) == ()


def test_objectness_without_a_class_is_no_thing(tmp_path: Path) -> None:
    answer = seeing(((10, 10, 40, 40), 8, 0))
    answer[:, 5] = 0.2
    assert yolox(network(tmp_path / "d.onnx", answer)).detect(PICTURE) == ()


def test_a_crop_outside_the_picture_holds_nothing(tmp_path: Path) -> None:
    detector = yolox(network(tmp_path / "d.onnx", seeing(((10, 12, 30, 50), 8, 0))))
    assert detector.detect(PICTURE, (500, 500, 600, 600)) == ()


@pytest.mark.parametrize("size", [(1, 1), (1, 4000), (4320, 7680)])
def test_a_picture_of_any_size_will_do(tmp_path: Path, size: tuple[int, int]) -> None:
    detector = yolox(network(tmp_path / "d.onnx", seeing(((0, 0, SIDE, SIDE), 32, 0))))
    (thing,) = detector.detect(np.zeros((*size, 3), dtype=np.uint8))
    assert thing.box[0] >= 0
    assert thing.box[2] <= size[1]


def test_names_of_ones_own_are_used(tmp_path: Path) -> None:
    index, row = row_of((10, 10, 40, 40), 8, 2, 1)
    answer = rows(2)
    answer[index] = row
    detector = yolox(network(tmp_path / "d.onnx", answer), ("phone", "cigarette"))
    assert [thing.label for thing in detector.detect(PICTURE)] == ["cigarette"]


def test_the_grid_has_a_row_for_each_cell_fine_to_coarse() -> None:
    cells, strides = grid((416, 416))
    assert len(cells) == len(strides) == 52**2 + 26**2 + 13**2 == 3549
    assert tuple(cells[1]) == (1, 0)
    assert [int(strides[row, 0]) for row in (0, 2704, 3380)] == [8, 16, 32]


def test_a_size_beyond_reason_does_not_overflow() -> None:
    row = np.array([[0.5, 0.5, 1e30, 1e30, 1, 1]], dtype=np.float32)
    one = np.ones((1, 2), dtype=np.float32)
    assert np.isfinite(decoded(row, one, one[:, :1])).all()


def test_a_row_of_nan_is_no_thing() -> None:
    raw = np.full((ROWS, 6), np.nan, dtype=np.float32)
    boxes, scores, classes = best(raw, *grid((SIDE, SIDE)), 0.3)
    assert len(boxes) == len(scores) == len(classes) == 0


def write_text(path: Path) -> None:
    path.write_text("this is no network\n" * 100, encoding="utf-8")


def write_nothing(path: Path) -> None:
    path.write_bytes(b"")


def write_half(path: Path) -> None:
    network(path, rows())
    path.write_bytes(path.read_bytes()[:2000])


def write_folder(path: Path) -> None:
    path.mkdir()


def write_other_outputs(path: Path) -> None:
    network(path, np.zeros((ROWS, 4), dtype=np.float32))


def write_output_of_yolov8(path: Path) -> None:
    network(path, np.zeros((6, ROWS), dtype=np.float32))


def write_nan(path: Path) -> None:
    network(path, np.full_like(rows(), np.nan))


def write_raw_scores(path: Path) -> None:
    network(path, rows() - 3)


def write_decoded_boxes(path: Path) -> None:
    answer = rows()
    answer[:, :2] = np.linspace(0, SIDE, ROWS)[:, None]
    network(path, answer)


def write_open_size(path: Path) -> None:
    network(path, rows(), input_shape=(1, 3, "height", "width"))


def write_odd_size(path: Path) -> None:
    network(path, rows(), input_shape=(1, 3, 60, 60))


def write_channels_last(path: Path) -> None:
    network(path, rows(), input_shape=(1, SIDE, SIDE, 3))


def write_vector(path: Path) -> None:
    network(path, rows(), input_shape=(1, 10))


def write_bytes_input(path: Path) -> None:
    network(path, rows(), input_type=TensorProto.UINT8)


def write_two_classes(path: Path) -> None:
    network(path, rows(2))


@pytest.mark.parametrize(
    ("write", "sentence"),
    [
        (write_text, "not a usable ONNX network"),
        (write_nothing, "not a usable ONNX network"),
        (write_half, "not a usable ONNX network"),
        (write_folder, "not a file that can be read"),
        (write_other_outputs, "answers 1×84×4, which no decoder here understands"),
        (write_output_of_yolov8, "answers 1×6×84, which no decoder here understands"),
        (write_nan, "answers NaN or infinity"),
        (write_raw_scores, "scores outside 0..1"),
        (write_decoded_boxes, "without decode_in_inference"),
        (write_open_size, "leaves its input size open .1×3×height×width.: export it with a fixed one"),
        (write_odd_size, "sides divisible by 32"),
        (write_channels_last, "not one picture in three colours"),
        (write_vector, "does not take one float32 picture"),
        (write_bytes_input, "does not take one float32 picture"),
        (write_two_classes, "knows 2 classes, not COCO's 80: .*--labels"),
    ],
)
def test_what_is_no_yolox_is_refused_in_one_sentence(
    tmp_path: Path, write: Callable[[Path], object], sentence: str
) -> None:
    path = tmp_path / "detector.onnx"
    write(path)
    with pytest.raises(NetworkRefused, match=sentence) as refused:
        yolox(path)
    assert "\n" not in str(refused.value)
    assert "detector.onnx" in str(refused.value)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(NetworkRefused, match=r"There is no file .*none\.onnx"):
        yolox(tmp_path / "none.onnx")


def test_labels_that_are_too_few_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NetworkRefused, match="knows 80 classes, and 1 labels"):
        yolox(network(tmp_path / "d.onnx", rows()), ("phone",))


def labelled_people(picture: Path) -> list[Box]:
    height, width = read_picture(picture).shape[:2]
    boxes = []
    labels = picture.with_suffix(".txt")
    for line in labels.read_text(encoding="utf-8").splitlines() if labels.is_file() else ():
        label, cx, cy, w, h = (float(word) for word in line.split())
        if label == 0:
            boxes.append(
                ((cx - w / 2) * width, (cy - h / 2) * height, (cx + w / 2) * width, (cy + h / 2) * height)
            )
    return boxes


def read_picture(path: Path) -> Image:
    image = cv2.imread(str(path))
    assert image is not None
    return np.asarray(image, dtype=np.uint8)


def found_of(truth: list[Box], things: tuple[Detection, ...]) -> int:
    """How many boxes of the truth a person was found in (IoU ≥ 0.5), each finding counted once."""
    left = [thing.box for thing in things if thing.label == "person"]
    found = 0
    for box in truth:
        match = max(left, key=lambda other: iou(box, other), default=None)
        if match is not None and iou(box, match) >= 0.5:
            left.remove(match)
            found += 1
    return found


def test_people_in_photographs_are_found(yolox_nano: Path, shared: Path) -> None:
    detector = yolox(yolox_nano)
    found = asked = 0
    for picture in sorted((shared / "pictures" / "people").glob("*.jpg"))[:40]:
        truth = labelled_people(picture)
        found += found_of(truth, detector.detect(read_picture(picture), min_score=0.25))
        asked += len(truth)
    assert asked > 100
    assert found / asked >= RECALL_FLOOR


def test_a_crop_of_a_photograph_gives_the_same_person_in_the_same_place(
    yolox_nano: Path, shared: Path
) -> None:
    detector = yolox(yolox_nano)
    image = read_picture(shared / "pictures" / "people" / "000000000036.jpg")
    (whole, *_) = [thing for thing in detector.detect(image) if thing.label == "person"]
    margin = 40
    x1, y1, x2, y2 = whole.box
    crop = (x1 - margin, y1 - margin, x2 + margin, y2 + margin)
    cropped = [thing for thing in detector.detect(image, crop) if thing.label == "person"]
    assert max(iou(whole.box, thing.box) for thing in cropped) > 0.8


def test_detections_come_best_first_on_a_real_picture(yolox_nano: Path, shared: Path) -> None:
    image = read_picture(shared / "pictures" / "people" / "000000000036.jpg")
    things = yolox(yolox_nano).detect(image, min_score=0.05)
    assert len(things) > 1
    assert all(one.score >= other.score for one, other in pairwise(things))
