"""The API's own description, OpenAPI 3.1: what FastAPI writes, and what it cannot know of us.

Every error leaves as a problem (RFC 9457), each operation says who may use it, and tags say what they are.
"""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.meanings import MEANINGS
from api.problems import MEDIA_TYPE
from api.rights.table import ROUTES

WORKERS = "/api/v1/ingest/"
LINKS = "/api/v1/appeal-link/"
OPEN = frozenset({"signIn", "livez", "readyz"})

PROBLEM = {
    "title": "Problem",
    "description": "What went wrong and what to do about it (RFC 9457), in the language of Accept-Language.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "errors"],
    "properties": {
        "type": {"type": "string", "description": "urn:hallwatch:problem: and the code"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "what to do"},
        "code": {"type": "string", "description": "stable; see the list", "enum": sorted(MEANINGS)},
        "errors": {
            "type": "array",
            "description": "each thing that is wrong in the request",
            "items": {
                "type": "object",
                "required": ["pointer", "message"],
                "properties": {
                    "pointer": {"type": "string", "description": "JSON pointer into the request"},
                    "message": {"type": "string"},
                },
            },
        },
    },
}

SECURITY = {
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "hallwatch_session",
        "description": "of a person; what changes something carries the session's csrf_token as X-CSRF-Token",
    },
    "key": {"type": "http", "scheme": "bearer", "description": "of another program: hw_…"},
    "worker": {"type": "http", "scheme": "bearer", "description": "the workers' key"},
    "link": {"type": "apiKey", "in": "header", "name": "X-Appeal-Link", "description": "to one event"},
}


def describe(app: FastAPI) -> dict[str, Any]:
    """The description, made once."""
    if app.openapi_schema:
        return app.openapi_schema
    found = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
    components = found.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Problem"] = PROBLEM
    components["securitySchemes"] = SECURITY
    refused = {"description": "refused", "content": {MEDIA_TYPE: {"schema": _reference("Problem")}}}
    for path, methods in found["paths"].items():
        for operation in methods.values():
            operation["responses"].pop("422", None)
            operation["responses"] |= {"4XX": refused, "5XX": refused}
            operation["security"] = _security(path, operation)
    app.openapi_schema = found
    return found


def _security(path: str, operation: dict[str, Any]) -> list[dict[str, list[str]]]:
    name = operation["operationId"]
    if name in OPEN:
        return []
    if path.startswith(WORKERS):
        return [{"worker": []}]
    if path.startswith(LINKS):
        return [{"link": []}]
    access = ROUTES.get(name)
    if access is None:
        return [{"session": []}] if path.startswith("/api/") else [{"worker": []}]
    operation["x-right"] = access.right.value
    return [{"session": []}, {"key": []}]


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
