"""The hall of the sample reports, served as it is on the evening of its last day.

`python -m tests.browser.demo_hall_served DIR PORT PAGE`; it prints a line once it is ready.
"""

import socket
import sys
from datetime import timedelta
from pathlib import Path

import uvicorn
from pydantic import SecretStr

from api.accounts import set_password
from api.app import ApiSettings, create_app
from api.fields import Role
from api.outbound import Place
from api.review_rules import ReviewRules
from tests.api.conftest import PASSWORD as PASSWORD_WHILE_FILLING
from tests.api.conftest import WORKER_KEY, Clock, running
from tests.api.reports.demo_hall import MORNING_AFTER, fill
from tests.browser.conftest import PASSWORD, SUPERVISOR


def main() -> None:
    """Fill, then serve until ended."""
    data, port, page = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    clock = Clock()
    settings = ApiSettings(
        database_url=f"sqlite:///{data / 'hallwatch.sqlite'}",
        data_dir=data,
        worker_key=SecretStr(WORKER_KEY),
        clock=clock,
        page_dir=page,
        review=ReviewRules(double_share=0.3),
        outbound=(Place.parse("http://127.0.0.0/8"),),
    )
    set_password(settings, SUPERVISOR, PASSWORD_WHILE_FILLING)
    with running(settings) as api:
        fill(api)
    set_password(settings, SUPERVISOR, PASSWORD)
    others: tuple[Role, ...] = ("administrator", "auditor")
    for role in others:
        set_password(settings, role, PASSWORD, role=role)
    clock.now = MORNING_AFTER - timedelta(hours=14)
    configuration = uvicorn.Config(create_app(settings), log_level="warning", timeout_graceful_shutdown=1)
    # Listening before it is said: who comes early waits in the line.
    with socket.create_server(("127.0.0.1", port)) as listener:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        uvicorn.Server(configuration).run(sockets=[listener])


if __name__ == "__main__":
    main()
