"""How right the machine was when it was last measured; every report names it (P14).

The numbers are those of the README's table: rendered clips that no threshold was set on, with a detector.
"""

from dataclasses import dataclass

CLIPS, MINUTES = 30, 74
SOURCE_ZH = "渲染测试集:30 段、74 分钟,与设定阈值所用的人物、大厅和机位都不同;尚未在真实大厅测量。"
SOURCE_EN = (
    "Rendered test set: 30 clips, 74 minutes, other figures, halls and camera positions than any that "
    "thresholds were set on; not measured in a real hall yet."
)


@dataclass(frozen=True, slots=True)
class Measured:
    """Episodes of one behaviour that were found, missed, and falsely flagged."""

    behaviour: str
    found: int
    missed: int
    false: int


MEASURED = (
    Measured("absence", 4, 0, 0),
    Measured("empty_post", 2, 0, 0),
    Measured("phone_use", 4, 2, 0),
    Measured("arms_crossed", 3, 1, 0),
    Measured("leaning", 3, 1, 2),
    Measured("smoking", 2, 0, 0),
    Measured("slumped", 2, 0, 0),
    Measured("hands_on_hips", 2, 2, 1),
    Measured("reading", 1, 1, 0),
    Measured("gathering", 1, 1, 0),
    Measured("queue_line", 3, 1, 0),
    Measured("chin_in_hand", 0, 2, 1),
    Measured("pointing", 0, 2, 2),
)
