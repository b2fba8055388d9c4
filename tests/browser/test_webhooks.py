"""An administrator has changes told to another program, tests it, and sends it something again."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.api.webhooks.test_real_receivers import Receiver, listening
from tests.browser.conftest import PASSWORD, Open, Served, faults_of_access, free_port, serving, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def demo(built_page: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Two weeks of the demo hall, which may send to this machine."""
    port, data = free_port(), tmp_path_factory.mktemp("demo")
    program = "tests.browser.demo_hall_served"
    with serving(program, str(data), str(port), str(built_page), port=port) as served:
        yield served


def test_a_webhook_is_made_tested_and_sent_what_was_before(demo: Served, open_page: Open) -> None:
    server = Receiver()
    watched = open_page(demo.address)
    page = watched.page
    sign_in(page, "administrator", PASSWORD)
    page.locator("nav a[href='/webhooks']").click()
    with listening(server) as address:
        page.get_by_role("button", name="新建推送").click()
        page.get_by_label("用途").fill("市电子监察平台")
        page.get_by_label("接收地址").fill("https://elsewhere.example/")
        page.get_by_role("button", name="保存").click()
        expect(page.get_by_role("dialog")).to_contain_text("HALLWATCH_OUTBOUND")
        page.get_by_label("接收地址").fill(address)
        page.get_by_role("button", name="保存").click()
        assert page.get_by_test_id("secret").inner_text().startswith("whsec_")
        page.get_by_role("button", name="已记下").click()
        row = page.locator("tr", has_text="市电子监察平台")
        expect(row).to_contain_text("event.confirmed")
        assert faults_of_access(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 1366

        row.get_by_role("button", name="发送测试").click()
        log = page.locator(".ant-drawer")
        expect(log.locator("tr", has_text="ping")).to_contain_text("已送达")
        assert faults_of_access(page) == []
        for field, day in (("从", "2026-03-05"), ("到", "2026-03-06")):
            log.get_by_placeholder(field).fill(day)
            page.keyboard.press("Enter")
        log.get_by_role("button", name="重送这段时间").click()
        expect(log.locator("tr", has_text="event.confirmed").first).to_contain_text("已送达")
    types = {json.loads(body)["type"] for _, body in server.came}
    assert {"hallwatch.ping", "hallwatch.event.confirmed"} <= types
    # The one complaint is the address that may not be sent to.
    assert (watched.foreign, len(watched.complaints)) == ([], 1)
