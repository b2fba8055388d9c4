"""Who looks at a camera's live picture now, as the API told when it took the last one."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Onlookers:
    """`watchers` follow the pictures; `still_wanted`: somebody waits for one with nothing drawn on it."""

    watchers: int = 0
    still_wanted: bool = False
