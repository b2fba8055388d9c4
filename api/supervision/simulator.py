"""A platform to try things with: takes messages, checks them, keeps the cases' grades, answers, shows all.

For integrators and tests; it keeps nothing once it ends.
"""

import hmac
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from html import escape
from threading import Lock
from typing import Any

import httpx
from fastapi import BackgroundTasks, FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from lxml import etree

from api.supervision.messages import SCHEMA

NAMESPACE = "{urn:hallwatch:supervision:1}"
MOST_BYTES = 1 << 20

Answer = Callable[[dict[str, Any]], None]


class MessageRefusedError(ValueError):
    """The message is not what it should be; the text says why."""


@dataclass(frozen=True, slots=True)
class Case:
    """A case as the platform holds it; `grade` None: it was withdrawn."""

    id: str
    revision: int
    grade: str | None
    unit: str
    behaviour: str


@dataclass(slots=True)
class Platform:
    """What was taken, and how the cases stand; `messages` says how often each came."""

    cases: dict[str, Case] = field(default_factory=dict)
    messages: dict[str, int] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def take(self, case: Case, message: str) -> None:
        """A message may come twice or late: only a newer revision changes a case."""
        with self.lock:
            self.messages[message] = self.messages.get(message, 0) + 1
            known = self.cases.get(case.id)
            if known is None or case.revision > known.revision:
                self.cases[case.id] = case


def simulator(token: str | None = None, answer: Answer | None = None) -> FastAPI:
    """The application; `answer` is given each feedback that the platform sends back."""
    app = FastAPI(title="hallwatch platform simulator", openapi_url=None, docs_url=None, redoc_url=None)
    platform = Platform()
    app.state.platform = platform

    @app.post("/messages")
    async def take_message(request: Request, later: BackgroundTasks) -> Response:
        sent = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token and not hmac.compare_digest(sent.encode(), token.encode()):
            return JSONResponse({"code": 401, "message": "wrong token"}, 401)
        try:
            message, case = parsed(await request.body(), request.headers.get("content-type", ""))
        except MessageRefusedError as error:
            return JSONResponse({"code": 422, "message": str(error)}, 422)
        platform.take(case, message)
        if answer is not None:
            receipt = f"SIM-{case.id[-6:]}"
            later.add_task(answer, {"message": message, "kind": "acknowledged", "receipt": receipt})
        return JSONResponse({"code": 0, "message": "taken"}, background=later)

    @app.get("/cases")
    def list_cases() -> list[dict[str, Any]]:
        with platform.lock:
            return [asdict(case) for case in platform.cases.values()]

    @app.get("/", response_class=HTMLResponse)
    def show() -> str:
        return _page(list_cases())

    return app


def parsed(body: bytes, media_type: str) -> tuple[str, Case]:
    """The message's id and what it says of its case. Raises MessageRefusedError."""
    if len(body) > MOST_BYTES:
        raise MessageRefusedError("the message is too large")
    return _from_json(body) if "json" in media_type else _from_xml(body)


def _from_xml(body: bytes) -> tuple[str, Case]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
        etree.XMLSchema(etree.parse(str(SCHEMA))).assertValid(root)
    except (etree.XMLSyntaxError, etree.DocumentInvalid) as error:
        raise MessageRefusedError(str(error)) from None

    def text(name: str) -> str | None:
        found = root.find(f".//{NAMESPACE}{name}")
        return None if found is None else found.text

    case = Case(
        id=str(text("CaseId")),
        revision=int(str(text("Revision"))),
        grade=text("Grade"),
        unit=str(text("UnitCode")),
        behaviour=str(text("BehaviourCode")),
    )
    return str(text("MessageId")), case


def _from_json(body: bytes) -> tuple[str, Case]:
    try:
        told = json.loads(body)
        head, what = told["head"], told["body"]
        case = Case(
            id=str(what["case_id"]),
            revision=int(what["revision"]),
            grade=None if what["withdrawn"] else str(what["grade"]),
            unit=str(head["unit_code"]),
            behaviour=str(what["behaviour_code"]),
        )
        return str(head["message_id"]), case
    except (ValueError, KeyError, TypeError) as error:
        raise MessageRefusedError(f"{type(error).__name__}: {error}") from None


def answering(api: str, key: str) -> Answer:
    """Sends each answer to hallwatch's API, with a key that has the right `supervision`."""

    def answer(feedback: dict[str, Any]) -> None:
        headers = {"Authorization": f"Bearer {key}"}
        address = f"{api.rstrip('/')}/api/v1/supervision/feedback"
        httpx.post(address, json=feedback, headers=headers, timeout=10, trust_env=False).raise_for_status()

    return answer


def _page(cases: list[dict[str, Any]]) -> str:
    names = ("id", "revision", "grade", "unit", "behaviour")
    heads = "".join(f"<th>{escape(name)}</th>" for name in names)
    lines = "".join(
        "<tr>" + "".join(f"<td>{escape(str(case[name] or '–'))}</td>" for name in names) + "</tr>"
        for case in cases
    )
    style = "body{font:14px sans-serif;margin:2em}td,th{padding:4px 12px;border-bottom:1px solid #ccc}"
    return (
        f"<!doctype html><meta charset=utf-8><title>platform simulator</title><style>{style}</style>"
        f"<h1>电子监察模拟平台 · platform simulator</h1><table><tr>{heads}</tr>{lines}</table>"
    )
