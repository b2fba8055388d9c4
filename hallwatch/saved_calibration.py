"""A camera's calibration that somebody saved in the browser: it holds over what the site file says."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hallwatch.measured_floor import ground_of, strip_of
from hallwatch.site_models import Camera, Floor, WindowZones


class CameraCalibration(BaseModel):
    """Where a camera's floor and its windows' zones lie, as the site file names them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    floor: Floor | None = None
    zones: Mapping[str, WindowZones]


class SavedCalibration(BaseModel):
    """A revision as the API told it; without `content` the site file holds.

    `tag` is what the API knows this very revision by.
    """

    model_config = ConfigDict(frozen=True)

    tag: str
    revision: int = Field(ge=0)
    content: CameraCalibration | None = None

    def on(self, camera: Camera) -> Camera:
        """The site file's camera with this calibration. Raises `CalibrationError` where it does not fit.

        Which windows a camera sees stays the site file's to say: a window that nobody drew keeps its zones.
        """
        if self.content is None:
            return camera
        zones = {window: self.content.zones.get(window, drawn) for window, drawn in camera.zones.items()}
        calibrated = camera.model_copy(update={"floor": self.content.floor, "zones": zones})
        ground_of(calibrated)
        strip_of(calibrated)
        return calibrated


SITE_FILE = SavedCalibration(tag='"0"', revision=0)
"""Nobody saved any."""


def calibration_json(camera: Camera) -> dict[str, Any]:
    """What the site file calibrates a camera with, as the API takes it."""
    return CameraCalibration(floor=camera.floor, zones=camera.drawn).model_dump(mode="json")


def read_calibration(path: Path) -> SavedCalibration | None:
    """What was kept in a file; None where there is none, or none that can be read."""
    try:
        return SavedCalibration.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def keep_calibration(path: Path, saved: SavedCalibration) -> None:
    """Write it beside and rename it: whoever reads finds the old one or the new one whole. Raises OSError."""
    part = path.with_name(f"{path.name}.part")
    with part.open("w", encoding="utf-8") as stream:
        stream.write(saved.model_dump_json())
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(path)
