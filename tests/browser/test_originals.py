"""One reviewer asks for an original, another releases it, the first downloads it with their name on it."""

import json
import zipfile
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from hallwatch.original_maker import OriginalMaker
from tests.api.seed import WORKER_KEY
from tests.browser.conftest import PASSWORD, SUPERVISOR, Open, Served, faults_of_access, sign_in

pytestmark = pytest.mark.browser


def test_an_original_takes_two_people_and_bears_the_viewers_name(
    seeded: Served, open_page: Open, tmp_path: Path
) -> None:
    watched = open_page(seeded.address)
    page = watched.page
    sign_in(page, SUPERVISOR, PASSWORD)
    expect(page.locator("nav a").first).to_be_visible()
    found = page.evaluate("fetch('/api/v1/events?limit=100').then(answer => answer.json())")["items"]
    with_film = next(one["id"] for one in found if one["clip"] and one["clip"]["sha256"])
    page.goto(f"{seeded.address}/events?event={with_film}", wait_until="domcontentloaded")
    page.get_by_role("button", name="申请原始录像").click()
    page.get_by_label("事由").fill("当事人申诉,核对画面")
    page.get_by_role("button", name="提交申请").click()
    expect(page.locator(".ant-drawer").get_by_text("待批准")).to_be_visible()
    assert faults_of_access(page) == []

    second = open_page(seeded.address)
    sign_in(second.page, "second", PASSWORD)
    second.page.locator("nav a[href='/originals']").click()
    row = second.page.locator("tr", has_text="当事人申诉,核对画面")
    expect(row).to_contain_text("supervisor")
    assert second.page.evaluate("document.documentElement.scrollWidth") <= 1366
    row.get_by_role("button", name="批准").click()
    expect(row).to_contain_text("正在加水印")
    assert faults_of_access(second.page) == []

    key = {"Authorization": f"Bearer {WORKER_KEY}"}
    with httpx.Client(base_url=seeded.address, headers=key, timeout=60, trust_env=False) as client:
        assert OriginalMaker(client).step() == 1
    page.goto(f"{seeded.address}/originals", wait_until="domcontentloaded")
    with page.expect_download() as download:
        page.locator("tr", has_text="当事人申诉,核对画面").get_by_role("button", name="下载").click()
    download.value.save_as(tmp_path / "original.zip")
    with zipfile.ZipFile(tmp_path / "original.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert archive.getinfo(manifest["film"]["name"]).file_size > 10_000
    assert manifest["watermark"].startswith("supervisor  ")
    assert (watched.foreign, watched.complaints) == ([], [])
    assert (second.foreign, second.complaints) == ([], [])
