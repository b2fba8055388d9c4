"""What one worker process is told."""

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


def work_plan(settings: Settings, site: Site, camera: str | None, api: str | None) -> WorkPlan:
    """The plan for one camera of a site; the only one where none is named. Raises `SettingsError`."""
    known = {entry.id: entry for entry in site.cameras}
    name = next(iter(known)) if camera is None and len(known) == 1 else camera
    if name not in known:
        raise SettingsError(f"name a camera of the site with --camera: {', '.join(known)}")
    return WorkPlan(
        site=site,
        camera=known[name],
        spool_dir=settings.data_dir / "spool" / name,
        api_address=api or settings.address,
        worker_key=worker_key(settings),
        detector=settings.detector,
    )
