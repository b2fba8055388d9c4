"""An administrator makes an account and a key, their owner signs in, an auditor reads what happened."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.api.reports.demo_hall import MORNING_AFTER
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
    """Two weeks of the demo hall, with an administrator and an auditor."""
    port, data = free_port(), tmp_path_factory.mktemp("demo")
    program = "tests.browser.demo_hall_served"
    with serving(program, str(data), str(port), str(built_page), port=port) as served:
        yield served


def rooms(page: Page) -> list[str]:
    """The pages that the navigation leads to."""
    expect(page.locator("nav a").first).to_be_visible()
    links = page.locator("nav a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    return [str(link) for link in links]


def choose(page: Page, label: str, *names: str) -> None:
    """Choose options of a select by their words."""
    for name in names:
        page.get_by_role("combobox", name=label).click()
        page.locator(".ant-select-dropdown:visible").get_by_text(name, exact=True).click()
        page.get_by_role("combobox", name=label).press("Escape")
        expect(page.locator(".ant-select-dropdown:visible")).to_have_count(0)


def test_an_administrator_makes_an_account_that_reads_figures_of_one_window(
    demo: Served, open_page: Open
) -> None:
    watched = open_page(demo.address)
    page = watched.page
    sign_in(page, "administrator", PASSWORD)
    expect(page).to_have_url(f"{demo.address}/accounts")
    assert rooms(page) == ["/accounts", "/keys", "/webhooks", "/cameras", "/retention"]
    page.get_by_role("button", name="新建账号").click()
    page.get_by_label("用户名").fill("chen")
    choose(page, "角色", "管理者")
    choose(page, "负责范围", "2号 社会保险")
    page.get_by_role("button", name="保存").click()
    password = page.get_by_test_id("secret").inner_text()
    page.get_by_role("button", name="已记下").click()
    row = page.locator("tr", has_text="chen")
    expect(row).to_contain_text("2号 社会保险")
    expect(row).to_contain_text("尚未改一次性密码")
    assert faults_of_access(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366
    assert (watched.foreign, watched.complaints) == ([], [])

    other = open_page(demo.address)
    sign_in(other.page, "chen", password)
    for field, value in (("当前密码", password), ("新密码", PASSWORD), ("再次输入新密码", PASSWORD)):
        other.page.get_by_label(field, exact=True).fill(value)
    other.page.get_by_role("button", name="保存并继续").click()
    expect(other.page).to_have_url(f"{demo.address}/dashboard")
    assert rooms(other.page) == ["/dashboard", "/cameras"]
    other.page.goto(f"{demo.address}/dashboard?date=2026-03-06", wait_until="domcontentloaded")
    expect(other.page.locator(".heat tbody tr")).to_have_count(1)
    expect(other.page.locator("main a[href^='/events']")).to_have_count(0)
    assert (other.foreign, other.complaints) == ([], [])

    row.get_by_role("button", name="停用").click()
    page.locator(".ant-popover:visible").get_by_role("button", name="停用").click()
    expect(row).to_contain_text("已停用")
    other.page.reload(wait_until="domcontentloaded")
    expect(other.page.get_by_role("button", name="登录")).to_be_visible()


def test_a_key_is_made_shown_once_used_and_revoked(demo: Served, open_page: Open) -> None:
    watched = open_page(demo.address, "en")
    page = watched.page
    sign_in(page, "administrator", PASSWORD)
    page.locator("nav a[href='/keys']").click()
    page.get_by_role("button", name="New key").click()
    page.get_by_label("What for").fill("city platform")
    page.get_by_role("dialog").get_by_role("button", name="New key").click()
    key = page.get_by_test_id("secret").inner_text()
    page.get_by_role("button", name="I have it").click()
    sent = {"Authorization": f"Bearer {key}"}
    assert httpx.get(f"{demo.address}/api/v1/events", headers=sent).status_code == 200
    row = page.locator("tr", has_text="city platform")
    expect(row).to_contain_text("In force")
    row.get_by_role("button", name="Revoke").click()
    page.locator(".ant-popover:visible").get_by_role("button", name="Revoke").click()
    expect(row).to_contain_text("Revoked (administrator)")
    assert httpx.get(f"{demo.address}/api/v1/events", headers=sent).json()["code"] == "wrong_key"
    assert faults_of_access(page) == []
    assert (watched.foreign, watched.complaints) == ([], [])


def test_an_auditor_reads_who_did_what_and_nothing_else(demo: Served, open_page: Open) -> None:
    watched = open_page(demo.address)
    page = watched.page
    sign_in(page, "auditor", PASSWORD)
    expect(page).to_have_url(f"{demo.address}/audit")
    assert rooms(page) == ["/audit", "/retention"]
    expect(page.get_by_text("更早的")).to_be_visible()
    assert faults_of_access(page) == []
    rows = page.locator("main tbody tr.ant-table-row")
    expect(rows.first).to_contain_text("登录")
    expect(rows).to_have_count(100)
    page.get_by_role("button", name="更早的").click()
    expect(rows.nth(101)).to_be_visible()
    page.locator("nav a[href='/retention']").click()
    expect(page.locator("tr", has_text="原始录像")).to_contain_text("30")
    proofs = page.locator("main .ant-table").nth(1).locator("tbody tr.ant-table-row")
    expect(proofs.first).to_contain_text("decision 1")
    assert faults_of_access(page) == []
    page.locator("nav a[href='/audit']").click()
    choose(page, "操作", "裁定事件")
    expect(rows.first).to_contain_text("裁定事件")
    expect(page.locator("main")).not_to_contain_text("退出登录")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366
    assert (watched.foreign, watched.complaints) == ([], [])


def test_a_supervisor_holds_an_event_back_and_releases_it(demo: Served, open_page: Open) -> None:
    watched = open_page(demo.address)
    page = watched.page
    sign_in(page, SUPERVISOR, PASSWORD)
    assert rooms(page)[0] == "/queue"
    newest = page.evaluate("fetch('/api/v1/events?limit=1').then(answer => answer.json())")["items"][0]["id"]
    page.goto(f"{demo.address}/events?event={newest}", wait_until="domcontentloaded")
    page.get_by_role("button", name="保留(不按期删除)").click()
    page.get_by_label("保留的理由,如正在调查").fill("纪检调查")
    page.get_by_role("button", name="保留(不按期删除)").click()
    expect(page.get_by_text("supervisor 要求保留:纪检调查")).to_be_visible()
    page.get_by_role("button", name="解除保留").click()
    expect(page.get_by_role("button", name="保留(不按期删除)")).to_be_visible()
    assert faults_of_access(page) == []
    assert (watched.foreign, watched.complaints) == ([], [])


def test_an_authenticator_is_added_and_asked_for_at_the_next_sign_in(demo: Served, open_page: Open) -> None:
    watched = open_page(demo.address)
    page = watched.page
    sign_in(page, "auditor", PASSWORD)
    page.get_by_role("banner").get_by_role("button", name="auditor").click()
    page.get_by_text("登录与安全").click()
    page.get_by_role("button", name="设置身份验证器").click()
    expect(page.get_by_alt_text("身份验证器二维码")).to_be_visible()
    secret = page.get_by_test_id("factor-secret").inner_text().strip()
    assert faults_of_access(page) == []
    page.get_by_label("动态验证码").fill(pyotp.TOTP(secret).at(MORNING_AFTER - timedelta(hours=14)))
    page.get_by_role("button", name="确认启用").click()
    codes = page.get_by_test_id("recovery-codes").inner_text().split()
    assert len(codes) == 10
    page.get_by_role("button", name="已记下").click()
    expect(page.get_by_text("已启用")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366
    assert (watched.foreign, watched.complaints) == ([], [])

    other = open_page(demo.address).page
    sign_in(other, "auditor", PASSWORD)
    other.get_by_label("动态验证码").fill(codes[0])
    other.get_by_role("button", name="登录").click()
    expect(other).to_have_url(f"{demo.address}/audit")

    page.get_by_role("button", name="移除验证器").click()
    page.get_by_label("动态验证码").fill(codes[1])
    page.get_by_role("button", name="移除验证器").click()
    expect(page.get_by_role("button", name="设置身份验证器")).to_be_visible()


def test_a_forgotten_browser_is_ended_from_another(demo: Served, open_page: Open) -> None:
    left_open = open_page(demo.address).page
    sign_in(left_open, "auditor", PASSWORD)
    expect(left_open).to_have_url(f"{demo.address}/audit")
    page = open_page(demo.address).page
    sign_in(page, "auditor", PASSWORD)
    page.get_by_role("banner").get_by_role("button", name="auditor").click()
    page.get_by_text("登录与安全").click()
    expect(page.get_by_text("本浏览器")).to_be_visible()
    end = page.get_by_role("button", name="结束", exact=True)
    expect(end.first).to_be_visible()
    for left in reversed(range(end.count())):
        end.first.click()
        expect(end).to_have_count(left)
    left_open.reload(wait_until="domcontentloaded")
    expect(left_open.get_by_role("button", name="登录")).to_be_visible()
    expect(page.get_by_text("本浏览器")).to_be_visible()
