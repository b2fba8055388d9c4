"""Where a reader of the changes stands, as an opaque text that stays good for years."""

import base64
import binascii

from api.problems import FieldError, Problem

_FORM = "c1."


def cursor_text(number: int) -> str:
    """The cursor behind that change; 0: before the first."""
    return base64.urlsafe_b64encode(f"{_FORM}{number}".encode()).decode().rstrip("=")


def number_of(text: str) -> int:
    """The change that a cursor stands behind; raises Problem where it is none of ours."""
    try:
        form, _, number = (
            base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii").partition(".")
        )
    except (binascii.Error, ValueError):
        form, number = "", ""
    if f"{form}." != _FORM or not number.isascii() or not number.isdecimal() or len(number) > 18:
        raise Problem("invalid", FieldError("/query/cursor", "不是有效的游标", "Not a cursor of this list"))
    return int(number)
