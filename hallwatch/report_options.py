"""What the surroundings say about reports: HALLWATCH_REPORTS and HALLWATCH_REPORTS_…"""

from datetime import time
from typing import Annotated, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings

from hallwatch.paths import AbsolutePath


class ReportOptions(BaseSettings):
    """Which reports are sent by themselves, when, where to, and by which mail server."""

    reports: str = ""
    reports_at: time = time(7, 30)
    reports_formats: str = "xlsx,pdf"
    reports_language: Literal["zh", "en"] = "zh"
    reports_folder: AbsolutePath | None = None
    reports_mail_to: str = ""
    reports_mail_from: str | None = None
    reports_smtp_host: str | None = None
    reports_smtp_port: Annotated[int, Field(ge=1, le=65535)] | None = None
    reports_smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    reports_smtp_user: str | None = None
    reports_smtp_password: SecretStr | None = None
    reports_smtp_ca_file: AbsolutePath | None = None
    reports_font: AbsolutePath | None = None
