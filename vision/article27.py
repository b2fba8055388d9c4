"""The catalogue of conduct that Article 27 and its neighbours ban, and when each is flagged.

Source: 《柳州市城中区区本级、街道、社区三级政务服务中心现场运行和管理规范》 (城中政管办〔2022〕1号,
in force since 2022-02-18). The clause goes with every event. Limits are defaults; a hall or window may set
its own.
"""

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Limits:
    """When evidence becomes an event; all in seconds of camera time.

    The rule is met when evidence at or above `score` adds up to `hold_s` within the last `window_s`.
    A pause up to `gap_s` does not end an episode; after its end, evidence within `cooldown_s` rejoins it.
    Without any view for longer than `blind_s` an open episode ends as interrupted.
    """

    hold_s: float
    window_s: float
    gap_s: float
    cooldown_s: float
    score: float = 0.5
    blind_s: float = 10.0


@dataclass(frozen=True, slots=True)
class Article:
    """One banned behaviour: its code, names, clause, and default limits.

    `clause_zh` and `clause_en` say in short what the clause asks; they are not its wording. `parent` names
    the behaviour whose event this one is linked to; `severity` orders the queue (1 highest). `joints` are the
    parts of the body that it is told by, none where presence or places on the floor tell it.
    """

    code: str
    zh: str
    en: str
    clause: str
    clause_zh: str
    clause_en: str
    limits: Limits
    severity: int = 2
    variants: tuple[str, ...] = ()
    parent: str | None = None
    joints: tuple[str, ...] = ()


ARTICLES = (
    Article(
        code="absence",
        zh="离岗",
        en="Post left empty",
        clause="27(1)1, 27(1)5",
        clause_zh="上班时间不得离岗、脱岗、空岗。",
        clause_en="Posts may not be left empty during service hours.",
        limits=Limits(hold_s=180, window_s=190, gap_s=5, cooldown_s=30),
        severity=1,
    ),
    Article(
        code="empty_post",
        zh="空岗超时未报备",
        en="Empty beyond the limit, not reported",
        clause="25(4)",
        clause_zh="空岗超过15分钟须向带班人员报备。",
        clause_en="An absence above 15 minutes must be reported to the shift supervisor.",
        limits=Limits(hold_s=900, window_s=910, gap_s=5, cooldown_s=30),
        severity=1,
        parent="absence",
    ),
    Article(
        code="late_arrival",
        zh="迟到",
        en="Late arrival",
        clause="27(1)1, 25(2)",
        clause_zh="工作人员须提前10分钟到岗,不得迟到。",
        clause_en="Staff must be in place 10 minutes before opening.",
        limits=Limits(hold_s=60, window_s=60, gap_s=5, cooldown_s=30),
        severity=2,
    ),
    Article(
        code="early_departure",
        zh="早退",
        en="Early departure",
        clause="27(1)1",
        clause_zh="不得早退。",
        clause_en="Staff may not leave for good before closing time.",
        limits=Limits(hold_s=60, window_s=60, gap_s=5, cooldown_s=30),
        severity=2,
    ),
    Article(
        code="phone_use",
        zh="使用手机",
        en="Phone use",
        clause="27(1)4",
        clause_zh="工作时间不得打私人电话、玩手机。",
        clause_en="Staff may not make private calls or play with a phone at work.",
        limits=Limits(hold_s=8, window_s=12, gap_s=4, cooldown_s=10),
        severity=1,
        variants=("call", "screen"),
        joints=("wrists", "elbows", "ears", "nose"),
    ),
    Article(
        code="reading",
        zh="看书报杂志",
        en="Reading newspapers, magazines or books",
        clause="27(1)6",
        clause_zh="工作时间不得看报纸、杂志、书籍。",
        clause_en="Staff may not read newspapers, magazines or books at work.",
        limits=Limits(hold_s=20, window_s=30, gap_s=8, cooldown_s=15),
        severity=2,
        joints=("wrists", "nose"),
    ),
    Article(
        code="arms_crossed",
        zh="抱胸",
        en="Arms crossed",
        clause="27(1)8",
        clause_zh="不得抱胸。",
        clause_en="Arms may not be folded across the chest.",
        limits=Limits(hold_s=5, window_s=7, gap_s=2, cooldown_s=10),
        severity=3,
        joints=("wrists", "elbows", "shoulders"),
    ),
    Article(
        code="hands_on_hips",
        zh="叉腰",
        en="Hands on hips",
        clause="27(1)8",
        clause_zh="不得叉腰。",
        clause_en="Hands may not be placed on the hips.",
        limits=Limits(hold_s=5, window_s=7, gap_s=2, cooldown_s=10),
        severity=3,
        variants=("one", "both"),
        joints=("wrists", "elbows", "hips", "shoulders"),
    ),
    Article(
        code="chin_in_hand",
        zh="托腮",
        en="Chin in hand",
        clause="27(1)8",
        clause_zh="不得托腮。",
        clause_en="The head may not be propped on a hand.",
        limits=Limits(hold_s=8, window_s=10, gap_s=2, cooldown_s=10),
        severity=3,
        joints=("nose", "wrists", "elbows", "shoulders"),
    ),
    Article(
        code="slumped",
        zh="趴卧",
        en="Slumped on the desk",
        clause="27(1)8",
        clause_zh="不得趴卧。",
        clause_en="Staff may not lie slumped on the desk.",
        limits=Limits(hold_s=10, window_s=14, gap_s=4, cooldown_s=15),
        severity=2,
        joints=("nose", "shoulders"),
    ),
    Article(
        code="leaning",
        zh="倚靠",
        en="Leaning",
        clause="27(1)8",
        clause_zh="不得倚靠。",
        clause_en="Staff may not lean on counter, wall or chair back.",
        limits=Limits(hold_s=8, window_s=10, gap_s=2, cooldown_s=10),
        severity=3,
        variants=("back", "side", "counter"),
        joints=("shoulders", "hips", "nose"),
    ),
    Article(
        code="pointing",
        zh="单手指人指物",
        en="Pointing with one hand",
        clause="27(1)8",
        clause_zh="不得用单手指人、指物。",
        clause_en="Staff may not point at people or things with one hand.",
        limits=Limits(hold_s=1.5, window_s=2, gap_s=0.5, cooldown_s=5),
        severity=2,
        joints=("wrists", "elbows", "shoulders"),
    ),
    Article(
        code="gathering",
        zh="扎堆聊天",
        en="Gathering to chat",
        clause="27(1)5",
        clause_zh="不得扎堆聊天。",
        clause_en="Staff may not gather to chat.",
        limits=Limits(hold_s=60, window_s=90, gap_s=30, cooldown_s=30),
        severity=2,
    ),
    Article(
        code="smoking",
        zh="吸烟",
        en="Smoking",
        clause="27(1)11",
        clause_zh="服务场所不得吸烟。",
        clause_en="Smoking is not allowed in the hall.",
        limits=Limits(hold_s=4, window_s=8, gap_s=20, cooldown_s=30),
        severity=1,
        joints=("nose", "wrists", "elbows"),
    ),
    Article(
        code="queue_line",
        zh="一米线内排队",
        en="Queueing inside the 1-metre line",
        clause="20",
        clause_zh="办事群众应在一米线外排队等候。",
        clause_en="The public queue outside the 1-metre line.",
        limits=Limits(hold_s=10, window_s=15, gap_s=5, cooldown_s=15),
        severity=3,
    ),
)

CATALOGUE = MappingProxyType({article.code: article for article in ARTICLES})
"""The articles by their code."""
