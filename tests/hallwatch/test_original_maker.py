"""The maker of marks and the API together: from a release to a film that says for whom it is."""

import hashlib
import io
import zipfile
from pathlib import Path
from typing import cast

import av
import httpx
import numpy as np

from hallwatch.original_maker import OriginalMaker
from tests.api.conftest import Running, add_account
from tests.api.messages import event_id
from tests.cameras.films import film
from tests.hallwatch.test_copy_maker import api, deliver_film

__all__ = ["api"]


def released(api: Running) -> str:
    """Asked for by one supervisor, released by another; the request's address."""
    told = {"reason": "核对原始画面"}
    request = api.signed_in().post(f"/api/v1/events/{event_id(1)}/originals", json=told).json()
    add_account(api.settings, "second")
    address = f"/api/v1/originals/{request['id']}"
    assert api.signed_in("second").post(f"{address}/release", json={}).status_code == 200
    return address


def maker(api: Running) -> OriginalMaker:
    return OriginalMaker(cast(httpx.Client, api.worker))


def test_a_released_original_becomes_a_film_with_the_viewers_name_on_it(api: Running, tmp_path: Path) -> None:
    original = film(tmp_path / "original.mp4")
    deliver_film(api, original.read_bytes())
    address = released(api)
    assert maker(api).step() == 1
    person = api.signed_in()
    with zipfile.ZipFile(io.BytesIO(person.get(f"{address}/archive").content)) as archive:
        marked = tmp_path / "marked.mp4"
        marked.write_bytes(archive.read(f"{event_id(1)}.mp4"))
    with av.open(str(original)) as before, av.open(str(marked)) as after:
        first = next(before.decode(video=0)).to_ndarray(format="bgr24").astype(float)
        second = next(after.decode(video=0)).to_ndarray(format="bgr24").astype(float)
    assert first.shape == second.shape
    changed = np.abs(first - second).max(axis=2) > 20
    assert changed.mean() > 0.01
    height, width = changed.shape
    quarters = [changed[: height // 2, : width // 2], changed[: height // 2, width // 2 :]]
    assert all(quarter.any() for quarter in quarters)
    assert maker(api).step() == 0


def test_an_original_that_is_no_film_fails_with_the_reason(api: Running) -> None:
    deliver_film(api, b"no film at all" * 100)
    released(api)
    assert maker(api).step() == 1
    found = api.signed_in().get("/api/v1/originals").json()[0]
    assert found["state"] == "failed"
    assert found["said"]


def test_an_original_that_was_altered_on_the_disk_is_not_handed_out(api: Running, tmp_path: Path) -> None:
    body = film(tmp_path / "original.mp4").read_bytes()
    deliver_film(api, body)
    released(api)
    sha256 = hashlib.sha256(body).hexdigest()
    path = api.anybody.app.state.services.clips.clip_path(event_id(1), sha256)  # type: ignore[attr-defined]
    path.write_bytes(body + b"more")
    assert maker(api).step() == 1
    assert "SHA-256" in api.signed_in().get("/api/v1/originals").json()[0]["said"]
