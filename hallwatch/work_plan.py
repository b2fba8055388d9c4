"""What a worker process is told, and which cameras it is given."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from hallwatch.settings import Settings, SettingsError
from hallwatch.site_models import Camera, Site
from hallwatch.worker_key import worker_key


@dataclass(frozen=True, slots=True)
class WorkPlan:
    """One camera of a hall, where its spool lies, and where its events go."""

    site: Site
    camera: Camera
    spool_dir: Path
    api_address: str
    worker_key: SecretStr
    detector: str | None = None


def work_plans(settings: Settings, site: Site, cameras: Sequence[str], api: str | None) -> list[WorkPlan]:
    """The plans for these cameras of a site; for all where none is named. Raises `SettingsError`."""
    known = {entry.id: entry for entry in site.cameras}
    names = list(dict.fromkeys(cameras)) or list(known)
    unknown = [name for name in names if name not in known]
    if unknown:
        raise SettingsError(f"there is no camera `{unknown[0]}`; the site has {', '.join(known)}")
    return [
        WorkPlan(
            site=site,
            camera=known[name],
            spool_dir=settings.data_dir / "spool" / name,
            api_address=api or settings.address,
            worker_key=worker_key(settings),
            detector=settings.detector,
        )
        for name in names
    ]


def dealt(cameras: Sequence[str], processes: int) -> list[list[str]]:
    """The cameras of each process: evenly, and at least one."""
    count = max(1, min(processes, len(cameras)))
    return [list(cameras[first::count]) for first in range(count)]
