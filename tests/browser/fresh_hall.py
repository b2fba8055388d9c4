"""A hall that nobody has signed in to yet: serves an empty database and prints the one-time password.

`python -m tests.browser.fresh_hall DIR PORT PAGE`; the first line it prints is the password.
"""

import socket
import sys
from pathlib import Path

import uvicorn
from pydantic import SecretStr

from api.accounts import ensure_first_accounts
from api.app import ApiSettings, create_app


def main() -> None:
    """Serve until ended."""
    data, port, page = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    settings = ApiSettings(
        database_url=f"sqlite:///{data / 'hallwatch.sqlite'}",
        data_dir=data,
        worker_key=SecretStr("fresh-worker-key"),
        page_dir=page,
    )
    _, supervisor = ensure_first_accounts(settings, demo=True)
    configuration = uvicorn.Config(create_app(settings), log_level="warning", timeout_graceful_shutdown=1)
    # Listening before it is said: who comes early waits in the line.
    with socket.create_server(("127.0.0.1", port)) as listener:
        sys.stdout.write(f"{supervisor.password}\n")
        sys.stdout.flush()
        uvicorn.Server(configuration).run(sockets=[listener])


if __name__ == "__main__":
    main()
