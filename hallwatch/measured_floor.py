"""The floor of a camera, from the points that its site file gives."""

from calibration.floor import Floor
from calibration.lens import Lens
from calibration.line import CounterStrip
from calibration.survey import floor_of_shares
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
    return floor_of_shares(floor.measured, size, lens_of(floor, size))


def lens_of(floor: site_models.Floor, size: tuple[int, int] = ANY_SIZE) -> Lens | None:
    """The lens of a measured floor; None where the picture counts as free of distortion.

    Raises `LensError` when straight lines were given that tell none.
    """
    if floor.lens is None:
        return _lens_of_lines(floor, size) if floor.straight_lines else None
    focal = floor.lens.focal
    return Lens(focal or 1.0, floor.lens.centre, floor.lens.distortion, focal_known=focal is not None)


def _lens_of_lines(floor: site_models.Floor, size: tuple[int, int]) -> Lens:
    from calibration.straight_lines import lens_from_lines  # loads SciPy

    lines = [[(x * size[0], y * size[1]) for x, y in line] for line in floor.straight_lines]
    return lens_from_lines(lines, size)


def strip_of(camera: Camera) -> CounterStrip | None:
    """The strip between the counter and the 1-metre line; None where either was not measured."""
    floor = camera.floor
    if floor is None or floor.counter_edge_m is None or floor.line_m is None:
        return None
    return CounterStrip(floor.counter_edge_m, floor.line_m)
