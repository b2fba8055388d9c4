"""Pictures of hands and mouths with what they hold, cut from rendered clerks, to learn held things from.

A crop is cut as `vision.held_things` cuts it, about where a hand or the mouth truly is, but wider, so that
training can shift and zoom as an engine's errors do. A thing that is held but cannot be seen (behind fingers,
a screen or the body) gives no crop: no network could tell it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from datasets.film import Filming, set_up
from datasets.script import Doing, Script, Someone
from datasets.splits import CAMERA_KINDS, SPLITS
from models.held_things import CLASSES, SIDE_IN_SHOULDERS
from vision.body import Body
from vision.values import COCO_JOINTS, Pose

CROP_PX = 144
ROOM = 1.6
"""How much wider than the network's view a stored crop is."""

LABELS = {
    "phone": "phone",
    "cigarette": "cigarette",
    "newspaper": "reading",
    "book": "reading",
    "magazine": "reading",
    **dict.fromkeys(("pen", "cup", "bottle", "stamp", "paper", "card", "bag"), "other"),
}
AT_MOUTH = 0.12
"""A cigarette whose box is that near to the mouth (shoulder breadths) is at it."""

IN_VIEW, OUT_OF_VIEW = 0.42, 0.62
"""How far from the crop's middle a thing's middle is, in sides: seen within the first, in doubt up to the
second."""

LEAST_SEEN = 0.12
"""Half of a thing's skin looks away; less than a quarter of the rest is too little to tell what it is."""

ACTS = (
    *("phone_call", "phone_screen", "phone_screen", "phone_screen", "smoke", "smoke", "smoke", "read"),
    *("drink", "drink", "pen_at_lips", "touch_ear", "wipe_nose", "chin_in_hand", "hold_paper", "hand_over"),
    *("stamp", "write", "talk", "type", "mouse", "wait", "arms_crossed", "one_arm_folded", "read_papers"),
)
ACT_S = 8.0
ACTS_A_SCRIPT = 6
SIZES = ((640, 360), (640, 360), (960, 540), (1280, 720))
SCRIPTS = {"train": 110, "validate": 16, "test": 24}


@dataclass(frozen=True, slots=True, eq=False)
class Crops:
    """`pictures` (N, 144, 144, 3) BGR uint8; `labels` (N,) indices of `models.held_things.CLASSES`.

    `shoulders_px` (N,) is the breadth of the shoulders in the picture, `at_mouth` (N,) whether it is a
    mouth's crop rather than a hand's.
    """

    pictures: NDArray[np.uint8]
    labels: NDArray[np.int64]
    shoulders_px: NDArray[np.float32]
    at_mouth: NDArray[np.bool_]

    def save(self, path: Path) -> None:
        """Write an .npz file; whole or not at all."""
        np.savez(
            part := path.with_suffix(".part.npz"),
            pictures=self.pictures,
            labels=self.labels,
            shoulders_px=self.shoulders_px,
            at_mouth=self.at_mouth,
        )
        part.replace(path)


def load_crops(paths: Sequence[Path]) -> Crops:
    """Several files as one."""
    parts = [np.load(path) for path in paths]
    names = ("pictures", "labels", "shoulders_px", "at_mouth")
    return Crops(*(np.concatenate([part[name] for part in parts]) for name in names))


def crop_scripts(part: str) -> list[Script]:
    """Short scripts in which a clerk of that part of the set takes things up and lays them down."""
    own = SPLITS[part]
    scripts = []
    for number in range(SCRIPTS[part]):
        random = np.random.default_rng([own.first_seed, number, 29])
        seed = own.first_seed + 5000 + number
        does: dict[float, Doing] = {0.0: "wait"}
        for at, act in enumerate(random.choice(ACTS, ACTS_A_SCRIPT, replace=False)):
            does[1.0 + at * ACT_S] = str(act)
        width, height = SIZES[int(random.integers(len(SIZES)))]
        scripts.append(
            Script(
                name=f"held-{part}-{number:03d}",
                hall=own.halls[number % len(own.halls)],
                camera=CAMERA_KINDS[number % len(CAMERA_KINDS)],
                seed=seed,
                duration_s=1.0 + ACTS_A_SCRIPT * ACT_S,
                fps=1.25,
                width=width,
                height=height,
                people={"clerk": Someone(figure=seed, does=does)},
            )
        )
    return scripts


def cut(script: Script, figures: Path, path: Path) -> Path:
    """Play a script and store its crops in `path`."""
    film = set_up(script, figures)
    found = []
    with film.renderer:
        for number in range(round(script.duration_s * script.fps)):
            image = film.frame(number)
            found += list(_of_frame(film, image, number))
    pictures, labels, units, mouths = zip(*found, strict=True)
    Crops(
        np.stack(pictures),
        np.array([CLASSES.index(label) for label in labels], dtype=np.int64),
        np.array(units, dtype=np.float32),
        np.array(mouths, dtype=np.bool_),
    ).save(path)
    return path


def _of_frame(
    film: Filming, image: NDArray[np.uint8], number: int
) -> Iterator[tuple[NDArray[np.uint8], str, float, bool]]:
    frame = film.recorder.frames[number]
    held = {thing.prop.kind for thing in _held(film, number)}
    for person in frame["persons"]:
        body = body_of(person)
        things = [thing for thing in frame["things"] if thing.get("person") == person["id"]]
        hidden = held - {thing["kind"] for thing in things if thing["seen"] >= LEAST_SEEN}
        places = {side: body.hand(side) for side in ("left", "right") if person["visible"][f"{side}_wrist"]}
        if person["visible"]["nose"]:
            places["mouth"] = body.mouth()
        for name, place in places.items():
            label = label_of(body, place, things)
            # What is held out of sight might be in this crop: nobody can say what it shows.
            if label is None or (label == "empty" and hidden):
                continue
            picture = cut_square(image, place, ROOM * SIDE_IN_SHOULDERS * body.unit)
            yield picture, label, body.unit, name == "mouth"


def _held(film: Filming, number: int) -> list[Any]:
    bodies = film.stage.at(number / film.stage.script.fps)
    return [thing for thing in film.stage.things(bodies) if thing.hand is not None]


def body_of(person: Mapping[str, Any]) -> Body:
    """The body of a true person (`joints_px` by name), as sure as truth is."""
    joints = np.zeros((17, 3), dtype=np.float32)
    for index, name in enumerate(COCO_JOINTS):
        joints[index, :2] = person["joints_px"].get(name, (-1e3, -1e3))
        joints[index, 2] = 1.0
    return Body(Pose(joints))


def label_of(body: Body, place: tuple[float, float], things: Sequence[Mapping[str, Any]]) -> str | None:
    """What a crop about `place` shows: the thing of the highest rank in view; None where that is in doubt."""
    side = SIDE_IN_SHOULDERS * body.unit
    seen: set[str] = set()
    for thing in things:
        if "hand" not in thing or thing["seen"] < LEAST_SEEN:
            continue
        x1, y1, x2, y2 = thing["box_px"]
        label = LABELS[thing["kind"]]
        off = max(abs((x1 + x2) / 2 - place[0]), abs((y1 + y2) / 2 - place[1])) / side
        if off > OUT_OF_VIEW:
            continue
        if off > IN_VIEW:
            return None
        mouth = body.mouth()
        near = np.hypot(max(x1 - mouth[0], 0, mouth[0] - x2), max(y1 - mouth[1], 0, mouth[1] - y2))
        if label == "cigarette" and near <= AT_MOUTH * body.unit:
            label = "cigarette_at_mouth"
        seen.add(label)
    rank = ("cigarette_at_mouth", "phone", "cigarette", "reading", "other")
    return next((label for label in rank if label in seen), "empty")


def cut_square(image: NDArray[np.uint8], middle: tuple[float, float], side: float) -> NDArray[np.uint8]:
    """The square of `side` pixels about a point, (144, 144, 3); beyond the picture it is grey."""
    scale = CROP_PX / side
    turn = np.array(
        [
            [scale, 0, CROP_PX / 2 - scale * middle[0]],
            [0, scale, CROP_PX / 2 - scale * middle[1]],
        ]
    )
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    if scale < 0.6:
        # Shrinking by a warp skips pixels; shrink the picture's part first.
        image = np.asarray(cv2.GaussianBlur(image, (0, 0), 0.4 / scale), dtype=np.uint8)
    warped = cv2.warpAffine(image, turn, (CROP_PX, CROP_PX), flags=how, borderValue=(114, 114, 114))
    return np.asarray(warped, dtype=np.uint8)
