"""What the surroundings say: environment variables HALLWATCH_…, read once at the root.

A secret may lie in a file: HALLWATCH_WORKER_KEY_FILE names it in place of HALLWATCH_WORKER_KEY.
"""

import os
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from hallwatch.logs import LogFormat
from hallwatch.paths import AbsolutePath
from hallwatch.report_options import ReportOptions
from models.providers import Provider

PREFIX = "HALLWATCH_"
PAGE_DIR = Path(__file__).resolve().parent.parent / "api" / "web" / "dist"
"""The browser's page as it was built."""


class SettingsError(Exception):
    """An environment variable or option cannot be used; the text names it and says what to write."""


def default_data_dir() -> Path:
    """`hallwatch` in the user's data folder (XDG), `~/.local/share/hallwatch` where nothing else is said."""
    chosen = os.environ.get("XDG_DATA_HOME", "")
    base = Path(chosen) if Path(chosen).is_absolute() else Path.home() / ".local" / "share"
    return base / "hallwatch"


class _SecretFiles(PydanticBaseSettingsSource):
    """Reads `HALLWATCH_NAME_FILE` for each field NAME that is a secret."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        path = os.environ.get(f"{PREFIX}{field_name.upper()}_FILE")
        if path is None or "SecretStr" not in str(field.annotation):
            return None, field_name, False
        try:
            return Path(path).read_text(encoding="utf-8").strip(), field_name, False
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(
                f"{PREFIX}{field_name.upper()}_FILE: {path} cannot be read ({error})"
            ) from None

    def __call__(self) -> dict[str, Any]:
        fields = self.settings_cls.model_fields.items()
        found = {name: self.get_field_value(field, name)[0] for name, field in fields}
        return {name: value for name, value in found.items() if value is not None}


class Settings(ReportOptions):
    """The settings of this process and its children."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore", env_ignore_empty=True)

    data_dir: AbsolutePath = Field(default_factory=default_data_dir)
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8765
    database_url: SecretStr | None = None
    worker_key: SecretStr | None = None
    detector: str | None = None
    pose: str | None = None
    provider: Provider = "cpu"
    processes: Annotated[int, Field(ge=1, le=512)] | None = None
    allowed_hosts: str = ""
    cookie_secure: bool = False
    review_days: Annotated[int, Field(ge=0, le=30)] = 1
    expire_days: Annotated[int, Field(ge=1, le=365)] = 30
    double_share: Annotated[float, Field(ge=0, le=1)] = 0.05
    hide_score: bool = True
    retain_dismissed_days: Annotated[int, Field(ge=1, le=3650)] = 7
    retain_expired_days: Annotated[int, Field(ge=1, le=3650)] = 7
    retain_withdrawn_days: Annotated[int, Field(ge=1, le=3650)] = 30
    retain_confirmed_days: Annotated[int, Field(ge=16, le=3650)] = 180
    retain_original_days: Annotated[int, Field(ge=1, le=3650)] = 30
    second_factor_for: str = "administrator, originals"
    secrets_key: SecretStr | None = None
    outbound: str = ""
    mqtt_url: str = ""
    mqtt_username: str | None = None
    mqtt_password: SecretStr | None = None
    mqtt_prefix: Annotated[str, Field(pattern=r"^[^+#\x00]{1,100}$")] = "hallwatch"
    mqtt_discovery: str = "homeassistant"
    outbound_ca: AbsolutePath | None = None
    supervision: AbsolutePath | None = None
    supervision_token: SecretStr | None = None
    keep_free_gb: Annotated[float, Field(ge=0, le=100_000)] = 2.0
    blur_staff: bool = False
    log_level: Annotated[str, Field(pattern="^(?i:debug|info|warning|error)$")] = "INFO"
    log_format: LogFormat = "console"

    @property
    def database(self) -> SecretStr:
        """SQLAlchemy's address of the database: the given one, else SQLite in the data folder."""
        return self.database_url or SecretStr(f"sqlite:///{self.data_dir / 'hallwatch.db'}")

    @property
    def worker_processes(self) -> int:
        """Processes that share the cameras: one a core of this machine, unless it is said otherwise."""
        return self.processes or len(os.sched_getaffinity(0))

    @property
    def address(self) -> str:
        """Where this machine's own browser and workers find the API."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)
        return f"http://{host}:{self.port}"

    @property
    def worker_key_file(self) -> Path:
        """Where the key lies that this machine's workers show the API."""
        return self.data_dir / "worker.key"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        *sources: PydanticBaseSettingsSource,
        **more: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Options first, then the environment, then files of secrets."""
        given = more.get("init_settings") or sources[0]
        environment = more.get("env_settings") or sources[1]
        return (given, environment, _SecretFiles(settings_cls))


def read_settings(**options: Any) -> Settings:
    """Settings from the environment; options that are not None win. Raises `SettingsError`."""
    try:
        return Settings(**{name: value for name, value in options.items() if value is not None})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = str(first["loc"][0])
        raise SettingsError(f"{PREFIX}{name.upper()} (or --{name.split('_')[0]}): {first['msg']}") from None


def environment_of(settings: Settings) -> dict[str, str]:
    """The variables that give a child process the same settings; secrets of ours go by the key's file."""
    chosen = {
        "DATA_DIR": str(settings.data_dir),
        "HOST": settings.host,
        "PORT": str(settings.port),
        "LOG_LEVEL": settings.log_level,
        "LOG_FORMAT": settings.log_format,
    }
    return dict(os.environ) | {f"{PREFIX}{name}": value for name, value in chosen.items()}
