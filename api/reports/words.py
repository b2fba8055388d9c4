"""The words of reports, Chinese first; figures are called as in `api.compliance.definitions`."""

import re
from datetime import date
from typing import Literal

from api.compliance.definitions import DEFINITIONS
from api.compliance.models import UnitOut
from api.reports.spans import Kind, Span
from vision.article27 import CATALOGUE

Language = Literal["zh", "en"]

WORDS: dict[str, tuple[str, str]] = {
    "daily": ("日报", "daily report"),
    "weekly": ("周报", "weekly report"),
    "monthly": ("月报", "monthly report"),
    "subject": ("窗口行为规范", "Conduct at the windows"),
    "principle": (
        "机器只标记,裁定的是人。未经人工确认的标记不计入任何合规数字;没有观察到的时间既不算合规,也不算违规。",
        "A machine flags, people judge. What nobody confirmed counts for nothing; time that was not observed "
        "is neither compliance nor breach.",
    ),
    "zone": ("时区", "Time zone"),
    "made": ("生成于", "Made"),
    "version": ("版本", "version"),
    "page": ("第 {page} 页 / 共 {pages} 页", "Page {page} of {pages}"),
    "open_now": (
        "暂行:本时段尚未结束或刚刚结束,数字还会变化。",
        "Provisional: this time is not over, or only just; figures still change.",
    ),
    "revised": (
        "时段结束后数字有过 {revision} 次更正(迟到的数据、裁定、申诉或补报)。",
        "Corrected {revision} times after its end: late data, verdicts, appeals or late permits.",
    ),
    "nothing": (
        "本时段没有任何记录:按排班未开放,或程序未运行。",
        "Nothing was recorded in this time: closed by the roster, or the program did not run.",
    ),
    "summary": ("总览", "Summary"),
    "figure": ("指标", "Figure"),
    "value": ("数值", "Value"),
    "before": ("上期", "Before"),
    "change": ("变化", "Change"),
    "compared": ("与 {span} 相比:{changes}", "Compared to {span}: {changes}"),
    "points": ("百分点", "points"),
    "by_window": ("按窗口", "By window"),
    "window": ("窗口", "Window"),
    "by_hour": ("按小时", "By hour"),
    "by_day": ("按日", "By day"),
    "hour": ("小时", "Hour"),
    "day": ("日期", "Day"),
    "by_window_hour": ("窗口×小时", "Windows by hour"),
    "by_window_day": ("窗口×日", "Windows by day"),
    "worst_sheet": ("违规最多的小时", "Worst hours"),
    "curve.hour": ("每小时合规率与覆盖率", "Compliance and coverage by hour"),
    "curve.day": ("每日合规率与覆盖率", "Compliance and coverage by day"),
    "heat.hour": ("窗口 × 小时合规率(%)", "Compliance by window and hour (%)"),
    "heat.day": ("窗口 × 日合规率(%)", "Compliance by window and day (%)"),
    "heat_legend": (
        "底色越深,违规时间占比越大;斜纹灰:覆盖率低于 50%;×:开放但未观察到;空白:未开放。",
        "The darker, the more breach time; grey with lines: coverage under 50 %; ×: open, not observed; "
        "blank: closed.",
    ),
    "curve_legend": (
        "实心点:合规率;空心点:覆盖率低于 50%,仅供参考;下方条形:覆盖率。",
        "Dots: compliance; hollow dots: coverage under 50 %, says little; bars below: coverage.",
    ),
    "grey_note": ("灰色:覆盖率低于 50%。", "Grey: coverage under 50 %."),
    "worst": ("违规时间占比最高的窗口小时", "Window-hours with the largest share of breach time"),
    "worst_none": ("没有已确认违规的窗口小时。", "No window-hour with a confirmed breach."),
    "worst_note": ("只列覆盖率不低于 50% 的小时。", "Only hours with at least 50 % coverage."),
    "behaviours": ("按行为", "By behaviour"),
    "behaviour": ("行为", "Behaviour"),
    "behaviours_none": ("本时段没有标记。", "Nothing was flagged in this time."),
    "unknown": ("未知时间的原因", "Unknown time by cause"),
    "unknown_none": ("开放时间全部观察到。", "All open time was observed."),
    "cause": ("原因", "Cause"),
    "share_open": ("占开放时间", "of open time"),
    "hours": ("小时", "h"),
    "minutes": ("分钟", "min"),
    "backlog": ("审核积压(生成时)", "Review backlog (when made)"),
    "backlog.pending": ("全部待审核", "Waiting in all"),
    "backlog.overdue": ("其中已逾期", "Of them overdue"),
    "backlog.oldest": ("最早的一条开始于", "Oldest began"),
    "backlog.appeals": ("未处理的申诉", "Open appeals"),
    "definitions": ("指标定义", "Definitions"),
    "error_rate": ("机器的误差", "Error rate of the machine"),
    "found": ("找到", "Found"),
    "missed": ("漏报", "Missed"),
    "false": ("误报", "False"),
    "recall": ("找到的比例", "Recall"),
    "tested_precision": ("正确的比例", "Precision"),
    "interval": ("括号内为 95% Wilson 区间。", "In brackets: 95 % Wilson interval."),
    "short.compliance": ("合规率", "Compli\u00adance"),
    "short.coverage": ("覆盖率", "Cover\u00adage"),
    "short.open_s": ("开放 (小时)", "Open (h)"),
    "short.observed_s": ("观察 (小时)", "Seen (h)"),
    "short.confirmed": ("已确认", "Con\u00adfirmed"),
    "short.breach_s": ("违规 (分钟)", "Breach (min)"),
    "short.pending": ("待审核", "Pend\u00ading"),
    "short.dismissed": ("已排除", "Dis\u00admissed"),
    "short.expired": ("已过期", "Expired"),
    "short.away_s": ("未报备离岗 (分钟)", "Away (min)"),
    "short.change": ("变化 (点)", "Change (pts)"),
    "short.revision": ("修订号", "Revi\u00adsion"),
    "sign.checked": ("审核人", "Checked by"),
    "sign.head": ("负责人", "Head of the centre"),
    "sign.date": ("日期", "Date"),
    "board": ("表扬台与曝光台", "Honour board and breaches by window"),
    "praise": ("表扬台", "Honour board"),
    "praise_none": ("本时段没有符合条件的窗口。", "No window meets the conditions in this time."),
    "praise_rule": (
        "条件:覆盖率不低于 50%,且没有已确认的违规。尚有待审核标记的窗口注明条数。",
        "Coverage of at least 50 % and no confirmed breach. Flags that still wait are named.",
    ),
    "improved": ("进步最大", "Most improved"),
    "improved_none": ("没有可比较且有进步的窗口。", "No window that can be compared has improved."),
    "improved_rule": (
        "与上期({span})相比合规率提高最多的窗口,两期覆盖率均不低于 50%。",
        "Largest rise of compliance against {span}; coverage of at least 50 % in both.",
    ),
    "improved_alone": ("没有可比较的上期。", "There is nothing to compare to."),
    "breaches": ("曝光台", "Breaches"),
    "breaches_none": ("本时段没有已生效的违规。", "No breach of this time has become final."),
    "breaches_rule": (
        "只列已由人工确认、且申诉期已过或申诉被驳回的违规,按窗口和行为计数。",
        "Only breaches that a person confirmed and that can no longer be appealed, or whose appeal was "
        "rejected; counted by window and behaviour.",
    ),
    "left_out": (
        "未列入:申诉处理中 {open} 件,仍在申诉期内 {appealable} 件,待审核 {pending} 件。",
        "Left out: {open} with an open appeal, {appealable} that may still be appealed, {pending} waiting "
        "for review.",
    ),
    "nobody_named": (
        "本页只写窗口,不写姓名,不附图像。依据:现场运行和管理规范第三十条。",
        "This page names windows only: no people, no pictures. Article 30 of the regulation.",
    ),
    "times": ("次", "times"),
    "total": ("合计", "Total"),
    "hours_clean": ("无违规小时", "Clean hours"),
    "mail_text": (
        "附件为{hall}{what}({span})。\n\n合规率 {compliance}(覆盖率 {coverage}),已确认 {confirmed},待审核 "
        "{pending}。\n\n{principle}\n",
        "Attached: {what} of {hall} ({span}).\n\nCompliance {compliance} (coverage {coverage}), confirmed "
        "{confirmed}, pending {pending}.\n\n{principle}\n",
    ),
    "cause.offline": ("离线", "offline"),
    "cause.not_running": ("未运行", "not running"),
    "cause.dark": ("过暗", "dark"),
    "cause.covered": ("遮挡", "covered"),
    "cause.frozen": ("画面冻结", "frozen"),
    "cause.blurred": ("模糊", "blurred"),
    "cause.moved": ("摄像机移位", "moved"),
    "cause.untold": ("未说明", "untold"),
}

_FIGURES = {one.key: (one.name_zh, one.name_en) for one in DEFINITIONS}
_FULL = {",": "\uff0c", ";": "\uff1b", ":": "\uff1a", "?": "\uff1f"}
_AFTER_CHINESE = re.compile(r"(?<=[\u3400-\u9fff})%×”])([,;:?])(?=[\u3400-\u9fff{×“\d]|$)")
_BRACKETS = re.compile(r"\(([^()]*[\u3400-\u9fff{][^()]*)\)")
_WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def word(key: str, language: Language, **values: object) -> str:
    """The word of that key, or what the figure of that name is called; `{name}` takes a value."""
    zh, en = WORDS.get(key) or _FIGURES[key]
    text = full_width(zh) if language == "zh" else en
    return text.format(**values) if values else text


def full_width(text: str) -> str:
    """Chinese with the punctuation that print asks for: `,` `;` `:` and brackets become full-width."""
    text = _AFTER_CHINESE.sub(lambda found: _FULL[found[1]], text)
    return _BRACKETS.sub("\uff08\\g<1>\uff09", text)


def unit_name(unit: UnitOut, language: Language) -> str:
    """What a hall or window is called."""
    return unit.name if language == "zh" else unit.name_en


def behaviour_name(code: str, language: Language) -> str:
    """What a behaviour is called; its code where the catalogue does not have it."""
    article = CATALOGUE.get(code)
    if article is None:
        return code
    return article.zh if language == "zh" else article.en


def span_name(span: Span, language: Language) -> str:
    """`2026年3月2日 星期一`, `2026年第10周(3月2日至3月8日)`, `2026年3月`, or so in English."""
    first, last = span.first, span.last
    if language == "zh":
        return _span_zh(span.kind, first, last)
    if span.kind == "daily":
        return f"{_DAYS[first.weekday()]} {first.day} {_MONTHS[first.month - 1]} {first.year}"
    if span.kind == "monthly":
        return f"{_MONTHS[first.month - 1]} {first.year}"
    year, week, _ = first.isocalendar()
    return f"week {week} of {year}, {first.day} {_short(first)} to {last.day} {_short(last)}"


def day_label(day: date, language: Language) -> str:
    """A day within its week or month, as short as can be: `2 一`, `2 Mo`."""
    weekday = _WEEKDAYS[day.weekday()][-1] if language == "zh" else _DAYS[day.weekday()][:2]
    return f"{day.day} {weekday}"


def _span_zh(kind: Kind, first: date, last: date) -> str:
    if kind == "daily":
        return f"{first.year}年{first.month}月{first.day}日 {_WEEKDAYS[first.weekday()]}"
    if kind == "monthly":
        return f"{first.year}年{first.month}月"
    year, week, _ = first.isocalendar()
    return full_width(f"{year}年第{week}周({first.month}月{first.day}日至{last.month}月{last.day}日)")


def _short(day: date) -> str:
    return _MONTHS[day.month - 1][:3]
