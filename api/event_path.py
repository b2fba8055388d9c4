"""What many routes about one event take."""

from typing import Annotated

from fastapi import Header, Path

from api.fields import EventId

EventPath = Annotated[EventId, Path(description="the event's id")]
IfMatch = Annotated[str | None, Header(description="the ETag of what the reviewer saw")]
