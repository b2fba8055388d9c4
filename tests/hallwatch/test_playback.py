"""A recording that stands in for a camera goes on while its worker is down."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cameras.errors import NotFound
from cameras.source import Source
from hallwatch.playback import FILE, resume_at_s
from tests.cameras.films import film

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@pytest.fixture
def recording(tmp_path: Path) -> Source:
    return Source.parse(str(film(tmp_path / "film.mp4", seconds=4, fps=5)))


def later(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_it_begins_at_its_beginning(recording: Source, tmp_path: Path) -> None:
    assert resume_at_s(recording, tmp_path, NOON) == 0.0


def test_after_a_restart_it_goes_on_where_it_would_be(recording: Source, tmp_path: Path) -> None:
    resume_at_s(recording, tmp_path, NOON)
    assert resume_at_s(recording, tmp_path, later(3)) == pytest.approx(3)


def test_past_its_end_it_has_begun_again(recording: Source, tmp_path: Path) -> None:
    resume_at_s(recording, tmp_path, NOON)
    assert resume_at_s(recording, tmp_path, later(4 * 100 + 1)) == pytest.approx(1, abs=0.05)


def test_another_recording_begins_at_its_own_beginning(recording: Source, tmp_path: Path) -> None:
    resume_at_s(recording, tmp_path, NOON)
    other = Source.parse(str(film(tmp_path / "other.mp4", seconds=4, fps=5)))
    assert resume_at_s(other, tmp_path, later(3)) == 0.0


def test_a_clock_that_was_put_back_does_not_hurt(recording: Source, tmp_path: Path) -> None:
    resume_at_s(recording, tmp_path, NOON)
    assert resume_at_s(recording, tmp_path, later(-3600)) == 0.0


@pytest.mark.parametrize("content", [b"", b"yesterday\n/film", b"\xff\xfe", b"no line end"])
def test_a_record_that_cannot_be_read_is_begun_anew(
    recording: Source, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / FILE).write_bytes(content)
    assert resume_at_s(recording, tmp_path, NOON) == 0.0
    assert resume_at_s(recording, tmp_path, later(2)) == pytest.approx(2)


def test_a_recording_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"does not exist"):
        resume_at_s(Source.parse(str(tmp_path / "gone.mp4")), tmp_path, NOON)
