"""What goes wrong in calibrating, always with a sentence that says what to do instead."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

Code = Literal[
    "point_not_measured",
    "point_measured_twice",
    "tile_size_missing",
    "too_few_points",
    "points_on_a_line_in_picture",
    "points_on_a_line_on_floor",
    "three_points_on_a_line",
    "point_not_finite",
    "point_beyond_lens",
    "points_out_of_order",
    "points_contradict",
    "floor_uncertain",
    "line_uncertain",
    "counter_has_no_length",
    "line_has_no_length",
    "line_touches_counter",
    "lens_has_no_value",
    "lens_folds",
    "lens_sizes_differ",
    "lines_too_few",
    "line_of_too_few_points",
    "line_too_short",
    "lines_not_straight",
    "lines_tell_no_bend",
    "board_too_small",
    "board_not_seen",
    "board_seldom_seen",
    "board_not_flat",
    "board_tilted_too_little",
    "board_covers_too_little",
    "zone_too_few_corners",
    "zone_too_many_corners",
    "zone_crosses_itself",
    "zone_has_no_area",
]
"""What each error is called by programs; the names stay, sentences may be worded better."""


class CalibrationError(Exception):
    """A lens, a floor, a board or a zone that cannot be used as given.

    `code` and `values` (numbers by name, units in the names) are what the sentence says, for whoever says it
    in another language.
    """

    def __init__(self, message: str, code: Code, **values: float) -> None:
        super().__init__(message)
        self.code: Code = code
        self.values: Mapping[str, float] = MappingProxyType(values)
