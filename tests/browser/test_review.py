"""A supervisor reviews in a real browser against a real server."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PASSWORD, SUPERVISOR, Open, Served, Watched, eventually, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def queue(seeded: Served, open_page: Open) -> Page:
    """The queue with its first event in view."""
    return _signed_in(open_page(seeded.address)).page


def _signed_in(watched: Watched) -> Watched:
    sign_in(watched.page, SUPERVISOR, PASSWORD)
    expect(watched.page.locator(".case video")).to_be_visible()
    return watched


def _pending(page: Page) -> Locator:
    return page.locator(".list > header b")


def _current(page: Page) -> str:
    return page.locator(".card[aria-current=true]").inner_text()


def _number(page: Page) -> int:
    expect(_pending(page)).to_have_text(re.compile(r"\d+"))
    found = re.search(r"\d+", _pending(page).inner_text())
    assert found
    return int(found[0])


def _expect_pending(page: Page, number: int) -> None:
    expect(_pending(page)).to_have_text(re.compile(rf"\b{number}$"))


def test_the_clip_plays_by_itself_and_space_stops_it(queue: Page) -> None:
    eventually(queue, "document.querySelector('.case video').currentTime > 0.5")
    queue.keyboard.press("Space")
    eventually(queue, "document.querySelector('.case video').paused")
    stood = queue.evaluate("document.querySelector('.case video').currentTime")
    queue.keyboard.press("ArrowLeft")
    eventually(queue, "at => document.querySelector('.case video').currentTime < at", stood)


def test_people_are_drawn_over_the_clip_until_b_hides_them(queue: Page) -> None:
    drawn = queue.locator(".player canvas")
    for _ in range(4):
        if drawn.count():
            break
        queue.keyboard.press("j")
        queue.locator(".case video").wait_for()
    expect(drawn).to_be_visible()
    inked = "!!document.querySelector('.player canvas')?.getContext('2d')"
    inked += "?.getImageData(0, 0, 2000, 900).data.some(value => value > 0)"
    eventually(queue, inked)
    queue.keyboard.press("b")
    expect(drawn).to_have_count(0)


def test_f_confirms_shows_the_next_one_and_u_takes_it_back(queue: Page) -> None:
    before, first = _number(queue), _current(queue)
    queue.keyboard.press("f")
    expect(queue.locator(".undo")).to_be_visible()
    assert _current(queue) != first
    _expect_pending(queue, before - 1)
    queue.keyboard.press("u")
    _expect_pending(queue, before)
    assert _current(queue) == first


def test_d_and_a_digit_dismiss_with_that_reason_and_the_note(queue: Page) -> None:
    before = _number(queue)
    queue.locator("textarea").first.fill("柜台前有柱子")
    queue.keyboard.press("Escape")
    queue.keyboard.press("d")
    expect(queue.locator(".reasons button")).to_have_count(8)
    with queue.expect_response(lambda answer: answer.url.endswith("/decision")) as answered:
        queue.keyboard.press("3")
    decision = answered.value.json()["decision"]
    assert (decision["verdict"], decision["reason"]) == ("dismissed", "occlusion")
    assert decision["note"] == "柜台前有柱子"
    _expect_pending(queue, before - 1)


def test_keys_in_the_note_are_letters(queue: Page) -> None:
    before = _number(queue)
    queue.locator("textarea").first.press_sequentially("fsdj")
    expect(queue.locator("textarea").first).to_have_value("fsdj")
    expect(queue.locator(".undo")).to_have_count(0)
    assert _number(queue) == before


def test_an_event_that_another_browser_decided_is_told_with_its_decider(
    seeded: Served, open_page: Open
) -> None:
    late = _signed_in(open_page(seeded.address)).page
    late.route("**/api/v1/stream", lambda route: route.abort())
    late.reload(wait_until="domcontentloaded")
    expect(late.locator(".case video")).to_be_visible()
    early = _signed_in(open_page(seeded.address)).page
    assert _current(early) == _current(late)
    with early.expect_response(lambda answer: answer.url.endswith("/decision")):
        early.keyboard.press("f")
    with late.expect_response(lambda answer: answer.url.endswith("/decision")) as refused:
        late.keyboard.press("f")
    assert refused.value.status == 412
    expect(late.get_by_text(f"已由 {SUPERVISOR} 确认")).to_be_visible()


def test_confirming_changes_the_figures_that_somebody_else_has_open(seeded: Served, open_page: Open) -> None:
    page = _signed_in(open_page(seeded.address)).page
    listed = page.request.get(f"{seeded.address}/api/v1/review/queue?limit=1").json()
    started = datetime.fromisoformat(listed["items"][0]["started_at"]).astimezone(ZoneInfo("Asia/Shanghai"))
    manager = _signed_in(open_page(seeded.address)).page
    manager.goto(f"{seeded.address}/dashboard?date={started.date()}", wait_until="domcontentloaded")
    confirmed = manager.locator(".sums .sheet", has_text="已确认").locator("b")
    expect(confirmed).to_have_text(re.compile(r"\d+"))
    before = int(confirmed.inner_text())
    page.keyboard.press("f")
    expect(confirmed).to_have_text(str(before + 1), timeout=15_000)


def test_the_cameras_show_their_live_pictures(queue: Page) -> None:
    queue.get_by_role("link", name="摄像机").click()
    expect(queue.locator(".cameras img")).to_have_count(2)
    eventually(queue, "[...document.querySelectorAll('.cameras img')].every(one => one.naturalWidth > 0)")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_fits_1366_by_768_and_talks_to_nobody_else(
    seeded: Served, open_page: Open, language: str
) -> None:
    watched = _signed_in(open_page(seeded.address, language))
    page = watched.page
    widths = (
        "[...document.querySelectorAll('html, main, .queue > *')].map(e => e.scrollWidth - e.clientWidth)"
    )
    for address in ("events", "fairness", "permits", "dashboard", "cameras", "queue"):
        page.locator(f"nav a[href='/{address}']").click()
        expect(
            page.locator(
                "main .queue .case, main .page tbody tr, main .page img, main .fairness .measures"
            ).first
        ).to_be_visible()
        expect(page.locator("main .ant-spin-spinning, main [role=alert]")).to_have_count(0)
        assert max(page.evaluate(widths)) <= 0, address
    assert watched.foreign == []
    assert watched.complaints == []


def test_the_language_is_switched_and_remembered(seeded: Served, open_page: Open) -> None:
    page = _signed_in(open_page(seeded.address)).page
    expect(page.get_by_role("button", name="确认违规")).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("button", name="Confirm breach")).to_be_visible()
    page.reload(wait_until="domcontentloaded")
    expect(page.get_by_role("button", name="Confirm breach")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "en"
