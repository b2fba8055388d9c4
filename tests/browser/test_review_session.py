"""Whole sessions of reviewing in a real browser: twenty by keys, groups, two people at once, appeals."""

import re
import statistics
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.api import seed
from tests.browser.conftest import (
    PASSWORD,
    SUPERVISOR,
    Open,
    Served,
    Watched,
    eventually,
    faults_of_access,
    free_port,
    serving,
    sign_in,
)

pytestmark = pytest.mark.browser

FIRST_FRAMES = """() => {
  window.firstFrames = []
  let pressed = 0, last = null
  addEventListener('keydown', () => { pressed = performance.now() }, true)
  new MutationObserver(() => {
    const film = document.querySelector('.case video')
    if (!film || film === last) return
    last = film
    const since = pressed
    film.requestVideoFrameCallback(() => window.firstFrames.push(performance.now() - since))
  }).observe(document.body, { childList: true, subtree: true })
}"""


@contextmanager
def hall(
    page: Path, data: Path, events: int, port: int | None = None, *, rendered: bool = False
) -> Iterator[Served]:
    """A hall with so many events, a third of them waiting."""
    port = port or free_port()
    options: tuple[str, ...] = (
        "--data",
        str(data),
        "--port",
        str(port),
        "--events",
        str(events),
        "--password",
        PASSWORD,
    )
    options += ("--rendered",) if rendered else ()
    with serving("tests.api.seed", *options, "--page", str(page), port=port) as served:
        yield served


def reviewer(watched: Watched, username: str = SUPERVISOR) -> Page:
    """Signed in, with an event in view."""
    sign_in(watched.page, username, PASSWORD)
    expect(watched.page.locator(".case video, .case .player .middle").first).to_be_visible()
    return watched.page


def shown(page: Page) -> str:
    """The id of the event in view."""
    return page.locator(".case > header").get_attribute("data-event") or ""


@contextmanager
def api_client(served: Served, username: str = SUPERVISOR) -> Iterator[httpx.Client]:
    """A program that signed in."""
    with httpx.Client(base_url=served.address, trust_env=False, timeout=20) as client:
        answer = client.post("/api/v1/session", json={"username": username, "password": PASSWORD})
        client.headers["X-CSRF-Token"] = answer.raise_for_status().json()["csrf_token"]
        yield client


def flag(served: Served, *minutes_ago: float, window: str = "w2", behaviour: str = "pointing") -> list[str]:
    """New events of one window that began so many minutes ago; their ids."""
    ids = []
    film = seed.clip(60, 1)
    with seed.worker(served.address) as worker:
        for number, minutes in enumerate(minutes_ago):
            at = datetime.now(UTC) - timedelta(minutes=minutes)
            event = seed.event_at(at, 0, 36) | {
                "id": str(uuid.uuid4()),
                "behaviour": behaviour,
                "window": window,
                "started_at": at.isoformat(),
                "flagged_at": (at + timedelta(seconds=1)).isoformat(),
                "ended_at": (at + timedelta(seconds=9)).isoformat(),
            }
            worker.post("/api/v1/ingest/events", json={"events": [event]}).raise_for_status()
            seed.deliver_evidence(worker, event, number + 1, film)
            ids.append(event["id"])
    return ids


def test_twenty_are_decided_by_keys_alone_one_a_second_and_the_next_picture_is_there_at_once(
    built_page: Path, tmp_path: Path, open_page: Open
) -> None:
    with hall(built_page, tmp_path, 72, rendered=True) as served, api_client(served) as program:
        before = program.get("/api/v1/events", params={"limit": 1}).json()["counts"]
        assert before["pending"] >= 22
        page = reviewer(open_page(served.address))
        eventually(page, "document.querySelector('.case video')?.readyState >= 2")
        page.evaluate(FIRST_FRAMES)
        began = time.monotonic()
        for number in range(20):
            current = shown(page)
            if number % 3 == 2:
                page.keyboard.press("d")
                page.keyboard.press("5" if number % 2 else "w")
            else:
                page.keyboard.press("f")
            eventually(page, "was => document.querySelector('.case > header').dataset.event !== was", current)
            page.wait_for_timeout(300)  # somebody looks
        rate = 20 / (time.monotonic() - began)
        frames = page.evaluate("window.firstFrames")
        median = statistics.median(frames)
        sys.stdout.write(f"{rate:.2f} items/s; next first frame after {median:.0f} ms of {len(frames)}\n")
        expect(page.locator(".undo")).to_have_count(0, timeout=12_000)
        after = program.get("/api/v1/events", params={"limit": 1}).json()["counts"]
        assert after["confirmed"] == before["confirmed"] + 14
        assert after["dismissed"] == before["dismissed"] + 6
        newest = program.get("/api/v1/events", params={"state": "dismissed", "limit": 200}).json()["items"]
        reasons = {one["decision"]["reason"] for one in newest if one["decision"]["note"] is None}
        assert reasons == {"camera_fault", "ordinary_work"}
    assert rate >= 1
    assert len(frames) >= 10
    assert median <= 150


def test_what_is_undone_within_five_seconds_was_never_said_and_later_it_is_corrected(
    seeded: Served, open_page: Open
) -> None:
    page = reviewer(open_page(seeded.address))
    event_id = shown(page)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.url.endswith("decision") else None)
    page.keyboard.press("f")
    expect(page.locator(".undo")).to_be_visible()
    page.keyboard.press("z")
    expect(page.locator(f'.case > header[data-event="{event_id}"]')).to_be_visible()
    with page.expect_response(lambda answer: answer.url.endswith("/decision")) as answered:
        page.keyboard.press("f")
    assert len(sent) == 1
    decided = answered.value.json()
    assert decided["id"] == event_id
    assert [one["verdict"] for one in decided["history"]] == ["confirmed"]
    page.goto(f"{seeded.address}/events?event={decided['id']}", wait_until="domcontentloaded")
    page.get_by_label("备注(可不填)").last.fill("看错了")
    page.locator(".correct .ant-select").click()
    page.locator(".ant-select-item-option", has_text="正常工作").click()
    history = page.locator(".ant-drawer .history li")
    expect(history).to_have_count(2)
    expect(history.last).to_contain_text("看错了")
    with api_client(seeded) as program:
        found = program.get(f"/api/v1/events/{decided['id']}").json()
    assert [one["verdict"] for one in found["history"]] == ["confirmed", "dismissed"]


def test_a_decision_under_way_is_kept_when_the_page_is_left(seeded: Served, open_page: Open) -> None:
    page = reviewer(open_page(seeded.address))
    with api_client(seeded) as program:
        before = program.get("/api/v1/events", params={"limit": 1}).json()["counts"]["confirmed"]
        page.keyboard.press("f")
        expect(page.locator(".undo")).to_be_visible()
        page.goto("about:blank")
        _await(lambda: _confirmed(program) == before + 1)


def _confirmed(program: httpx.Client) -> int:
    return int(program.get("/api/v1/events", params={"limit": 1}).json()["counts"]["confirmed"])


def _await(holds: Any, within_s: float = 10) -> None:
    deadline = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_group_is_decided_at_once_only_after_each_was_on_the_screen(
    seeded: Served, open_page: Open
) -> None:
    ids = flag(seeded, 8, 5, 2)
    page = reviewer(open_page(seeded.address))
    card = page.locator(".card", has=page.get_by_text("×3"))
    card.click()
    confirm = page.get_by_role("button", name=re.compile("全部确认"))
    expect(confirm).to_be_disabled()
    page.keyboard.press("Shift+F")
    expect(page.locator(".undo")).to_have_count(0)
    for number in (1, 2):
        expect(page.get_by_text(f"已看 {number}/3")).to_be_visible()
        page.keyboard.press("e")
    expect(confirm).to_be_enabled()
    page.keyboard.press("Shift+D")
    with page.expect_response(lambda answer: answer.url.endswith("/review/decisions")) as answered:
        page.keyboard.press("q")
    assert answered.value.status == 200
    expect(card).to_have_count(0)
    with api_client(seeded) as program:
        states = {program.get(f"/api/v1/events/{one}").json()["decision"]["reason"] for one in ids}
    assert states == {"rule_too_strict"}


def test_of_two_browsers_the_second_is_told_who_has_the_event_and_gets_another(
    seeded: Served, open_page: Open
) -> None:
    (first,) = flag(seeded, 3, window="w3")
    page = reviewer(open_page(seeded.address))
    other = reviewer(open_page(seeded.address), "second")
    assert shown(page) != shown(other)
    card = page.locator(".card", has_text="单手指").first
    card.click()
    expect(page.locator(".case > header")).to_contain_text("单手指")
    held = other.locator(".card", has_text="单手指").first
    expect(held).to_contain_text(SUPERVISOR)
    held.click()
    expect(other.get_by_text(f"{SUPERVISOR} 正在查看此事件")).to_be_visible()
    expect(other.get_by_role("button", name="确认违规")).to_be_disabled()
    other.keyboard.press("f")
    expect(other.locator(".undo")).to_have_count(0)
    page.keyboard.press("s")
    expect(held).not_to_contain_text(SUPERVISOR)
    with api_client(seeded) as program:
        assert program.get(f"/api/v1/events/{first}").json()["state"] == "pending"


def test_an_appeal_goes_to_another_reviewer_and_retracts_the_figures(seeded: Served, open_page: Open) -> None:
    (wrong,) = flag(seeded, 4, window="w1", behaviour="gathering")
    with api_client(seeded) as program:
        etag = program.get(f"/api/v1/events/{wrong}").json()["etag"]
        said = {"verdict": "confirmed", "reason": "real_breach"}
        path = f"/api/v1/events/{wrong}/decision"
        program.post(path, json=said, headers={"If-Match": etag}).raise_for_status()
        confirmed = _confirmed(program)
        clerk = open_page(seeded.address).page
        sign_in(clerk, "clerk", PASSWORD)
        mine = clerk.locator("article", has_text="扎堆").first
        mine.get_by_label("请说明情况").fill("当时在帮老人搬东西")
        mine.get_by_role("button", name="提交申诉").click()
        expect(mine.get_by_text("待处理")).to_be_visible()

        page = reviewer(open_page(seeded.address))
        page.locator("nav a[href='/fairness']").click()
        expect(page.get_by_text("须由另一位审核员处理")).to_be_visible()
        other = reviewer(open_page(seeded.address), "second")
        other.locator("nav a[href='/fairness']").click()
        appeal = other.locator("article", has_text="当时在帮老人搬东西")
        appeal.get_by_label("给窗口工作人员的答复(必填)").fill("录像可见确在帮忙")
        appeal.get_by_role("button", name="申诉成立,撤回事件").click()
        expect(appeal.get_by_text("成立", exact=True)).to_be_visible()
        expect(page.get_by_text("录像可见确在帮忙")).to_be_visible()
        assert _confirmed(program) == confirmed - 1
    clerk.reload(wait_until="domcontentloaded")
    expect(clerk.get_by_text("录像可见确在帮忙")).to_be_visible()


def test_a_link_opens_one_event_without_signing_in(seeded: Served, open_page: Open) -> None:
    with api_client(seeded) as program:
        listed = program.get("/api/v1/events", params={"state": "confirmed", "window": "w2"}).json()["items"]
    page = reviewer(open_page(seeded.address))
    page.goto(f"{seeded.address}/events?event={listed[0]['id']}", wait_until="domcontentloaded")
    page.get_by_role("button", name="生成申诉链接").click()
    address = page.get_by_label("生成申诉链接").input_value()
    stranger = open_page(address, "en").page
    stranger.get_by_label("Say what happened").fill("The system was down")
    stranger.get_by_role("button", name="Send the appeal").click()
    expect(stranger.get_by_text("The system was down")).to_be_visible()
    expect(stranger.locator("nav")).to_have_count(0)
    broken = open_page(address[:-3], "en").page
    expect(broken.get_by_text("The link is not valid or has expired")).to_be_visible()


def test_the_page_finds_back_to_a_server_that_was_started_again(
    built_page: Path, tmp_path: Path, open_page: Open
) -> None:
    port = free_port()
    with hall(built_page, tmp_path, 9, port) as served:
        page = reviewer(open_page(served.address))
        count = page.locator(".list > header b")
        expect(count).to_have_text(re.compile(r"\b3$"))
        expect(page.locator(".pulse.open")).to_be_visible()
    expect(page.locator(".notice")).to_be_visible()
    with hall(built_page, tmp_path, 9, port) as served:
        flag(served, 1)
        expect(page.locator(".pulse.open")).to_be_visible(timeout=30_000)
        expect(page.locator(".notice")).to_have_count(0)
        expect(count).to_have_text(re.compile(r"\b4$"), timeout=15_000)
        flag(served, 0.5, window="w1")
        expect(count).to_have_text(re.compile(r"\b5$"), timeout=15_000)


def test_filters_and_views_narrow_the_queue(seeded: Served, open_page: Open) -> None:
    flag(seeded, 6, window="w3", behaviour="slumped")
    page = reviewer(open_page(seeded.address))
    page.get_by_role("button", name="筛选与视图").click()
    page.locator(".filter-panel .ant-select").nth(1).click()
    page.locator(".ant-select-item-option", has_text="趴卧").click()
    expect(page.locator(".card")).to_have_count(1)
    page.get_by_label("为当前筛选命名").fill("趴卧的")
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_role("button", name="全部待审").click()
    expect(page.locator(".card").nth(1)).to_be_visible()
    page.get_by_role("button", name="趴卧的", exact=True).click()
    expect(page.locator(".card")).to_have_count(1)
    page.get_by_role("button", name="删除视图“趴卧的”").click()
    expect(page.get_by_role("button", name="趴卧的", exact=True)).to_have_count(0)


PAGES = ("queue", "events", "events?view=calendar", "events?view=timeline", "fairness")


@pytest.mark.parametrize(("language", "width"), [("zh", 1366), ("en", 1366), ("zh", 390), ("en", 390)])
def test_nothing_is_wider_than_the_screen(seeded: Served, open_page: Open, language: str, width: int) -> None:
    watched = open_page(seeded.address, language)
    watched.page.set_viewport_size({"width": width, "height": 768 if width > 1000 else 844})
    page = reviewer(watched)
    for address in PAGES:
        page.goto(f"{seeded.address}/{address}", wait_until="domcontentloaded")
        _loaded(page)
        wide = "[...document.querySelectorAll('html, main')].map(one => one.scrollWidth - one.clientWidth)"
        assert max(page.evaluate(wide)) <= 0, address
    assert watched.complaints == []
    assert watched.foreign == []


def test_the_content_policy_holds_with_everything_open(seeded: Served, open_page: Open) -> None:
    policy = httpx.get(seeded.address, trust_env=False).headers["Content-Security-Policy"].split("; ")
    assert "default-src 'self'" in policy
    assert [part for part in policy if "unsafe" in part] == ["style-src-attr 'unsafe-inline'"]
    watched = open_page(seeded.address)
    page = reviewer(watched)
    page.keyboard.press("Backquote")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="筛选与视图").click()
    page.locator(".filter-panel .ant-picker").click()
    expect(page.locator(".ant-picker-panel").first).to_be_visible()
    page.goto(f"{seeded.address}/events", wait_until="domcontentloaded")
    page.locator("tr[tabindex]").first.click()
    expect(page.locator(".ant-drawer .case")).to_be_visible()
    refused = page.evaluate("""async () => {
      const told = new Promise(found =>
        addEventListener('securitypolicyviolation', one => found(one.effectiveDirective)))
      const box = document.createElement('div')
      box.innerHTML = '<style>body { color: red }</style>'
      document.body.append(box)
      return told
    }""")
    assert refused == "style-src-elem"
    told = [one for one in watched.complaints if "inline style" not in one]
    assert told == []
    assert len(watched.complaints) == 1


@pytest.mark.parametrize("appearance", ["light", "dark"])
def test_axe_finds_nothing_serious(seeded: Served, open_page: Open, appearance: str) -> None:
    page = reviewer(open_page(seeded.address, "zh", appearance))
    found = []
    with api_client(seeded) as program:
        one = program.get("/api/v1/events?limit=1").json()["items"][0]["id"]
    for address in (*PAGES, f"events?event={one}"):
        page.goto(f"{seeded.address}/{address}", wait_until="domcontentloaded")
        _loaded(page)
        page.wait_for_timeout(400)  # what slides in is read when it stands
        found += [f"{address} {fault}" for fault in faults_of_access(page)]
    assert "\n".join(sorted(set(found))) == ""


def _loaded(page: Page) -> None:
    shown = "main .case video, main .case .middle, main tr[tabindex], main .month td, main .timeline"
    shown += ", main .measures"
    expect(page.locator(shown).first).to_be_visible()
    expect(page.locator("main .ant-spin-spinning")).to_have_count(0)
