"""The maker of review copies and the API together: from a clip that arrived to a copy that people see."""

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import av
import httpx
import pytest
from pydantic import SecretStr

from api.accounts import set_password
from api.app import ApiSettings
from hallwatch.copy_maker import CopyMaker
from tests.api.conftest import WORKER_KEY, Clock, Running, running
from tests.api.messages import deliver, event, event_id, shown
from tests.cameras.films import film

SIDE = [[0.0, 0.0], [0.5, 0.0], [0.5, 1.0], [0.0, 1.0]]


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Running]:
    """A running API on a database of its own."""
    settings = ApiSettings(
        database_url=f"sqlite:///{tmp_path / 'hallwatch.sqlite'}",
        data_dir=tmp_path / "data",
        worker_key=SecretStr(WORKER_KEY),
        clock=Clock(),
    )
    with running(settings) as found:
        set_password(settings, "supervisor", "correct horse battery")
        yield found


def deliver_film(api: Running, body: bytes) -> None:
    deliver(api.worker, event())
    told = {
        "state": "ready",
        "starts_at": "2026-03-02T01:30:00Z",
        "duration_s": "3",
        "sha256": hashlib.sha256(body).hexdigest(),
    }
    path = f"/api/v1/ingest/events/{event_id(1)}/clip"
    assert api.worker.put(path, params=told, content=body).status_code == 204
    skeleton = {"format": 1, "size": [640, 360], "frames": [{"t_s": n / 5} for n in range(15)]}
    path = f"/api/v1/ingest/events/{event_id(1)}/skeleton"
    assert api.worker.put(path, json=skeleton).status_code == 204


def maker(api: Running) -> CopyMaker:
    # The test client answers as httpx's does, without a socket between.
    return CopyMaker(cast(httpx.Client, api.worker), None)


def test_a_clip_gets_a_copy_that_browsers_play_with_its_pictures(api: Running, tmp_path: Path) -> None:
    original = film(tmp_path / "original.mp4").read_bytes()
    deliver_film(api, original)
    assert maker(api).step(threading.Event()) == 1
    person = api.signed_in()
    review = shown(person)["clip"]["review"]
    assert review["state"] == "ready"
    copy = tmp_path / "copy.mp4"
    copy.write_bytes(person.get(review["url"]).content)
    assert copy.read_bytes() != original
    # The index lies before the pictures: it plays while it comes.
    assert copy.read_bytes().index(b"moov") < copy.read_bytes().index(b"mdat")
    with av.open(str(copy)) as played:
        stream = played.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.height <= 720) == ("h264", True)
        pictures = sum(1 for _ in played.decode(stream))
        assert stream.duration is not None
        assert stream.time_base is not None
        assert pictures <= 10 * float(stream.duration * stream.time_base) + 1
    for picture in ("poster_url", "filmstrip_url"):
        assert person.get(review[picture]).content.startswith(b"\xff\xd8")
    assert maker(api).step(threading.Event()) == 0


def test_a_clip_that_is_no_film_fails_with_the_reason_and_does_not_hold_up_others(api: Running) -> None:
    deliver_film(api, b"no film at all" * 100)
    assert maker(api).step(threading.Event()) == 1
    review = shown(api.signed_in())["clip"]["review"]
    assert review["state"] == "failed"
    assert review["reason"]
    assert maker(api).step(threading.Event()) == 0
