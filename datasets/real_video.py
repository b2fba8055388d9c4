"""Crops of empty hands and faces from real video, to train on: what no generator thinks of.

`held_video.csv` beside this says where in which frame they are. Perception found the hands in Intel's sample
videos (CC BY 4.0), each crop was looked at, and those that hold or touch something were left out.
"""

import csv
from collections import defaultdict
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from datasets.held_crops import ROOM, Crops, cut_square
from models.held_things import CLASSES, SIDE_IN_SHOULDERS

LIST = Path(__file__).with_name("held_video.csv")


def video_crops(videos: Path) -> Crops:
    """The list's crops from the `videos` folder.

    Raises:
        FileNotFoundError: a video of the list is not there, or ends before a frame of the list.
    """
    wanted: dict[str, dict[int, list[dict[str, str]]]] = defaultdict(lambda: defaultdict(list))
    with LIST.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            wanted[row["file"]][int(row["frame"])].append(row)
    cut, labels, shoulders = [], [], []
    for name, frames in wanted.items():
        for number, image in _frames(videos / name, max(frames)):
            for row in frames.get(number, ()):
                x, y, side = (float(row[key]) for key in ("x_px", "y_px", "side_px"))
                cut.append(cut_square(image, (x, y), ROOM * side))
                labels.append(CLASSES.index(row["label"]))
                shoulders.append(side / SIDE_IN_SHOULDERS)
    return Crops(
        np.stack(cut),
        np.array(labels, dtype=np.int64),
        np.array(shoulders, dtype=np.float32),
        np.zeros(len(cut), dtype=np.bool_),
    )


def _frames(path: Path, last: int) -> list[tuple[int, NDArray[np.uint8]]]:
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing: name the folder that has the sample videos.")
    frames: list[tuple[int, NDArray[np.uint8]]] = []
    video = cv2.VideoCapture(str(path))
    try:
        while len(frames) <= last:
            is_there, image = video.read()
            if not is_there:
                raise FileNotFoundError(f"{path} has {len(frames)} frames; the list asks for frame {last}.")
            frames.append((len(frames), np.asarray(image, dtype=np.uint8)))
    finally:
        video.release()
    return frames
