"""Webhooks: signed, in an envelope that libraries take, again by the schedule, and each by itself."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any

import httpx
import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_structured_event
from cloudevents.core.formats.json import JSONFormat
from standardwebhooks import Webhook, WebhookVerificationError

from api.outbound import Place
from api.services import Services
from api.settings import ApiSettings
from api.webhooks import sending
from api.webhooks.schedule import AFTER, JITTER, wait_before
from tests.api.conftest import BOTH, Running, add_account, running
from tests.api.messages import decide, deliver, deliver_hall, event, event_id
from tests.api.webhooks.receiver import Receiver, close_to, deliveries, run_until, send_now

WEBHOOKS = "/api/v1/webhooks"


@pytest.fixture
def settings(settings: ApiSettings, monkeypatch: pytest.MonkeyPatch) -> ApiSettings:
    """Two hosts may be sent to; the service's own sender sleeps, tests send."""
    monkeypatch.setattr(sending, "LOOK_EVERY_S", 1e6)
    return replace(settings, outbound=(Place.parse("*.example"), Place.parse("http://10.0.0.0/8")))


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
def receiver(api: Running) -> Receiver:
    return Receiver(api.clock)


def make(api: Running, host: str = "one.example", **told: Any) -> dict[str, Any]:
    """A webhook and its secret."""
    answer = api.signed_in("boss").post(
        WEBHOOKS, json={"name": host, "address": f"https://{host}/hook", **told}
    )
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def confirm(api: Running, *numbers: int) -> None:
    """Events, confirmed by the supervisor."""
    person = api.signed_in()
    for number in numbers:
        deliver(api.worker, event(number))
        decide(person, number)


@BOTH
def test_a_confirmed_event_arrives_signed_and_in_an_envelope_that_libraries_take(
    api: Running, parts: Services, receiver: Receiver
) -> None:
    api.clock.now = datetime.now(UTC)  # the library refuses what was signed at another time
    made = make(api)
    api.clock.now = datetime.now(UTC)
    confirm(api, 1)
    send_now(parts, receiver)
    ((_, request),) = receiver.came
    told = Webhook(made["secret"]).verify(request.content, dict(request.headers))
    assert told["data"]["id"] == event_id(1)
    with pytest.raises(WebhookVerificationError):
        Webhook(made["secret"]).verify(request.content + b" ", dict(request.headers))
    envelope = from_structured_event(HTTPMessage(dict(request.headers), request.content), JSONFormat())
    assert envelope.get_type() == "hallwatch.event.confirmed"
    assert envelope.get_source() == "urn:hallwatch:hall:hall"
    assert envelope.get_subject() == event_id(1)
    assert request.headers["content-type"] == "application/cloudevents+json"
    assert "supervisor" not in request.content.decode(), "nobody is named (Article 30)"


def test_only_what_people_confirmed_is_told_unless_somebody_chooses(
    api: Running, parts: Services, receiver: Receiver
) -> None:
    make(api)
    make(api, "flags.example", types=["event.flagged", "event.dismissed"])
    make(api, "phones.example", types=["event.confirmed"], behaviours=["phone_use"])
    make(api, "elsewhere.example", types=["event.confirmed"], windows=["w2"])
    person = api.signed_in()
    for number in (1, 2):
        deliver(api.worker, event(number))
    decide(person, 1)
    decide(person, 2, "dismissed")
    send_now(parts, receiver)
    told = [(request.url.host, json.loads(request.content)["type"]) for _, request in receiver.came]
    assert sorted(told) == [
        ("flags.example", "hallwatch.event.dismissed"),
        ("flags.example", "hallwatch.event.flagged"),
        ("flags.example", "hallwatch.event.flagged"),
        ("one.example", "hallwatch.event.confirmed"),
    ]
    flags = [json.loads(request.content) for _, request in receiver.came if b"flagged" in request.content]
    assert all(one["data"]["unreviewed"] for one in flags)


def test_who_asks_for_updates_alone_hears_nothing_of_what_nobody_judged(
    api: Running, parts: Services, receiver: Receiver
) -> None:
    make(api, types=["event.updated", "event.confirmed"])
    deliver(api.worker, event(1))
    deliver(api.worker, event(1, revision=2))
    decide(api.signed_in(), 1)
    send_now(parts, receiver)
    assert [json.loads(request.content)["type"] for _, request in receiver.came] == [
        "hallwatch.event.confirmed"
    ]


@BOTH
def test_a_receiver_that_is_down_for_eight_hours_gets_everything_at_the_scheduled_times(
    api: Running, parts: Services, receiver: Receiver
) -> None:
    make(api)
    make(api, "other.example")
    began = api.clock.now
    up_at = began + timedelta(hours=8)

    def down(_request: httpx.Request, at: datetime) -> httpx.Response:
        if at < up_at:
            raise httpx.ConnectError("refused")
        return httpx.Response(200)

    receiver.hosts["one.example"] = down
    confirm(api, 1, 2)
    run_until(parts, receiver, began + timedelta(hours=24))
    for row in [row for row in deliveries(parts) if row.attempts > 1]:
        message = f"msg_{row.webhook_id[:8]}_{row.change}"
        waits = [wait_before(attempt, message) for attempt in range(1, row.attempts)]
        expected = list(accumulate([timedelta(0), *[wait for wait in waits if wait]]))
        tried = [at for at, request in receiver.came if request.headers["webhook-id"] == message]
        assert all(close_to(at, began + after) for at, after in zip(tried, expected, strict=True))
        assert tried[-2] < up_at <= tried[-1]
        assert row.state == "delivered"
    assert receiver.times("other.example") == [began, began], "another is told at once"
    assert {row.state for row in deliveries(parts)} == {"delivered"}


def test_the_schedule_is_the_specifications_with_up_to_a_tenth_more() -> None:
    seconds = [after.total_seconds() for after in AFTER]
    assert seconds == [0, 5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]
    for number in range(200):
        for attempt in range(1, len(AFTER)):
            wait = wait_before(attempt, f"msg_{number}")
            assert wait is not None
            assert AFTER[attempt] <= wait <= AFTER[attempt] * (1 + JITTER)
    assert len({wait_before(5, f"msg_{number}") for number in range(100)}) > 90
    assert wait_before(len(AFTER), "msg_1") is None


@pytest.mark.parametrize("status", [301, 302, 400, 404, 500, 503])
def test_what_is_no_success_is_tried_again_and_no_redirect_is_followed(
    api: Running, parts: Services, receiver: Receiver, status: int
) -> None:
    make(api)
    receiver.hosts["one.example"] = lambda *_: httpx.Response(
        status, headers={"Location": "https://evil.example/"}
    )
    confirm(api, 1)
    run_until(parts, receiver, api.clock.now + timedelta(minutes=6))
    assert len(receiver.times("one.example")) == 3
    assert receiver.times("evil.example") == []
    (row,) = deliveries(parts)
    assert (row.state, row.attempts, row.status) == ("waiting", 3, status)


@pytest.mark.parametrize("said", ["3600", "Mon, 02 Mar 2026 02:30:00 GMT"])
def test_a_receiver_that_asks_for_patience_gets_it(
    api: Running, parts: Services, receiver: Receiver, said: str
) -> None:
    make(api)
    receiver.hosts["one.example"] = lambda *_: httpx.Response(429, headers={"Retry-After": said})
    confirm(api, 1)
    began = api.clock.now
    send_now(parts, receiver)
    (row,) = deliveries(parts)
    assert row.next_at is not None
    assert close_to(row.next_at, began + timedelta(hours=1))


@pytest.mark.parametrize("said", ["soon", "-5", "99999999999999", ""])
def test_patience_that_nobody_understands_changes_nothing(
    api: Running, parts: Services, receiver: Receiver, said: str
) -> None:
    make(api)
    receiver.hosts["one.example"] = lambda *_: httpx.Response(503, headers={"Retry-After": said})
    confirm(api, 1)
    send_now(parts, receiver)
    (row,) = deliveries(parts)
    assert row.next_at is not None
    assert row.next_at - api.clock.now < timedelta(seconds=6)


def test_410_ends_it_at_once_with_a_notice_and_enabling_goes_on_where_it_stood(
    api: Running, parts: Services, receiver: Receiver
) -> None:
    made = make(api)
    receiver.hosts["one.example"] = lambda *_: httpx.Response(410)
    confirm(api, 1)
    send_now(parts, receiver)
    (shown,) = api.signed_in("boss").get(WEBHOOKS).json()
    assert (shown["state"], shown["said"][:3], shown["waiting"]) == ("disabled", "410", 1)
    confirm(api, 2)
    run_until(parts, receiver, api.clock.now + timedelta(days=2))
    assert len(receiver.came) == 1
    del receiver.hosts["one.example"]
    path = f"{WEBHOOKS}/{made['details']['id']}"
    assert api.signed_in("boss").post(f"{path}/ping").json()["code"] == "webhook_not_active"
    assert api.signed_in("boss").patch(path, json={"state": "active"}).json()["said"] is None
    send_now(parts, receiver)
    assert [row.state for row in deliveries(parts)] == ["delivered", "delivered"]


def test_a_receiver_that_never_comes_back_is_given_up_with_a_notice(
    api: Running, parts: Services, receiver: Receiver
) -> None:
    make(api)
    receiver.hosts["one.example"] = lambda *_: httpx.Response(500)
    confirm(api, 1)
    run_until(parts, receiver, api.clock.now + timedelta(days=6))
    (row,) = deliveries(parts)
    assert (row.state, row.attempts) == ("given_up", len(AFTER))
    (shown,) = api.signed_in("boss").get(WEBHOOKS).json()
    assert shown["state"] == "disabled"
    assert "nothing was taken since 2026-03-02 01:30" in shown["said"]


def test_one_slow_receiver_holds_up_no_other(
    api: Running, parts: Services, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(api, "slow.example")
    make(api, "quick.example")
    confirm(api, *range(1, 4))

    async def until_the_other_has_all() -> None:
        async with asyncio.timeout(5):
            while len(receiver.times("quick.example")) < 3:
                await asyncio.sleep(0.01)

    def slow(_request: httpx.Request, _at: datetime) -> httpx.Response:
        raise httpx.ReadTimeout("too slow")

    receiver.waits["slow.example"] = until_the_other_has_all
    receiver.hosts["slow.example"] = slow
    send_now(parts, receiver)
    assert len(receiver.times("quick.example")) == 3
    assert {row.error for row in deliveries(parts) if row.state == "waiting"} == {"ReadTimeout: too slow"}


def test_for_a_day_after_a_new_secret_both_verify(api: Running, parts: Services, receiver: Receiver) -> None:
    api.clock.now = datetime.now(UTC)
    made = make(api)
    renewed = api.signed_in("boss").post(f"{WEBHOOKS}/{made['details']['id']}/secret").json()
    confirm(api, 1)
    send_now(parts, receiver)
    request = receiver.came[-1][1]
    assert len(request.headers["webhook-signature"].split()) == 2
    for secret in (made["secret"], renewed["secret"]):
        Webhook(secret).verify(request.content, dict(request.headers))
    api.clock.move(hours=25)
    confirm(api, 2)
    send_now(parts, receiver)
    assert len(receiver.came[-1][1].headers["webhook-signature"].split()) == 1


@BOTH
def test_a_replay_of_a_time_sends_all_of_it_with_the_same_ids(
    api: Running, parts: Services, receiver: Receiver
) -> None:
    confirm(api, 1)
    made = make(api)
    confirm(api, 2, 3)
    send_now(parts, receiver)
    before = {request.headers["webhook-id"] for _, request in receiver.came}
    assert len(before) == 2
    path = f"{WEBHOOKS}/{made['details']['id']}/replay"
    span = {"since": "2026-03-02T00:00:00Z", "until": "2026-03-03T00:00:00Z"}
    assert api.signed_in("boss").post(path, json=span).json() == {"messages": 3}
    send_now(parts, receiver)
    after = [request.headers["webhook-id"] for _, request in receiver.came[2:]]
    assert len(after) == 3
    assert before < set(after), "what was made before the webhook comes too"
    assert sorted(row.replays for row in deliveries(parts)) == [0, 1, 1]


def test_one_message_is_sent_anew_and_keeps_its_id(api: Running, parts: Services, receiver: Receiver) -> None:
    made = make(api)
    confirm(api, 1)
    send_now(parts, receiver)
    path = f"{WEBHOOKS}/{made['details']['id']}/deliveries"
    (shown,) = api.signed_in("boss").get(path).json()["items"]
    assert (shown["state"], shown["status"], shown["attempts"]) == ("delivered", 204, 1)
    assert api.signed_in("boss").post(f"{path}/{shown['id']}/replay").json()["state"] == "waiting"
    send_now(parts, receiver)
    first, second = (request.headers["webhook-id"] for _, request in receiver.came)
    assert first == second
    assert api.signed_in("boss").post(f"{path}/999999/replay").json()["code"] == "delivery_unknown"


def test_a_test_goes_the_usual_way_once(api: Running, parts: Services, receiver: Receiver) -> None:
    made = make(api)
    receiver.hosts["one.example"] = lambda *_: httpx.Response(500)
    path = f"{WEBHOOKS}/{made['details']['id']}"
    assert api.signed_in("boss").post(f"{path}/ping").status_code == 202
    run_until(parts, receiver, api.clock.now + timedelta(days=5))
    assert len(receiver.came) == 1
    assert json.loads(receiver.came[0][1].content)["type"] == "hallwatch.ping"
    (shown,) = api.signed_in("boss").get(f"{path}/deliveries").json()["items"]
    assert (shown["type"], shown["state"], shown["status"]) == ("ping", "given_up", 500)
    assert api.signed_in("boss").get(WEBHOOKS).json()[0]["state"] == "active"


def test_what_is_paused_waits_and_what_is_deleted_is_told_nothing(
    api: Running, parts: Services, receiver: Receiver
) -> None:
    made = make(api)
    path = f"{WEBHOOKS}/{made['details']['id']}"
    api.signed_in("boss").patch(path, json={"state": "paused"})
    confirm(api, 1)
    send_now(parts, receiver)
    assert receiver.came == []
    api.signed_in("boss").patch(path, json={"state": "active"})
    send_now(parts, receiver)
    assert len(receiver.came) == 1
    assert api.signed_in("boss").delete(path).status_code == 204
    confirm(api, 2)
    send_now(parts, receiver)
    assert len(receiver.came) == 1
    assert api.signed_in("boss").get(WEBHOOKS).json() == []
    assert api.signed_in("boss").patch(path, json={"state": "active"}).json()["code"] == "webhook_unknown"


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.test/hook",
        "https://one.example.evil.test/hook",
        "http://one.example/hook",
        "https://user:secret@one.example/hook",
        "https://one.example@evil.test/hook",
        "https://169.254.169.254/latest/meta-data",
        "https://127.0.0.1:8765/api/v1/events",
        "https://[::1]/hook",
        "https://2130706433/hook",
        "https://0x7f.1/hook",
        "file:///etc/passwd",
        "gopher://10.0.0.1/",
        "https://one.example\\@evil.test/",
        "https:///hook",
        "https://exa mple/hook",
    ],
)
def test_p13_only_listed_places_are_sent_to(api: Running, address: str) -> None:
    answer = api.signed_in("boss").post(WEBHOOKS, json={"name": "x", "address": address})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/address"


def test_p13_a_place_that_is_no_longer_listed_is_sent_nothing(
    api: Running, parts: Services, receiver: Receiver
) -> None:
    make(api)
    confirm(api, 1)
    closed = replace(parts, settings=replace(parts.settings, outbound=()))
    send_now(closed, receiver)
    assert receiver.came == []
    (row,) = deliveries(parts)
    assert "HALLWATCH_OUTBOUND" in str(row.error)


def test_p12_a_secret_is_shown_once_and_sealed_in_the_database(api: Running, parts: Services) -> None:
    secret = make(api)["secret"]
    assert secret.startswith("whsec_")
    assert secret not in api.signed_in("boss").get(WEBHOOKS).text
    add_account(api.settings, "watcher", "auditor")
    told = api.signed_in("watcher").get("/api/v1/audit").text
    assert "webhook_made" in told
    assert secret not in told
    stored = b"".join(path.read_bytes() for path in api.settings.data_dir.parent.rglob("*.sqlite*"))
    assert secret.removeprefix("whsec_").encode() not in stored


@pytest.mark.parametrize(
    ("told", "pointer"),
    [
        ({"types": ["event.unheard"]}, "/types/0"),
        ({"behaviours": ["dancing"]}, "/behaviours/0"),
        ({"windows": ["w9"]}, "/windows"),
        ({"types": []}, "/types"),
    ],
)
def test_what_is_not_there_cannot_be_subscribed_to(api: Running, told: dict[str, Any], pointer: str) -> None:
    answer = api.signed_in("boss").post(
        WEBHOOKS, json={"name": "x", "address": "https://one.example/", **told}
    )
    assert answer.json()["errors"][0]["pointer"] == pointer
