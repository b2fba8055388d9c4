"""The examples of docs/integration.md, in both languages, run word for word."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from api.accounts import set_password
from api.settings import ApiSettings
from api.webhooks.signing import new_secret, signed_headers
from tests.browser.conftest import free_port, serving
from tests.conftest import REPOSITORY

PAGES = ("docs/integration.md", "docs/integration.zh-CN.md")
PASSWORD = "a-password-for-tests"


def blocks(page: str, language: str) -> list[str]:
    """The page's examples in that language."""
    text = (REPOSITORY / page).read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A hall with confirmed events, and a key: what the examples take from the surroundings."""
    port, data = free_port(), tmp_path_factory.mktemp("hall")
    options = ("--data", str(data), "--port", str(port), "--events", "9", "--password", PASSWORD)
    with serving("tests.api.seed", *options, port=port) as served:
        settings = ApiSettings(f"sqlite:///{data / 'hallwatch.sqlite'}", data, SecretStr("x"))
        set_password(settings, "boss", PASSWORD, role="administrator")
        with httpx.Client(base_url=served.address, trust_env=False) as boss:
            signed = boss.post("/api/v1/session", json={"username": "boss", "password": PASSWORD}).json()
            rights = ["catalogue", "events", "figures", "cameras"]
            made = boss.post(
                "/api/v1/keys",
                json={"name": "example", "rights": rights},
                headers={"X-CSRF-Token": signed["csrf_token"]},
            ).json()
        yield dict(os.environ) | {"HALLWATCH": served.address, "HALLWATCH_KEY": made["key"]}


@pytest.mark.parametrize("page", PAGES)
def test_the_loop_over_changes_prints_what_people_confirmed(page: str, hall: dict[str, str]) -> None:
    program = blocks(page, "python")[0]
    done = subprocess.run(
        [sys.executable, "-c", program], env=hall, capture_output=True, text=True, timeout=60, check=True
    )
    assert "event.confirmed" in done.stdout
    assert "event.flagged" not in done.stdout


@pytest.mark.parametrize("page", PAGES)
def test_the_command_gets_json(page: str, hall: dict[str, str]) -> None:
    (command,) = blocks(page, "sh")
    environment = hall | {"no_proxy": "127.0.0.1"}
    done = subprocess.run(
        ["sh", "-c", command], env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    assert '"next_cursor"' in done.stdout


@pytest.mark.parametrize("page", PAGES)
def test_the_receiver_takes_what_is_ours_and_nothing_else(page: str) -> None:
    names: dict[str, object] = {}
    exec(blocks(page, "python")[1], names)
    received = names["received"]
    assert callable(received)
    secret, body = new_secret(), '{"type":"hallwatch.event.confirmed","subject":"e"}'
    headers = signed_headers([secret], "msg_1", datetime.now(UTC), body)
    assert received(secret, body.encode(), headers) == "hallwatch.event.confirmed e"
    with pytest.raises(Exception, match="No matching signature"):
        received(new_secret(), body.encode(), headers)


def test_both_pages_hold_the_same_examples() -> None:
    def plain(page: str) -> list[str]:
        found = [*blocks(page, "python"), *blocks(page, "sh")]
        return [re.sub(r'(#.*|""".*?""")', "", one) for one in found]

    assert plain(PAGES[0]) == plain(PAGES[1])
    assert all((REPOSITORY / "docs" / Path(page).name).is_file() for page in PAGES)
