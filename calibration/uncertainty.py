"""How uncertain a place on the floor is: covariances in square metres and the ellipses people look at."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Point = tuple[float, float]

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Ellipse:
    """Where a floor point lies with 95 % confidence: half axes (m), the major one `angle` rad from x."""

    centre: Point
    semi_major_m: float
    semi_minor_m: float
    angle: float

    @classmethod
    def of(cls, centre: Point, covariance: Matrix) -> "Ellipse":
        """The ellipse of a two-dimensional normal error with `covariance` (2, 2), m²."""
        variances, axes = np.linalg.eigh(covariance)
        # The squared distance of a normal error in two dimensions is χ² with 2 degrees: −2 ln(1 − p).
        reach = math.sqrt(-2 * math.log(1 - CONFIDENCE))
        minor, major = (reach * math.sqrt(max(0.0, float(variance))) for variance in variances)
        return cls(centre, major, minor, math.atan2(axes[1, 1], axes[0, 1]))

    def outline(self, count: int = 48) -> list[Point]:
        """Points around the ellipse, metres."""
        turn = np.linspace(0, 2 * math.pi, count, endpoint=False)
        along, across = self.semi_major_m * np.cos(turn), self.semi_minor_m * np.sin(turn)
        cos, sin = math.cos(self.angle), math.sin(self.angle)
        x = self.centre[0] + along * cos - across * sin
        y = self.centre[1] + along * sin + across * cos
        return [(float(a), float(b)) for a, b in zip(x, y, strict=True)]


def sd_across(covariance: Matrix, direction: Point) -> float:
    """The standard deviation (m) of a position along a unit `direction`, from its covariance (2, 2)."""
    unit = np.asarray(direction, dtype=np.float64)
    return float(math.sqrt(max(0.0, float(unit @ covariance @ unit))))


def worst_sd(covariance: Matrix) -> float:
    """The standard deviation (m) along the worst direction."""
    return float(math.sqrt(max(0.0, float(np.linalg.eigvalsh(covariance)[-1]))))
