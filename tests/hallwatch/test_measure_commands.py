"""`evaluate`, `datasets site` and `datasets tune`, as they are typed."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from cameras.errors import CameraError
from datasets.stored_evidence import write_evidence
from datasets.truth import TruthError, load_truth
from hallwatch.evaluate import evidence_of, limits_of, measure, pictures_of, site_of
from hallwatch.measure_commands import evaluate_command, measure_app
from hallwatch.networks import Networks, open_networks
from hallwatch.site import SiteError, load_site
from models.errors import ModelsError
from tests.conftest import need
from tests.datasets.measured import STARTS_AT, at, episode, evidence, written

app = typer.Typer()
app.command("evaluate")(evaluate_command)
app.add_typer(measure_app, name="datasets")
run = CliRunner()

SHORT = ("arms_crossed-man-cctv", "normal-woman-cctv")


@pytest.fixture(scope="module")
def networks() -> Networks:
    """The pose network, where it has been pulled."""
    try:
        return open_networks()
    except ModelsError as error:
        need(False, f"pulled networks ({error})")
        raise


@pytest.fixture
def two_clips(shared: Path, tmp_path: Path) -> Path:
    """A folder with a clip of crossed arms and one of ordinary work."""
    for name in SHORT:
        for path in (shared / "clips").glob(f"{name}.*"):
            shutil.copy(path, tmp_path)
    return tmp_path


def test_a_clip_is_run_and_held_against_its_truth(two_clips: Path, networks: Networks) -> None:
    seconds: list[float] = []
    clip = measure(load_truth(two_clips / f"{SHORT[0]}.truth.json"), networks, seconds.append)
    assert [hit.flag.behaviour for hit in clip.score.matched.hits] == ["arms_crossed"]
    assert clip.score.matched.false_flags == ()
    assert abs(clip.score.matched.hits[0].delay_s) < 2
    assert clip.score.sightings.found > 100
    assert clip.score.sightings.staff_seen == clip.score.sightings.staff_frames
    assert seconds == sorted(seconds)
    scores = [one.score for one in evidence_of(clip) if one.behaviour == "arms_crossed"]
    assert max(score or 0 for score in scores) > 0.5
    assert pictures_of(clip) == {}


def test_the_whole_command_prints_json_and_writes_the_report(two_clips: Path, networks: Networks) -> None:
    report = two_clips / "report.html"
    script = (
        "import typer; from hallwatch.measure_commands import evaluate_command; typer.run(evaluate_command)"
    )
    command = [sys.executable, "-c", script, str(two_clips), "--json", "--report", str(report)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    found = json.loads(done.stdout)
    assert found["behaviours"]["arms_crossed"]["tp"] == 1
    assert found["clips"] == 2
    assert found["keypoints"]["median_torso"] < 0.2
    assert report.read_text(encoding="utf-8").count("<section class=") == 3


def test_a_folder_without_truth_is_one_red_sentence(tmp_path: Path) -> None:
    done = run.invoke(app, ["evaluate", str(tmp_path)])
    assert done.exit_code == 2
    assert "no truth here" in done.stderr
    assert done.stdout == ""


def test_a_clip_that_is_not_there_is_named(tmp_path: Path, networks: Networks) -> None:
    at(tmp_path).write_text(json.dumps(written()))
    with pytest.raises(CameraError, match=r"clip\.mp4"):
        measure(load_truth(at(tmp_path)), networks)


def test_a_wrong_site_file_beside_the_clip_is_told_with_its_line(tmp_path: Path) -> None:
    at(tmp_path).write_text(json.dumps(written()))
    (tmp_path / "clip.site.yaml").write_text("hall: {}\n", encoding="utf-8")
    with pytest.raises(SiteError, match=r"clip\.site\.yaml:1"):
        site_of(load_truth(at(tmp_path)))


def test_the_site_of_a_truth_can_be_written_to_a_file(tmp_path: Path) -> None:
    at(tmp_path).write_text(json.dumps(written()))
    done = run.invoke(app, ["datasets", "site", str(at(tmp_path))])
    assert done.exit_code == 0
    path = tmp_path / "hall.yaml"
    path.write_text(done.stdout, encoding="utf-8")
    assert load_site(path).cameras[0].starts_at == STARTS_AT


def test_a_site_file_beside_the_clip_comes_first(tmp_path: Path) -> None:
    at(tmp_path).write_text(json.dumps(written()))
    site = run.invoke(app, ["datasets", "site", str(at(tmp_path))]).stdout
    own = site + "limits:\n  phone_use: {hold_s: 60}\n  smoking: {enabled: false}\n"
    (tmp_path / "clip.site.yaml").write_text(own, encoding="utf-8")
    found, camera = site_of(load_truth(at(tmp_path)))
    limits = limits_of(found)
    assert camera.source == str(tmp_path / "clip.mp4")
    assert (phone := limits("1", "phone_use")) is not None
    assert phone.hold_s == 60
    assert limits("1", "smoking") is None
    assert limits("9", "phone_use") is None


def test_a_site_of_many_cameras_must_name_the_clip(tmp_path: Path) -> None:
    at(tmp_path).write_text(json.dumps(written()))
    site = run.invoke(app, ["datasets", "site", str(at(tmp_path))]).stdout
    camera = site[site.index("- id: clip") :]
    renamed = camera.replace("id: clip", "id: other").replace("clip.mp4", "other.mp4")
    path = tmp_path / "clip.site.yaml"
    path.write_text(f"{site}{renamed}", encoding="utf-8")
    assert site_of(load_truth(at(tmp_path)))[1].id == "clip"
    path.write_text(site.replace("clip.mp4", "a.mp4") + renamed, encoding="utf-8")
    with pytest.raises(TruthError, match=r"source: clip\.mp4"):
        site_of(load_truth(at(tmp_path)))


def test_tune_proposes_from_stored_evidence_without_any_network(tmp_path: Path) -> None:
    folder = tmp_path / "validate"
    folder.mkdir()
    at(folder).write_text(json.dumps(written(episodes=[episode("phone_use", 10, 30)])))
    write_evidence(folder / "clip.evidence.jsonl.gz", evidence((10, 30, 0.45)))
    out = tmp_path / "proposal.yaml"
    done = run.invoke(app, ["datasets", "tune", "phone_use", str(folder), "--out", str(out)])
    assert done.exit_code == 0, done.stderr
    assert "score: 0.45" in out.read_text(encoding="utf-8")
    assert "limits" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [(["phone_use"], "figures worthless"), (["sleeping", "--force"], "no behaviour `sleeping`")],
)
def test_tune_refuses_the_test_part(tmp_path: Path, arguments: list[str], told: str) -> None:
    folder = tmp_path / "test"
    folder.mkdir()
    done = run.invoke(app, ["datasets", "tune", *arguments, str(folder)])
    assert done.exit_code == 2
    assert told in done.stderr
