"""An engineer calibrates a camera in a real browser: floor, zones, saving, history, another one who saves."""

import re
from collections.abc import Sequence

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PASSWORD, SUPERVISOR, Open, Served, sign_in

pytestmark = pytest.mark.browser

Share = tuple[float, float]
Metres = tuple[float, float]

MEASURED: Sequence[Metres] = [(0, 0), (3, 0), (3, 2.5), (0, 2.5), (1.5, 1), (0.5, 1.5)]
"""The first two lie below the ends of the counter's edge."""

STAFF: Sequence[Share] = [(0.3, 0.05), (0.7, 0.05), (0.7, 0.25), (0.3, 0.25)]


def seen(metres: Metres) -> Share:
    """Where a camera above the public side, 5 m from the counter, sees a spot of the floor."""
    depth = 5 - metres[1]
    return 0.5 + 0.8 * (metres[0] - 1.5) / depth, 0.05 + 1.5 / depth


@pytest.fixture
def page(seeded: Served, open_page: Open) -> Page:
    """The calibration page of a camera with one window, reached like everybody does."""
    return _calibrating(seeded, open_page)


def _calibrating(seeded: Served, open_page: Open, language: str = "zh") -> Page:
    page = open_page(f"{seeded.address}/cameras", language).page
    sign_in(page, SUPERVISOR, PASSWORD)
    page.locator(".cameras section").nth(1).get_by_role("link").click()
    expect(page.locator(".board img")).to_be_visible()
    return page


def _on_board(page: Page, share: Share) -> tuple[float, float]:
    box = page.locator(".board > svg").bounding_box()
    assert box is not None
    return box["x"] + share[0] * box["width"], box["y"] + share[1] * box["height"]


def _drag(page: Page, start: Share, end: Share) -> None:
    page.mouse.move(*_on_board(page, start))
    page.mouse.down()
    page.mouse.move(*_on_board(page, end), steps=5)
    page.mouse.up()


def _points(page: Page) -> Locator:
    return page.locator(".points tbody tr")


def _measure(page: Page) -> None:
    """Click every point, then type all metres without the mouse."""
    for metres in MEASURED:
        page.mouse.click(*_on_board(page, seen(metres)))
    for metres in MEASURED:
        for number in metres:
            page.keyboard.press("Tab")
            page.keyboard.type(str(number))
    expect(page.locator(".board .grid").first).to_be_visible()


def _choose(page: Page, label: str, option: str) -> None:
    page.get_by_label(label, exact=True).click()
    page.locator(".ant-select-dropdown:visible .ant-select-item-option", has_text=option).click()


def test_a_camera_is_calibrated_by_clicking_saved_and_taken_back(page: Page) -> None:
    _measure(page)
    verdict = page.locator(".findings")
    expect(verdict).to_contain_text("地面拟合良好")
    expect(page.locator(".spot .point.good")).to_have_count(len(MEASURED))

    _choose(page, "柜台沿", "柜台沿经过两点")
    expect(verdict).to_contain_text("一米线距柜台 1.00 米")
    expect(page.locator(".board path.line")).to_have_count(1)

    # A wrong number is named and coloured; taking it back is one step, however many keys it took.
    wrong = page.get_by_label("点 5 的 x", exact=True)
    wrong.fill("2.5")
    expect(page.get_by_role("alert").filter(has_text="第 5 点")).to_be_visible()
    expect(page.locator(".spot .point.bad")).not_to_have_count(0)
    expect(page.get_by_role("button", name="保存")).to_be_disabled()
    page.keyboard.press("Control+z")
    expect(wrong).to_have_value(re.compile(r"^1\.50?$"))
    expect(verdict).to_contain_text("地面拟合良好")

    # The window's staff side is still missing, and the page says so.
    expect(page.locator(".unfinished")).to_contain_text("请画出工作人员区")
    page.get_by_text("窗口区域", exact=True).click()
    page.get_by_role("button", name=re.compile("工作人员区")).click()
    for corner in STAFF:
        page.mouse.click(*_on_board(page, corner))
    page.mouse.click(*_on_board(page, STAFF[0]))
    expect(page.get_by_text("已画 · 4 角")).to_be_visible()
    _drag(page, (0.5, 0.25), (0.5, 0.35))
    expect(page.get_by_text("已画 · 5 角")).to_be_visible()
    expect(page.locator(".unfinished")).to_have_count(0)

    page.get_by_label("备注(可不填)").fill("第一次测量")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".calibration > header")).to_contain_text("第 1 版")
    page.reload(wait_until="domcontentloaded")
    expect(_points(page)).to_have_count(len(MEASURED))
    expect(page.get_by_label("点 3 的 y", exact=True)).to_have_value("2.50")
    expect(page.get_by_label("柜台沿的第二点")).to_have_count(1)
    expect(page.locator(".board path.line")).to_have_count(1)

    # Keys alone: nudge a point, remove it, save; then go back to what was before.
    spot = page.locator("[data-spot=point-6]")
    spot.focus()
    placed = spot.get_attribute("transform")
    page.keyboard.press("Shift+ArrowRight")
    expect(spot).not_to_have_attribute("transform", placed or "")
    page.keyboard.press("Delete")
    expect(_points(page)).to_have_count(len(MEASURED) - 1)
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".calibration > header")).to_contain_text("第 2 版")
    page.get_by_role("button", name="历史").click()
    first = page.locator("ol.history li", has_text="第一次测量")
    expect(first).to_contain_text("6 个地面点")
    first.get_by_role("button", name="恢复").click()
    page.locator(".ant-popconfirm .ant-btn-primary").click()
    expect(page.locator(".calibration > header")).to_contain_text("第 3 版")
    expect(_points(page)).to_have_count(len(MEASURED))
    assert spot.get_attribute("transform") == placed


def test_somebody_else_saves_meanwhile_and_nothing_is_lost_silently(seeded: Served, open_page: Open) -> None:
    late, early = (_calibrating(seeded, open_page, "en") for _ in range(2))
    for page in (late, early):
        page.get_by_text("Window zones", exact=True).click()
        page.get_by_role("button", name=re.compile("Staff side")).click()
        if page.get_by_role("button", name="Clear").is_enabled():
            page.get_by_role("button", name="Clear").click()
        for corner in STAFF:
            page.mouse.click(*_on_board(page, corner))
        page.keyboard.press("Enter")

    # Leaving asks, and what was drawn survives a reload.
    late.get_by_role("link", name="Queue").click()
    expect(late.get_by_role("dialog")).to_contain_text("Leave this page?")
    late.get_by_role("button", name="Stay").click()
    late.on("dialog", lambda dialog: dialog.accept())
    late.reload(wait_until="domcontentloaded")
    expect(late.get_by_text("Your unsaved changes were brought back")).to_be_visible()

    early.get_by_role("button", name="Save").click()
    expect(early.locator(".calibration > header")).to_contain_text("Revision")
    late.get_by_role("button", name="Save").click()
    asked = late.get_by_role("dialog")
    expect(asked).to_contain_text(f"{SUPERVISOR} saved revision")
    asked.get_by_role("button", name="Load theirs").click()
    expect(asked).to_have_count(0)
    expect(late.get_by_text("Unsaved changes")).to_have_count(0)
    late.get_by_text("Window zones", exact=True).click()
    expect(late.get_by_text("drawn · 4 corners")).to_be_visible()
    widths = "[...document.querySelectorAll('html, main')].map(e => e.scrollWidth - e.clientWidth)"
    assert max(late.evaluate(widths)) <= 0
