"""The shipped network of held things: small, whole, and right on the demo clips' hands most of the time."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from cameras.reader import read
from cameras.source import Source
from datasets.held_card import Confusion
from datasets.held_crops import body_of, label_of
from datasets.true_frames import read_frames
from datasets.truth import load_truth
from models.errors import NetworkRefused
from models.held_things import CLASSES, FILE, INPUT_PX, SIDE_IN_SHOULDERS, HeldThings
from tests.conftest import REPOSITORY

CLIPS = REPOSITORY / "datasets" / "clips"
LARGEST_BYTES = 4 * 1024 * 1024


@pytest.fixture(scope="module")
def network() -> HeldThings:
    return HeldThings()


def test_it_is_small_enough_to_ship() -> None:
    assert FILE.stat().st_size <= LARGEST_BYTES


def test_each_square_gets_probabilities_that_add_up(network: HeldThings) -> None:
    picture = np.random.default_rng(1).integers(0, 255, (120, 160, 3), dtype=np.uint8)
    told = network.tell(picture, [(80, 60, 50), (0, 0, 90), (500, 500, 10), (80, 60, 1)])
    assert len(told) == 4
    for one in told:
        assert one is not None
        assert set(one) == set(CLASSES)
        assert sum(one.values()) == pytest.approx(1, abs=1e-3)
    assert network.tell(picture, []) == []


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "held.onnx"
    broken.write_bytes(FILE.read_bytes()[:5000])
    with pytest.raises(NetworkRefused, match="not a usable ONNX network"):
        HeldThings(broken)


def hands(name: str, every: int = 10) -> Iterator[tuple[np.ndarray, tuple[float, float, float], str]]:
    """Squares about the clerk's hands in a demo clip, and what they truly show."""
    truth = load_truth(CLIPS / f"{name}.truth.json")
    assert truth.frames is not None
    frames = read_frames(CLIPS / truth.frames)
    for picture in read(Source.parse(str(CLIPS / truth.clip)), rate=10):
        if picture.sequence % every:
            continue
        frame = frames.at(picture.at_s, 0.06)
        if frame is None:
            continue
        things = [thing.model_dump(exclude_none=True) for thing in frame.things]
        for person in frame.persons:
            body = body_of({"joints_px": person.joints_px})
            for side in ("left", "right"):
                label = label_of(body, body.hand(side), things)
                if label is not None and (person.visible or {}).get(f"{side}_wrist"):
                    x, y = body.hand(side)
                    yield picture.image, (x, y, SIDE_IN_SHOULDERS * body.unit), label


@pytest.mark.parametrize(("name", "kind"), [("phone_screen", "phone"), ("phone_call", "phone")])
def test_phones_of_the_demo_clips_are_told_from_empty_hands(
    network: HeldThings, name: str, kind: str
) -> None:
    truth, told = [], []
    for image, square, label in hands(name):
        (shares,) = network.tell(image, [square])
        assert shares is not None
        truth.append(CLASSES.index(label))
        told.append(CLASSES.index(max(CLASSES, key=lambda one, told=shares: told[one])))
    assert CLASSES.index(kind) in truth
    assert Confusion.of(np.array(truth), np.array(told)).f1(kind) >= 0.7


def test_the_network_looks_at_squares_of_the_size_it_was_trained_on() -> None:
    assert (INPUT_PX, SIDE_IN_SHOULDERS) == (96, 1.25)
