"""Is this machine fit to run hallwatch? Each check says what it found and, when it is bad, what to do."""

import os
import shutil
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import packages_distributions
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hallwatch.settings import Settings
from models.errors import ModelsError
from models.registry import Registry
from models.storage import Store, sha256_of
from vision.schedule import Calendar

OWN_NAMES = ("hallwatch", "vision", "models", "cameras", "api", "calibration", "datasets")
ENOUGH_BYTES = 2_000_000_000
"""Two days of clips of a busy hall: 1,000 clips of 15 s at 1 Mbit/s."""

Distributions = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: what was seen, and what to do about it (None when it is good)."""

    name: str
    seen: str
    advice: str | None = None

    @property
    def ok(self) -> bool:
        """Whether nothing needs to be done."""
        return self.advice is None


@dataclass(frozen=True, slots=True)
class Patient:
    """Everything that is looked at; tests bring their own."""

    settings: Settings
    today: date
    calendar: Calendar
    registry: Registry
    store: Store
    page: Path
    distributions: Distributions


def examine(patient: Patient) -> Iterator[Finding]:
    """All findings, one after the other."""
    yield video_library(patient.distributions)
    yield own_names(patient.distributions)
    yield networks(patient.registry, patient.store)
    yield data_folder(patient.settings.data_dir)
    yield disk(patient.settings.data_dir)
    yield port(patient.settings)
    yield time_zones(ZoneInfo)
    yield calendar(patient.calendar, patient.today)
    yield page(patient.page)


def installed_distributions() -> Distributions:
    """Which installed distributions fill which top-level name."""
    return packages_distributions()


def video_library(distributions: Distributions) -> Finding:
    """OpenCV's distributions all fill one folder; two of them spoil each other without a word."""
    providers = sorted(set(distributions.get("cv2", ())))
    if len(providers) == 1:
        return Finding("OpenCV", providers[0])
    if not providers:
        return Finding("OpenCV", "not installed", "run `make install`")
    surplus = " ".join(name for name in providers if name != "opencv-contrib-python")
    advice = f"pip uninstall {' '.join(providers)}, then `make install` (surplus: {surplus})"
    return Finding("OpenCV", ", ".join(providers), advice)


def own_names(distributions: Distributions) -> Finding:
    """Another distribution is also called `datasets`; whichever comes first on the path wins."""
    foreign = {
        name: sorted(set(distributions.get(name, ())) - {"hallwatch"})
        for name in OWN_NAMES
        if set(distributions.get(name, ())) - {"hallwatch"}
    }
    if not foreign:
        return Finding("packages", "ours alone")
    seen = "; ".join(f"{name} also from {', '.join(owners)}" for name, owners in foreign.items())
    owners = sorted({owner for names in foreign.values() for owner in names})
    return Finding(
        "packages", seen, f"pip uninstall {' '.join(owners)}, or give hallwatch its own environment"
    )


def networks(registry: Registry, store: Store) -> Finding:
    """All networks of the registry are here and are what they should be."""
    missing = [name for name, entry in registry.networks.items() if not (store.folder / entry.file).is_file()]
    if missing:
        return Finding("networks", f"missing: {', '.join(missing)}", "run `hallwatch models pull`")
    try:
        wrong = [n for n, e in registry.networks.items() if sha256_of(store.folder / e.file) != e.sha256]
    except (OSError, ModelsError) as error:
        return Finding("networks", str(error), f"make {store.folder} readable")
    if wrong:
        return Finding("networks", f"not the right files: {', '.join(wrong)}", "run `hallwatch models pull`")
    return Finding("networks", f"{len(registry.networks)} in {store.folder}")


def data_folder(folder: Path) -> Finding:
    """Clips and database can be written."""
    place = _existing(folder)
    if os.access(place, os.W_OK | os.X_OK) and place.is_dir():
        return Finding("data folder", str(folder))
    return Finding(
        "data folder", f"{folder} cannot be written", "change its rights or set HALLWATCH_DATA_DIR"
    )


def disk(folder: Path) -> Finding:
    """There is room for the next days."""
    free = shutil.disk_usage(_existing(folder)).free
    seen = f"{free / 1e9:.1f} GB free"
    if free >= ENOUGH_BYTES:
        return Finding("disk", seen)
    return Finding("disk", seen, f"free at least {ENOUGH_BYTES / 1e9:.0f} GB or set HALLWATCH_DATA_DIR")


def _existing(folder: Path) -> Path:
    return next(place for place in (folder, *folder.parents) if place.exists())


def port(settings: Settings) -> Finding:
    """The address can be listened on."""
    name = f"port {settings.port}"
    try:
        with socket.create_server((settings.host, settings.port)):
            return Finding(name, "free")
    except OSError as error:
        seen = f"{settings.host}:{settings.port}: {error.strerror}"
        return Finding(name, seen, "stop what uses it (a running hallwatch?) or set HALLWATCH_PORT")


def time_zones(lookup: Callable[[str], object]) -> Finding:
    """The time zone table is there."""
    try:
        lookup("Asia/Shanghai")
    except ZoneInfoNotFoundError:
        return Finding("time zones", "no table", "install the package tzdata")
    return Finding("time zones", "known")


def calendar(known: Calendar, today: date) -> Finding:
    """This year's public holidays have been announced and are here."""
    years = f"{min(known.years)} to {max(known.years)}" if known.years else "none"
    if today.year in known.years:
        return Finding("calendar", years)
    advice = (
        "update chinesecalendar; until then days count as unknown unless the site file's `days` names them"
    )
    return Finding("calendar", f"{today.year} is not known ({years})", advice)


def page(folder: Path) -> Finding:
    """The browser's page has been built."""
    if (folder / "index.html").is_file():
        return Finding("page", "built")
    return Finding("page", "not built", "run `make page`")
