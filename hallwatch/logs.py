"""Logs: one line an event, on standard error, as JSON or for people; never with a password in it."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Literal

import structlog
from structlog.typing import Processor

from cameras.redaction import redact

LogFormat = Literal["console", "json"]

_SECRET_NAMES = re.compile(r"password|secret|token|authorization|cookie|worker_key", re.IGNORECASE)


def redact_secrets(_logger: Any, _method: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: no credentials of addresses, no values of secret names, at any depth."""
    return {name: _redacted(name, value) for name, value in entry.items()}


def _redacted(name: str, value: Any) -> Any:
    if value is not None and _SECRET_NAMES.search(name):
        return "***"
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, dict):
        return {key: _redacted(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_redacted("", inner) for inner in value]
    return value if value is None or isinstance(value, bool | int | float) else redact(str(value))


def configure_logs(level: str = "INFO", form: LogFormat = "console") -> None:
    """Set up structlog and the standard library's logging alike; the process's entry calls this once."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redact_secrets,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                redact_secrets,
                _renderer(form),
            ],
        )
    )
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    # What they say at this level is noise here: each request, each start.
    for chatty in ("httpx", "httpcore", "uvicorn", "uvicorn.error", "uvicorn.access", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _renderer(form: LogFormat) -> Processor:
    if form == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
