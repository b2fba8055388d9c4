"""The floor of a camera, from the points that its site file gives."""

from calibration.floor import Floor
from calibration.line import CounterStrip
from hallwatch.site_models import Camera
from vision.standing import Ground


def ground_of(camera: Camera, size: tuple[int, int]) -> Ground | None:
    """The floor that the camera sees, in a picture of `size`; None where it was not measured."""
    if camera.floor is None:
        return None
    pixels = [(point.at[0] * size[0], point.at[1] * size[1]) for point in camera.floor.points]
    metres = [point.m for point in camera.floor.points]
    return Ground.under(Floor.from_points(pixels, metres), size)


def strip_of(camera: Camera) -> CounterStrip | None:
    """The strip between the counter and the 1-metre line; None where either was not measured."""
    floor = camera.floor
    if floor is None or floor.counter_edge_m is None or floor.line_m is None:
        return None
    return CounterStrip(floor.counter_edge_m, floor.line_m)
