"""What the requests of one running API share."""

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from api.clip_store import ClipStore
from api.database import Database
from api.live_pictures import LivePictures
from api.metrics import Metrics
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
    broadcaster: Broadcaster = field(default_factory=Broadcaster)
    pictures: LivePictures = field(default_factory=LivePictures)
    stills: Stills = field(default_factory=Stills)


def services_of(request: Request) -> Services:
    """The parts of the application that this request came to."""
    found = request.app.state.services
    assert isinstance(found, Services)
    return found


Parts = Annotated[Services, Depends(services_of)]
