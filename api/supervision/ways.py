"""The ways a message takes: HTTPS, a watched folder, a table of a front-end database. Each may come twice."""

import hashlib
import json
from collections.abc import Callable

import httpx
from sqlalchemy import Column, DateTime, MetaData, String, Table, Text, create_engine, insert, select
from sqlalchemy.exc import SQLAlchemyError

from api.outbound import PlaceError, require_reachable
from api.reports.folder import drop
from api.services import Services
from api.supervision.rules import FolderWay, HttpsWay, SupervisionRules, TableWay
from api.supervision.tables import SupervisionMessageRow

TIMEOUT = httpx.Timeout(15.0, connect=5.0)
MEDIA_TYPES = {"xml": "application/xml; charset=utf-8", "json": "application/json"}
MOST_SAID = 300

Send = Callable[[SupervisionMessageRow], None]


class NotDeliveredError(Exception):
    """The message did not arrive; the text says why."""


def deliver(parts: Services, client: httpx.Client, row: SupervisionMessageRow) -> None:
    """Send a message by its way. Raises NotDeliveredError."""
    rules = parts.settings.supervision
    assert rules is not None
    try:
        if row.way == "https" and rules.https is not None:
            _post(parts, client, rules, rules.https, row)
        elif row.way == "folder" and rules.folder is not None:
            _drop(rules, rules.folder, row)
        elif row.way == "table" and rules.table is not None:
            _insert(rules.table, rules, row)
        else:
            raise NotDeliveredError(f"the hall's rules name no way `{row.way}` any more")
    except (httpx.HTTPError, httpx.InvalidURL, PlaceError, OSError, SQLAlchemyError) as error:
        raise NotDeliveredError(f"{type(error).__name__}: {error}"[:MOST_SAID]) from None


def _post(
    parts: Services, client: httpx.Client, rules: SupervisionRules, way: HttpsWay, row: SupervisionMessageRow
) -> None:
    require_reachable(way.address, parts.settings.outbound)
    headers = {"Content-Type": MEDIA_TYPES[rules.format], "X-Message-Id": row.message}
    token = parts.settings.supervision_token
    if token is not None:
        headers["Authorization"] = f"Bearer {token.get_secret_value()}"
    request = client.build_request("POST", way.address, content=row.body.encode(), headers=headers)
    answer = client.send(request, stream=True)
    answer.close()
    if not answer.is_success:
        raise NotDeliveredError(f"HTTP {answer.status_code}")


def _drop(rules: SupervisionRules, way: FolderWay, row: SupervisionMessageRow) -> None:
    name, body = f"{row.message}.{rules.format}", row.body.encode()
    drop(way.path, name, body)
    # Last: who sees the control file finds the message whole.
    control = {"file": name, "bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
    drop(way.path, f"{row.message}.ok", json.dumps(control).encode())


def _insert(way: TableWay, rules: SupervisionRules, row: SupervisionMessageRow) -> None:
    engine = create_engine(way.url.get_secret_value(), hide_parameters=True)
    try:
        table = front_end_table(way)
        with engine.begin() as connection:
            if connection.execute(
                select(table.c.message_id).where(table.c.message_id == row.message)
            ).first():
                return
            connection.execute(
                insert(table).values(
                    message_id=row.message,
                    message_type=row.kind,
                    region_code=rules.region_code,
                    content=row.body,
                    created_at=row.made_at,
                    status="new",
                )
            )
    finally:
        engine.dispose()


def front_end_table(way: TableWay) -> Table:
    """The table as its owner has to make it; `status` is theirs to change."""
    return Table(
        way.table,
        MetaData(),
        Column("message_id", String(80), primary_key=True),
        Column("message_type", String(8), nullable=False),
        Column("region_code", String(6), nullable=False),
        Column("content", Text, nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False),
        Column("status", String(16), nullable=False),
    )
