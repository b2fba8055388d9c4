"""Events out of the rendered scenes that the project ships: pictures of a hall, and the joints in them."""

import json
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import av

CLIPS = Path(__file__).resolve().parents[2] / "datasets" / "clips"
BEFORE_S, AFTER_S = 4.0, 10.0
JOINTS = (
    *("nose", "left_eye", "right_eye", "left_ear", "right_ear", "left_shoulder", "right_shoulder"),
    *("left_elbow", "right_elbow", "left_wrist", "right_wrist", "left_hip", "right_hip"),
    *("left_knee", "right_knee", "left_ankle", "right_ankle"),
)
HIDDEN, SEEN = 0.2, 0.9


@dataclass(frozen=True, slots=True)
class Scene:
    """An episode of a rendered scene: its film, which begins `before_s` earlier, and the poses in it."""

    behaviour: str
    variant: str | None
    before_s: float
    duration_s: float
    film: bytes
    skeleton: dict[str, Any]

    def of(self, event: dict[str, Any]) -> dict[str, Any]:
        """The event, shown by this scene."""
        started = datetime.fromisoformat(event["started_at"])
        lasts_s = self.duration_s - self.before_s
        going_on = event["ended_at"] is None
        told = {
            "behaviour": self.behaviour,
            "variant": self.variant,
            "flagged_at": (started + timedelta(seconds=5)).isoformat(),
            "ended_at": None if going_on else (started + timedelta(seconds=lasts_s)).isoformat(),
            "measures": {"judged_share": 0.96, "held_s": round(lasts_s - 0.6, 1)},
            "evidence": [[at / 5, _score(at / 5)] for at in range(-20, int(lasts_s * 5))],
        }
        return event | told

    def clip_starts_at(self, event: dict[str, Any]) -> str:
        """When the film begins."""
        return (datetime.fromisoformat(event["started_at"]) - timedelta(seconds=self.before_s)).isoformat()


@cache
def scenes() -> tuple[Scene, ...]:
    """One scene for each episode of the shipped clips that holds a posture or a phone."""
    found = []
    for path in sorted(CLIPS.glob("*.truth.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        found += [
            _scene(truth, episode)
            for episode in truth["episodes"]
            if episode["behaviour"] not in ("absence", "empty_post")
        ]
    return tuple(found)


def _scene(truth: dict[str, Any], episode: dict[str, Any]) -> Scene:
    begin = max(0.0, episode["start_s"] - BEFORE_S)
    end = min(truth["duration_s"], episode["start_s"] + AFTER_S)
    film, frames = _film(CLIPS / truth["clip"], begin, end), CLIPS / truth["frames"]
    shown = [json.loads(line) for line in frames.read_text(encoding="utf-8").splitlines()]
    skeleton = {
        "format": 1,
        "size": [truth["width"], truth["height"]],
        "frames": [_drawn(one, begin) for one in shown if begin <= one["t_s"] < end],
    }
    before = episode["start_s"] - begin
    return Scene(episode["behaviour"], episode["variant"], before, end - begin, film, skeleton)


def _film(source: Path, begin: float, end: float) -> bytes:
    """That part of a clip as a film of its own, fast start."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        with av.open(source) as shot, av.open(path, "w", options={"movflags": "faststart"}) as cut:
            rate = shot.streams.video[0].average_rate
            assert rate is not None
            stream = cut.add_stream("libx264", rate=rate, options={"preset": "veryfast", "g": "10"})
            size = shot.streams.video[0]
            stream.width, stream.height, stream.pix_fmt = size.width, size.height, "yuv420p"
            for number, picture in enumerate(shot.decode(video=0)):
                if begin <= number / rate < end:
                    cut.mux(
                        stream.encode(
                            av.VideoFrame.from_ndarray(picture.to_ndarray(format="bgr24"), format="bgr24")
                        )
                    )
            cut.mux(stream.encode())
        return path.read_bytes()


def _drawn(frame: dict[str, Any], begin: float) -> dict[str, Any]:
    persons = [
        {
            "track": number,
            "box": person["box_px"],
            "zone": person["side"] if person["side"] in ("staff", "public") else None,
            "keypoints": [
                [*person["joints_px"][name], SEEN if person["visible"][name] else HIDDEN] for name in JOINTS
            ],
        }
        for number, person in enumerate(frame["persons"])
    ]
    return {"t_s": round(frame["t_s"] - begin, 3), "persons": persons, "things": []}


def _score(at_s: float) -> float:
    """Weak before the episode, strong in it."""
    return round(0.08 + 0.04 * (at_s % 1), 2) if at_s < 0 else round(min(0.95, 0.6 + 0.2 * at_s), 2)
