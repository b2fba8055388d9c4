"""The floor drawn on the picture: a grid, the counter, the 1-metre line, each point's error in colour."""

from collections.abc import Iterable, Sequence

import cv2
import numpy as np

from calibration.survey import Point, Survey, SurveyedPoint
from vision.values import Image

Colour = tuple[int, int, int]

GRID: Colour = (200, 180, 90)
COUNTER: Colour = (240, 160, 60)
LINE: Colour = (40, 200, 250)
CONFIDENCE: Colour = (255, 255, 255)
GOOD: Colour = (80, 190, 60)
FAIR: Colour = (40, 190, 240)
BAD: Colour = (60, 60, 230)
GOOD_M, FAIR_M = 0.05, 0.10
FEW = 12
"""Among more points only the bad ones have their error written beside them."""

FONT = cv2.FONT_HERSHEY_SIMPLEX


def floor_picture(picture: Image, survey: Survey) -> Image:
    """A copy of the picture (H, W, 3) with the surveyed floor drawn on it; sizes must agree."""
    canvas = picture.copy()
    thick = max(1, round(picture.shape[1] / 900))
    faint = canvas.copy()
    _lines(faint, survey.grid, GRID, thick)
    canvas = cv2.addWeighted(faint, 0.6, canvas, 0.4, 0).astype(np.uint8)
    for line, colour in ((survey.counter, COUNTER), (survey.line, LINE)):
        if line:
            _lines(canvas, [line], colour, thick * 2)
    _lines(canvas, [(*ellipse, ellipse[0]) for ellipse in survey.ellipses], CONFIDENCE, thick)
    for number, point in enumerate(survey.points, start=1):
        _point(canvas, number, point, thick, told=len(survey.points) <= FEW)
    return canvas


def _lines(canvas: Image, lines: Iterable[Sequence[Point]], colour: Colour, thick: int) -> None:
    for line in lines:
        points = np.clip(np.array(line), -1e5, 1e5)
        cv2.polylines(canvas, [np.round(points * 8).astype(np.int32)], False, colour, thick, cv2.LINE_AA, 3)


def _point(canvas: Image, number: int, point: SurveyedPoint, thick: int, told: bool) -> None:
    error = point.left_out_m if point.left_out_m is not None else point.off_m
    colour = GOOD if error <= GOOD_M else FAIR if error <= FAIR_M else BAD
    at = (round(point.pixel[0]), round(point.pixel[1]))
    cv2.circle(canvas, at, 3 + 2 * thick, (255, 255, 255), -1, cv2.LINE_AA)
    cv2.circle(canvas, at, 2 + 2 * thick, colour, -1, cv2.LINE_AA)
    if not told and error <= GOOD_M:
        return
    words, size = f"{number}: {error * 100:.0f} cm", 0.42 * max(1.0, canvas.shape[1] / 1280)
    place = (at[0] + 6 * thick, at[1] - 5 * thick)
    cv2.putText(canvas, words, place, FONT, size, (20, 20, 20), 2 + thick, cv2.LINE_AA)
    cv2.putText(canvas, words, place, FONT, size, (255, 255, 255), 1, cv2.LINE_AA)
