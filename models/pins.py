"""Checksums of what was downloaded without a known one: what came first is what has to come again."""

from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from models.errors import PullFailed
from models.registry import Sha256
from models.storage import Store, write_whole

PINS = "pins.json"
_pins = TypeAdapter(dict[str, Sha256])


def pinned(store: Store, name: str) -> str | None:
    """The checksum of the release `name` as it first came; None before that. Raises `PullFailed`."""
    return _read(_path(store)).get(name)


def pin(store: Store, name: str, sha256: str) -> None:
    """Keep what came for the release `name`. Raises `PullFailed`."""
    path = _path(store)
    write_whole(path, _pins.dump_json({**_read(path), name: sha256}, indent=2))


def _path(store: Store) -> Path:
    return store.folder / PINS


def _read(path: Path) -> dict[str, str]:
    try:
        return _pins.validate_json(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValidationError) as error:
        raise PullFailed(f"{path} is damaged: remove it to pin networks anew at their next pull.") from error
