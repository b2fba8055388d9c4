"""Which broker is told, and how it is reached."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr


@dataclass(frozen=True, slots=True)
class MqttSettings:
    """A broker; with `tls` its certificate is checked, against `ca` where that is given.

    `prefix` begins every topic; `discovery` is Home Assistant's own prefix, None leaves discovery out.
    """

    host: str
    port: int = 1883
    tls: bool = False
    ca: Path | None = None
    username: str | None = None
    password: SecretStr | None = None
    prefix: str = "hallwatch"
    discovery: str | None = "homeassistant"
