"""Which behaviours can be seen by now. A new one is a file here and a line below."""

from types import MappingProxyType

from vision.behaviours import (
    absence,
    arms_crossed,
    empty_post,
    leaning,
    phone_use,
    queue_line,
    smoking,
)
from vision.behaviours.behaviour import JudgePerson, Score

BEHAVIOURS: MappingProxyType[str, Score] = MappingProxyType(
    {
        module.CODE: module.score
        for module in (absence, arms_crossed, empty_post, leaning, phone_use, queue_line, smoking)
    }
)

POSTURES: MappingProxyType[str, JudgePerson] = MappingProxyType(
    {module.CODE: module.judge for module in (arms_crossed, leaning, phone_use, smoking)}
)
"""Those that one person alone shows, so that a still picture can be scored."""
