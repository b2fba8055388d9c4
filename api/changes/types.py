"""The types of changes, and what each says: one list for the API's description, webhooks and the page."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from api.rights.table import Right


@dataclass(frozen=True, slots=True)
class ChangeType:
    """What a type means, and the right that its reader needs."""

    zh: str
    en: str
    right: Right = Right.EVENTS


TYPES: Mapping[str, ChangeType] = MappingProxyType(
    {
        "event.flagged": ChangeType(
            "机器标记了事件,尚无人审核", "The machine flagged an event; nobody judged it yet"
        ),
        "event.updated": ChangeType(
            "机器补充了事件,如其结束", "The machine added to an event, as when it ended"
        ),
        "event.confirmed": ChangeType("事件经人确认", "Somebody confirmed an event"),
        "event.dismissed": ChangeType("事件经人排除", "Somebody dismissed an event"),
        "event.reopened": ChangeType(
            "裁定被收回,重新待审", "A verdict was taken back; the event waits again"
        ),
        "event.expired": ChangeType(
            "逾期未审,不计入", "Nobody decided in time; the event counts for nothing"
        ),
        "event.withdrawn": ChangeType("因报备撤回", "A permit covers the event"),
        "event.restored": ChangeType("报备撤销,事件恢复", "The permit that covered it was revoked"),
        "event.appealed": ChangeType("窗口人员申诉", "The window's staff appealed"),
        "event.upheld": ChangeType("申诉未获支持,事件维持", "An appeal was rejected; the event stands"),
        "event.retracted": ChangeType(
            "申诉成立,事件撤回,已发出的须更正", "An appeal was upheld: correct what was handed on"
        ),
        "camera.state": ChangeType("摄像机状态变化", "A camera's state changed", Right.CAMERAS),
        "figures.hour": ChangeType(
            "某窗口某小时的统计已定,或有更正", "A window's hour is settled, or corrected", Right.FIGURES
        ),
    }
)
