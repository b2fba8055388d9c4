"""Films as answers: whole or one range, with an ETag; and that somebody looked at one."""

from pathlib import Path

from fastapi import Request
from fastapi.responses import Response, StreamingResponse

from api import audit
from api.clip_store import read_slice
from api.problems import Problem
from api.ranges import UnsatisfiableError, parse_range
from api.services import Services


def film_answer(request: Request, path: Path, size: int, sha256: str) -> Response:
    """The film at `path`, or the range of it that was asked for; 304 where the asker has it."""
    etag = f'"{sha256}"'
    headers = {"ETag": etag, "Accept-Ranges": "bytes", "Cache-Control": "private, max-age=3600"}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    asked = request.headers.get("range") if request.headers.get("if-range", etag) == etag else None
    return _sliced(path, size, asked, headers)


def _sliced(path: Path, size: int, asked: str | None, headers: dict[str, str]) -> StreamingResponse:
    try:
        wanted = parse_range(asked, size)
    except UnsatisfiableError as error:
        raise Problem("range_unsatisfiable", headers={"Content-Range": f"bytes */{size}"}) from error
    first, last = wanted or (0, size - 1)
    sent = headers | {"Content-Length": str(last - first + 1)}
    if wanted:
        sent["Content-Range"] = f"bytes {first}-{last}/{size}"
    return StreamingResponse(read_slice(path, first, last), 206 if wanted else 200, sent, "video/mp4")


def write_viewing(parts: Services, event_id: str, username: str) -> None:
    """Put into the audit that somebody looked at an event's film; once in five minutes."""
    now = parts.settings.clock()
    with parts.database.read() as session:
        if audit.viewed_lately(session, now, username, event_id):
            return
    with parts.database.write() as session:
        audit.record(session, now, username, "clip_viewed", event_id)
