"""`pull` brings the networks of the registry into the store, whatever happens on the way."""

import hashlib
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from models.errors import PullFailed
from models.package_index import Advance
from models.pull import pull, pull_from
from models.registry import Network, NetworkInput, Package, Registry, Source, registry
from models.storage import Store, holds
from tests.conftest import REPOSITORY

CONTENTS = {"hand": b"a network for hands" * 50, "face": b"a network for faces" * 50}
WHEEL = "nets-1.0-cp311-cp311-any.whl"


class Told:
    """Keeps what a pull says."""

    def __init__(self) -> None:
        self.downloads: list[str] = []
        self.bytes: list[int] = []
        self.stored_files: dict[str, bool] = {}

    def downloading(self, what: str, total_bytes: int) -> Advance:
        self.downloads.append(what)
        return self.bytes.append

    def stored(self, file: str, fresh: bool) -> None:
        self.stored_files[file] = fresh


class Index:
    """A package index that has one wheel; counts how often it is asked.

    Like pip, it would stop and ask where a file of the same name is there already.
    """

    def __init__(self, wheel: bytes) -> None:
        self.wheel = wheel
        self.asked = 0

    def __call__(self, package: Package, folder: Path, advance: Advance) -> Path:
        self.asked += 1
        path = folder / package.file
        assert list(folder.iterdir()) == []
        path.write_bytes(self.wheel)
        return path


def broken_off(package: Package, folder: Path, advance: Advance) -> Path:
    """A download that is interrupted half way."""
    (folder / "pip-unpack").mkdir()
    (folder / "pip-unpack" / package.file).write_bytes(b"PK half")
    raise KeyboardInterrupt


def unreachable(package: Package, folder: Path, advance: Advance) -> Path:
    pytest.fail("nothing was to be downloaded")


def member(name: str) -> str:
    return f"nets/modules/{name}.tflite"


def make_wheel(path: Path, contents: dict[str, bytes]) -> bytes:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in contents.items():
            archive.writestr(member(name), content)
    return path.read_bytes()


def network(name: str, content: bytes) -> Network:
    return Network(
        about=name,
        task="hands",
        file=f"{name}.tflite",
        licence="Apache-2.0",
        source=Source(package="nets", member=member(name)),
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        input=NetworkInput(shape=(1, 8, 8, 3), colours="rgb", range=(0, 1)),
        decoder="none",
    )


@pytest.fixture
def wheel(tmp_path: Path) -> bytes:
    return make_wheel(tmp_path / "made.whl", CONTENTS)


@pytest.fixture
def known(wheel: bytes) -> Registry:
    """Two small networks in one package."""
    package = Package(
        distribution="nets",
        version="1.0",
        licence="Apache-2.0",
        file=WHEEL,
        sha256=hashlib.sha256(wheel).hexdigest(),
        size=len(wheel),
        platform="any",
        python="3.11",
    )
    networks = {name: network(name, content) for name, content in CONTENTS.items()}
    return Registry(packages={"nets": package}, networks=networks)


def assert_filled(store: Store) -> None:
    """Both networks are in the store, and nothing else that a reader could take for one."""
    for name, content in CONTENTS.items():
        assert (store.folder / f"{name}.tflite").read_bytes() == content
    assert sorted(path.name for path in store.folder.iterdir()) == [".lock", "face.tflite", "hand.tflite"]


def test_a_pull_fills_an_empty_store_with_one_download(known: Registry, store: Store, wheel: bytes) -> None:
    index, told = Index(wheel), Told()
    pull(known, store, told, index)
    assert_filled(store)
    assert index.asked == 1
    assert told.downloads == ["nets 1.0"]
    assert told.bytes[-1] == len(wheel)
    assert told.stored_files == {"hand.tflite": True, "face.tflite": True}


def test_a_second_pull_downloads_nothing(known: Registry, store: Store, wheel: bytes) -> None:
    pull(known, store, Told(), Index(wheel))
    told = Told()
    pull(known, store, told, unreachable)
    assert told.stored_files == {"hand.tflite": False, "face.tflite": False}


def test_a_damaged_network_is_replaced_and_the_right_one_left_alone(
    known: Registry, store: Store, wheel: bytes
) -> None:
    pull(known, store, Told(), Index(wheel))
    (store.folder / "hand.tflite").write_bytes(b"bitten by the disk")
    told = Told()
    pull(known, store, told, Index(wheel))
    assert_filled(store)
    assert told.stored_files == {"hand.tflite": True, "face.tflite": False}


def test_an_interrupted_pull_leaves_no_network_and_the_next_one_succeeds(
    known: Registry, store: Store, wheel: bytes
) -> None:
    with pytest.raises(KeyboardInterrupt):
        pull(known, store, Told(), broken_off)
    assert not list(store.folder.glob("*.tflite"))
    pull(known, store, Told(), Index(wheel))
    assert_filled(store)


def test_a_whole_download_of_an_interrupted_pull_is_not_repeated(
    known: Registry, store: Store, wheel: bytes
) -> None:
    staged = store.folder / ".staging" / WHEEL
    staged.parent.mkdir(parents=True)
    staged.write_bytes(wheel)
    pull(known, store, Told(), unreachable)
    assert_filled(store)


def test_a_part_of_a_download_is_not_taken_for_the_whole(known: Registry, store: Store, wheel: bytes) -> None:
    staged = store.folder / ".staging" / WHEEL
    staged.parent.mkdir(parents=True)
    staged.write_bytes(wheel[: len(wheel) // 2])
    pull(known, store, Told(), Index(wheel))
    assert_filled(store)


KILLED_PULL = """
import sys, threading
from pathlib import Path
from models.pull import pull
from models.registry import Registry
from models.storage import Store

class Quiet:
    def downloading(self, what, total_bytes):
        return lambda here: None
    def stored(self, file, fresh):
        pass

def stuck(package, folder, advance):
    (folder / package.file).write_bytes(b"PK half")
    print("half", flush=True)
    threading.Event().wait()

pull(Registry.model_validate_json(sys.argv[1]), Store(Path(sys.argv[2])), Quiet(), stuck)
"""


def test_a_pull_that_was_killed_does_not_lock_out_the_next(
    known: Registry, store: Store, wheel: bytes
) -> None:
    command = [sys.executable, "-c", KILLED_PULL, known.model_dump_json(), str(store.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=REPOSITORY) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"half\n"
        with pytest.raises(PullFailed, match="already being fetched"):
            pull(known, store, Told(), Index(wheel))
        os.kill(child.pid, signal.SIGKILL)
    pull(known, store, Told(), Index(wheel))
    assert_filled(store)


def test_another_wheel_than_the_pinned_one_is_refused(known: Registry, store: Store, tmp_path: Path) -> None:
    other = make_wheel(tmp_path / "other.whl", {"hand": b"other", "face": b"other"})
    with pytest.raises(PullFailed, match=r"gave another nets-1\.0-cp311-cp311-any\.whl .*checksum"):
        pull(known, store, Told(), Index(other))
    assert not list(store.folder.glob("*.tflite"))


def test_a_member_that_is_another_network_is_refused(known: Registry, store: Store, tmp_path: Path) -> None:
    make_wheel(tmp_path / "nets-1.0-py3-none-macosx.whl", {**CONTENTS, "face": b"other"})
    with pytest.raises(PullFailed, match=r"face\.tflite in nets.*macosx\.whl is not the network"):
        pull_from(known, store, Told(), tmp_path)
    assert not (store.folder / "face.tflite").exists()


def put_wheel(folder: Path, wheel: bytes) -> Path:
    (folder / WHEEL).write_bytes(wheel)
    return folder


def put_wheel_itself(folder: Path, wheel: bytes) -> Path:
    return put_wheel(folder, wheel) / WHEEL


def put_files(folder: Path, wheel: bytes) -> Path:
    for name, content in CONTENTS.items():
        (folder / f"{name}.tflite").write_bytes(content)
    return folder


def put_unpacked(folder: Path, wheel: bytes) -> Path:
    with zipfile.ZipFile(put_wheel_itself(folder, wheel)) as archive:
        archive.extractall(folder)
    (folder / WHEEL).unlink()
    return folder


def put_one_file_and_wheel(folder: Path, wheel: bytes) -> Path:
    (folder / "hand.tflite").write_bytes(CONTENTS["hand"])
    return put_wheel(folder, wheel)


@pytest.mark.parametrize(
    "put", [put_wheel, put_wheel_itself, put_files, put_unpacked, put_one_file_and_wheel]
)
def test_without_a_network_a_folder_will_do(
    known: Registry, store: Store, wheel: bytes, tmp_path: Path, put: Callable[[Path, bytes], Path]
) -> None:
    origin = tmp_path / "brought"
    origin.mkdir()
    told = Told()
    pull_from(known, store, told, put(origin, wheel))
    assert_filled(store)
    assert told.downloads == []


def test_an_empty_folder_is_told_what_it_lacks(known: Registry, store: Store, tmp_path: Path) -> None:
    origin = tmp_path / "empty"
    origin.mkdir()
    with pytest.raises(PullFailed, match=rf"has neither {WHEEL} nor hand\.tflite, face\.tflite"):
        pull_from(known, store, Told(), origin)


def test_a_folder_that_is_not_there_is_said(known: Registry, store: Store, tmp_path: Path) -> None:
    with pytest.raises(PullFailed, match="There is no folder"):
        pull_from(known, store, Told(), tmp_path / "none")


def test_a_wheel_that_was_cut_short_is_told(
    known: Registry, store: Store, wheel: bytes, tmp_path: Path
) -> None:
    put_wheel(tmp_path, wheel[: len(wheel) // 2])
    with pytest.raises(PullFailed, match="not the file that is pinned"):
        pull_from(known, store, Told(), tmp_path)


def test_what_is_no_wheel_at_all_is_told(known: Registry, store: Store, tmp_path: Path) -> None:
    (tmp_path / "nets-1.0-py3-none-macosx.whl").write_bytes(b"not a zip archive")
    with pytest.raises(PullFailed, match=r"cannot be read out of .*macosx\.whl"):
        pull_from(known, store, Told(), tmp_path)


def test_a_brought_file_that_is_another_network_is_told(
    known: Registry, store: Store, tmp_path: Path
) -> None:
    put_files(tmp_path, b"")
    (tmp_path / "face.tflite").write_bytes(b"other")
    with pytest.raises(PullFailed, match=r"face\.tflite is not the network"):
        pull_from(known, store, Told(), tmp_path)


def test_the_real_networks_are_taken_over_from_a_folder_and_packed(filled_store: Store, store: Store) -> None:
    told = Told()
    pull_from(registry(), store, told, filled_store.folder)
    for name, entry in registry().networks.items():
        assert holds(store.path(name), entry.sha256)
    assert told.stored_files["pose_landmarker_full.task"]
    (store.folder / "pose_landmarker_full.task").write_bytes(b"damaged")
    pull(registry(), store, told, unreachable)
    assert store.path("pose_landmarker_full").stat().st_size > 9_000_000
