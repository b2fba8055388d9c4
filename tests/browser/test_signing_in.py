"""The first sign-in, and wrong ones."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SUPERVISOR, Open, Served, sign_in

pytestmark = pytest.mark.browser


def test_the_one_time_password_must_be_changed_before_anything_is_shown(
    fresh: Served, open_page: Open
) -> None:
    page = open_page(fresh.address).page
    sign_in(page, SUPERVISOR, fresh.said)
    _fill(page, fresh.said, "short")
    expect(page.locator(".ant-form-item-explain-error").first).to_have_text("至少 12 个字符")
    _fill(page, fresh.said, "long enough to be kept")
    expect(page.get_by_text("没有待审事件")).to_be_visible()


def test_a_wrong_password_is_said_in_words(fresh: Served, open_page: Open) -> None:
    page = open_page(fresh.address).page
    sign_in(page, SUPERVISOR, "certainly-not-it")
    expect(page.get_by_role("alert")).to_contain_text("用户名或密码错误")


def test_signing_out_closes_the_door(fresh: Served, open_page: Open) -> None:
    page = open_page(fresh.address, "en").page
    sign_in(page, SUPERVISOR, fresh.said)
    _fill(page, fresh.said, "long enough to be kept")
    page.get_by_role("button", name=SUPERVISOR).click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.locator("input[autocomplete=username]")).to_be_visible()
    page.goto(f"{fresh.address}/dashboard", wait_until="domcontentloaded")
    expect(page.locator("input[autocomplete=username]")).to_be_visible()


def _fill(page: Page, current: str, new: str) -> None:
    """Fill the form that asks for a new password, once it is there, and send it."""
    fields = page.locator("input[type=password]")
    expect(fields).to_have_count(3)
    for place, text in enumerate((current, new, new)):
        fields.nth(place).fill(text)
    page.keyboard.press("Enter")
