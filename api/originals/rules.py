"""How long a request for an original waits, and how long what was released can be fetched."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OriginalRules:
    """`waits_days` for a second person, then `valid_hours` to fetch the copy."""

    waits_days: int = 7
    valid_hours: int = 24
