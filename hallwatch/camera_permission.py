"""Whether a camera may watch (P1): its record says why, and that a sign has told of it since some day."""

import threading
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import structlog

from hallwatch.delivery import Delivery
from hallwatch.http_sink import HttpSink
from hallwatch.site_models import Camera, Site
from hallwatch.spool import Changes, Spool
from hallwatch.wire import CameraStatus, hall_json
from hallwatch.work_plan import WorkPlan

_log = structlog.get_logger(__name__)

NOT_ENABLED = "not_enabled"
AGAIN_S = 30.0
"""How often it is told and looked at again: on the day of the sign the camera begins by itself."""

NO_RECORD = (
    "缺少登记(目的、依据、告示、审批人、复核日期),未启用;请在站点文件 record 中填写。 "
    "Not enabled: the site file's `record` must say purpose, legal basis, sign, approver and review date"
)
NO_SIGN_YET = "告示 {day} 起张贴,此前不启用。 Not enabled before its sign is up, on {day}"


def why_not(site: Site, camera: Camera, today: date) -> str | None:
    """Why this camera may not watch today, in both languages; None where it may."""
    if site.hall.camera_records == "optional":
        return None
    if camera.record is None:
        return NO_RECORD
    return NO_SIGN_YET.format(day=camera.record.sign_since) if today < camera.record.sign_since else None


def hall_day(site: Site, now: datetime) -> date:
    """The date in the hall."""
    return now.astimezone(ZoneInfo(site.hall.time_zone)).date()


def wait_for_permission(plan: WorkPlan, stop: threading.Event) -> None:
    """Tell why the camera does not watch, until it may or `stop` is set; its stream is never opened.

    Raises `SpoolError`.
    """
    since = datetime.now(UTC)
    reason = why_not(plan.site, plan.camera, hall_day(plan.site, since))
    if reason is None:
        return
    _log.warning("a camera is not enabled", camera=plan.camera.id, reason=reason)
    with Spool(plan.spool_dir, now=since) as spool:
        sink = HttpSink(plan.api_address, plan.worker_key)
        delivery = Delivery(spool, sink)
        spool.commit(Changes(hall=hall_json(plan.site)))
        delivery.start()
        try:
            while reason is not None:
                status = CameraStatus(plan.camera.id, NOT_ENABLED, since, reason)
                spool.commit(Changes(statuses=(status,)))
                if stop.wait(AGAIN_S):
                    return
                reason = why_not(plan.site, plan.camera, hall_day(plan.site, datetime.now(UTC)))
        finally:
            delivery.stop()
            sink.close()
