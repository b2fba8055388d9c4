"""The floor of a camera, from the points that its site file or its saved calibration gives."""

from calibration.described_floor import DescribedFloor
from calibration.floor import Floor
from calibration.lens import Lens
from calibration.line import CounterStrip
from hallwatch import site_models
from hallwatch.site_models import Camera
from vision.standing import Ground

ANY_SIZE = (1280, 720)
"""The size to check a floor in before a picture has come; points are shares of whatever comes."""


def ground_of(camera: Camera, size: tuple[int, int] = ANY_SIZE) -> Ground | None:
    """The floor that the camera sees, in a picture of `size`; None where it was not measured."""
    floor = floor_of(camera, size)
    return None if floor is None else Ground.under(floor, size)


def floor_of(camera: Camera, size: tuple[int, int] = ANY_SIZE) -> Floor | None:
    """The floor plane in a picture of `size`; None where it was not measured. Raises `FloorError`."""
    if camera.floor is None:
        return None
    return fitted(camera.floor, size)


def fitted(floor: site_models.Floor, size: tuple[int, int]) -> Floor:
    """The floor plane through a site file's points. Raises `FloorError`, `LensError`."""
    return described(floor).fitted(size)


def strip_of(camera: Camera) -> CounterStrip | None:
    """The strip between the counter and the 1-metre line; None where either was not measured."""
    return None if camera.floor is None else described(camera.floor).strip()


def described(floor: site_models.Floor) -> DescribedFloor:
    """The floor as calibration takes it."""
    return DescribedFloor(
        floor.measured, _lens(floor.lens), floor.straight_lines, floor.counter_edge_m, floor.line_m
    )


def _lens(told: site_models.LensModel | None) -> Lens | None:
    if told is None:
        return None
    return Lens(told.focal or 1.0, told.centre, told.distortion, focal_known=told.focal is not None)
