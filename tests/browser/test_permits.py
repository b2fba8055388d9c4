"""A supervisor registers leave late in a real browser; the empty post is withdrawn, and comes back."""

import re
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.api.seed import WORKER_KEY
from tests.browser.conftest import PASSWORD, SUPERVISOR, Open, Served, Watched, sign_in

pytestmark = pytest.mark.browser

WORDS = {
    "zh": {
        "window": "1号窗口",
        "pending": "待审",
        "withdrawn": "已撤回",
        "none": "此时段没有报备",
        "add": "补报",
        "limit": "空岗达到 15 分钟须报备",
        "covered": "空岗全程有报备,事件撤回。",
        "excuse": "取送材料",
        "register": "登记",
        "saved": "1 个空岗事件撤回",
        "see": "查看事件",
        "because": "已撤回:离岗报备(撤回前:待审)",
        "revoke": "撤销",
        "revoked": "已撤销;1 个事件恢复。",
        "back": "恢复为待审",
        "order": "结束时间须晚于开始时间",
    },
    "en": {
        "window": "Window 2",
        "pending": "Pending",
        "withdrawn": "Withdrawn",
        "none": "No permit for this time",
        "add": "Register late",
        "limit": "empty for 15 min must be reported",
        "covered": "Permits cover the whole absence; the event is withdrawn.",
        "excuse": "Fetching files",
        "register": "Register",
        "saved": "empty posts withdrawn: 1",
        "see": "See the event",
        "because": "Withdrawn: Leave (before: Pending)",
        "revoke": "Revoke",
        "revoked": "Revoked; events that came back: 1.",
        "back": "Back to Pending",
        "order": "The end is not after the beginning",
    },
}


def _empty_post(served: Served, window: str, began: timedelta) -> str:
    """Deliver an empty post of twenty minutes that began so long ago, as a worker does; its id."""
    started = (datetime.now(UTC) - began).replace(microsecond=0)
    number = (int(started.timestamp() * 1000) << 80) | 0x7 << 76 | 0x2 << 62 | int(window[1:])
    event: dict[str, Any] = {
        "id": str(uuid.UUID(int=number)),
        "revision": 1,
        "behaviour": "empty_post",
        "variant": None,
        "window": window,
        "camera": "cam1",
        "started_at": started.isoformat(),
        "flagged_at": (started + timedelta(minutes=15)).isoformat(),
        "ended_at": (started + timedelta(minutes=20)).isoformat(),
        "ending": "ceased",
        "peak_score": 1.0,
        "measures": {"staff_seen": 0.0, "hold_limit_s": 900.0, "score_limit": 0.4},
        "parent": None,
        "evidence": [[0, 1.0], [600, 0.45], [1200, 1.0]],
    }
    headers = {"Authorization": f"Bearer {WORKER_KEY}"}
    with httpx.Client(base_url=served.address, headers=headers, trust_env=False) as worker:
        answer = worker.post("/api/v1/ingest/events", json={"events": [event]})
        assert answer.status_code == 200, answer.text
    return str(event["id"])


def _signed_in(watched: Watched) -> Watched:
    sign_in(watched.page, SUPERVISOR, PASSWORD)
    expect(watched.page.locator(".case")).to_be_visible()
    return watched


def _state(page: Page, state: str) -> None:
    expect(page.locator(".ant-drawer-header .tag")).to_have_text(state)


@pytest.mark.parametrize(("language", "window"), [("zh", "w1"), ("en", "w2")])
def test_leave_registered_late_withdraws_the_empty_post_and_revoking_it_brings_it_back(
    seeded: Served, open_page: Open, language: str, window: str
) -> None:
    event, words = _empty_post(seeded, window, timedelta(minutes=45)), WORDS[language]
    watched = _signed_in(open_page(seeded.address, language))
    page = watched.page

    page.goto(f"{seeded.address}/events?event={event}", wait_until="domcontentloaded")
    _state(page, words["pending"])
    beside = page.locator(".beside")
    expect(beside).to_contain_text(words["none"])
    expect(page.locator(".strip .legend")).to_contain_text("0.4")

    beside.get_by_role("link", name=words["add"]).click()
    form = page.locator(".permit-form")
    expect(form).to_contain_text(words["limit"])
    expect(form.locator(".preview")).to_contain_text(words["covered"])
    form.get_by_role("button", name=words["excuse"]).click()
    form.get_by_role("button", name=words["register"], exact=True).click()
    expect(page.get_by_text(words["saved"])).to_be_visible()

    story = page.locator(".story")
    expect(story).to_contain_text(words["covered"])
    story.get_by_role("button", name=words["see"]).click()
    _state(page, words["withdrawn"])
    expect(beside).to_contain_text(words["because"])
    beside.get_by_role("link").click()
    expect(page.locator(".ant-drawer-content")).to_have_count(0)

    expect(story).to_contain_text(words["covered"])
    page.get_by_role("button", name=words["revoke"], exact=True).click()
    asked = page.get_by_role("dialog")
    asked.locator("textarea").fill("登记有误")
    asked.get_by_role("button", name=words["revoke"], exact=True).click()
    expect(page.get_by_text(words["revoked"])).to_be_visible()
    row = page.locator("tr.ant-table-row", has_text=words["window"])
    expect(row).to_have_class(re.compile("struck"))
    expect(story).to_contain_text("登记有误")

    story.get_by_role("button", name=words["see"]).click()
    _state(page, words["pending"])
    expect(beside).to_contain_text(words["none"])
    expect(page.locator(".history")).to_contain_text(words["back"])
    assert watched.foreign == []
    assert watched.complaints == []


def test_a_stand_in_is_registered_from_now_on_and_a_span_that_ends_before_it_begins_is_refused_in_words(
    seeded: Served, open_page: Open
) -> None:
    page = _signed_in(open_page(seeded.address)).page
    page.get_by_role("link", name="报备").click()
    form = page.locator(".permit-form")
    form.get_by_text("顶岗", exact=True).click()
    for label, window in (("选择窗口", "3号"), ("由哪个窗口顶岗", "1号")):
        form.get_by_role("combobox", name=label).fill(window)
        page.keyboard.press("Enter")
    form.get_by_role("button", name="从现在起 30 分钟").click()
    form.get_by_role("textbox", name="事由").fill("开会")
    began = form.locator("#permit-from").input_value()
    form.locator("#permit-to").fill(began)
    page.keyboard.press("Enter")
    expect(form.get_by_role("alert")).to_contain_text(WORDS["zh"]["order"])
    form.get_by_role("button", name="从现在起 30 分钟").click()
    expect(form.locator(".preview")).to_contain_text("此时段没有已标记的空岗")
    form.get_by_role("button", name="登记", exact=True).click()
    row = page.locator("tr.ant-table-row", has_text="由1号窗口 · 社保顶岗")
    expect(row).to_contain_text("生效中")
    expect(row).to_contain_text(re.compile(r"\d\d:\d\d"))
    expect(row).not_to_contain_text("补报")
