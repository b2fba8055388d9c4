"""What each figure means, in one place: the page shows these words on a click, reports print them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Definition:
    """A figure's name as the API calls it, what people call it, and how it is made."""

    key: str
    name_zh: str
    name_en: str
    text_zh: str
    text_en: str


DEFINITIONS = (
    Definition(
        "compliance",
        "合规率",
        "Compliance",
        "合规率 = 1 − 已确认违规时间 ÷ 已观察的开放时间。只有人工确认的才计入;同一窗口同时发生的违规时间只算"
        "一次,且每小时不超过该小时已观察的时间。没有观察到的时间既不算合规,也不算违规。",
        "1 − confirmed breach time ÷ observed open time. Only what a person confirmed counts; breaches at "
        "once at one window count their time once, and in an hour never more than was observed of it. Time "
        "that was not observed is neither compliance nor breach.",
    ),
    Definition(
        "coverage",
        "覆盖率",
        "Coverage",
        "覆盖率 = 已观察时间 ÷ 按排班开放的时间。低于 50% 的小时显示为灰色:看到的太少,不能代表整个小时。",
        "Observed time ÷ open time by the roster. Hours under 50 % are grey: too little was seen to speak "
        "for the hour.",
    ),
    Definition(
        "open_s",
        "开放时间",
        "Open time",
        "按排班(含午间服务、节假日与调休)窗口应当开放的时间。",
        "Time that the window should be open by the roster, with lunch service, holidays and make-up "
        "workdays.",
    ),
    Definition(
        "observed_s",
        "已观察时间",
        "Observed time",
        "开放时间中摄像机能够判断的时间。多台摄像机看同一窗口时,取看得最多的一台。",
        "Open time in which a camera could judge. Of several cameras on one window the one that saw most "
        "counts.",
    ),
    Definition(
        "present_s",
        "在岗时间",
        "On post",
        "已观察时间中工作人员一侧有人的时间。",
        "Observed time with somebody on the staff side.",
    ),
    Definition(
        "away_permitted_s",
        "报备离岗",
        "Away, permitted",
        "已观察时间中岗位无人、且有有效报备(离岗、顶岗或暂停服务)的时间。",
        "Observed time with nobody at the post while a permit (leave, stand-in, suspended) was in force.",
    ),
    Definition(
        "away_s",
        "未报备离岗",
        "Away, not permitted",
        "已观察时间中岗位无人、且没有报备的时间。短时离开也计入,不等于违规。",
        "Observed time with nobody at the post and no permit. Short absences are in it too: it is no breach "
        "by itself.",
    ),
    Definition(
        "unknown_s",
        "未知时间",
        "Unknown time",
        "开放但没有观察到的时间,按原因分列:离线、未运行、过暗、遮挡、画面冻结、模糊、摄像机移位、未说明。",
        "Open time that was not observed, by cause: offline, not running, dark, covered, frozen, blurred, "
        "moved, untold.",
    ),
    Definition(
        "confirmed_s",
        "已确认违规时间",
        "Confirmed breach time",
        "开放时间内人工确认的违规时长;同时发生的只算一次。",
        "How long confirmed breaches lasted within opening hours; those at once count once.",
    ),
    Definition(
        "breach_s",
        "计入的违规时间",
        "Breach time that counts",
        "已确认违规时间,每小时不超过该小时已观察的时间。",
        "Confirmed breach time, in each hour at most what was observed of it.",
    ),
    Definition(
        "confirmed",
        "已确认",
        "Confirmed",
        "在该时段开始、已由人工确认的事件数。",
        "Events that began in this time and that a person confirmed.",
    ),
    Definition(
        "pending",
        "待审核",
        "Pending",
        "在该时段开始、尚未审核的事件数;不计入合规率。",
        "Events that began in this time and wait for a person; they count for nothing yet.",
    ),
    Definition(
        "dismissed",
        "已排除",
        "Dismissed",
        "在该时段开始、已由人工排除的事件数。",
        "Events that began in this time and that a person dismissed.",
    ),
    Definition(
        "expired",
        "已过期",
        "Expired",
        "在该时段开始、到期无人审核的事件数;不计入合规率。",
        "Events that began in this time and nobody decided in time; they count for nothing.",
    ),
    Definition(
        "clean",
        "无违规小时占比",
        "Hours without a breach",
        "覆盖率不低于 50% 的窗口小时中,没有已确认违规的占比,附 95% Wilson 区间。",
        "The share of window-hours with at least 50 % coverage that hold no confirmed breach, with its 95 % "
        "Wilson interval.",
    ),
    Definition(
        "precision",
        "确认比例",
        "Precision",
        "人工审核过的提示中被确认的比例 = 已确认 ÷(已确认 + 已排除),附 95% Wilson 区间。",
        "The share of judged flags that were confirmed: confirmed ÷ (confirmed + dismissed), with its 95 % "
        "Wilson interval.",
    ),
    Definition(
        "per_100_hours",
        "每百小时",
        "Per 100 hours",
        "每 100 小时已观察时间中已确认的事件数。",
        "Confirmed events per 100 hours of observed time.",
    ),
    Definition(
        "assessable_s",
        "可评估时间",
        "Assessable time",
        "能够判断该行为的时间:岗位上有人、关键部位可见。",
        "Time in which the behaviour could be judged: whoever is at the post shows what it is told by.",
    ),
    Definition(
        "queue",
        "排队",
        "Queue",
        "平均排队人数 = 等候人数对时间的平均;等候时间从站定到被服务,只计看到开始与结束的。",
        "Mean length: waiting people averaged over time. A wait lasts from standing still before the window "
        "to being served; only those seen from beginning to end count.",
    ),
    Definition(
        "revision",
        "修订号",
        "Revision",
        "时段结束十分钟后,数字每变一次加一:迟到的数据、裁定、申诉与补报都会重开该时段。",
        "Grows by one with each change later than ten minutes after the time's end: late data, verdicts, "
        "appeals and late permits re-open it.",
    ),
    Definition(
        "error_rate",
        "误差",
        "Error rate",
        "机器在测试集上的漏报与误报;机器只提示,人来判断。",
        "What the machine missed and falsely flagged on the test set; a machine flags, people judge.",
    ),
)
