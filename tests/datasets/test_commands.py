"""`hallwatch datasets render` and `truth`: what a user meets."""

from pathlib import Path

from typer.testing import CliRunner

from datasets.commands import app

TINY = """\
hall: plum
camera: frontal
duration_s: 1
fps: 2
width: 160
height: 90
people:
  clerk:
    figure: 5
    does: {0: type}
"""


def test_without_figures_one_sentence_says_where_they_come_from(tmp_path: Path) -> None:
    script = tmp_path / "tiny.yaml"
    script.write_text(TINY, "utf-8")
    told = CliRunner().invoke(
        app, ["render", str(script), "--out", str(tmp_path), "--figures", str(tmp_path)]
    )
    assert told.exit_code == 1
    assert "MANIFEST.csv" in told.stderr.replace("\n", " ")


def test_a_mistake_in_a_script_ends_with_its_line(tmp_path: Path) -> None:
    script = tmp_path / "tiny.yaml"
    script.write_text(TINY.replace("0: type", "0: typ"), "utf-8")
    told = CliRunner().invoke(app, ["render", str(script), "--out", str(tmp_path)])
    assert told.exit_code == 1
    assert "tiny.yaml, line 10" in told.stderr.replace("\n", " ")


def test_an_unknown_split_is_a_sentence(tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["truth", "--out", str(tmp_path), "--split", "exam"])
    assert told.exit_code == 1
    assert "train, validate, test" in told.stderr.replace("\n", " ")


def test_finished_clips_are_skipped(figures: Path, tmp_path: Path, drawing: None) -> None:
    script = tmp_path / "tiny.yaml"
    script.write_text(TINY, "utf-8")
    call = ["render", str(script), "--out", str(tmp_path / "out"), "--figures", str(figures)]
    first = CliRunner().invoke(app, call)
    assert first.exit_code == 0, first.output
    drawn = (tmp_path / "out/tiny.mp4").stat().st_mtime_ns
    again = CliRunner().invoke(app, call)
    assert again.exit_code == 0
    assert "1 finished clips skipped" in again.stderr
    assert (tmp_path / "out/tiny.mp4").stat().st_mtime_ns == drawn
