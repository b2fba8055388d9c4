"""Errors are problems, in the language that the browser asks for."""

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError

from api.meanings import MEANINGS
from api.problems import preferred_language
from tests.api.conftest import Running


@pytest.mark.parametrize(
    ("accept", "title"),
    [
        (None, "未登录"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "未登录"),
        ("en-GB,en;q=0.9", "Not signed in"),
        ("fr, en;q=0.5", "Not signed in"),
        ("fr", "未登录"),
    ],
)
def test_a_problem_speaks_the_browsers_language(api: Running, accept: str | None, title: str) -> None:
    answer = api.anybody.get("/api/v1/events", headers={"Accept-Language": accept} if accept else {})
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["title"], problem["status"], problem["code"]) == (title, 401, "not_signed_in")
    assert problem["type"] == "urn:hallwatch:problem:not_signed_in"
    assert problem["detail"]


@pytest.mark.parametrize("accept", ["en;q=x", ";;;", "en;q=", "zh;q=0.1,en;q=0.2", ",,,"])
def test_no_accept_language_upsets_it(accept: str) -> None:
    assert preferred_language(accept) in ("zh", "en")


def test_all_that_is_wrong_is_named_at_once(api: Running) -> None:
    body = {"username": "", "colour": "red"}
    answer = api.anybody.post("/api/v1/session", json=body, headers={"Accept-Language": "zh"})
    found = {error["pointer"]: error["message"] for error in answer.json()["errors"]}
    assert found == {"/username": "太短", "/password": "缺少此项", "/colour": "不认识此项"}


def test_what_is_no_json_is_said_to_be_none(api: Running) -> None:
    answer = api.anybody.post("/api/v1/session", content=b"{", headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["message"] == "不是有效的 JSON"


def test_a_method_that_is_not_there_is_405(person: TestClient) -> None:
    answer = person.put("/api/v1/hall", json={})
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


def test_a_password_in_a_wrong_request_is_not_repeated_in_the_answer(api: Running) -> None:
    body = {"username": "supervisor", "password": "s3cret-canary" * 30}
    assert "canary" not in api.anybody.post("/api/v1/session", json=body).text


def test_every_problem_says_what_to_do_in_both_languages() -> None:
    for code, meaning in MEANINGS.items():
        assert meaning.zh, code
        assert meaning.en, code
        assert bool(meaning.do_zh) == bool(meaning.do_en), code


class Failing:
    """A database that only fails."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def read(self) -> None:
        raise OperationalError("SELECT", {}, Exception(self._reason))


@pytest.mark.parametrize(
    ("reason", "status", "code"),
    [("database is locked", 503, "busy"), ("database or disk is full", 507, "disk_full")],
)
def test_a_database_that_cannot_now_says_so(api: Running, reason: str, status: int, code: str) -> None:
    services = api.anybody.app.state.services
    api.anybody.app.state.services = replace(services, database=Failing(reason))
    answer = api.anybody.get("/readyz")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    api.anybody.app.state.services = services
