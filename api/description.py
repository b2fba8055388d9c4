"""The API's own description, OpenAPI 3.1: what FastAPI writes, and what it cannot know of us.

Every error leaves as a problem (RFC 9457), each operation says who may use it, and tags say what they are.
"""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.changes.types import TYPES, ChangeType
from api.meanings import MEANINGS
from api.problems import MEDIA_TYPE
from api.rights.table import ROUTES
from api.webhooks.envelope import MEDIA_TYPE as CLOUD_EVENTS
from api.webhooks.envelope import TYPE_PREFIX

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

CLOUD_EVENT = {
    "title": "CloudEvent",
    "description": "A change in its envelope (CloudEvents 1.0).",
    "type": "object",
    "required": ["specversion", "id", "source", "type", "subject", "time", "datacontenttype", "data"],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {"type": "string", "description": "hall and number of the change"},
        "source": {"type": "string", "description": "urn:hallwatch:hall: and the hall's id"},
        "type": {"type": "string", "description": "hallwatch. and the type of the change"},
        "subject": {"type": "string", "description": "event, camera or window"},
        "time": {"type": "string", "format": "date-time"},
        "datacontenttype": {"const": "application/json"},
        "data": {"type": "object", "description": "as in `/api/v1/changes`, with `unreviewed` and `change`"},
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
    schemas["CloudEvent"] = CLOUD_EVENT
    found["webhooks"] = {f"{TYPE_PREFIX}{name}": _webhook(name, told) for name, told in TYPES.items()}
    app.openapi_schema = found
    return found


def _webhook(name: str, told: ChangeType) -> dict[str, Any]:
    """What a receiver of that type is sent, and what its answers mean."""
    header = {"in": "header", "required": True, "schema": {"type": "string"}}
    return {
        "post": {
            "operationId": "receive" + "".join(part.capitalize() for part in name.split(".")),
            "tags": ["integration"],
            "summary": told.en,
            "parameters": [
                {"name": "webhook-id", "description": "the same however often it is sent", **header},
                {"name": "webhook-timestamp", "description": "seconds since 1970, signed with it", **header},
                {"name": "webhook-signature", "description": "v1,… by each secret in force", **header},
            ],
            "requestBody": {
                "required": True,
                "content": {CLOUD_EVENTS: {"schema": _reference("CloudEvent")}},
            },
            "responses": {
                "2XX": {"description": "taken"},
                "410": {"description": "no more of it: the webhook is disabled"},
                "default": {
                    "description": "tried again by the schedule, after Retry-After where it is given"
                },
            },
        }
    }


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
