"""The dashboard as a centre manager uses it, and the screen on the wall."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import (
    PASSWORD,
    SUPERVISOR,
    Open,
    Served,
    Watched,
    faults_of_access,
    free_port,
    serving,
    sign_in,
)

pytestmark = pytest.mark.browser

DAY = "/dashboard?date=2026-03-06"
"""The last day of the demo hall, a Friday."""


@pytest.fixture(scope="module")
def demo(built_page: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Two weeks of a hall of six windows, most flags judged, on the evening of the last day."""
    port, data = free_port(), tmp_path_factory.mktemp("demo")
    with serving(
        "tests.browser.demo_hall_served", str(data), str(port), str(built_page), port=port
    ) as served:
        yield served


def opened(
    demo: Served, open_page: Open, path: str, language: str = "zh", appearance: str = "light"
) -> Watched:
    """That address, signed in."""
    watched = open_page(demo.address, language, appearance)
    sign_in(watched.page, SUPERVISOR, PASSWORD)
    expect(watched.page.locator("nav")).to_be_visible()
    watched.page.goto(demo.address + path, wait_until="domcontentloaded")
    return watched


def heat_rows(page: Page) -> int:
    """Rows of windows in the heat map, without the hall's own."""
    expect(page.locator(".heat tbody tr").first).to_be_visible()
    return page.locator(".heat tbody tr:not(.sum)").count()


def test_a_cell_leads_to_just_the_events_of_its_window_and_hour(demo: Served, open_page: Open) -> None:
    page = opened(demo, open_page, DAY).page
    assert heat_rows(page) == 6
    cell = page.locator(".heat tbody tr", has_text="3号").locator("td", has_text="✕1 ?1")
    expect(cell).to_have_count(1)
    told = re.search(r"已确认 (\d+),待审 (\d+),已排除 (\d+)", cell.get_attribute("title") or "")
    assert told is not None
    cell.get_by_role("link").click()
    expect(page).to_have_url(f"{demo.address}/events?window=w3&hour=2026-03-06T01Z")
    rows = page.locator("main tbody tr.ant-table-row")
    expect(rows).to_have_count(sum(map(int, told.groups())))
    for text in rows.all_inner_texts():
        assert "03/06 09:" in text
        assert "3号" in text
    page.locator(".ant-tag-close-icon").click()
    expect(rows.filter(has_text="03/06 14:")).not_to_have_count(0)


def test_a_cell_of_the_week_leads_to_its_day(demo: Served, open_page: Open) -> None:
    page = opened(demo, open_page, f"{DAY}&kind=week").page
    page.locator(".heat tbody tr", has_text="4号").locator("td").nth(1).get_by_role("link").click()
    expect(page).to_have_url(f"{demo.address}/events?window=w4&from=2026-03-03&to=2026-03-03")
    expect(page.locator("main tbody tr.ant-table-row").first).to_contain_text("03/03")


def test_an_hour_that_was_hardly_observed_is_grey(demo: Served, open_page: Open) -> None:
    page = opened(demo, open_page, DAY).page
    grey = page.locator(".heat tbody tr", has_text="5号").locator("td.partly")
    expect(grey).to_have_count(2)
    expect(grey.first).to_contain_text("◐ 31%")


@pytest.mark.parametrize(("language", "words"), [("zh", "已确认违规时间"), ("en", "confirmed breach time")])
def test_a_click_on_a_figure_says_how_it_is_made(
    demo: Served, open_page: Open, language: str, words: str
) -> None:
    page = opened(demo, open_page, DAY, language).page
    page.locator(".sums .term").first.click()
    expect(page.locator(".definition")).to_contain_text(words)


@pytest.mark.parametrize(("language", "appearance"), [("zh", "light"), ("en", "dark")])
@pytest.mark.parametrize("path", [DAY, f"{DAY}&kind=week", f"{DAY}&kind=month", "/wall"])
def test_it_fits_talks_to_nobody_else_and_can_be_read_by_everybody(
    demo: Served, open_page: Open, path: str, language: str, appearance: str
) -> None:
    watched = opened(demo, open_page, path, language, appearance)
    page = watched.page
    heat_rows(page)
    if path != "/wall":
        expect(page.locator("section [role=img] > div > svg")).to_have_count(2)
        expect(page.locator(".rates tbody tr").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366
    assert faults_of_access(page) == []
    assert watched.foreign == []
    assert watched.complaints == []


def test_the_table_is_downloaded_as_it_is_shown(demo: Served, open_page: Open) -> None:
    page = opened(demo, open_page, DAY).page
    with page.expect_download() as download:
        page.get_by_text("下载 CSV").click()
    lines = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("开始,结束,编号,名称")
    assert len(lines) == 1 + 6 * 8


def test_the_wall_follows_decisions_and_names_nobody(demo: Served, open_page: Open) -> None:
    wall = opened(demo, open_page, "/wall").page
    waiting = wall.locator(".wall-sums > div", has_text="待审").locator("b")
    expect(waiting).to_have_text("4")
    reviewer = opened(demo, open_page, "/queue").page
    expect(reviewer.locator(".case h2")).to_be_visible()
    reviewer.keyboard.press("f")
    expect(waiting).to_have_text("3", timeout=20_000)
    assert SUPERVISOR not in wall.locator("body").inner_text()


def test_the_old_address_still_leads_here(demo: Served, open_page: Open) -> None:
    page = opened(demo, open_page, "/hours?date=2026-03-05").page
    expect(page).to_have_url(f"{demo.address}/dashboard?date=2026-03-05")
