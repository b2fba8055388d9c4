"""All files of an event can be deleted, or only the original that shows faces."""

from pathlib import Path

import pytest

from api.clip_store import ClipStore

MINE, OTHER = "0192d3f0-0000-7000-8000-00000000aa01", "0192d3f0-0000-7000-8000-00000000bb01"
SHA = "ab" * 32


@pytest.fixture
def store(tmp_path: Path) -> ClipStore:
    """Two events in one folder, each with a clip, a half-written one and a skeleton."""
    store = ClipStore(tmp_path)
    for event_id in (MINE, OTHER):
        clip = store.clip_path(event_id, SHA)
        store.write_skeleton(event_id, b"{}")
        for path in (
            clip,
            clip.with_name(f"{clip.name}.0a1b2c3d.part"),
            clip.with_name(f"{event_id}-x.review.mp4"),
        ):
            path.write_bytes(b"film")
    return store


def left(store: ClipStore, event_id: str) -> list[str]:
    folder = store.skeleton_path(event_id).parent
    return sorted(path.name for path in folder.iterdir() if path.name.startswith(event_id))


def test_deleting_an_event_takes_all_its_files_and_none_of_its_neighbour(store: ClipStore) -> None:
    assert store.delete_event(MINE) == 4
    assert left(store, MINE) == []
    assert len(left(store, OTHER)) == 4
    assert store.delete_event(MINE) == 0


def test_deleting_the_original_leaves_what_shows_no_face(store: ClipStore) -> None:
    assert store.delete_original(MINE) == 2
    assert left(store, MINE) == [f"{MINE}-x.review.mp4", f"{MINE}.json"]


def test_an_event_that_never_had_a_file_is_deleted_all_the_same(tmp_path: Path) -> None:
    assert ClipStore(tmp_path).delete_event(MINE) == 0


def test_an_id_that_looks_like_a_pattern_deletes_nothing(store: ClipStore) -> None:
    assert store.delete_event("*01") == 0
    assert len(left(store, MINE)) == 4
