"""The built page is served as it is, and nothing outside its folder."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import ApiSettings
from api.page import NONCE_PLACE
from tests.api.conftest import running


@pytest.fixture
def page(settings: ApiSettings, tmp_path: Path) -> Iterator[TestClient]:
    """A browser before an API with a built page."""
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<html>start</html>")
    (folder / "assets" / "app-1a2b.js").write_text("run()")
    (folder / "icon.svg").write_text("<svg/>")
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    with running(replace(settings, page_dir=folder)) as api:
        yield api.anybody


def test_files_are_served_as_they_are(page: TestClient) -> None:
    script = page.get("/assets/app-1a2b.js")
    assert (script.text, script.headers["Content-Type"]) == ("run()", "text/javascript; charset=utf-8")
    assert "immutable" in script.headers["Cache-Control"]
    assert page.get("/icon.svg").text == "<svg/>"


@pytest.mark.parametrize("path", ["/", "/queue", "/events/1", "/index.html"])
def test_addresses_of_the_page_itself_get_its_start(page: TestClient, path: str) -> None:
    answer = page.get(path)
    assert (answer.status_code, answer.text) == (200, "<html>start</html>")
    assert answer.headers["Cache-Control"] == "no-store"


def test_each_start_has_a_nonce_of_its_own_for_its_style_sheets(
    settings: ApiSettings, tmp_path: Path
) -> None:
    (tmp_path / "index.html").write_text(f'<meta content="{NONCE_PLACE}">')
    nonces = set()
    with running(replace(settings, page_dir=tmp_path)) as api:
        for _ in range(3):
            answer = api.anybody.get("/")
            nonce = answer.text.removeprefix('<meta content="').removesuffix('">')
            policy = answer.headers["Content-Security-Policy"].split("; ")
            assert "default-src 'self'" in policy
            assert f"style-src 'self' 'nonce-{nonce}'" in policy
            nonces.add(nonce)
    assert len(nonces) == 3
    assert NONCE_PLACE not in nonces


def test_a_script_of_an_older_build_is_404_and_not_the_start(page: TestClient) -> None:
    assert page.get("/assets/old.js").status_code == 404


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt", "/link.txt", "/a%00b"]
)
def test_no_path_leads_out_of_the_folder(page: TestClient, path: str) -> None:
    assert "secret" not in page.get(path).text


@pytest.mark.parametrize("folder", [None, Path("/nowhere/dist")])
def test_a_page_that_was_not_built_says_what_to_do(settings: ApiSettings, folder: Path | None) -> None:
    with running(replace(settings, page_dir=folder)) as api:
        answer = api.anybody.get("/")
    assert answer.status_code == 503
    assert "make page" in answer.text
    assert "尚未构建" in answer.text
