"""The key that a worker shows the API: made once, kept in a file that only its owner reads."""

import os
import secrets
from pathlib import Path

from pydantic import SecretStr

from hallwatch.settings import Settings, SettingsError


def worker_key(settings: Settings) -> SecretStr:
    """The key of the settings, else of the data folder's file, which is made when it is missing.

    Raises `SettingsError` when the file cannot be read or written.
    """
    if settings.worker_key is not None:
        return settings.worker_key
    path = settings.worker_key_file
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return SecretStr(_read(path) or _make(path))
    except OSError as error:
        raise SettingsError(f"the worker's key {path} cannot be used ({error.strerror})") from None


def _read(path: Path) -> str:
    return path.read_text(encoding="ascii").strip() if path.exists() else ""


def _make(path: Path) -> str:
    """Written beside and renamed: nobody reads half a key, and of two makers both read the last one."""
    key = secrets.token_urlsafe(32)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(key + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(path)
    return _read(path)
