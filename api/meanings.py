"""What each problem code stands for: HTTP status, title, and what to do, in Chinese and English."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a problem code stands for: HTTP status, title, and what to do, in both languages."""

    status: int
    zh: str
    en: str
    do_zh: str = ""
    do_en: str = ""


MEANINGS: Mapping[str, Meaning] = MappingProxyType(
    {
        "not_signed_in": Meaning(401, "未登录", "Not signed in", "请先登录。", "Sign in first."),
        "wrong_credentials": Meaning(
            401,
            "用户名或密码错误",
            "Wrong user name or password",
            "请核对后重试。",
            "Check both and try again.",
        ),
        "wrong_worker_key": Meaning(
            401,
            "工作进程密钥无效",
            "Wrong worker key",
            "请在 Authorization: Bearer 中给出工作进程密钥。",
            "Send the worker's key as Authorization: Bearer.",
        ),
        "csrf": Meaning(
            403,
            "缺少防伪令牌",
            "Missing or wrong CSRF token",
            "请刷新页面后重试。",
            "Send the session's csrf_token as X-CSRF-Token; reloading the page does so.",
        ),
        "password_change_required": Meaning(
            403, "须先修改密码", "Change the password first", "请设置新密码。", "Set a new password."
        ),
        "second_factor_needed": Meaning(
            401,
            "需要动态验证码",
            "A code is needed",
            "请输入身份验证器上的六位数字,或一个恢复码。",
            "Type the six digits of your authenticator, or a recovery code.",
        ),
        "second_factor_wrong": Meaning(
            401,
            "动态验证码不正确",
            "Wrong code",
            "每个验证码只能使用一次,请等待下一个再试。",
            "Each code counts once; wait for the next one and try again.",
        ),
        "second_factor_required": Meaning(
            403,
            "须先设置动态验证码",
            "Add a second factor first",
            "本厅要求此角色使用身份验证器。",
            "The hall demands an authenticator of this role.",
        ),
        "second_factor_missing": Meaning(
            409,
            "尚未设置动态验证码",
            "No second factor",
            "请在“登录与安全”中设置身份验证器。",
            "Add an authenticator under “Sign-in and security”.",
        ),
        "second_factor_there": Meaning(
            409,
            "已设置动态验证码",
            "There is a second factor already",
            "请先移除原有的身份验证器。",
            "Remove the authenticator in use first.",
        ),
        "sealed": Meaning(
            500,
            "保密数据无法解开",
            "A stored secret does not open",
            "请系统管理员放回原来的 secrets.key 文件。",
            "Ask the administrator to put back the secrets.key that belongs to this database.",
        ),
        "not_from_here": Meaning(
            403,
            "只允许本机访问",
            "Only from this machine",
            "请在本机访问,或给出工作进程密钥。",
            "Come from this machine or send the worker's key.",
        ),
        "not_permitted": Meaning(
            403,
            "没有此权限",
            "Not permitted",
            "您的账号不能使用此功能。",
            "Your account may not do this.",
        ),
        "out_of_scope": Meaning(
            403,
            "不在您负责的范围内",
            "Outside of what you answer for",
            "请选择您负责的窗口,或联系系统管理员。",
            "Choose a window that you answer for, or ask the administrator.",
        ),
        "wrong_key": Meaning(
            401,
            "接口密钥无效",
            "Wrong API key",
            "密钥可能已过期或被撤销,请联系系统管理员。",
            "It may have expired or been revoked; ask the administrator.",
        ),
        "account_unknown": Meaning(
            404, "没有这个账号", "No such account", "请检查用户名。", "Check its name."
        ),
        "account_exists": Meaning(
            409, "用户名已被使用", "The user name is taken", "请另取一个。", "Choose another."
        ),
        "last_administrator": Meaning(
            409,
            "须保留一名管理员",
            "One administrator must stay",
            "请先让另一个账号担任管理员。",
            "Make another account an administrator first.",
        ),
        "not_held": Meaning(404, "没有保留", "Nobody holds it", "该事件按期删除。", "It is deleted by age."),
        "key_unknown": Meaning(404, "没有这个密钥", "No such key", "请检查密钥编号。", "Check its id."),
        "own_window": Meaning(
            403,
            "不能裁定本人所在窗口",
            "Nobody judges their own window",
            "请交由其他审核员裁定。",
            "Leave it to another reviewer.",
        ),
        "link_invalid": Meaning(
            403,
            "链接无效或已过期",
            "The link is not valid or has expired",
            "请向值班主管索取新链接。",
            "Ask the supervisor for a new one.",
        ),
        "too_many_attempts": Meaning(
            429,
            "失败次数过多",
            "Too many failed attempts",
            "该用户已锁定 15 分钟,请稍后再试。",
            "Sign-in is locked for 15 minutes; try again later.",
        ),
        "not_found": Meaning(404, "没有这个地址", "No such address", "请检查网址。", "Check the address."),
        "event_unknown": Meaning(
            404,
            "没有这个事件",
            "No such event",
            "事件可能尚未送达。",
            "It may not have arrived yet.",
        ),
        "clip_missing": Meaning(
            404, "没有录像片段", "No clip", "该事件没有可播放的片段。", "This event has no clip to play."
        ),
        "review_copy_missing": Meaning(
            404,
            "审核副本尚未生成",
            "No review copy",
            "录像须先遮挡群众面部,请稍后再试;原始录像不直接展示。",
            "Faces of the public are blurred first; try again later. The original is not shown instead.",
        ),
        "message_unknown": Meaning(
            404,
            "没有这条报送",
            "No such message",
            "请检查报送编号。",
            "Check the id of the message that this answers.",
        ),
        "webhook_unknown": Meaning(
            404, "没有这个推送", "No such webhook", "请检查推送编号。", "Check its id."
        ),
        "webhook_not_active": Meaning(
            409,
            "推送未启用",
            "The webhook is not active",
            "请先恢复,再发送测试。",
            "Let it go on first.",
        ),
        "delivery_unknown": Meaning(
            404,
            "没有这条推送记录",
            "No such delivery",
            "记录保留 30 天。",
            "They are kept for 30 days.",
        ),
        "original_unknown": Meaning(
            404, "没有这个申请", "No such request", "请检查申请编号。", "Check the request's id."
        ),
        "original_over": Meaning(
            409,
            "申请已结束或已过期",
            "The request is decided or over",
            "请重新申请并说明理由。",
            "Ask again and say why.",
        ),
        "own_request": Meaning(
            403,
            "不能批准本人的申请",
            "Nobody releases what they asked for",
            "须由另一名有权限的人员批准。",
            "A second person has to.",
        ),
        "skeleton_missing": Meaning(
            404, "没有骨架数据", "No skeleton", "该事件没有骨架数据。", "This event has no drawn poses."
        ),
        "camera_unknown": Meaning(
            404, "没有这个摄像机", "No such camera", "请检查摄像机编号。", "Check the camera's id."
        ),
        "picture_missing": Meaning(
            404, "暂无实时画面", "No live picture", "摄像机还没有送来画面。", "The camera has sent none yet."
        ),
        "hall_unknown": Meaning(
            404,
            "尚无大厅信息",
            "No hall yet",
            "工作进程还没有报告大厅,请确认它在运行。",
            "The worker has not reported its hall yet; see that it runs.",
        ),
        "permit_unknown": Meaning(
            404, "没有这条报备", "No such permit", "请检查报备编号。", "Check the permit's id."
        ),
        "permit_revoked": Meaning(
            409, "报备已撤销", "Already revoked", "该报备已不再有效。", "The permit is no longer in force."
        ),
        "idempotency_conflict": Meaning(
            409,
            "Idempotency-Key 已用于另一请求",
            "The Idempotency-Key was used for another request",
            "请换一个新的 Idempotency-Key。",
            "Send a new Idempotency-Key.",
        ),
        "event_withdrawn": Meaning(
            409,
            "事件已因报备撤回",
            "Withdrawn because of a permit",
            "如报备有误,请先撤销报备。",
            "Revoke the permit first where it is wrong.",
        ),
        "event_expired": Meaning(
            409,
            "事件已过期",
            "The event has expired",
            "逾期未审的事件不再裁定,也不计入统计。",
            "Nobody decided it in time; it counts for nothing.",
        ),
        "claimed": Meaning(
            409,
            "他人正在查看",
            "Somebody else is looking at it",
            "请先看下一条。",
            "Take the next one.",
        ),
        "not_viewed": Meaning(
            409,
            "有事件尚未查看",
            "Some events were not looked at",
            "批量裁定前请逐条查看。",
            "Look at each of them before deciding them at once.",
        ),
        "not_together": Meaning(
            422,
            "这些事件不属于同一组",
            "These events do not belong together",
            "批量裁定限同一窗口、同一行为、10 分钟之内,至多 20 条。",
            "At once go at most 20 of one window and behaviour, within 10 minutes.",
        ),
        "no_second_review": Meaning(
            409,
            "不需要复核",
            "No second review is due",
            "该事件未被抽中复核,或已复核。",
            "The event was not drawn, or was reviewed twice already.",
        ),
        "not_confirmed": Meaning(
            409,
            "事件未被确认",
            "The event is not confirmed",
            "只有已确认的事件可以申诉。",
            "Only confirmed events can be appealed.",
        ),
        "already_appealed": Meaning(
            409, "已申诉过", "Already appealed", "每个事件只能申诉一次。", "Each event can be appealed once."
        ),
        "appeal_late": Meaning(
            409,
            "申诉期已过",
            "Too late to appeal",
            "请与值班主管联系。",
            "Talk to the supervisor.",
        ),
        "appeal_unknown": Meaning(
            404, "没有这条申诉", "No such appeal", "请检查申诉编号。", "Check the appeal's id."
        ),
        "appeal_decided": Meaning(409, "申诉已有结果", "Already decided", "请查看结果。", "See the outcome."),
        "same_reviewer": Meaning(
            403,
            "须由另一位审核员处理",
            "Another reviewer must decide",
            "裁定过该事件的人不能处理其申诉。",
            "Who judged the event may not decide its appeal.",
        ),
        "method_not_allowed": Meaning(405, "不支持该方法", "Method not allowed"),
        "not_decided": Meaning(
            409, "尚未裁定", "Not decided yet", "没有可撤销的裁定。", "There is no decision to take back."
        ),
        "calibration_refused": Meaning(
            422,
            "标定不能使用",
            "The calibration cannot be used",
            "请按提示修正。",
            "Correct what is named.",
        ),
        "calibration_unknown": Meaning(
            404, "没有这一版标定", "No such revision", "请检查版本号。", "Check the revision's number."
        ),
        "calibration_changed": Meaning(
            412,
            "标定已被更新",
            "The calibration has changed",
            "请载入最新版本,再作修改。",
            "Load the newest revision, then make your changes.",
        ),
        "event_changed": Meaning(
            412,
            "事件已变化",
            "The event has changed",
            "请查看最新内容后再裁定。",
            "Look at it again, then decide.",
        ),
        "precondition_required": Meaning(
            428,
            "缺少 If-Match",
            "If-Match is required",
            "请在 If-Match 中给出所看到的 ETag。",
            "Send the ETag of what you saw as If-Match.",
        ),
        "too_large": Meaning(413, "内容过大", "Body too large", "请减小后重试。", "Send less."),
        "range_unsatisfiable": Meaning(
            416, "范围无效", "Range not satisfiable", "请求范围超出文件。", "The range lies outside the file."
        ),
        "invalid": Meaning(
            422, "请求内容无效", "Invalid request", "请按 errors 修正。", "Correct what errors names."
        ),
        "bad_request": Meaning(400, "请求有误", "Bad request"),
        "bad_host": Meaning(
            400,
            "主机名不被允许",
            "Host not allowed",
            "请使用已配置的主机名访问,或将其加入允许列表。",
            "Use a configured host name, or add this one to the allowed hosts.",
        ),
        "clip_corrupt": Meaning(
            422,
            "录像校验失败",
            "The clip does not match its checksum",
            "请重新发送。",
            "Send it again.",
        ),
        "internal": Meaning(
            500, "服务器内部错误", "Internal error", "请查看服务日志。", "See the service's log."
        ),
        "busy": Meaning(503, "数据库忙", "The database is busy", "请稍后重试。", "Try again in a moment."),
        "disk_full": Meaning(
            507, "磁盘已满", "The disk is full", "请清理磁盘空间后重试。", "Free some space and try again."
        ),
        "font_missing": Meaning(
            503,
            "缺少中文字体",
            "No Chinese font",
            "请安装软件包 fonts-noto-cjk。",
            "Install the package fonts-noto-cjk.",
        ),
        "disk_read_only": Meaning(
            507,
            "磁盘不可写",
            "The disk cannot be written",
            "请检查数据目录的挂载与权限;恢复后系统会自动继续。",
            "Check the data folder's mount and rights; hallwatch goes on by itself afterwards.",
        ),
    }
)
