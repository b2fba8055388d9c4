"""From a verdict to the city's platform and back: reports, grades, withdrawals, answers, by each way."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from lxml import etree
from pydantic import SecretStr
from sqlalchemy import create_engine, select

from api.outbound import Place
from api.services import Services
from api.settings import ApiSettings
from api.supervision import sending
from api.supervision.messages import SCHEMA
from api.supervision.rules import FolderWay, GradeRule, HttpsWay, SupervisionRules, TableWay
from api.supervision.sending import tell_now
from api.supervision.simulator import simulator
from api.supervision.ways import front_end_table
from tests.api.conftest import BOTH, MORNING, Running, add_account, running
from tests.api.messages import decide, deliver, deliver_hall, event, event_id

ADDRESS = "https://supervision.example/messages"
TOKEN = "token-of-the-platform"
GRADES = (GradeRule(grade="warning"), GradeRule(grade="yellow", count=2, within_days=7))
RULES = SupervisionRules(
    region_code="450202",
    unit_codes={"w1": "450202001"},
    behaviour_codes={"arms_crossed": "XW-27-08"},
    grade_codes={"yellow": "黄牌"},
    grades=GRADES,
    https=HttpsWay(address=ADDRESS),
)


class ToPlatform(httpx.BaseTransport):
    """Hands requests to a platform in this process, while it is up."""

    def __init__(self, app: FastAPI) -> None:
        self.client = TestClient(app)
        self.up = True
        self.bodies: list[str] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if not self.up:
            raise httpx.ConnectError("refused")
        body = request.read()
        self.bodies.append(body.decode())
        answer = self.client.post(request.url.path, content=body, headers=dict(request.headers))
        return httpx.Response(answer.status_code, content=answer.content)


@pytest.fixture
def rules() -> SupervisionRules:
    return RULES


@pytest.fixture
def settings(settings: ApiSettings, rules: SupervisionRules, monkeypatch: pytest.MonkeyPatch) -> ApiSettings:
    """Connected to a platform; the service's own chore sleeps, tests tell."""
    monkeypatch.setattr(sending, "LOOK_EVERY_S", 1e6)
    outbound = (Place.parse("supervision.example"),)
    return replace(settings, supervision=rules, supervision_token=SecretStr(TOKEN), outbound=outbound)


@pytest.fixture
def api(settings: ApiSettings) -> Iterator[Running]:
    with running(settings) as found:
        deliver_hall(found.worker)
        add_account(settings, "boss", "administrator")
        yield found


@pytest.fixture
def parts(api: Running) -> Services:
    found: Services = api.anybody.app.state.services  # type: ignore[attr-defined]
    return found


@pytest.fixture
def platform(api: Running) -> ToPlatform:
    return ToPlatform(simulator(TOKEN))


def tell(parts: Services, platform: ToPlatform) -> int:
    """One look; how many messages arrived."""
    with httpx.Client(transport=platform) as client:
        return tell_now(parts, client)


def cases(platform: ToPlatform) -> dict[str, tuple[int, str | None]]:
    """Revision and grade of each case, as the platform has them."""
    return {one["id"]: (one["revision"], one["grade"]) for one in platform.client.get("/cases").json()}


def confirm(api: Running, number: int, **fields: Any) -> None:
    deliver(api.worker, event(number, **fields))
    decide(api.signed_in(), number)


def started(api: Running, parts: Services, platform: ToPlatform) -> None:
    """Connected: from here on it is told."""
    deliver(api.worker, event(99, at=MORNING - timedelta(days=40)))
    assert tell(parts, platform) == 0


@BOTH
def test_a_confirmed_event_reaches_the_platform_in_its_codes_and_validates(
    api: Running, parts: Services, platform: ToPlatform
) -> None:
    started(api, parts, platform)
    deliver(api.worker, event(1))
    assert tell(parts, platform) == 0, "nobody judged it yet"
    decide(api.signed_in(), 1)
    assert tell(parts, platform) == 1
    assert cases(platform) == {event_id(1): (1, "warning")}
    root = etree.fromstring(platform.bodies[0].encode())
    etree.XMLSchema(etree.parse(str(SCHEMA))).assertValid(root)
    text = {etree.QName(one).localname: one.text for one in root.iter()}
    assert (text["RegionCode"], text["UnitCode"], text["BehaviourCode"]) == (
        "450202",
        "450202001",
        "XW-27-08",
    )
    assert text["BeganAt"] == "2026-03-02T09:30:00+08:00"
    assert "supervisor" not in platform.bodies[0]
    assert tell(parts, platform) == 0


@BOTH
def test_a_second_event_is_graded_higher_and_a_retraction_withdraws_and_lowers(
    api: Running, parts: Services, platform: ToPlatform
) -> None:
    started(api, parts, platform)
    confirm(api, 1)
    confirm(api, 2, at=MORNING + timedelta(minutes=5))
    assert tell(parts, platform) == 2
    assert cases(platform) == {event_id(1): (1, "warning"), event_id(2): (1, "yellow")}
    retract(api, 1)
    assert tell(parts, platform) == 2
    assert cases(platform) == {event_id(1): (2, None), event_id(2): (2, "warning")}


def retract(api: Running, number: int) -> None:
    """The window's staff appeal, and another reviewer takes the verdict back."""
    add_account(api.settings, "clerk", "window_staff", ["w1"])
    add_account(api.settings, "other")
    clerk, other = api.signed_in("clerk"), api.signed_in("other")
    appeal = clerk.post(
        f"/api/v1/own-window/events/{event_id(number)}/appeal", json={"text": "不是我在岗时发生的"}
    )
    assert appeal.status_code in (200, 201), appeal.text
    (waiting,) = other.get("/api/v1/appeals").json()
    answer = other.post(
        f"/api/v1/appeals/{waiting['appeal']['id']}/decision",
        json={"outcome": "upheld", "answer": "申诉成立"},
    )
    assert answer.status_code in (200, 201), answer.text


def test_a_verdict_taken_back_withdraws_and_given_again_reports_anew(
    api: Running, parts: Services, platform: ToPlatform
) -> None:
    started(api, parts, platform)
    confirm(api, 1)
    tell(parts, platform)
    person = api.signed_in()
    etag = person.get(f"/api/v1/events/{event_id(1)}").headers["ETag"]
    undone = person.delete(f"/api/v1/events/{event_id(1)}/decision", headers={"If-Match": etag})
    assert undone.status_code == 200, undone.text
    tell(parts, platform)
    assert cases(platform) == {event_id(1): (2, None)}
    decide(person, 1)
    tell(parts, platform)
    assert cases(platform) == {event_id(1): (3, "warning")}


def test_what_was_confirmed_before_it_was_connected_is_no_news(
    api: Running, parts: Services, platform: ToPlatform
) -> None:
    confirm(api, 1)
    assert tell(parts, platform) == 0
    confirm(api, 2, at=MORNING + timedelta(minutes=5))
    tell(parts, platform)
    assert cases(platform) == {event_id(2): (1, "yellow")}, "but it counts"


def test_a_platform_that_is_away_is_told_everything_in_order_once_it_is_back(
    api: Running, parts: Services, platform: ToPlatform
) -> None:
    started(api, parts, platform)
    platform.up = False
    confirm(api, 1)
    assert tell(parts, platform) == 0
    retract(api, 1)
    api.clock.move(seconds=6)
    assert tell(parts, platform) == 0
    platform.up = True
    for _ in range(3):
        api.clock.move(hours=3)
        tell(parts, platform)
    assert cases(platform) == {event_id(1): (2, None)}
    kinds = [etree.fromstring(body.encode())[0][1].text for body in platform.bodies]
    assert kinds == ["report", "withdraw"]


def test_a_platform_is_never_given_up(api: Running, parts: Services, platform: ToPlatform) -> None:
    started(api, parts, platform)
    platform.up = False
    confirm(api, 1)
    for _ in range(20):
        api.clock.move(hours=27)
        tell(parts, platform)
    platform.up = True
    api.clock.move(hours=27)
    assert tell(parts, platform) == 1


@BOTH
def test_the_platforms_answers_are_kept_shown_and_taken_once(
    api: Running, parts: Services, platform: ToPlatform
) -> None:
    started(api, parts, platform)
    confirm(api, 1)
    tell(parts, platform)
    boss = api.signed_in("boss")
    made = boss.post("/api/v1/keys", json={"name": "platform", "rights": ["supervision"]}).json()
    key = {"Authorization": f"Bearer {made['key']}"}
    message = f"{event_id(1)}-1"
    for _ in range(2):
        for told in (
            {"message": message, "kind": "acknowledged", "receipt": "JC-2026-0001"},
            {"message": message, "kind": "correction", "text": "已批评教育并整改"},
        ):
            answer = api.anybody.post("/api/v1/supervision/feedback", json=told, headers=key)
            assert answer.status_code == 201, answer.text
    (shown,) = boss.get("/api/v1/supervision/messages").json()["items"]
    assert [(one["kind"], one["receipt"]) for one in shown["feedback"]] == [
        ("acknowledged", "JC-2026-0001"),
        ("correction", None),
    ]
    unknown = {"message": f"{event_id(7)}-1", "kind": "refused"}
    assert (
        api.anybody.post("/api/v1/supervision/feedback", json=unknown, headers=key).json()["code"]
        == "message_unknown"
    )


@pytest.mark.parametrize("form", ["xml", "json"])
def test_a_folder_gets_each_message_whole_and_then_its_control_file(
    api: Running, parts: Services, platform: ToPlatform, tmp_path: Path, form: Any
) -> None:
    out = tmp_path / "out"
    way = RULES.model_copy(update={"https": None, "folder": FolderWay(path=out), "format": form})
    moved = replace(parts, settings=replace(parts.settings, supervision=way))
    started(api, moved, platform)
    confirm(api, 1)
    assert tell(moved, platform) == 1
    assert {path.name for path in out.iterdir()} == {f"{event_id(1)}-1.{form}", f"{event_id(1)}-1.ok"}
    control = json.loads((out / f"{event_id(1)}-1.ok").read_text())
    body = (out / control["file"]).read_bytes()
    assert len(body) == control["bytes"]
    media_type = f"application/{form}"
    answer = platform.client.post(
        "/messages",
        content=body,
        headers={"Content-Type": media_type, "Authorization": f"Bearer {TOKEN}"},
    )
    assert answer.status_code == 200, answer.text
    assert cases(platform) == {event_id(1): (1, "warning")}


@BOTH
def test_a_front_end_table_gets_a_row_for_each_message_once(
    api: Running, parts: Services, platform: ToPlatform
) -> None:
    way = TableWay(url=SecretStr(api.settings.database_url), table="front_end_message")
    engine = create_engine(api.settings.database_url)
    table = front_end_table(way)
    table.metadata.create_all(engine)
    rules = RULES.model_copy(update={"https": None, "table": way})
    moved = replace(parts, settings=replace(parts.settings, supervision=rules))
    try:
        started(api, moved, platform)
        confirm(api, 1)
        assert tell(moved, platform) == 1
        with engine.connect() as connection:
            (row,) = connection.execute(select(table)).all()
        assert (row.message_id, row.message_type, row.status) == (f"{event_id(1)}-1", "report", "new")
        assert "XW-27-08" in row.content
    finally:
        table.metadata.drop_all(engine)
        engine.dispose()


def test_a_name_with_markup_is_text_in_the_message(
    api: Running, parts: Services, platform: ToPlatform
) -> None:
    deliver_hall(api.worker, name='大厅 <b>&"厅"')
    started(api, parts, platform)
    confirm(api, 1)
    assert tell(parts, platform) == 1
    root = etree.fromstring(platform.bodies[0].encode())
    assert root.findtext(".//{*}HallName") == '大厅 <b>&"厅"'


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"<Message/>", "Message"),
        (b"no xml", "Start tag"),
        (b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><Message>&e;</Message>', ""),
        (b"<a>" * 2_000, ""),
        (b"x" * (1 << 20) + b"y", "too large"),
    ],
)
def test_the_simulator_refuses_what_is_no_message(platform: ToPlatform, body: bytes, why: str) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/xml"}
    answer = platform.client.post("/messages", content=body, headers=headers)
    assert answer.status_code == 422
    assert why in answer.json()["message"]
    assert "root:" not in answer.text
    headers["Authorization"] = "Bearer wrong"
    assert platform.client.post("/messages", content=body, headers=headers).status_code == 401


def test_the_simulator_answers_and_shows_its_cases(api: Running, parts: Services) -> None:
    answers: list[dict[str, Any]] = []
    platform = ToPlatform(simulator(TOKEN, answers.append))
    started(api, parts, platform)
    confirm(api, 1)
    tell(parts, platform)
    assert answers[0]["message"] == f"{event_id(1)}-1"
    assert event_id(1) in platform.client.get("/").text
