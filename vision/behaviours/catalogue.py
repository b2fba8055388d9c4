"""Which behaviours can be seen by now. A new one is a file here and a line below."""

from types import MappingProxyType

from vision.behaviours import (
    absence,
    arms_crossed,
    chin_in_hand,
    early_departure,
    empty_post,
    gathering,
    hands_on_hips,
    late_arrival,
    leaning,
    phone_use,
    pointing,
    queue_line,
    reading,
    slumped,
    smoking,
)
from vision.behaviours.behaviour import JudgePerson, Score

BEHAVIOURS: MappingProxyType[str, Score] = MappingProxyType(
    {
        module.CODE: module.score
        for module in (
            absence,
            arms_crossed,
            chin_in_hand,
            empty_post,
            gathering,
            hands_on_hips,
            late_arrival,
            leaning,
            phone_use,
            pointing,
            queue_line,
            reading,
            slumped,
            smoking,
        )
    }
)

JUDGED = (*BEHAVIOURS, early_departure.CODE)
"""Every code that is judged: those that a moment shows, and those that only the closing shows."""

POSTURES: MappingProxyType[str, JudgePerson] = MappingProxyType(
    {
        module.CODE: module.judge
        for module in (
            arms_crossed,
            chin_in_hand,
            hands_on_hips,
            leaning,
            phone_use,
            pointing,
            reading,
            slumped,
            smoking,
        )
    }
)
"""Those that one person alone shows, so that a still picture can be scored."""
