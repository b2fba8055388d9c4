"""`hallwatch replay`: the same rules bring the same events; other rules say what they would change."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from hallwatch.replay import ReplayError, compare, context_of, judge_again, site_then
from hallwatch.replay_command import replay_command
from hallwatch.site import EXAMPLE, load_site
from hallwatch.site_models import Site
from tests.vision.behaviours.clerks import clerk
from tests.vision.builders import observation
from vision.tracks_file import TracksError, TracksReader, TracksWriter
from vision.values import Event, Observation

SITE = """\
hall: {id: h, name: 大厅, name_en: Hall, time_zone: Asia/Shanghai}
windows:
  - {id: "1", name: 一, name_en: One}
cameras:
  - id: c1
    name: 一
    source: rtsp://watcher:secret@camera/1
    zones: {"1": {staff: [[0, 0], [1, 0], [1, 1], [0, 1]]}}
"""
LIMITS = "limits: {hands_on_hips: {hold_s: %s, window_s: %s}}\n"


def site_file(folder: Path, name: str, limits: str = "") -> Path:
    path = folder / name
    path.write_text(SITE + limits, encoding="utf-8")
    return path


def shift() -> list[Observation]:
    """Work, ten seconds with hands on the hips, work, forty of reading."""
    spans = [("typing", 8), ("hands on hips", 10), ("typing", 20), ("reading", 40), ("typing", 10)]
    postures = [posture for posture, seconds in spans for _ in range(seconds * 5)]
    return [
        observation(clerk(posture, 15, noise=0.01, seed=index), at_s=index / 5)
        for index, posture in enumerate(postures)
    ]


@pytest.fixture
def tracks(tmp_path: Path) -> Path:
    site = load_site(site_file(tmp_path, "then.yaml"))
    path = tmp_path / "morning.tracks"
    with TracksWriter(path, context_of(site, site.cameras[0])) as writer:
        for one in shift():
            writer.write(one)
    return path


def told(event: Event) -> tuple[object, ...]:
    begun, ended = event.started_at, event.ended_at
    return event.behaviour, event.variant, event.window, begun, ended, event.ending


def test_the_same_rules_bring_the_same_events_as_live(tracks: Path) -> None:
    reader = TracksReader(tracks)
    site, camera = site_then(reader)
    live, again = judge_again(shift(), site, camera), judge_again(reader.observations(), site, camera)
    assert [told(event) for event in again] == [told(event) for event in live]
    assert [event.behaviour for event in live] == ["hands_on_hips", "reading"]


def replayed(*words: object) -> list[dict[str, object]]:
    app = typer.Typer()
    app.command()(replay_command)
    done = CliRunner().invoke(app, [*(str(word) for word in words), "--json"])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return [json.loads(line) for line in done.output.splitlines()]


def test_a_longer_limit_makes_an_event_vanish(tracks: Path, tmp_path: Path) -> None:
    stricter = site_file(tmp_path, "new.yaml", LIMITS % (15, 20))
    verdicts = {line["behaviour"]: line["verdict"] for line in replayed(tracks, "--site", stricter)}
    assert verdicts == {"hands_on_hips": "vanishes", "reading": "stays"}


def test_a_site_before_may_be_given(tracks: Path, tmp_path: Path) -> None:
    stricter = site_file(tmp_path, "old.yaml", LIMITS % (15, 20))
    lines = replayed(tracks, "--site", site_file(tmp_path, "new.yaml"), "--before", stricter)
    assert {line["behaviour"]: line["verdict"] for line in lines} == {
        "hands_on_hips": "appears",
        "reading": "stays",
    }


def test_an_event_that_ends_otherwise_changes() -> None:
    site = load_site(EXAMPLE).model_copy(update={"schedule": None})
    events = judge_again(shift(), site, site.cameras[0])
    later = replace(events[0], ended_at=None)
    assert [pair.verdict for pair in compare(events, [later, *events[1:]])] == ["changes", "stays"]


def test_a_whole_site_comes_back_from_its_own_words() -> None:
    site = load_site(EXAMPLE)
    assert Site.model_validate(site.model_dump(mode="json")) == site


def test_no_password_is_in_the_tracks(tracks: Path) -> None:
    assert b"secret" not in tracks.read_bytes()


def test_tracks_of_another_camera_are_refused_in_words(tracks: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(SITE.replace("id: c1", "id: west"), encoding="utf-8")
    with pytest.raises(ReplayError, match="of camera c1, and the site has west"):
        replayed(tracks, "--site", other)
    assert replayed(tracks, "--site", other, "--camera", "west")


def test_a_file_that_holds_no_tracks_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.tracks"
    path.write_bytes(b"nothing")
    with pytest.raises(TracksError, match="holds no tracks"):
        replayed(path, "--site", site_file(tmp_path, "new.yaml"))
