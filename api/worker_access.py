"""The guard of the worker's routes."""

import hmac

from fastapi import Request

from api.problems import Problem
from api.services import Parts


def from_worker(request: Request, parts: Parts) -> None:
    """Guard: the request carries the worker's key as a bearer token."""
    if not carries_worker_key(request, parts.settings.worker_key.get_secret_value()):
        raise Problem("wrong_worker_key", headers={"WWW-Authenticate": "Bearer"})


def carries_worker_key(request: Request, key: str) -> bool:
    """Whether Authorization holds that key; an empty key lets nobody in."""
    scheme, _, sent = request.headers.get("authorization", "").partition(" ")
    return bool(key) and scheme.lower() == "bearer" and hmac.compare_digest(sent.encode(), key.encode())
