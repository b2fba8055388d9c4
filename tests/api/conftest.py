"""A running API on each database, a clock that tests set, a worker and a supervisor who talk to it."""

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pwdlib.hashers.argon2 import Argon2Hasher
from pydantic import SecretStr
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from api.app import ApiSettings, create_app
from api.database import Database
from api.review_rules import ReviewRules
from api.tables import AccountRow, Table
from tests.conftest import need

WORKER_KEY = "key-of-the-worker"
PASSWORD = "correct horse battery"
MORNING = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
"""A Monday, 09:30 in Shanghai."""

POSTGRES = os.environ.get("HALLWATCH_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/test")


@dataclass
class Clock:
    """Time that stands still until a test moves it."""

    now: datetime = MORNING

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        """On by so many minutes, hours, …"""
        self.now += timedelta(**by)


@dataclass(frozen=True)
class Running:
    """A running API and those who talk to it; `anybody` is not signed in."""

    settings: ApiSettings
    clock: Clock
    anybody: TestClient
    worker: TestClient

    def client(self) -> TestClient:
        """Another browser, not signed in."""
        return TestClient(self.anybody.app, base_url="http://127.0.0.1")

    def signed_in(self, username: str = "supervisor", password: str = PASSWORD) -> TestClient:
        """A browser in which somebody signed in."""
        client = self.client()
        answer = client.post("/api/v1/session", json={"username": username, "password": password})
        assert answer.status_code == 200, answer.text
        client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        return client


def postgres_is_there() -> bool:
    """Whether the PostgreSQL server for tests answers."""
    engine = create_engine(POSTGRES, connect_args={"connect_timeout": 2})
    try:
        with engine.connect():
            return True
    except OperationalError:
        return False
    finally:
        engine.dispose()


@pytest.fixture(scope="session")
def postgres() -> str:
    """The server's address, or a named skip."""
    need(postgres_is_there(), "a PostgreSQL server (HALLWATCH_TEST_POSTGRES)")
    return POSTGRES


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables and one supervisor, to be copied."""
    path = tmp_path_factory.mktemp("template") / "template.sqlite"
    _with_supervisor(f"sqlite:///{path}")
    return path


@pytest.fixture
def postgres_schema(postgres: str) -> Iterator[str]:
    """The address of an empty schema of this test's own."""
    with own_schema(postgres) as url:
        yield url


@pytest.fixture(scope="session")
def prepared_schema(postgres: str) -> Iterator[str]:
    """The address of a schema of this run's own, with all tables and one supervisor."""
    with own_schema(postgres) as url:
        _with_supervisor(url)
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without any table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.sqlite'}"
    schema: str = request.getfixturevalue("postgres_schema")
    return schema


BOTH = pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
"""For tests whose outcome rests on the database: once on each kind. Others run on SQLite."""


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database with one supervisor."""
    if getattr(request, "param", "sqlite") == "sqlite":
        path = tmp_path / "hallwatch.sqlite"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite:///{path}"
    schema: str = request.getfixturevalue("prepared_schema")
    _leave_only_the_supervisor(schema)
    return schema


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> ApiSettings:
    """Settings of a small hall's API, with a clock that stands still."""
    return ApiSettings(
        database_url=database_url,
        data_dir=tmp_path / "data",
        worker_key=SecretStr(WORKER_KEY),
        clock=Clock(),
        review=ReviewRules(hide_score=False, double_share=0),
    )


@pytest.fixture
def api(settings: ApiSettings) -> Iterator[Running]:
    """A running API."""
    with running(settings) as found:
        yield found


@pytest.fixture
def worker(api: Running) -> TestClient:
    """A client with the worker's key."""
    return api.worker


@pytest.fixture
def person(api: Running) -> TestClient:
    """A browser in which the supervisor signed in."""
    return api.signed_in()


@contextmanager
def running(settings: ApiSettings) -> Iterator[Running]:
    """An API with these settings, started and stopped."""
    assert isinstance(settings.clock, Clock)
    app = create_app(settings)
    with TestClient(app, base_url="http://127.0.0.1") as anybody:
        bearer = {"Authorization": f"Bearer {WORKER_KEY}"}
        worker = TestClient(app, base_url="http://127.0.0.1", headers=bearer)
        yield Running(settings, settings.clock, anybody, worker)


@contextmanager
def own_schema(server: str) -> Iterator[str]:
    """The address of a new PostgreSQL schema, dropped afterwards."""
    schema = f"test_{uuid.uuid4().hex}"
    engine = create_engine(server)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    url = make_url(server).update_query_dict({"options": f"-csearch_path={schema}"})
    yield url.render_as_string(hide_password=False)
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()


def _leave_only_the_supervisor(url: str) -> None:
    engine = create_engine(url)
    with Session(engine) as session, session.begin():
        session.execute(text("TRUNCATE audit"))  # its rows refuse to be deleted
        for table in reversed(Table.metadata.sorted_tables):
            session.execute(table.delete())
        session.add(_supervisor())
    engine.dispose()


def _with_supervisor(url: str) -> None:
    database = Database(url)
    database.migrate()
    with database.write() as session:
        session.add(_supervisor())
    database.close()


def add_account(
    settings: ApiSettings,
    username: str,
    role: str = "supervisor",
    windows: list[str] | None = None,
    scope: list[str] | None = None,
) -> None:
    """Another account, with the same password as the supervisor's."""
    database = Database(settings.database_url)
    account = _supervisor()
    account.username, account.role, account.windows, account.scope = username, role, windows, scope
    with database.write() as session:
        session.add(account)
    database.close()


def _supervisor() -> AccountRow:
    # A weak hash, quickly checked: what it costs is not what these tests are about.
    weak = Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1)
    return AccountRow(
        username="supervisor",
        password_hash=weak.hash(PASSWORD),
        must_change_password=False,
        created_at=MORNING,
    )
