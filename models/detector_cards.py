"""What is kept of imported networks beside their files; reading it loads no engine."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.errors import NetworkRefused
from models.storage import Store

SUFFIX = ".onnx"
UNKNOWN_LICENCE = "not known"


class NetworkCard(BaseModel):
    """What is known of an imported detector or pose network; kept beside it as `NAME.json`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    decoder: str
    labels: tuple[str, ...] = Field(min_length=1)
    sha256: str
    size: int
    licence: str = UNKNOWN_LICENCE


def imported_detectors(store: Store) -> dict[str, Path]:
    """The imported detectors by name."""
    return {path.stem: path for path in sorted(store.detectors.glob(f"*{SUFFIX}"))}


def imported_poses(store: Store) -> dict[str, Path]:
    """The imported pose networks by name."""
    return {path.stem: path for path in sorted(store.poses.glob(f"*{SUFFIX}"))}


def read_card(path: Path) -> NetworkCard | None:
    """The card beside a network's file; None where it has none.

    Raises:
        NetworkRefused: the card is damaged.
    """
    card = card_of(path)
    if not card.is_file():
        return None
    try:
        return NetworkCard.model_validate_json(card.read_bytes())
    except (OSError, ValidationError) as error:
        raise NetworkRefused(f"{card} is damaged: import the network {path.stem} again.") from error


def card_of(path: Path) -> Path:
    """Where the card of a network's file lies."""
    return path.with_name(f"{path.stem}.json")
