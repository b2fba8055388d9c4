"""The built page: files as they are, everything else the page's own start."""

import secrets
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, Response

from api.http_guard import content_policy
from api.problems import Problem
from api.services import Parts

router = APIRouter(include_in_schema=False)

NONCE_PLACE = "style-nonce-of-this-answer"
"""Stands in index.html where the nonce goes."""

NOT_BUILT = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>hallwatch</title></head>
<body style="font-family: sans-serif; max-width: 40em; margin: 4em auto; line-height: 1.6">
<h1>hallwatch</h1>
<p>服务正在运行,但网页尚未构建。请在项目目录中运行 <code>make page</code>,然后刷新本页。</p>
<p lang="en">The service runs, but its page has not been built. Run <code>make page</code> in the project's
folder, then reload.</p>
</body></html>
"""


@router.get("/{path:path}")
def serve(path: str, request: Request, parts: Parts) -> Response:
    """A file of the page, or its start for the addresses that the page itself understands."""
    if path == "api" or path.startswith("api/"):
        raise Problem("not_found")
    folder = parts.settings.page_dir
    start = folder / "index.html" if folder else None
    if folder is None or start is None or not start.is_file():
        return HTMLResponse(NOT_BUILT, 503, {"Cache-Control": "no-store"})
    file = _file(folder, path)
    if file is not None and file != start:
        # Vite names what is under assets/ by its content.
        lasting = "public, max-age=31536000, immutable" if path.startswith("assets/") else "no-cache"
        return FileResponse(file, headers={"Cache-Control": lasting})
    if path.startswith("assets/"):
        raise Problem("not_found")
    return _started(start)


def _started(start: Path) -> Response:
    """The page's start, with a nonce of its own for the style sheets that it makes."""
    nonce = secrets.token_urlsafe(16)
    text = start.read_text(encoding="utf-8").replace(NONCE_PLACE, nonce)
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": content_policy(nonce)}
    return HTMLResponse(text, headers=headers)


def _file(folder: Path, path: str) -> Path | None:
    """The file of that path inside the folder; None where there is none, or the path leads out of it."""
    if not path or "\x00" in path:
        return None
    root = folder.resolve()
    found = (root / path).resolve()
    return found if found.is_relative_to(root) and found.is_file() else None
