"""What the API is told once, at its start, by whoever composes it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pydantic import SecretStr

from api.evidence.watermarks import Watermarks
from api.mqtt.settings import MqttSettings
from api.originals.rules import OriginalRules
from api.outbound import Place
from api.reports.settings import ReportSettings
from api.retention.rules import RetentionRules
from api.review_rules import ReviewRules
from api.second_factor.rules import SecondFactorRules
from api.supervision.rules import SupervisionRules

Clock = Callable[[], datetime]
"""Gives the present as aware UTC."""


def utc_now() -> datetime:
    """The machine's clock, for those who bring none of their own."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """Everything the API needs to know before it starts.

    `database_url` is SQLAlchemy's (`sqlite:///…` or `postgresql+psycopg://…`); `data_dir` holds clips and
    skeletons; `page_dir` is the built page, None or missing where it was not built. Loopback names are always
    allowed as Host; `allowed_hosts` adds others (`*` allows all). `cookie_secure` says that people come by
    HTTPS. `ping_s` is how often a silent event stream shows that it lives, and whether its session does.
    `review` is how the hall reviews, `watermarks` how much of the disk stays free, `retention` how
    long what is kept, `originals` how long one can be fetched, `second_factor` of whom one is demanded,
    `reports` which are sent by themselves.
    `secrets_key` seals secrets in place of the data folder's key file. `outbound` are the places that may be
    sent to, `outbound_ca` a file of authorities that vouch for them in place of the system's.
    `mqtt` is the broker that is told, `supervision` how the city's platform is spoken to,
    `supervision_token` what it knows us by.
    """

    database_url: str
    data_dir: Path
    worker_key: SecretStr
    page_dir: Path | None = None
    allowed_hosts: tuple[str, ...] = ()
    cookie_secure: bool = False
    ping_s: float = 15.0
    clock: Clock = utc_now
    review: ReviewRules = field(default_factory=ReviewRules)
    watermarks: Watermarks = field(default_factory=Watermarks)
    retention: RetentionRules = field(default_factory=RetentionRules)
    originals: OriginalRules = field(default_factory=OriginalRules)
    second_factor: SecondFactorRules = field(default_factory=SecondFactorRules)
    secrets_key: SecretStr | None = None
    outbound: tuple[Place, ...] = ()
    outbound_ca: Path | None = None
    supervision: SupervisionRules | None = None
    supervision_token: SecretStr | None = None
    mqtt: MqttSettings | None = None
    reports: ReportSettings = field(default_factory=ReportSettings)
