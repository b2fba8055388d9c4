"""Finding, probing and adding cameras from the command line, against cameras on loopback."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cameras.errors import Unreachable
from hallwatch.camera_commands import PASSWORD, app
from hallwatch.settings import SettingsError
from hallwatch.site import SiteError, load_site
from tests.cameras.films import film
from tests.fakes.onvif_camera import OnvifCameraFake
from tests.fakes.rtsp_faults import Fault, FaultyCamera

SECRET = "a-camera's-p@ss"
SITE = """\
# 大厅 the hall
hall: {id: h, name: 大厅, name_en: Hall, time_zone: Asia/Shanghai}
windows:
  - {id: "1", name: 1号, name_en: One}
  - {id: "2", name: 2号, name_en: Two}   # 二楼
cameras:
  - id: first
    name: 一号机
    source: rtsp://192.0.2.1/1
    zones:
      "1": {staff: [[0, 0], [1, 0], [1, 1]]}
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    path = tmp_path / "site.yaml"
    path.write_text(SITE, encoding="utf-8")
    return path


def run(*arguments: str, secret: str | None = SECRET) -> str:
    """What the command says; its failure is raised as the command line's own handler meets it."""
    environment = {"COLUMNS": "200"} | ({PASSWORD: secret} if secret else {})
    done = CliRunner().invoke(app, list(arguments), env=environment)
    assert SECRET not in done.output
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.output


def test_cameras_that_answer_are_listed() -> None:
    with OnvifCameraFake() as camera:
        host, port = camera.probed_at
        said = run("discover", f"{host}:{port}", "--seconds", "0.5")
    assert "Front desk" in said
    assert camera.host in said


def test_where_none_answers_it_says_what_to_do() -> None:
    done = CliRunner().invoke(app, ["discover", "127.0.0.1:9", "--seconds", "0.2"])
    assert done.exit_code == 1
    assert "ONVIF" in done.output


def test_a_stream_is_told_with_its_key_frames_and_a_picture(tmp_path: Path) -> None:
    source = film(tmp_path / "a.mp4", seconds=26, fps=5, keyframe_interval_s=12)
    said = run("probe", str(source), "--picture", str(tmp_path / "shown.jpg"))
    assert "h264 160×120 5 fps" in said
    assert "12 s" in said
    assert "far apart" in said
    assert (tmp_path / "shown.jpg").read_bytes().startswith(b"\xff\xd8")


def test_an_onvif_camera_is_added_with_both_streams_and_judges_nobody_yet(site: Path, tmp_path: Path) -> None:
    with (
        FaultyCamera(film(tmp_path / "a.mp4"), faults=[Fault()] * 9) as stream,
        OnvifCameraFake(("admin", SECRET), rtsp=stream.address, clock_ahead=timedelta(minutes=7)) as camera,
    ):
        what = ("--id", "second", "--name", "二号机", "--window", "2")
        said = run("add", str(site), camera.host, "--user", "admin", *what)
    (ahead_s,) = re.findall(r"clock against ours \+([\d.]+) s", said)
    assert float(ahead_s) == pytest.approx(420, abs=5)
    added = load_site(site).cameras[1]
    assert added.source.endswith("/sub")
    assert added.evidence_source is not None
    assert added.evidence_source.endswith("/main")
    assert "admin:a-camera%27s-p%40ss@" in added.source
    assert list(added.zones) == ["2"]
    assert added.drawn == {}
    text = site.read_text(encoding="utf-8")
    assert text.startswith(SITE.splitlines()[0])
    assert "# 二楼" in text, "comments stay"
    assert site.with_name("site.yaml.before").read_text(encoding="utf-8") == SITE


def test_what_cannot_be_opened_is_not_added(site: Path) -> None:
    with pytest.raises(Unreachable):
        run("add", str(site), "rtsp://127.0.0.1:9/x", "--id", "x", "--name", "x", "--window", "1")
    assert site.read_text(encoding="utf-8") == SITE


@pytest.mark.parametrize(
    ("camera", "window", "said"), [("first", "1", "already"), ("second", "7", "window"), ("a b", "1", "id")]
)
def test_a_camera_that_does_not_fit_the_site_changes_nothing(
    site: Path, tmp_path: Path, camera: str, window: str, said: str
) -> None:
    source = film(tmp_path / "a.mp4")
    with pytest.raises(SiteError, match=said):
        run("add", str(site), str(source), "--id", camera, "--name", "x", "--window", window)
    assert site.read_text(encoding="utf-8") == SITE
    assert not site.with_name("site.yaml.new").exists()


def test_a_password_is_never_taken_from_the_command_line() -> None:
    with pytest.raises(SettingsError, match=PASSWORD):
        run("probe", "192.0.2.1", "--user", "admin", secret=None)
