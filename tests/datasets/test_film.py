"""Clips are drawn with their truth, the same every time."""

import json
from pathlib import Path

import numpy as np
import pytest

from datasets.film import is_done, set_up, shoot
from datasets.labels import joints_m
from datasets.script import parse_script
from datasets.stage import raise_curtain

SCRIPT = """\
hall: willow
camera: corner
seed: 4
duration_s: {seconds}
fps: {fps}
width: 320
height: 180
people:
  clerk:
    figure: 5
    does:
      0: type
      1: phone_call
      6: arms_crossed
      11: {{leave: left}}
  visitor:
    side: public
    figure: 31
    start: [0.2, 3.5]
    does:
      0: {{walk: [[0.1, 0.4]], facing: counter}}
      5: at_counter
"""


def test_the_same_script_puts_everybody_in_the_same_place(figures: Path) -> None:
    script = parse_script(SCRIPT.format(seconds=14, fps=5), "scene.yaml")
    stages = [raise_curtain(script, figures) for _ in range(2)]
    for at_s in (0.3, 1.7, 4.2, 8.0, 12.5):
        first, second = (
            {actor.name: joints_m(actor, stage.at(at_s)[actor.name]) for actor in stage.actors}
            for stage in stages
        )
        assert first.keys() == second.keys()
        for name, joints in first.items():
            assert np.array_equal(joints, second[name])


def test_bodies_never_jump(figures: Path) -> None:
    stage = raise_curtain(parse_script(SCRIPT.format(seconds=16, fps=5), "scene.yaml"), figures)
    for actor in stage.actors:
        before = None
        for at_s in np.arange(0, 16, 0.08):
            body = actor.at(float(at_s))
            joints = None if body is None else joints_m(actor, body)
            if before is not None and joints is not None:
                # A walker's swinging foot is the fastest thing here.
                assert np.linalg.norm(joints - before, axis=1).max() < 0.42, (actor.name, at_s)
            before = joints


def test_a_clerk_who_comes_late_is_not_there_before(figures: Path) -> None:
    text = SCRIPT.format(seconds=20, fps=5).replace("    figure: 5\n", "    figure: 5\n    away: true\n")
    text = text.replace("0: type", "3: {back: left}").replace(
        "      1: phone_call\n      6: arms_crossed\n      11: {leave: left}\n", "      12: type\n"
    )
    stage = raise_curtain(parse_script(text, "scene.yaml"), figures)
    assert "clerk" not in stage.at(2.5)
    assert stage.at(15.0)["clerk"].seated == pytest.approx(1.0)


def test_a_phone_at_the_ear_is_at_the_ear(figures: Path) -> None:
    stage = raise_curtain(parse_script(SCRIPT.format(seconds=6, fps=5), "scene.yaml"), figures)
    clerk = stage.actors[0]
    body = stage.at(5.5)["clerk"]
    (phone,) = [thing for thing in stage.things({"clerk": body}) if thing.hand]
    ears = joints_m(clerk, body)[3:5]
    assert np.linalg.norm(ears - phone.model[:3, 3], axis=1).min() < 0.11


def test_a_clip_is_drawn_with_its_truth(figures: Path, tmp_path: Path, drawing: None) -> None:
    script = parse_script(SCRIPT.format(seconds=18, fps=2), "scene.yaml")
    path = shoot(script, figures, tmp_path)
    assert is_done(script, tmp_path)
    truth = json.loads(path.read_text())
    frames = [json.loads(line) for line in (tmp_path / truth["frames"]).read_text().splitlines()]
    assert len(frames) == 36
    assert [e["behaviour"] for e in truth["episodes"]] == ["phone_use", "arms_crossed", "absence"]
    assert truth["episodes"][0]["variant"] == "call"
    clerk = next(p for p in frames[8]["persons"] if p["id"] == "clerk")
    x1, y1, x2, y2 = clerk["box_px"]
    assert 0 <= x1 < x2 <= 320
    assert 0 <= y1 < y2 <= 180
    for joint in ("left_shoulder", "right_shoulder"):
        x, y = clerk["joints_px"][joint]
        assert x1 <= x <= x2
        assert y1 <= y <= y2
    assert not clerk["visible"]["left_ankle"], "the desk hides the feet"
    assert {"phone"} == {thing["kind"] for thing in frames[8]["things"] if thing.get("hand")}


def test_a_person_in_the_picture_changes_the_picture_where_truth_says(figures: Path, drawing: None) -> None:
    alone = parse_script(
        "hall: willow\ncamera: corner\nseed: 4\nduration_s: 1\nwidth: 320\nheight: 180\n", "x.yaml"
    )
    staffed = parse_script(SCRIPT.format(seconds=1, fps=1), "scene.yaml")
    pictures = []
    for script in (alone, staffed):
        film = set_up(script, figures)
        with film.renderer:
            pictures.append(film.frame(0).astype(int))
            recorded = film.recorder.frames[0]["persons"]
    clerk = next(p for p in recorded if p["id"] == "clerk")
    x1, y1, x2, y2 = (int(v) for v in clerk["box_px"])
    change = np.abs(pictures[1] - pictures[0]).mean(axis=2)
    assert change[y1:y2, x1:x2].mean() > 15
    assert change[:, : max(1, x1 - 60)].mean() < 5


def test_truth_is_written_the_same_to_the_last_bit(figures: Path, tmp_path: Path, drawing: None) -> None:
    script = parse_script(SCRIPT.format(seconds=2, fps=2), "scene.yaml")
    texts = []
    for run in ("one", "two"):
        path = shoot(script, figures, tmp_path / run)
        texts.append(path.read_text() + (path.parent / "scene.frames.jsonl").read_text())
    assert texts[0] == texts[1]


@pytest.mark.parametrize("kind", ["frontal", "side", "queue", "frontal_left"])
def test_the_clerk_is_in_view_of_every_camera(figures: Path, drawing: None, kind: str) -> None:
    text = SCRIPT.format(seconds=1, fps=1).replace("camera: corner", f"camera: {kind}")
    film = set_up(parse_script(text, "scene.yaml"), figures)
    with film.renderer:
        film.frame(0)
    clerk = next(p for p in film.recorder.frames[0]["persons"] if p["id"] == "clerk")
    assert sum(clerk["visible"].values()) >= 6
