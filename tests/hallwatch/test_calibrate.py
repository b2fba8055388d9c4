"""`hallwatch calibrate`: points, tiles and boards in; a floor with its error, drawn on the picture, out."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from calibration.boards import Board
from calibration.errors import CalibrationError
from hallwatch.calibrate_commands import app
from hallwatch.measured_floor import floor_of
from hallwatch.settings import SettingsError
from hallwatch.site import SiteError, load_site
from tests.calibration.test_boards import SIZE, TRUE, photograph

SITE = """\
# our hall
hall: {id: h, name: 大厅, name_en: Hall, time_zone: Asia/Shanghai}
windows:
  - {id: "1", name: 一, name_en: One}
cameras:
  - id: east        # over the door
    name: 东
    source: rtsp://camera/1
    zones: {"1": {staff: [[0, 0], [1, 0], [1, 1], [0, 1]]}}
"""
POINTS = """\
    floor:
      tile_m: [0.6, 0.6]
      points:
        - {at: [0.30, 0.50], tile: [0, 0]}
        - {at: [0.70, 0.50], tile: [4, 0]}
        - {at: [0.85, 0.90], tile: [4, 3]}
        - {at: [0.15, 0.90], m: [0.0, 1.8]}
      counter_edge_m: [[0.0, 0.2], [2.4, 0.2]]
      line_m: [[0.0, 1.2], [2.4, 1.2]]
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    path = tmp_path / "hall.yaml"
    path.write_text(SITE, encoding="utf-8")
    return path


def still(path: Path, picture: np.ndarray | None = None) -> Path:
    cv2.imencode(".png", np.full((720, 1280, 3), 120, np.uint8) if picture is None else picture)[1].tofile(
        path
    )
    return path


def calibrate(*words: object) -> str:
    """What the command prints; its errors come as they are."""
    done = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=True)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.output


def test_points_by_tiles_and_tape_are_told_with_their_error_and_drawn(site: Path, tmp_path: Path) -> None:
    site.write_text(SITE + POINTS, encoding="utf-8")
    out = tmp_path / "seen.png"
    told = calibrate(
        "check", "--site", site, "--camera", "east", "--picture", still(tmp_path / "s.png"), "--out", out
    )
    assert "1.00 m ±" in told
    assert "Four points only" in told
    drawn = cv2.imread(str(out))
    assert drawn.shape == (720, 1280, 3)
    assert np.ptp(drawn.reshape(-1, 3), axis=0).min() > 50


def test_a_point_that_contradicts_is_refused_and_still_drawn(site: Path, tmp_path: Path) -> None:
    extra = "        - {at: [0.50, 0.70], m: [2.2, 0.9]}\n        - {at: [0.40, 0.60], m: [0.7, 0.55]}\n"
    head, tail = POINTS.split("      counter_edge_m")
    site.write_text(SITE + head + extra + "      counter_edge_m" + tail, encoding="utf-8")
    out = tmp_path / "seen.png"
    with pytest.raises(CalibrationError, match="contradict each other: point"):
        calibrate(
            "check", "--site", site, "--camera", "east", "--picture", still(tmp_path / "s.png"), "--out", out
        )
    assert out.exists()


def test_a_board_on_the_floor_is_written_into_the_site_file_and_comments_stay(
    site: Path, tmp_path: Path
) -> None:
    board = Board("charuco", 6, 5, 0.3)
    picture = still(tmp_path / "b.png", photograph(board, (0.9, 0.05, 0.1), (0.0, 0.1, 3.2)))
    words = ("--columns", 6, "--rows", 5, "--square-mm", 300)
    told = calibrate(
        "board",
        picture,
        "--site",
        site,
        "--camera",
        "east",
        *words,
        "--origin",
        1,
        2,
        "--turn",
        90,
        "--write",
    )
    assert "written" in told
    text = site.read_text(encoding="utf-8")
    assert "# our hall" in text
    assert "# over the door" in text
    floor = floor_of(load_site(site).cameras[0], SIZE)
    assert floor is not None
    x, y = floor.metres[:, 0], floor.metres[:, 1]
    assert (x.max(), y.min()) == pytest.approx((0.7, 2.3), abs=1e-6)
    assert (site.parent / "hall.yaml.before").read_text(encoding="utf-8") == SITE


def test_a_series_of_boards_writes_the_lens(site: Path, tmp_path: Path) -> None:
    from tests.calibration.test_boards import HELD

    site.write_text(SITE + POINTS, encoding="utf-8")
    board = Board("charuco", 7, 5, 0.06)
    pictures = [still(tmp_path / f"{i}.png", photograph(board, *held)) for i, held in enumerate(HELD)]
    words = ("--columns", 7, "--rows", 5, "--square-mm", 60)
    told = calibrate("lens", *pictures, "--site", site, "--camera", "east", *words, "--write")
    assert "field of view 69." in told
    floor = load_site(site).cameras[0].floor
    assert floor is not None
    assert floor.lens is not None
    assert floor.lens.focal == pytest.approx(TRUE.focal, rel=0.02)
    assert floor.tile_m == (0.6, 0.6)


def test_straight_lines_alone_tell_the_bend(site: Path) -> None:
    lines = ""
    for y in (0.06, 0.94):
        points = [
            TRUE.bent(np.array([[x * 1280, y * 720]]), SIZE)[0] / SIZE for x in np.linspace(0.05, 0.95, 9)
        ]
        lines += f"        - [{', '.join(f'[{a:.4f}, {b:.4f}]' for a, b in points)}]\n"
    site.write_text(SITE + POINTS + f"      straight_lines:\n{lines}", encoding="utf-8")
    floor = floor_of(load_site(site).cameras[0], SIZE)
    assert floor is not None
    assert floor.lens is not None
    assert floor.lens.distortion[0] < 0


def test_the_sheet_is_printed(tmp_path: Path) -> None:
    out = tmp_path / "sheet.svg"
    assert "100 mm" in calibrate("sheet", "--out", out)
    assert out.read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("tile_m: [0.6, 0.6]\n", "\n"), "points counted in tiles need `tile_m"),
        (("m: [0.0, 1.8]", "m: [0.0, 1.8], tile: [0, 3]"), "either `m"),
        (("- {at: [0.15, 0.90], m: [0.0, 1.8]}\n", "\n"), "at least 4 measured points"),
        (("tile_m: [0.6, 0.6]", "tile_mm: [0.6, 0.6]"), "did you mean `tile_m`"),
    ],
)
def test_a_wrong_floor_is_named_in_the_file(site: Path, change: tuple[str, str], says: str) -> None:
    site.write_text(SITE + POINTS.replace(*change), encoding="utf-8")
    with pytest.raises(SiteError, match=says):
        calibrate("check", "--site", site, "--camera", "east")


def test_an_unknown_camera_is_told_with_those_there_are(site: Path) -> None:
    with pytest.raises(SettingsError, match="there are east"):
        calibrate("check", "--site", site, "--camera", "west")
