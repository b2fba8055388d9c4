"""`models pull NAME` brings a published network, once it is what it was and should be."""

import hashlib
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from models import releases
from models.commands import app
from models.detectors import import_network, open_pose
from models.errors import NetworkMissing, NetworkRefused, PullFailed
from models.families import detector_families, pose_families
from models.families.rtmo import Rtmo
from models.package_index import Advance
from models.pins import pinned
from models.registry import Registry, Release, registry
from models.releases import brought, download_release, licence_told, pull_release
from models.storage import Store
from tests.models.test_families import recorded
from tests.models.tiny_networks import network_of

Answer = Callable[[httpx.Request], httpx.Response]
URL = "https://makers.example/v1/rtmo-tiny.zip"


class Quiet:
    """Hears how far a download is."""

    def __init__(self) -> None:
        self.bytes: list[int] = []

    def downloading(self, what: str, total_bytes: int) -> Advance:
        return self.bytes.append

    def stored(self, file: str, fresh: bool) -> None:
        assert fresh


def take(store: Store, path: Path, name: str, release: Release) -> Path:
    return import_network(store, path, name, licence=release.licence, family=release.family)


def known(sha256: str | None = None, member: str | None = "end2end.onnx") -> Registry:
    release = Release(
        about="joints",
        task="pose",
        family="rtmo",
        licence="Apache-2.0",
        url=URL,
        member=member,
        sha256=sha256,
    )
    return registry().model_copy(update={"releases": {"rtmo_tiny": release}})


@pytest.fixture
def archive(tmp_path: Path) -> bytes:
    """What the makers offer: the network in a folder of a zip."""
    network = network_of(tmp_path / "end2end.onnx", recorded("rtmo", "answer"))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("2023/rtmo/end2end.onnx", network.read_bytes())
        packed.writestr("2023/rtmo/pipeline.json", "{}")
    return made.getvalue()


def offering(content: bytes) -> Answer:
    return lambda request: httpx.Response(200, content=content)


def fetched(answer: Answer) -> releases.Fetch:
    def fetch(release: Release, target: Path, progress: object) -> None:
        client = httpx.Client(transport=httpx.MockTransport(answer), follow_redirects=True)
        download_release(release, target, progress, client)  # type: ignore[arg-type]

    return fetch


def test_a_release_is_fetched_unpacked_imported_and_pinned(store: Store, archive: bytes) -> None:
    progress = Quiet()
    target = pull_release(known(), store, "rtmo_tiny", progress, fetched(offering(archive)), take)
    assert target == store.poses / "rtmo_tiny.onnx"
    assert isinstance(open_pose(target), Rtmo)
    assert '"licence": "Apache-2.0"' in target.with_suffix(".json").read_text(encoding="utf-8")
    assert pinned(store, "rtmo_tiny") == hashlib.sha256(archive).hexdigest()
    assert progress.bytes[-1] == len(archive)
    pull_release(known(), store, "rtmo_tiny", progress, fetched(offering(archive)), take)


def test_what_later_comes_otherwise_is_refused(store: Store, archive: bytes) -> None:
    pull_release(known(), store, "rtmo_tiny", Quiet(), fetched(offering(archive)), take)
    before = (store.poses / "rtmo_tiny.onnx").read_bytes()
    with pytest.raises(PullFailed, match=r"not what it was when it first came .*pins\.json"):
        pull_release(known(), store, "rtmo_tiny", Quiet(), fetched(offering(archive + b"x")), take)
    assert (store.poses / "rtmo_tiny.onnx").read_bytes() == before


def test_a_checksum_that_is_known_is_held_to_at_the_first_time(store: Store, archive: bytes) -> None:
    right = hashlib.sha256(archive).hexdigest()
    pull_release(known(right), store, "rtmo_tiny", Quiet(), fetched(offering(archive)), take)
    assert pinned(store, "rtmo_tiny") is None
    with pytest.raises(PullFailed, match="not the file that is known"):
        pull_release(known("0" * 64), store, "rtmo_tiny", Quiet(), fetched(offering(archive)), take)


def broken_off(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadError("connection reset")


def no_server(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused")


def redirected(request: httpx.Request) -> httpx.Response:
    if request.url.scheme == "https":
        return httpx.Response(302, headers={"location": "http://elsewhere.example/rtmo-tiny.zip"})
    return httpx.Response(200, content=b"anything")


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (broken_off, "cannot be reached or broke off"),
        (no_server, "check the network, or on a machine that can"),
        (lambda request: httpx.Response(404), "answers 404: on a machine that can"),
        (redirected, "without encryption only"),
        (offering(b"<html>sign in</html>"), r"end2end\.onnx cannot be read out of rtmo-tiny\.zip"),
        (offering(b""), "cannot be read out"),
    ],
)
def test_what_goes_wrong_is_told_in_one_sentence_and_nothing_is_kept(
    store: Store, answer: Answer, sentence: str
) -> None:
    with pytest.raises(PullFailed, match=sentence) as failed:
        pull_release(known(), store, "rtmo_tiny", Quiet(), fetched(answer), take)
    assert "\n" not in str(failed.value)
    assert pinned(store, "rtmo_tiny") is None
    assert not list(store.folder.rglob("*.onnx"))


def test_an_endless_answer_ends(store: Store, archive: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(releases, "MOST_BYTES", 1000)
    with pytest.raises(PullFailed, match="sends more than a network has"):
        pull_release(known(), store, "rtmo_tiny", Quiet(), fetched(offering(archive)), take)


def test_what_comes_and_is_no_network_is_refused_and_not_pinned(store: Store) -> None:
    with pytest.raises(NetworkRefused, match="not a usable ONNX network"):
        pull_release(known(member=None), store, "rtmo_tiny", Quiet(), fetched(offering(b"no")), take)
    assert pinned(store, "rtmo_tiny") is None


def test_without_a_network_a_folder_will_do(store: Store, archive: bytes, tmp_path: Path) -> None:
    folder = tmp_path / "brought"
    folder.mkdir()
    with pytest.raises(PullFailed, match=r"does not have rtmo-tiny\.zip: put it there"):
        pull_release(known(), store, "rtmo_tiny", Quiet(), brought(folder), take)
    (folder / "rtmo-tiny.zip").write_bytes(archive)
    assert pull_release(known(), store, "rtmo_tiny", Quiet(), brought(folder), take).is_file()


def test_a_release_that_there_is_not_is_told_with_those_there_are(store: Store) -> None:
    with pytest.raises(NetworkMissing, match="no release 'yolo99': there are yolox_nano"):
        pull_release(registry(), store, "yolo99", Quiet(), brought(store.folder), take)


def test_damaged_pins_are_told(store: Store, archive: bytes) -> None:
    store.folder.mkdir()
    (store.folder / "pins.json").write_text('{"rtmo_tiny": 3}', encoding="utf-8")
    with pytest.raises(PullFailed, match=r"pins\.json is damaged"):
        pull_release(known(), store, "rtmo_tiny", Quiet(), fetched(offering(archive)), take)


def test_every_release_is_of_a_family_there_is_and_free_of_copyleft() -> None:
    families = {"detector": detector_families(), "pose": pose_families()}
    for name, release in registry().releases.items():
        assert release.family in {one.name for one in families[release.task]}, name
        assert release.licence == "Apache-2.0", name
        assert release.file.endswith(".zip") == (release.member is not None), name


def test_agpl_is_named_as_what_it_is() -> None:
    assert licence_told("Apache-2.0") == "Apache-2.0"
    assert "must offer them the source" in licence_told("AGPL-3.0")


def test_the_command_shows_the_licence_before_it_fetches(
    monkeypatch: pytest.MonkeyPatch, store: Store, tmp_path: Path
) -> None:
    monkeypatch.setenv("HALLWATCH_MODELS", str(store.folder))
    done = CliRunner().invoke(app, ["pull", "rtmo_s", "--from", str(tmp_path)])
    assert done.exit_code == 1
    assert done.stdout.startswith("rtmo_s: Apache-2.0; https://")
    assert "does not have rtmo-s_8xb32" in done.stderr
    listed = CliRunner().invoke(app, ["list"], env={"COLUMNS": "200"}).stdout
    (row,) = [line for line in listed.splitlines() if " rtmo_s " in line]
    assert "Apache-2.0" in row
    assert "│ no " in row
