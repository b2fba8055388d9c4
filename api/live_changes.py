"""The route of server-sent events."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from api.services import Parts
from api.sessions import Reviewer, still_signed_in
from api.stream import PING, follow

router = APIRouter(prefix="/api/v1", tags=["events"])


@router.get(
    "/stream",
    operation_id="streamChanges",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {}}, "description": "changes as they happen"}},
)
def stream_changes(
    parts: Parts, person: Reviewer, last_event_id: Annotated[str | None, Header()] = None
) -> StreamingResponse:
    """Changes as they happen: `event`, `decision`, `claim`, `appeal`, `camera`, `permit`, `figures`.

    A `retraction` names an event that no longer counts, its window and when it began: figures that were
    handed on before are to be corrected.

    Resumes behind Last-Event-ID; where that is not known any more, the event `reset` says to load everything
    again. Ends with the session.
    """

    async def body() -> AsyncIterator[bytes]:
        async for piece in follow(parts.broadcaster, last_event_id, parts.settings.ping_s):
            if piece == PING and not await run_in_threadpool(
                still_signed_in, parts, person.token, used=False
            ):
                return
            yield piece

    return StreamingResponse(body(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})
