"""The first sign-in, and wrong ones."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SUPERVISOR, Open, Served, sign_in

pytestmark = pytest.mark.browser


def test_the_one_time_password_must_be_changed_before_anything_is_shown(
    fresh: Served, open_page: Open
) -> None:
    page = open_page(fresh.address).page
    sign_in(page, SUPERVISOR, fresh.said)
    current, new, again = (page.locator("input[type=password]").nth(i) for i in range(3))
    expect(again).to_be_visible()
    current.fill(fresh.said)
    new.fill("short")
    again.fill("short")
    page.keyboard.press("Enter")
    expect(page.locator(".ant-form-item-explain-error").first).to_have_text("至少 12 个字符")
    new.fill("long enough to be kept")
    again.fill("long enough to be kept")
    page.keyboard.press("Enter")
    expect(page.get_by_text("没有待审事件")).to_be_visible()


def test_a_wrong_password_is_said_in_words(fresh: Served, open_page: Open) -> None:
    page = open_page(fresh.address).page
    sign_in(page, SUPERVISOR, "certainly-not-it")
    expect(page.get_by_role("alert")).to_contain_text("用户名或密码错误")


def test_signing_out_closes_the_door(fresh: Served, open_page: Open) -> None:
    page = open_page(fresh.address, "en").page
    sign_in(page, SUPERVISOR, fresh.said)
    for place, text in enumerate((fresh.said, "long enough to be kept", "long enough to be kept")):
        page.locator("input[type=password]").nth(place).fill(text)
    page.keyboard.press("Enter")
    page.get_by_role("button", name=SUPERVISOR).click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.locator("input[autocomplete=username]")).to_be_visible()
    page.goto(f"{fresh.address}/hours", wait_until="domcontentloaded")
    expect(page.locator("input[autocomplete=username]")).to_be_visible()
