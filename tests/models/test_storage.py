"""Files come into the store whole or not at all, and the store lies where the user says."""

import errno
from pathlib import Path

import pytest

from models.errors import PullFailed
from models.storage import Store, default_folder, explained, holds, sha256_of, staging, write_whole


def test_the_store_lies_where_the_variable_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HALLWATCH_MODELS", str(tmp_path))
    assert default_folder() == tmp_path


def test_else_in_the_cache_folder_of_the_desktop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("HALLWATCH_MODELS", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_folder() == tmp_path / "hallwatch" / "models"


@pytest.mark.parametrize("cache", ["", "relative/is/ignored"])
def test_else_in_the_home_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cache: str) -> None:
    monkeypatch.delenv("HALLWATCH_MODELS", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", cache)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_folder() == tmp_path / ".cache" / "hallwatch" / "models"


def test_a_written_file_is_whole_and_alone(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "network.tflite"
    write_whole(path, b"old")
    write_whole(path, b"new content")
    assert path.read_bytes() == b"new content"
    assert list(path.parent.iterdir()) == [path]


def test_a_file_that_cannot_be_put_in_place_leaves_nothing_behind(tmp_path: Path) -> None:
    occupied = tmp_path / "network.tflite"
    occupied.mkdir()
    with pytest.raises(PullFailed, match="cannot be written"):
        write_whole(occupied, b"content")
    assert list(tmp_path.iterdir()) == [occupied]


def test_a_full_disk_is_said_with_the_space_needed(tmp_path: Path) -> None:
    with (
        pytest.raises(PullFailed, match=r"No space is left .* free at least 6 MB"),
        explained(tmp_path, 6_440_512),
    ):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_store_that_cannot_be_a_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(PullFailed, match="name another folder in HALLWATCH_MODELS"):
        write_whole(tmp_path / "file" / "network.tflite", b"content")


def test_only_one_may_fetch_at_a_time(store: Store) -> None:
    with staging(store), pytest.raises(PullFailed, match="already being fetched"), staging(store):
        pass


def test_after_a_failure_the_next_may_fetch_and_finds_what_was_left(store: Store) -> None:
    def fetch_half() -> None:
        with staging(store) as folder:
            (folder / "half").write_bytes(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch_half()
    with staging(store) as folder:
        assert (folder / "half").read_bytes() == b"half"
    assert not folder.exists()


def test_parts_of_a_killed_run_are_swept(store: Store) -> None:
    store.folder.mkdir()
    part = store.folder / ".network.tflite.abc.part"
    part.write_bytes(b"half")
    with staging(store):
        assert not part.exists()


def test_a_checksum_is_of_content(tmp_path: Path) -> None:
    path = tmp_path / "empty"
    path.write_bytes(b"")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert sha256_of(path) == empty
    assert holds(path, empty)
    assert not holds(path, "0" * 64)
    assert not holds(tmp_path / "none", empty)
    assert not holds(tmp_path, empty)
