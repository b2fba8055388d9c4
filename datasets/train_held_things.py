"""Trains the network of held things and writes it as ONNX, with a card that says how right it is.

    hallwatch datasets crops --out crops
    python -m datasets.train_held_things --crops crops --pictures ../shared/pictures \
        --videos ../shared/video --out models/held_things.onnx

Needs the `train` extra (torch). The same crops and the same torch give the same network. What is kept is the
epoch that does best on the validate part; the test part is looked at once, at the end. A training that was
broken off goes on from its last whole epoch, which lies beside the network as `.epoch.pt`.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from rich.console import Console
from torch import nn
from torch.nn import functional

from datasets.held_card import Confusion, write_card
from datasets.held_crops import CROP_PX, ROOM, Crops, load_crops
from datasets.real_crops import real_crops
from datasets.real_video import video_crops
from models.held_things import CLASSES, INPUT_PX

Images = NDArray[np.uint8]

WIDTHS = (20, 40, 80, 144)
SEED = 20
BATCH = 128
PEAK_RATE = 3e-3
WEIGHT_DECAY = 2e-2
SMOOTHING = 0.05
REAL_TIMES = 8
ELSEWHERE = 0.3
"""How often a rendered hand is set into a real scene, so that rendered walls say nothing of what is held."""
EPOCH = 9000
"""Crops an epoch: most hands are empty, and few of those are news."""
SHIFT = 0.13
"""How far engines are off, in sides of the network's view: wrists about 8 % of the trunk, fingers more."""


class Block(nn.Module):
    """Two 3×3 convolutions beside a shortcut."""

    def __init__(self, before: int, after: int, stride: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(before, after, 3, stride, 1, bias=False)
        self.first_norm = nn.BatchNorm2d(after)
        self.second = nn.Conv2d(after, after, 3, 1, 1, bias=False)
        self.second_norm = nn.BatchNorm2d(after)
        self.short = (
            nn.Conv2d(before, after, 1, stride, bias=False) if (before, 1) != (after, stride) else None
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(N, before, H, W) to (N, after, H / stride, W / stride)."""
        y = functional.silu(self.first_norm(self.first(x)))
        y = self.second_norm(self.second(y))
        return functional.silu(y + (x if self.short is None else self.short(x)))


class Network(nn.Module):
    """A small residual network over (N, 3, 96, 96) pictures of 0..1; logits of the classes."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, WIDTHS[0], 3, 2, 1, bias=False)
        self.stem_norm = nn.BatchNorm2d(WIDTHS[0])
        stages = []
        for before, after in zip((WIDTHS[0], *WIDTHS), WIDTHS, strict=False):
            stages.append(Block(before, after, 1 if before == after else 2))
        self.stages = nn.Sequential(*stages)
        self.drop = nn.Dropout(0.2)
        self.head = nn.Linear(2 * WIDTHS[-1], len(CLASSES))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Small things are found anywhere (maximum) and judged by their surroundings (mean)."""
        y = functional.silu(self.stem_norm(self.stem(x - 0.45)))
        y = self.stages(y)
        both = torch.cat([y.mean((2, 3)), y.amax((2, 3))], 1)
        return torch.as_tensor(self.head(self.drop(both)))


class Shipped(nn.Module):
    """What is exported: probabilities."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, picture: torch.Tensor) -> torch.Tensor:
        """(N, 3, 96, 96) of 0..1, BGR, to (N, classes)."""
        return self.network(picture).softmax(1)


@dataclass(slots=True)
class Augment:
    """Shifts, zooms, turns, recolours, blurs and compresses crops as cameras and engines do."""

    random: np.random.Generator
    scenes: Images
    """Real crops (N, 144, 144, 3) that a picture's surroundings may be taken from; may be none."""

    def __call__(self, picture: Images) -> Images:
        """(144, 144, 3) to (96, 96, 3)."""
        if len(self.scenes) and self.random.random() < ELSEWHERE:
            picture = self._elsewhere(picture)
        seen = self._view(picture)
        seen = self._recolour(seen)
        return self._degrade(seen)

    def _elsewhere(self, picture: Images) -> Images:
        """The middle of the picture, softly cut out, before another scene."""
        draw = self.random
        scene = self.scenes[draw.integers(len(self.scenes))][:, :: draw.choice((-1, 1))]
        scene = np.roll(scene, tuple(draw.integers(CROP_PX, size=2)), (0, 1))
        radii = CROP_PX / ROOM * draw.uniform(0.3, 0.5, 2)
        y, x = np.ogrid[:CROP_PX, :CROP_PX]
        away = np.hypot((x - CROP_PX / 2) / radii[0], (y - CROP_PX / 2) / radii[1])
        kept = np.clip((1.15 - away) / 0.3, 0, 1)[..., None]
        return np.asarray(picture * kept + scene * (1 - kept), dtype=np.uint8)

    def _view(self, picture: Images) -> Images:
        draw = self.random
        side = CROP_PX / ROOM * float(np.exp(draw.normal(0, 0.14)))
        side = min(max(side, 0.7 * CROP_PX / ROOM), 1.35 * CROP_PX / ROOM)
        x, y = CROP_PX / 2 + draw.normal(0, SHIFT / 1.5, 2) * CROP_PX / ROOM
        turn = cv2.getRotationMatrix2D((float(x), float(y)), float(draw.normal(0, 9)), INPUT_PX / side)
        turn[:, 2] += np.array([INPUT_PX / 2 - x, INPUT_PX / 2 - y])
        seen = cv2.warpAffine(
            picture, turn, (INPUT_PX, INPUT_PX), flags=cv2.INTER_LINEAR, borderValue=(114, 114, 114)
        )
        return np.asarray(seen[:, ::-1] if draw.random() < 0.5 else seen, dtype=np.uint8)

    def _recolour(self, seen: Images) -> Images:
        draw = self.random
        hsv = cv2.cvtColor(np.ascontiguousarray(seen), cv2.COLOR_BGR2HSV).astype(np.float32)
        hsv[..., 0] = (hsv[..., 0] + draw.normal(0, 6)) % 180
        hsv[..., 1] *= np.exp(draw.normal(0, 0.3))
        if draw.random() < 0.08:
            hsv[..., 1] = 0
        bgr = cv2.cvtColor(hsv.clip(0, [179, 255, 255]).astype(np.uint8), cv2.COLOR_HSV2BGR)
        light = 255 * (np.arange(256) / 255) ** np.exp(draw.normal(0, 0.3)) * np.exp(draw.normal(0, 0.15))
        return np.asarray(cv2.LUT(bgr, light.clip(0, 255).astype(np.uint8)), dtype=np.uint8)

    def _degrade(self, seen: Images) -> Images:
        draw = self.random
        if draw.random() < 0.35:
            small = round(INPUT_PX * draw.uniform(0.45, 0.9))
            seen = cv2.resize(
                cv2.resize(seen, (small, small), interpolation=cv2.INTER_AREA), (INPUT_PX, INPUT_PX)
            )  # type: ignore[assignment]
        if draw.random() < 0.25:
            seen = cv2.GaussianBlur(seen, (0, 0), float(draw.uniform(0.3, 1.1)))  # type: ignore[assignment]
        noise = draw.normal(0, draw.uniform(0, 8), seen.shape)
        seen = (seen + noise).clip(0, 255).astype(np.uint8)
        if draw.random() < 0.5:
            quality = int(draw.integers(35, 90))
            _, packed = cv2.imencode(".jpg", seen, [cv2.IMWRITE_JPEG_QUALITY, quality])
            seen = cv2.imdecode(packed, cv2.IMREAD_COLOR)  # type: ignore[assignment]
        if draw.random() < 0.15:
            w, h = draw.integers(8, 30, 2)
            x, y = draw.integers(0, INPUT_PX - 30, 2)
            seen[y : y + h, x : x + w] = draw.integers(0, 255, 3)
        return seen


def middle(pictures: Images) -> torch.Tensor:
    """What the service would see of each crop: the middle, (N, 3, 96, 96) of 0..1."""
    side = CROP_PX / ROOM
    low = round((CROP_PX - side) / 2)
    cut = [p[low : low + round(side), low : low + round(side)] for p in pictures]
    return tensor(np.stack([cv2.resize(one, (INPUT_PX, INPUT_PX)) for one in cut]).astype(np.uint8))


def tensor(pictures: Images) -> torch.Tensor:
    """(N, H, W, 3) uint8 to (N, 3, H, W) of 0..1."""
    return torch.from_numpy(np.ascontiguousarray(pictures.transpose(0, 3, 1, 2))).float() / 255


def batches(
    crops: Crops, scenes: Images, random: np.random.Generator
) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """One epoch: rarer classes come more often, by the square root of how rare they are."""
    counts = np.bincount(crops.labels, minlength=len(CLASSES)).clip(1)
    weights = 1 / np.sqrt(counts[crops.labels])
    order = random.choice(
        len(crops.labels), min(EPOCH, len(crops.labels)), replace=False, p=weights / weights.sum()
    )
    augment = Augment(random, scenes)
    for start in range(0, len(order) - BATCH + 1, BATCH):
        rows = order[start : start + BATCH]
        seen = np.stack([augment(crops.pictures[row]) for row in rows])
        yield tensor(seen), torch.from_numpy(crops.labels[rows])


def answers(network: Network, crops: Crops) -> NDArray[np.int64]:
    """The class that the network gives each crop."""
    network.eval()
    with torch.inference_mode():
        parts = [
            network(middle(crops.pictures[at : at + 256])).argmax(1).numpy()
            for at in range(0, len(crops.labels), 256)
        ]
    return np.concatenate(parts)


def train(
    crops: Crops, scenes: Images, validate: Crops, epochs: int, kept: Path, console: Console
) -> Network:
    """The network of the epoch that is best on the validate part (mean F1 over the classes).

    After each epoch everything is kept in the file `kept`, from which a training broken off goes on.
    """
    torch.manual_seed(SEED)
    network = Network().to(memory_format=torch.channels_last)
    steps = epochs * (min(EPOCH, len(crops.labels)) // BATCH)
    optimizer = torch.optim.AdamW(network.parameters(), lr=PEAK_RATE, weight_decay=WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, PEAK_RATE, total_steps=max(steps, 2))
    best: tuple[float, dict[str, torch.Tensor]] = (-1.0, {})
    done = 0
    if kept.is_file():
        state = torch.load(kept)
        network.load_state_dict(state["network"])
        optimizer.load_state_dict(state["optimizer"])
        schedule.load_state_dict(state["schedule"])
        best, done = state["best"], state["epochs"]
    for epoch in range(done, epochs):
        network.train()
        total = 0.0
        for pictures, labels in batches(crops, scenes, np.random.default_rng([SEED, epoch])):
            loss = functional.cross_entropy(network(pictures), labels, label_smoothing=SMOOTHING)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += float(loss.detach()) * BATCH / EPOCH
        confusion = Confusion.of(validate.labels, answers(network, validate))
        console.print(f"epoch {epoch + 1}/{epochs}  loss {total:.3f}  validate F1 {confusion.mean_f1:.3f}")
        if confusion.mean_f1 > best[0]:
            best = confusion.mean_f1, {k: v.clone() for k, v in network.state_dict().items()}
        state = {"network": network.state_dict(), "optimizer": optimizer.state_dict()}
        state |= {"schedule": schedule.state_dict(), "best": best, "epochs": epoch + 1}
        torch.save(state, part := kept.with_suffix(".part"))
        part.replace(kept)
    network.load_state_dict(best[1])
    return network


def export(network: Network, path: Path) -> None:
    """Write ONNX with an open batch axis."""
    network.eval()
    torch.onnx.export(
        Shipped(network).eval(),
        (torch.zeros(1, 3, INPUT_PX, INPUT_PX),),
        str(path),
        input_names=["picture"],
        output_names=["probabilities"],
        dynamic_axes={"picture": {0: "batch"}, "probabilities": {0: "batch"}},
        opset_version=17,
        dynamo=False,
    )


def main() -> int:
    """Train, export, and write the card."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--crops", type=Path, required=True, help="what `hallwatch datasets crops` made")
    parser.add_argument("--out", type=Path, required=True, help="the network's file, .onnx")
    parser.add_argument("--pictures", type=Path, required=True, help="real ones: people/ and smoking/")
    parser.add_argument("--videos", type=Path, required=True, help="real ones, with empty hands")
    parser.add_argument("--epochs", type=int, default=30)
    asked = parser.parse_args()
    console = Console(stderr=True)
    parts = {
        name: load_crops(sorted((asked.crops / name).glob("*.npz"))) for name in ("train", "validate", "test")
    }
    seen = video_crops(asked.videos)
    real = together([real_crops(asked.pictures, "train"), seen])
    crops = together([parts["train"], *[real] * REAL_TIMES])
    kept = asked.out.with_suffix(".epoch.pt")
    network = train(crops, seen.pictures, parts["validate"], asked.epochs, kept, console)
    export(network, asked.out)
    kept.unlink()
    tests = parts | {
        "real people": real_crops(asked.pictures, "test", "people"),
        "real smokers": real_crops(asked.pictures, "test", "smoking"),
    }
    confusions = {
        name: Confusion.of(crops.labels, answers(network, crops))
        for name, crops in tests.items()
        if name != "train"
    }
    write_card(asked.out.with_suffix(".json"), tests | {"real, trained on": real}, confusions)
    for name, confusion in confusions.items():
        console.print(confusion.table(name))
    return 0


def together(parts: Sequence[Crops]) -> Crops:
    """Several sets of crops as one; a set that stands in it twice comes twice as often."""
    names = ("pictures", "labels", "shoulders_px", "at_mouth")
    return Crops(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


if __name__ == "__main__":
    sys.exit(main())
