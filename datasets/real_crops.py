"""Crops of hands and mouths from real photographs, for training on some and measuring on others.

`held_real.csv` beside this says where in which picture they are and what they show. Those of `people` follow
from COCO's boxes (annotations CC BY 4.0) and only measure; those of `smoking` (CC BY 4.0, "smoker" on
Roboflow Universe) were told apart by eye, half of the pictures for each purpose. Electronic cigarettes, and
what could not be told, are left out.
"""

import csv
from pathlib import Path
from typing import Literal

import cv2
import numpy as np

from datasets.held_crops import ROOM, Crops, cut_square
from models.held_things import CLASSES, SIDE_IN_SHOULDERS

LIST = Path(__file__).with_name("held_real.csv")


def real_crops(
    pictures: Path, part: Literal["train", "test"], folder: Literal["people", "smoking"] | None = None
) -> Crops:
    """The crops of that part (of one folder, or all) from the `pictures` folder.

    Raises:
        FileNotFoundError: a picture of the list is not there.
    """
    cut, labels, shoulders = [], [], []
    with LIST.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["part"] != part or folder not in (None, row["folder"]):
                continue
            path = pictures / row["folder"] / row["file"]
            image = cv2.imread(str(path))
            if image is None:
                raise FileNotFoundError(f"{path} is missing: name the folder that has people/ and smoking/.")
            x, y, side = (float(row[name]) for name in ("x_px", "y_px", "side_px"))
            cut.append(cut_square(np.asarray(image, dtype=np.uint8), (x, y), ROOM * side))
            labels.append(CLASSES.index(row["label"]))
            shoulders.append(side / SIDE_IN_SHOULDERS)
    return Crops(
        np.stack(cut),
        np.array(labels, dtype=np.int64),
        np.array(shoulders, dtype=np.float32),
        np.zeros(len(cut), dtype=np.bool_),
    )
