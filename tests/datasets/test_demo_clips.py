"""The clips that come with the project are small, whole, and loop cleanly."""

from pathlib import Path

import pytest

from datasets.script import read_script
from datasets.truth import find_truths, load_truth
from vision.article27 import CATALOGUE

CLIPS = Path(__file__).resolve().parents[2] / "datasets/clips"
TRUTHS = find_truths(CLIPS)


def test_the_demo_set_stays_small() -> None:
    assert 8 <= len(TRUTHS) <= 14
    assert sum(path.stat().st_size for path in CLIPS.iterdir()) <= 25e6


@pytest.mark.parametrize("path", TRUTHS, ids=lambda path: path.name.split(".")[0])
def test_each_clip_has_its_script_and_ends_as_it_begins(path: Path) -> None:
    truth = load_truth(path)
    script = read_script(CLIPS.parent / "scripts" / f"{truth.name}.yaml")
    assert truth.clip_path.is_file()
    assert (truth.hall, truth.camera_kind, truth.duration_s) == (
        script.hall,
        script.camera,
        script.duration_s,
    )
    for episode in truth.episodes:
        assert episode.start_s >= 5
        assert episode.end_s <= truth.duration_s - 4


@pytest.mark.parametrize("path", TRUTHS, ids=lambda path: path.name.split(".")[0])
def test_each_episode_lasts_long_enough_to_be_flagged(path: Path) -> None:
    for episode in load_truth(path).episodes:
        assert episode.duration_s > CATALOGUE[episode.behaviour].limits.hold_s + 2


def test_the_behaviours_that_matter_most_are_shown() -> None:
    shown = {episode.behaviour for path in TRUTHS for episode in load_truth(path).episodes}
    assert shown >= {"absence", "phone_use", "arms_crossed", "leaning", "smoking", "queue_line"}
