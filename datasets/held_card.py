"""How right the network of held things is: its confusion matrix, precision, recall and F1 of each class."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.table import Table

from datasets.held_crops import Crops
from models.held_things import CLASSES


@dataclass(frozen=True, slots=True, eq=False)
class Confusion:
    """`counts` (classes, classes): rows are what is true, columns what was answered."""

    counts: NDArray[np.int64]

    @classmethod
    def of(cls, truth: NDArray[np.int64], told: NDArray[np.int64]) -> "Confusion":
        """Count answers against truth; both are indices of the classes."""
        counts = np.zeros((len(CLASSES), len(CLASSES)), dtype=np.int64)
        np.add.at(counts, (truth, told), 1)
        return cls(counts)

    def f1(self, name: str) -> float:
        """2 tp / (2 tp + fp + fn); 0 where the class neither is nor was answered."""
        row = CLASSES.index(name)
        right = int(self.counts[row, row])
        both = int(self.counts[row].sum() + self.counts[:, row].sum())
        return 2 * right / both if both else 0.0

    @property
    def mean_f1(self) -> float:
        """The mean over classes that occur."""
        present = [name for row, name in enumerate(CLASSES) if self.counts[row].sum()]
        return float(np.mean([self.f1(name) for name in present])) if present else 0.0

    def table(self, title: str) -> Table:
        """For people: rows are true, columns answered."""
        table = Table("true \\ told", *CLASSES, "F1", title=title)
        for row, name in enumerate(CLASSES):
            table.add_row(name, *map(str, self.counts[row]), f"{self.f1(name):.3f}")
        return table

    def as_json(self) -> dict[str, object]:
        """The matrix, and each class's F1."""
        return {
            "counts": self.counts.tolist(),
            "f1": {name: round(self.f1(name), 4) for name in CLASSES},
            "mean_f1": round(self.mean_f1, 4),
        }


def write_card(path: Path, parts: Mapping[str, Crops], confusions: Mapping[str, Confusion]) -> None:
    """The figures of the model card: how many crops of what, and how they were told."""
    card = {
        "classes": list(CLASSES),
        "crops": {
            part: dict(zip(CLASSES, np.bincount(crops.labels, minlength=len(CLASSES)).tolist(), strict=True))
            for part, crops in parts.items()
        },
        "told": {part: confusion.as_json() for part, confusion in confusions.items()},
    }
    path.write_text(json.dumps(card, indent=1) + "\n", "utf-8")
