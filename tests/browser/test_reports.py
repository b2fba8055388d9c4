"""The page of reports: a file in the hand after one click, in the language that was chosen."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.browser.conftest import (
    PASSWORD,
    SUPERVISOR,
    Open,
    Served,
    faults_of_access,
    free_port,
    serving,
    sign_in,
)

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def demo(built_page: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Two weeks of the demo hall."""
    port, data = free_port(), tmp_path_factory.mktemp("demo")
    program = "tests.browser.demo_hall_served"
    with serving(program, str(data), str(port), str(built_page), port=port) as served:
        yield served


@pytest.mark.parametrize(("language", "title"), [("zh", "日报"), ("en", "Daily report")])
def test_a_report_is_downloaded_as_a_pdf(demo: Served, open_page: Open, language: str, title: str) -> None:
    watched = open_page(demo.address, language)
    page = watched.page
    sign_in(page, SUPERVISOR, PASSWORD)
    page.locator("nav a[href='/reports']").click()
    expect(page.locator("main tbody tr.ant-table-row")).to_have_count(31)
    expect(page.locator("main tbody tr.ant-table-row").first).to_contain_text("2026-03-06")
    with page.expect_download() as download:
        page.get_by_role("button", name="PDF 2026-03-05").click()
    assert download.value.suggested_filename.endswith(".pdf")
    text = PdfReader(download.value.path()).pages[0].extract_text()
    assert title in text
    assert "2026" in text
    assert faults_of_access(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366
    assert watched.foreign == []
    assert watched.complaints == []


def test_months_come_as_a_workbook_and_a_board(demo: Served, open_page: Open) -> None:
    page = open_page(demo.address).page
    sign_in(page, SUPERVISOR, PASSWORD)
    page.locator("nav a[href='/reports']").click()
    page.locator(".ant-segmented-item", has_text="月报").click()
    expect(page.locator("main tbody tr.ant-table-row").first).to_contain_text("2026-03-01 – 2026-03-31")
    for kind, start in (("Excel", b"PK"), ("表扬台/曝光台", b"%PDF-")):
        with page.expect_download() as download:
            page.get_by_role("button", name=f"{kind} 2026-02-01").click()
        assert Path(download.value.path()).read_bytes().startswith(start)
