"""What the requests of one running API share."""

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from api.clip_store import ClipStore
from api.database import Database
from api.live_pictures import LivePictures
from api.metrics import Metrics
from api.sealing import Seal
from api.settings import ApiSettings
from api.stills import Stills
from api.stream import Broadcaster


@dataclass(frozen=True, slots=True)
class Services:
    """The parts, made once by `create_app`."""

    settings: ApiSettings
    database: Database
    clips: ClipStore
    metrics: Metrics
    seal: Seal
    broadcaster: Broadcaster = field(default_factory=Broadcaster)
    pictures: LivePictures = field(default_factory=LivePictures)
    stills: Stills = field(default_factory=Stills)


def assemble(settings: ApiSettings) -> Services:
    """The parts for these settings; whoever has them made closes the database."""
    return Services(
        settings,
        Database(settings.database_url),
        ClipStore(settings.data_dir),
        Metrics(),
        Seal(settings.data_dir, settings.secrets_key),
    )


def services_of(request: Request) -> Services:
    """The parts of the application that this request came to."""
    found = request.app.state.services
    assert isinstance(found, Services)
    return found


Parts = Annotated[Services, Depends(services_of)]
