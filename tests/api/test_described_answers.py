"""The API does what its description says, whoever asks: no 5xx, no answer that is not described.

Requests are made from the description, fitting and unfitting ones, for each role, a key, the worker and
somebody who is nobody (schemathesis, all its checks). What JSON Schema cannot say, as that a span must not
run backwards or that a cursor is one of ours, may be refused with 422, a missing If-Match with 428.
"""

import copy
import os
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, get_args

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import positive_data_acceptance

from api.fields import Role
from api.rights.table import KEY_RIGHTS
from api.settings import ApiSettings
from tests.api.conftest import Running, add_account, running
from tests.api.messages import decide, deliver, deliver_clip, deliver_hall, event

EXAMPLES = int(os.environ.get("HALLWATCH_DESCRIBED_EXAMPLES", "3"))
"""Requests of each kind to each operation, for each who asks; 50 were tried."""

ASKING = (*get_args(Role), "key", "worker", "nobody")
ENDLESS = {"streamChanges", "watchLivePictures", "readStill"}
"""Answers that do not end, or wait for a camera."""

ENDS_THE_SESSION = {"signOut", "changePassword", "endOwnSession", "changeAccount", "giveOneTimePassword"}
LEFT_OUT = ENDLESS | ENDS_THE_SESSION
FILMS = ("video/mp4", "image/jpeg")


@pytest.fixture
def api(settings: ApiSettings) -> Iterator[Running]:
    """A running API that answers to the name that the requests give."""
    settings = type(settings)(
        **{name: getattr(settings, name) for name in settings.__slots__} | {"allowed_hosts": ("testserver",)}
    )
    with running(settings) as found:
        yield found


def asking(api: Running, who: str) -> dict[str, Any]:
    """Headers and cookies of somebody."""
    if who == "nobody":
        return {}
    if who == "worker":
        return {"headers": dict(api.worker.headers)}
    if who == "key":
        add_account(api.settings, "admin", "administrator")
        told = {"name": "key", "rights": sorted(KEY_RIGHTS)}
        key = api.signed_in("admin").post("/api/v1/keys", json=told).json()["key"]
        return {"headers": {"Authorization": f"Bearer {key}"}}
    add_account(api.settings, "somebody", who, ["w1"])
    person = api.signed_in("somebody")
    cookies = {"hallwatch_session": person.cookies["hallwatch_session"]}
    return {"headers": {"X-CSRF-Token": person.headers["X-CSRF-Token"]}, "cookies": cookies}


def described(api: Running) -> Any:
    """The description, as schemathesis reads it; who may ask is what this test varies itself."""
    told = copy.deepcopy(api.anybody.app.openapi())
    told["components"].pop("securitySchemes")
    for methods in told["paths"].values():
        for operation in methods.values():
            operation.pop("security")
    schema = schemathesis.openapi.from_dict(told)
    schema.app = api.anybody.app
    return schema


def operations(schema: Any) -> Iterator[Any]:
    """Those that can be asked of everybody without ending the test."""
    for found in schema.get_all_operations():
        operation = found.ok()
        raw = operation.definition.raw
        content = raw.get("requestBody", {}).get("content", {})
        if raw["operationId"] not in LEFT_OUT and not any(film in content for film in FILMS):
            yield operation


def faults(operation: Any, mode: GenerationMode, sent: dict[str, Any]) -> list[str]:
    """What schemathesis finds wrong with the answers of one operation."""
    found: list[str] = []
    quiet = hypothesis_settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
    )
    name = f"{operation.method.upper()} {operation.path}"

    @quiet
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        answer = case.call(**sent)
        assert answer.status_code < 500, f"{name}: {answer.status_code} {answer.text[:300]}"
        # A rule between two fields, a cursor, a unit that is not there: no schema can say these.
        allowed = [positive_data_acceptance] if answer.status_code in (422, 428) else []
        try:
            case.validate_response(answer, excluded_checks=allowed)
        except FailureGroup as group:
            found.extend(f"{name}: {one}" for one in group.exceptions)

    with suppress(Unsatisfiable):  # as where nothing unfitting can be asked
        ask()
    return found


@pytest.mark.parametrize("who", ASKING)
def test_every_answer_is_as_described(api: Running, who: str) -> None:
    deliver_hall(api.worker)
    deliver(api.worker, event(1), event(2, window="w2"), event(3))
    deliver_clip(api.worker, 1)
    decide(api.signed_in(), 1)
    sent = asking(api, who)
    found = []
    asked = 0
    for operation in operations(described(api)):
        asked += 1
        found += faults(operation, GenerationMode.POSITIVE, sent)
        found += faults(operation, GenerationMode.NEGATIVE, sent)
    assert found == []
    assert asked > 75
