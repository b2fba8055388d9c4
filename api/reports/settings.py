"""How reports are sent by themselves, as whoever composes the program says."""

from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import Literal, get_args

from pydantic import SecretStr

from api.reports.spans import Kind

Security = Literal["starttls", "tls", "none"]

Format = Literal["xlsx", "pdf", "board"]
"""A workbook, a printed report, and the printed honour board."""

FORMATS: tuple[Format, ...] = get_args(Format)


@dataclass(frozen=True, slots=True)
class MailServer:
    """The SMTP server that takes our mail. `ca_file` names who may vouch for it, beside the system's."""

    host: str
    port: int
    security: Security
    sender: str
    user: str | None = None
    password: SecretStr | None = None
    ca_file: Path | None = None
    patience_s: float = 30.0


@dataclass(frozen=True, slots=True)
class ReportSettings:
    """Which reports are sent, at what local time of the day after, in which files, and to whom.

    `formats` are `xlsx`, `pdf` and `board`; `folder` is where files are dropped, `mail_to` who gets them by
    mail through `server`. `font` is a font file or a folder of some, for PDFs; None: the system's.
    """

    kinds: tuple[Kind, ...] = ()
    at: time = time(7, 30)
    formats: tuple[Format, ...] = ("xlsx", "pdf")
    language: Literal["zh", "en"] = "zh"
    folder: Path | None = None
    mail_to: tuple[str, ...] = ()
    server: MailServer | None = field(default=None)
    font: Path | None = None
