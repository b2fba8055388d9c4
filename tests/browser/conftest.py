"""A real server in its own process and a real Chromium before it."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import REPOSITORY, need

CHROMIUM = Path("/usr/bin/chromium")
BUILT_PAGE = REPOSITORY / "api" / "web" / "dist"
AXE = REPOSITORY / "api" / "web" / "node_modules" / "axe-core" / "axe.min.js"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SUPERVISOR, PASSWORD = "supervisor", "a-password-for-tests"


@dataclass(frozen=True, slots=True)
class Served:
    """Where a server listens, and the first line that it printed."""

    address: str
    said: str


@contextmanager
def serving(module: str, *arguments: str, port: int) -> Iterator[Served]:
    """A module run as a program of its own until the test is over; it is ready once it prints a line."""
    program = subprocess.Popen(
        [sys.executable, "-m", module, *arguments], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
    )
    assert program.stdout is not None
    try:
        said = program.stdout.readline().strip()
        assert said, f"{module} ended before it was ready"
        yield Served(f"http://127.0.0.1:{port}", said)
    finally:
        program.terminate()
        program.wait(20)
        program.stdout.close()


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(scope="session")
def built_page() -> Path:
    """The folder of the built page."""
    need((BUILT_PAGE / "index.html").is_file(), "the built page (make page)")
    return BUILT_PAGE


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, kept from calling anybody."""
    need(CHROMIUM.is_file(), f"Chromium ({CHROMIUM})")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def seeded(built_page: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A hall with events in all states, two thirds decided; the first that wait have clips and skeletons."""
    port, data = free_port(), tmp_path_factory.mktemp("seeded")
    options = ("--data", str(data), "--port", str(port), "--events", "36", "--password", PASSWORD, "--live")
    with serving("tests.api.seed", *options, "--page", str(built_page), port=port) as served:
        yield served


@pytest.fixture
def fresh(built_page: Path, tmp_path: Path) -> Iterator[Served]:
    """A hall at its first start; what it said is the one-time password."""
    port = free_port()
    with serving("tests.browser.fresh_hall", str(tmp_path), str(port), str(built_page), port=port) as served:
        yield served


@dataclass(slots=True)
class Watched:
    """A page, and everything in it that should not happen."""

    page: Page
    foreign: list[str]
    complaints: list[str]


Open = Callable[..., Watched]


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Open]:
    """Opens an address in a browser of its own, 1366×768, in the language given."""
    contexts = []

    def opened(address: str, language: str = "zh", appearance: str = "light") -> Watched:
        context = browser.new_context(viewport={"width": 1366, "height": 768}, timezone_id="Europe/London")
        contexts.append(context)
        chosen = {"hallwatch.language": language, "hallwatch.appearance": appearance}
        for name, value in chosen.items():
            context.add_init_script(
                f"localStorage.getItem('{name}') ?? localStorage.setItem('{name}', '{value}')"
            )
        page = context.new_page()
        watched = Watched(page, [], [])
        page.on("request", lambda request: _note_foreign(watched, address, request.url))
        page.on("console", lambda message: _note_complaint(watched, message.type, message.text))
        page.on("pageerror", lambda error: watched.complaints.append(str(error)))
        # A live picture never finishes loading, so "load" would not come.
        page.goto(address, wait_until="domcontentloaded")
        return watched

    yield opened
    for context in contexts:
        context.close()


def _note_foreign(watched: Watched, address: str, url: str) -> None:
    if not url.startswith((address, "blob:", "data:")):
        watched.foreign.append(url)


def _note_complaint(watched: Watched, kind: str, text: str) -> None:
    # Asking who is signed in answers 401 before somebody is; the browser notes every such answer.
    if kind in ("error", "warning") and "401" not in text and "404" not in text:
        watched.complaints.append(text)


def sign_in(page: Page, username: str, password: str) -> None:
    """Fill the sign-in form and send it."""
    page.locator("input[autocomplete=username]").fill(username)
    page.locator("input[type=password]").fill(password)
    page.keyboard.press("Enter")


def eventually(page: Page, expression: str, argument: object = None, within_s: float = 10) -> None:
    """Wait until the expression holds; Playwright's own wait needs eval, which the page's policy forbids."""
    deadline = time.monotonic() + within_s
    while not page.evaluate(expression, argument):
        assert time.monotonic() < deadline, f"never true within {within_s} s: {expression}"
        page.wait_for_timeout(50)


def faults_of_access(page: Page) -> list[str]:
    """What axe finds serious or critical by WCAG 2.1 AA in the page as it stands."""
    assert AXE.is_file(), "axe-core is missing; run npm ci in api/web"
    page.evaluate(AXE.read_text(encoding="utf-8"))
    report = page.evaluate("axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] })")
    return [
        f"{one['id']}: {node['html'][:200]}"
        for one in report["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]
