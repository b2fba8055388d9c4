"""A hall to look at: `python -m tests.api.seed --data DIR --port 8801` serves the API with some sixty events.

For those who work on the page, and for browser tests. Sign in as `supervisor` with the password that is
printed at the start (`--password` sets another one); `second` (another reviewer) and `clerk` (who works at
window w1) have the same one. The hall has three windows and two cameras; its events
lie within two days up to now, in all states, with small real clips (H.264) and skeletons; a few have no clip,
a partial one, or still go on. Everything comes in by the worker's own routes. `--page DIR` serves a built
page, by default api/web/dist. With `--live` a picture of each camera arrives every second.
"""

import argparse
import hashlib
import math
import random
import sys
import tempfile
import threading
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import av
import cv2
import httpx
import numpy as np
import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr

from api.accounts import set_password
from api.app import ApiSettings, create_app
from tests.api.rendered import Scene, scenes

WORKER_KEY = "seed-worker-key"
PASSWORD = "seed-password-123"
HALL = {
    "id": "demo",
    "name": "城中区政务服务中心",
    "name_en": "Chengzhong service centre",
    "time_zone": "Asia/Shanghai",
    "windows": [
        {"id": "w1", "name": "1号窗口 · 社保", "name_en": "Window 1 · Social security"},
        {"id": "w2", "name": "2号窗口 · 税务", "name_en": "Window 2 · Tax"},
        {"id": "w3", "name": "3号窗口 · 户籍", "name_en": "Window 3 · Household registration"},
    ],
    "cameras": [
        {"id": "cam1", "name": "东侧摄像机", "windows": ["w1", "w2"]},
        {"id": "cam2", "name": "西侧摄像机", "windows": ["w3"]},
    ],
}
KINDS: list[tuple[str, str | None, float, dict[str, float]]] = [
    ("arms_crossed", None, 14, {"wrist_to_other_elbow": 0.12}),
    ("leaning", "back", 21, {"torso_tilt_deg": 24.5}),
    ("phone_use", "call", 35, {"hand_to_ear": 0.31, "phone_seen": 0.74}),
    ("phone_use", "screen", 28, {"phone_seen": 0.66, "nose_above_shoulders": 0.2}),
    ("absence", None, 420, {"staff_seen": 0}),
    ("smoking", None, 24, {"puffs": 3, "cigarette_seen": 0}),
    ("queue_line", None, 30, {"people_inside": 3, "nearest_m": 0.6}),
]
SIZE = (320, 180)
CLIP_S = 4
RATE = 10


def main() -> None:
    """Fill a data folder unless it holds a database already, then serve it."""
    options = _options()
    options.data.mkdir(parents=True, exist_ok=True)
    database = options.data / "hallwatch.sqlite"
    fresh = not database.exists()
    settings = ApiSettings(
        database_url=f"sqlite:///{database}",
        data_dir=options.data,
        worker_key=SecretStr(WORKER_KEY),
        page_dir=options.page,
    )
    if fresh:  # a new password would end the sessions of those who are signed in
        set_password(settings, "supervisor", options.password)
        set_password(settings, "second", options.password)
        set_password(settings, "clerk", options.password, role="window_staff", windows=["w1"])
    server = uvicorn.Server(_configuration(create_app(settings), options.port))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{options.port}"
    with worker(address) as client:
        _wait_until_ready(client)
        if fresh:
            fill(client, datetime.now(UTC), options.events, scenes() if options.rendered else ())
            decide_some(address, options.password)
        sys.stdout.write(f"{address}   supervisor / {options.password}   worker key {WORKER_KEY}\n")
        sys.stdout.flush()
        while thread.is_alive():
            if options.live:
                _send_pictures(client)
            thread.join(1)


def worker(address: str) -> httpx.Client:
    """A client with the worker's key."""
    return httpx.Client(
        base_url=address, headers={"Authorization": f"Bearer {WORKER_KEY}"}, timeout=30, trust_env=False
    )


def fill(client: httpx.Client, now: datetime, number: int = 60, rendered: Sequence[Scene] = ()) -> None:
    """Deliver the hall, its hours, and `number` events with evidence, of rendered scenes where given."""
    _send(client.put("/api/v1/ingest/hall", json=HALL))
    for camera in ("cam1", "cam2"):
        status = {"state": "live", "since": (now - timedelta(hours=30)).isoformat(), "analysed_fps": 5.0}
        _send(client.put(f"/api/v1/ingest/cameras/{camera}/status", json=status))
    _send(client.post("/api/v1/ingest/ledger", json={"rows": list(_hours(now))}))
    _send_pictures(client)
    clips = [clip(hue) for hue in (20, 90, 150)]
    for index in range(number):
        event = event_at(now, index, number)
        if rendered:
            scene = rendered[index % len(rendered)]
            event = scene.of(event)
            _send(client.post("/api/v1/ingest/events", json={"events": [event]}))
            deliver_scene(client, event, scene)
            continue
        _send(client.post("/api/v1/ingest/events", json={"events": [event]}))
        deliver_evidence(client, event, index, clips[index % len(clips)])


def event_at(now: datetime, index: int, number: int) -> dict[str, Any]:
    """The event of that index, spread over the last two days; the same for the same arguments."""
    chance = random.Random(index)
    behaviour, variant, lasts_s, measures = KINDS[index % len(KINDS)]
    started = now - timedelta(hours=47 * (number - index) / number, seconds=120)
    ended = started + timedelta(seconds=lasts_s)
    going_on = index == number - 1
    window = f"w{index % 3 + 1}"
    return {
        "id": str(uuid.UUID(int=(int(started.timestamp() * 1000) << 80) | 0x7 << 76 | 0x2 << 62 | index)),
        "revision": 1 if going_on else 2,
        "behaviour": behaviour,
        "variant": variant,
        "window": window,
        "camera": "cam2" if window == "w3" else "cam1",
        "started_at": started.isoformat(),
        "flagged_at": (started + timedelta(seconds=min(lasts_s, 8))).isoformat(),
        "ended_at": None if going_on else ended.isoformat(),
        "ending": None if going_on else "interrupted" if index % 11 == 0 else "ceased",
        "peak_score": round(chance.uniform(0.6, 0.99), 2),
        "measures": measures,
        "parent": None,
        "evidence": _strip(lasts_s, chance),
    }


def clip(hue: int, seconds: float = CLIP_S) -> bytes:
    """A small H.264 film of a stick figure that sways, fast start, 10 pictures a second."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mp4"
        with av.open(path, "w", options={"movflags": "faststart"}) as container:
            stream = container.add_stream(
                "libx264", rate=RATE, options={"preset": "ultrafast", "g": str(RATE)}
            )
            stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
            for index in range(int(seconds * RATE)):
                picture = av.VideoFrame.from_ndarray(_picture(hue, index / RATE), format="bgr24")
                container.mux(stream.encode(picture))
            container.mux(stream.encode())
        return path.read_bytes()


def skeleton(seconds: float = CLIP_S) -> dict[str, Any]:
    """The figure's joints over the time of the clip."""
    frames = [
        {
            "t_s": index / 5,
            "persons": [
                {
                    "track": 1,
                    "box": [
                        *(joints := _joints(index / 5)).min(axis=0).tolist(),
                        *joints.max(axis=0).tolist(),
                    ],
                    "zone": "staff",
                    "keypoints": [[x, y, 0.9] for x, y in joints.tolist()],
                }
            ],
            "things": [{"kind": "phone", "box": [150, 60, 160, 75], "score": 0.7}],
        }
        for index in range(int(seconds * 5))
    ]
    return {"format": 1, "size": list(SIZE), "frames": frames}


def decide_some(address: str, password: str) -> None:
    """Confirm a third of the events and dismiss another third, as a supervisor does."""
    with httpx.Client(base_url=address, timeout=30, trust_env=False) as person:
        signed = person.post("/api/v1/session", json={"username": "supervisor", "password": password})
        person.headers["X-CSRF-Token"] = _send(signed).json()["csrf_token"]
        events = _send(person.get("/api/v1/events", params={"limit": 200, "order": "oldest"})).json()["items"]
        for index, event in enumerate(events[: len(events) * 2 // 3]):
            verdict = {"verdict": "confirmed", "reason": "real_breach", "note": None}
            if index % 2:
                verdict = {"verdict": "dismissed", "reason": "ordinary_work", "note": "递取材料"}
            path = f"/api/v1/events/{event['id']}/decision"
            _send(person.post(path, json=verdict, headers={"If-Match": event["etag"]}))
        _send(person.delete("/api/v1/session"))


def deliver_evidence(client: httpx.Client, event: dict[str, Any], index: int, film: bytes) -> None:
    """The clip and the skeleton of an event; by its index some have none, or a clip cut short."""
    path = f"/api/v1/ingest/events/{event['id']}"
    if index % 13 == 7:
        _send(client.put(f"{path}/clip", params={"state": "failed", "reason": "摄像机在此期间断线"}))
        return
    query: dict[str, str | float] = {
        "state": "partial" if index % 13 == 3 else "ready",
        "starts_at": event["started_at"],
        "duration_s": CLIP_S,
        "sha256": hashlib.sha256(film).hexdigest(),
    }
    if query["state"] == "partial":
        query["reason"] = "录像在结束前中断"
    _send(client.put(f"{path}/clip", params=query, content=film, headers={"Content-Type": "video/mp4"}))
    _send_copy(client, path, film)
    if index % 5:
        _send(client.put(f"{path}/skeleton", json=skeleton()))


def deliver_scene(client: httpx.Client, event: dict[str, Any], scene: Scene) -> None:
    """The film of a rendered scene, and the poses in it."""
    path = f"/api/v1/ingest/events/{event['id']}"
    query: dict[str, str | float] = {
        "state": "ready",
        "starts_at": scene.clip_starts_at(event),
        "duration_s": scene.duration_s,
        "sha256": hashlib.sha256(scene.film).hexdigest(),
    }
    film = {"Content-Type": "video/mp4"}
    _send(client.put(f"{path}/clip", params=query, content=scene.film, headers=film))
    _send_copy(client, path, scene.film)
    _send(client.put(f"{path}/skeleton", json=scene.skeleton))


def _hours(now: datetime) -> Iterator[dict[str, Any]]:
    this_hour = now.replace(minute=0, second=0, microsecond=0)
    for back in range(50):
        hour = this_hour - timedelta(hours=back)
        is_open = 1 <= hour.hour < 10  # 9:00 to 18:00 in Shanghai
        for window, camera in (("w1", "cam1"), ("w2", "cam1"), ("w3", "cam2")):
            observed = 0.0 if not is_open or (window == "w3" and back % 7 == 2) else 3600.0 - 60 * (back % 4)
            yield {
                "window": window,
                "camera": camera,
                "hour": hour.isoformat(),
                "open_s": 3600.0 if is_open else 0.0,
                "observed_s": observed,
                "present_s": observed * 0.93,
            }


def _strip(seconds: float, chance: random.Random) -> list[list[float | None]]:
    step = max(0.2, seconds / 100)
    return [
        [round(i * step, 2), None if i % 37 == 36 else round(chance.uniform(0.5, 1), 2)]
        for i in range(int(seconds / step))
    ]


def _joints(at_s: float) -> np.ndarray[Any, np.dtype[np.float64]]:
    """17 joints in pixels, COCO order."""
    sway = 8 * math.sin(at_s * 2)
    upright = [
        *((160, 50), (163, 47), (157, 47), (168, 50), (152, 50)),
        *((180, 75), (140, 75), (188, 105), (132, 105), (150, 100), (170, 100)),
        *((172, 130), (148, 130), (172, 155), (148, 155), (172, 178), (148, 178)),
    ]
    return np.array([(x + sway * (180 - y) / 130, y) for x, y in upright])


BONES = (
    (5, 6),
    (5, 7),
    (7, 9),
    (6, 8),
    (8, 10),
    (5, 11),
    (6, 12),
    (11, 12),
    (11, 13),
    (12, 14),
    (0, 5),
    (0, 6),
)


def _picture(hue: int, at_s: float) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """BGR, a figure before a wall of that hue with the time on it."""
    picture = np.full((SIZE[1], SIZE[0], 3), (hue, 60, 70), np.uint8)
    joints = _joints(at_s).astype(int)
    for a, b in BONES:
        cv2.line(picture, tuple(joints[a].tolist()), tuple(joints[b].tolist()), (220, 220, 220), 3)
    cv2.rectangle(picture, (60, 140), (260, 180), (90, 120, 140), -1)
    cv2.putText(picture, f"{at_s:04.1f} s", (8, 20), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (255, 255, 255), 1)
    return picture


def _send_pictures(client: httpx.Client) -> None:
    at_s = datetime.now(UTC).timestamp() % 100
    for hue, camera in ((20, "cam1"), (150, "cam2")):
        jpeg = cv2.imencode(".jpg", _picture(hue, at_s))[1].tobytes()
        headers = {"Content-Type": "image/jpeg"}
        path = f"/api/v1/ingest/cameras/{camera}"
        if _send(client.put(f"{path}/live", content=jpeg, headers=headers)).json()["still_wanted"]:
            _send(client.put(f"{path}/still", content=jpeg, headers=headers))


def _send_copy(client: httpx.Client, path: str, film: bytes) -> None:
    """The review copy of a film in which nobody real is seen: the film itself."""
    digest = hashlib.sha256(film).hexdigest()
    told = {"source_sha256": digest, "sha256": digest}
    _send(client.put(f"{path}/review-copy", params=told, content=film))


def _send(answer: httpx.Response) -> httpx.Response:
    if answer.is_error:
        raise SystemExit(
            f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text}"
        )
    return answer


def _configuration(app: FastAPI, port: int) -> uvicorn.Config:
    return uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", timeout_graceful_shutdown=1)


def _wait_until_ready(client: httpx.Client) -> None:
    patience = httpx.Client(
        base_url=client.base_url, transport=httpx.HTTPTransport(retries=8), trust_env=False
    )
    with patience:
        _send(patience.get("/readyz"))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="serve a hall with events, for the page's author and tests")
    parser.add_argument("--data", type=Path, required=True, help="folder for the database and the clips")
    parser.add_argument("--port", type=int, default=8801)
    parser.add_argument("--password", default=PASSWORD)
    parser.add_argument("--events", type=int, default=60)
    parser.add_argument("--page", type=Path, default=Path(__file__).parents[2] / "api" / "web" / "dist")
    parser.add_argument("--rendered", action="store_true", help="show the scenes that the project ships")
    parser.add_argument("--live", action="store_true", help="send a picture of each camera every second")
    return parser.parse_args()


if __name__ == "__main__":
    main()
