"""The honour board: windows only, and a breach only once nobody can appeal it any more."""

import io
from datetime import timedelta

from fastapi.testclient import TestClient
from pypdf import PdfReader

from tests.api.conftest import Running, add_account
from tests.api.messages import decide, deliver, deliver_hall, deliver_hour, event, event_id
from tests.api.reports.test_files import NINE, text_of


def board(person: TestClient, language: str = "zh") -> str:
    """The text of Monday's board, which is one page."""
    answer = person.get("/api/v1/reports/daily/2026-03-02/board.pdf", params={"language": language})
    assert answer.status_code == 200, answer.text
    reader = PdfReader(io.BytesIO(answer.content))
    assert len(reader.pages) == 1
    assert all(not list(page.images) for page in reader.pages)
    return text_of(reader)


def a_day(api: Running) -> None:
    """Window 1 with two confirmed breaches, window 2 without any."""
    deliver_hall(api.worker)
    for window in ("w1", "w2"):
        deliver_hour(api.worker, NINE, 3600, window=window)
    deliver(api.worker, event(1, at=NINE), event(2, at=NINE + timedelta(minutes=9), behaviour="phone_use"))
    person = api.signed_in()
    decide(person, 1)
    decide(person, 2)


def test_a_breach_is_listed_once_it_can_no_longer_be_appealed(api: Running) -> None:
    a_day(api)
    api.clock.now = NINE + timedelta(days=1)
    text = board(api.signed_in())
    assert "表扬台" in text
    assert "2号窗口100.0%1/10" in text
    assert "1号窗口" not in text
    assert "仍在申诉期内2件" in text
    api.clock.now = NINE + timedelta(days=16)
    text = board(api.signed_in())
    assert "1号窗口抱胸1·使用手机12" in text.replace("・", "·")
    assert "仍在申诉期内0件" in text


def test_an_open_appeal_keeps_it_out_and_a_rejected_one_does_not(api: Running) -> None:
    add_account(api.settings, "clerk", "window_staff", ["w1"])
    add_account(api.settings, "second")
    a_day(api)
    clerk = api.signed_in("clerk")
    told = clerk.post(f"/api/v1/own-window/events/{event_id(1)}/appeal", json={"text": "递取材料"})
    assert told.status_code == 201, told.text
    api.clock.now = NINE + timedelta(days=16)
    second = api.signed_in("second")
    text = board(second)
    assert "申诉处理中1件" in text
    assert "抱胸" not in text
    appeal = second.get("/api/v1/appeals").json()[0]["appeal"]["id"]
    decided = second.post(
        f"/api/v1/appeals/{appeal}/decision", json={"outcome": "rejected", "answer": "画面清楚"}
    )
    assert decided.status_code == 200, decided.text
    text = board(second, "en")
    assert "Armscrossed1" in text
    assert "0withanopenappeal" in text


def test_who_was_hardly_seen_is_not_praised(api: Running) -> None:
    deliver_hall(api.worker)
    deliver_hour(api.worker, NINE, 1700)
    api.clock.now = NINE + timedelta(days=1)
    assert "没有符合条件的窗口" in board(api.signed_in())


def test_the_most_improved_is_told_against_the_last_open_day(api: Running) -> None:
    a_day(api)
    friday = NINE - timedelta(days=3)
    deliver_hour(api.worker, friday, 3600)
    deliver(api.worker, event(3, at=friday, lasts_s=900))
    api.clock.now = NINE + timedelta(days=1)
    person = api.signed_in()
    decide(person, 3)
    text = board(person)
    assert "2026年2月27日星期五" in text
    assert "1号窗口96.7%+21.7百分点" in text
