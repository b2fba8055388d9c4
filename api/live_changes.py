"""The route of server-sent events."""

from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from api.problems import Problem
from api.rights.guard import Permitted, permitted
from api.rights.table import Right
from api.services import Parts, Services
from api.sessions import SignedIn, still_signed_in
from api.stream import PING, Change, follow

router = APIRouter(prefix="/api/v1", tags=["events"])

NEEDED = {
    "event": Right.EVENTS,
    "decision": Right.EVENTS,
    "claim": Right.REVIEW,
    "appeal": Right.REVIEW,
    "retraction": Right.EVENTS,
    "permit": Right.PERMITS_READ,
    "camera": Right.CAMERAS,
    "figures": Right.FIGURES,
    "reset": Right.CATALOGUE,
}
"""Who is told of which change; of a kind that is not here nobody is."""

OF_NO_WINDOW = ("camera", "figures", "reset")


@router.get(
    "/stream",
    operation_id="streamChanges",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {}}, "description": "changes as they happen"}},
)
def stream_changes(
    request: Request,
    parts: Parts,
    person: Permitted,
    last_event_id: Annotated[str | None, Header()] = None,
) -> StreamingResponse:
    """Changes as they happen: `event`, `decision`, `claim`, `appeal`, `camera`, `permit`, `figures`.

    A `retraction` names an event that no longer counts, its window and when it began: figures that were
    handed on before are to be corrected.

    Resumes behind Last-Event-ID; where that is not known any more, the event `reset` says to load everything
    again. Ends with the session or key. Who may not read events is told of none; who answers for some
    windows only is told that some event changed, not which.
    """

    async def body() -> AsyncIterator[bytes]:
        told = partial(what_is_told, person)
        async for piece in follow(parts.broadcaster, last_event_id, parts.settings.ping_s, told):
            if piece == PING and not await run_in_threadpool(_still_permitted, parts, request, person):
                return
            yield piece

    return StreamingResponse(body(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


def what_is_told(person: SignedIn, change: Change) -> Change | None:
    """What this person may know of a change; None: not even that there was one."""
    needed = NEEDED.get(change.kind)
    if needed is None or needed not in person.rights:
        return None
    if person.scope.is_whole or change.kind in OF_NO_WINDOW:
        return change
    return None if change.kind == "claim" else replace(change, data={})


def _still_permitted(parts: Services, request: Request, person: SignedIn) -> bool:
    """Whether session or key still holds, with the same rights and scope as when the stream began."""
    if person.token:
        found = still_signed_in(parts, person.token, used=False)
        return found is not None and (found.rights, found.units) == (person.rights, person.units)
    try:
        return permitted(request, parts).rights == person.rights
    except Problem:
        return False
