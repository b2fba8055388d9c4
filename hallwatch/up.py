"""`hallwatch up`: the API and the cameras' workers as child processes, kept running until stopped.

The cameras are shared out over one worker a core: a crash costs those of one worker some seconds.
"""

import socket
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
import structlog
from rich.console import Console
from rich.panel import Panel

from hallwatch.children import HOPELESS, Child, Program, stop_all
from hallwatch.folder_lock import FolderLock
from hallwatch.settings import PAGE_DIR, Settings, environment_of
from hallwatch.signals import stop_on_signals
from hallwatch.site import load_site, trial_site
from hallwatch.site_models import Site
from hallwatch.work_plan import dealt

_log = structlog.get_logger(__name__)

DEMO_SITE = Path(__file__).resolve().parent.parent / "datasets" / "clips" / "site.yaml"
START_WITHIN_S = 60.0
WORKERS_STOP_S = 6.0
API_STOP_S = 4.0


class UpError(Exception):
    """hallwatch cannot start; the text says what to do."""


@dataclass(frozen=True, slots=True)
class WhatToWatch:
    """A site file, or one source alone; neither means the demo hall."""

    site_file: Path | None = None
    source: str | None = None

    @property
    def is_demo(self) -> bool:
        """Whether the demo hall is watched."""
        return self.site_file is None and self.source is None

    def site(self) -> Site:
        """The hall. Raises `SiteError` for a bad file, `UpError` where there is nothing to watch."""
        if self.site_file is not None:
            return load_site(self.site_file)
        if self.source is not None:
            return trial_site(self.source)
        if DEMO_SITE.is_file():
            return load_site(DEMO_SITE)
        raise UpError(
            "there is nothing to watch: name a camera with --source (rtsp://…, file, 0) or a hall with --site"
        )

    def environment(self) -> dict[str, str]:
        """How workers are told: not by arguments, which everybody on the machine can read."""
        if self.source is not None:
            return {"HALLWATCH_SOURCE": self.source}
        return {"HALLWATCH_SITE": str((self.site_file or DEMO_SITE).absolute())}


def up(settings: Settings, watched: WhatToWatch, console: Console) -> int:
    """Run until a signal; the exit code. Raises `UpError`, `SiteError`, `FolderInUse`, `SettingsError`."""
    # Here, not above: workers come by this file too, and need no database library.
    from hallwatch.api_process import first_accounts

    site = watched.site()
    try:
        lock = FolderLock(settings.data_dir)
    except OSError as error:
        raise UpError(
            f"the data folder {settings.data_dir} cannot be used ({error.strerror}); name another with --data"
        ) from None
    with lock:
        _require_free_port(settings)
        made = first_accounts(settings, demo=watched.is_demo)
        passwords = {account.username: account.password for account in made}
        return _Running(settings, watched, site, console).run(passwords)


def _require_free_port(settings: Settings) -> None:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise UpError(
            f"{settings.host}:{settings.port} cannot be listened on ({error.strerror}); "
            "stop what uses it or choose another with --port"
        ) from None


class _Running:
    """One run, from the first child to the last."""

    def __init__(self, settings: Settings, watched: WhatToWatch, site: Site, console: Console) -> None:
        self._settings = settings
        self._console = console
        self._wake = threading.Event()
        self._stop = threading.Event()
        environment = environment_of(settings) | watched.environment()
        if watched.site_file is None and "second_factor_for" not in settings.model_fields_set:
            environment["HALLWATCH_SECOND_FACTOR_FOR"] = "nobody"  # to try things needs no telephone
        self._api = self._child("api", ["serve"], environment)
        self._workers = [
            self._child(f"cameras {' '.join(group)}", _work(group), environment)
            for group in dealt([camera.id for camera in site.cameras], settings.worker_processes)
        ]
        self._copier = self._child("review copies", ["copies"], environment)

    def _child(self, name: str, arguments: list[str], environment: dict[str, str]) -> Child:
        command = [sys.executable, "-m", "hallwatch", *arguments, "--tied"]
        return Child(Program(name, command, environment), on_end=self._wake.set)

    def run(self, passwords: Mapping[str, str]) -> int:
        stop_on_signals(self._request_stop)
        try:
            self._api.start()
            self._await_api()
            self._greet(passwords)
            for worker in self._workers:
                worker.start()
            self._copier.start()
            return self._watch()
        finally:
            stop_all([*self._workers, self._copier], WORKERS_STOP_S)
            stop_all([self._api], API_STOP_S)

    def _request_stop(self) -> None:
        self._stop.set()
        self._wake.set()

    def _watch(self) -> int:
        while not self._stop.is_set():
            self._wake.wait()
            self._wake.clear()
            if self._api.ended and not self._stop.is_set():
                raise UpError("the API cannot run; its last words are above")
            if all(worker.exit_code == HOPELESS for worker in self._workers):
                return HOPELESS
        self._console.print("正在停止 · stopping")
        return 0

    def _await_api(self) -> None:
        deadline_s = time.monotonic() + START_WITHIN_S
        while time.monotonic() < deadline_s and not self._api.ended and not self._stop.is_set():
            if _answers(self._settings.address):
                return
            self._wake.wait(0.1)
        if not self._stop.is_set():
            raise UpError("the API did not start; its last words are above")

    def _greet(self, passwords: Mapping[str, str]) -> None:
        if not PAGE_DIR.is_dir():
            _log.warning(
                "the page is not built, only the API answers; run `make page`", missing=str(PAGE_DIR)
            )
        self._console.print(f"hallwatch  {self._settings.address}", highlight=False)
        for username, password in passwords.items():
            self._console.print(
                Panel(
                    f"用户名 username   {username}\n一次性密码 one-time password   {password}\n"
                    "只显示这一次,首次登录后须修改。\nShown only this once; to be changed after signing in.",
                    title="hallwatch",
                    expand=False,
                ),
                highlight=False,
            )


def _work(cameras: list[str]) -> list[str]:
    return ["work", *(word for camera in cameras for word in ("--camera", camera))]


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/livez", timeout=2.0, trust_env=False).is_success
    except httpx.HTTPError:
        return False
