"""The notice that tells the public of the cameras: one printed page, in Chinese.

Signs are demanded by the Personal Information Protection Law of 2021, article 26, and by the Regulations on
Public Security Video Image Information Systems of 2025; what they must say here is the cameras' own records.
"""

from sqlalchemy.orm import Session

from api.hall import hall_row, present_cameras
from api.reports.typesetting import typeset
from api.settings import ApiSettings

NOT_SAID = "(未登记)"


def notice_pdf(session: Session, settings: ApiSettings) -> bytes:
    """The notice as a PDF. Raises FontMissingError, and Problem where no worker reported a hall yet."""
    hall, now = hall_row(session), settings.clock()
    rows = []
    for camera in present_cameras(session):
        record = camera.record or {}
        names = ("purpose", "legal_basis", "sign_since", "approved_by")
        rows.append([camera.name, *(str(record.get(name, NOT_SAID)) for name in names)])
    retention = settings.retention
    values = {
        "hall": hall.name,
        "rows": rows,
        "days": {
            "original": retention.original_days,
            "confirmed": retention.confirmed_days,
            "dismissed": retention.dismissed_days,
        },
    }
    return typeset("notice", values, now, settings.reports.font)
