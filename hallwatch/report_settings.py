"""From HALLWATCH_REPORTS… to what the API is told; what does not fit together is said in a sentence."""

import re
from collections.abc import Sequence
from typing import TypeVar

from api.reports.settings import FORMATS, MailServer, ReportSettings
from api.reports.spans import KINDS
from hallwatch.report_options import ReportOptions
from hallwatch.settings import SettingsError

PORTS = {"starttls": 587, "tls": 465, "none": 25}
ADDRESS = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+")

T = TypeVar("T", bound=str)


def report_settings(options: ReportOptions) -> ReportSettings:
    """What the API is told of reports. Raises SettingsError."""
    kinds = listed("HALLWATCH_REPORTS", options.reports, KINDS)
    mail_to = _addresses("HALLWATCH_REPORTS_MAIL_TO", options.reports_mail_to)
    if kinds and options.reports_folder is None and not mail_to:
        raise SettingsError(
            "HALLWATCH_REPORTS is set, but nobody gets them: set HALLWATCH_REPORTS_FOLDER or "
            "HALLWATCH_REPORTS_MAIL_TO"
        )
    return ReportSettings(
        kinds=kinds,
        at=options.reports_at.replace(tzinfo=None),
        formats=listed("HALLWATCH_REPORTS_FORMATS", options.reports_formats, FORMATS),
        language=options.reports_language,
        folder=options.reports_folder,
        mail_to=mail_to,
        server=_server(options) if mail_to else None,
        font=options.reports_font,
    )


def listed(name: str, text: str, allowed: Sequence[T]) -> tuple[T, ...]:
    """The names in a list with commas, each once. Raises SettingsError that names what is allowed."""
    asked = [part.strip().lower() for part in text.split(",") if part.strip()]
    known: dict[str, T] = {str(one): one for one in allowed}
    wrong = [one for one in asked if one not in known]
    if wrong:
        raise SettingsError(f"{name}: {wrong[0]!r} is none of {', '.join(allowed)}")
    return tuple(dict.fromkeys(known[one] for one in asked))


def _addresses(name: str, text: str) -> tuple[str, ...]:
    asked = [part.strip() for part in text.split(",") if part.strip()]
    wrong = [one for one in asked if not ADDRESS.fullmatch(one) or len(one) > 254]
    if wrong:
        raise SettingsError(f"{name}: {wrong[0]!r} is no mail address; write name@example.org, with commas")
    return tuple(dict.fromkeys(asked))


def _server(options: ReportOptions) -> MailServer:
    security = options.reports_smtp_security
    if options.reports_smtp_host is None:
        raise SettingsError("HALLWATCH_REPORTS_MAIL_TO needs HALLWATCH_REPORTS_SMTP_HOST")
    sender = _addresses("HALLWATCH_REPORTS_MAIL_FROM", options.reports_mail_from or "")
    if len(sender) != 1:
        raise SettingsError("HALLWATCH_REPORTS_MAIL_TO needs HALLWATCH_REPORTS_MAIL_FROM, one mail address")
    if (options.reports_smtp_user is None) != (options.reports_smtp_password is None):
        raise SettingsError(
            "HALLWATCH_REPORTS_SMTP_USER and HALLWATCH_REPORTS_SMTP_PASSWORD (or …_PASSWORD_FILE) go together"
        )
    if options.reports_smtp_user is not None and security == "none":
        raise SettingsError(
            "HALLWATCH_REPORTS_SMTP_SECURITY: a password is only sent over starttls or tls, never over none"
        )
    return MailServer(
        host=options.reports_smtp_host,
        port=options.reports_smtp_port or PORTS[security],
        security=security,
        sender=sender[0],
        user=options.reports_smtp_user,
        password=options.reports_smtp_password,
        ca_file=options.reports_smtp_ca_file,
    )
