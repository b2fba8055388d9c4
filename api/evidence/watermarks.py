"""How much of the disk stays free."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Watermarks:
    """Bytes that stay free: below `low` evidence is deleted until `high` are free. 0 switches it off."""

    low: int = 0
    high: int = 0
