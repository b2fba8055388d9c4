"""The audit as a chain: every row bound to the one before, none ever changed."""

import json

import sqlalchemy as sa
from alembic import op

from api.audit.chain import START, Entry, sha256_of
from api.tables import UtcTime

revision = "0012"
down_revision = "0009"
branch_labels = None
depends_on = None

ORDER = "1, 2, …: order in which it was committed"
NEVER = "audit rows are never changed"

SQLITE = (
    f"CREATE TRIGGER audit_never_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, '{NEVER}'); END",
    f"CREATE TRIGGER audit_never_removed BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, '{NEVER}'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{NEVER}'; END $$",
    "CREATE TRIGGER audit_never_changed BEFORE UPDATE OR DELETE ON audit "
    "FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
)


def upgrade() -> None:
    """Number and chain what there is, then shut the table."""
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False, comment="always 1"),
        sa.Column(
            "before_sha256",
            sa.String(length=64),
            nullable=False,
            comment="hash of the row before the first one kept; zeros where none ever was",
        ),
        sa.Column("last_id", sa.BigInteger(), nullable=False, comment="of the last row; 0: none yet"),
        sa.Column(
            "last_sha256", sa.String(length=64), nullable=False, comment="of the last row; zeros: none yet"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
    )
    with op.batch_alter_table("audit") as table:
        table.add_column(
            sa.Column(
                "sha256", sa.String(length=64), comment="over its content and the hash of the row before"
            )
        )
    _chain()
    with op.batch_alter_table("audit") as table:
        table.alter_column("sha256", nullable=False, existing_type=sa.String(length=64))
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE audit ALTER COLUMN id DROP DEFAULT")
        op.execute("DROP SEQUENCE IF EXISTS audit_id_seq")
        op.execute(f"COMMENT ON COLUMN audit.id IS '{ORDER}'")
    for statement in _shut():
        op.execute(statement)


def _chain() -> None:
    """Ids count up by one from here on: rows that were rolled back once left gaps."""
    bind = op.get_bind()
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    audit = sa.table(
        "audit",
        sa.column("id", number),
        sa.column("at", UtcTime),
        sa.column("actor", sa.String),
        sa.column("action", sa.String),
        sa.column("subject", sa.String),
        sa.column("detail", sa.JSON),
        sa.column("sha256", sa.String),
    )
    previous, last = START, 0
    columns = [audit.c.id, audit.c.at, audit.c.actor, audit.c.action, audit.c.subject, audit.c.detail]
    for row in bind.execute(sa.select(*columns).order_by(audit.c.id)).all():
        last += 1
        detail = json.loads(json.dumps(row.detail))
        previous = sha256_of(previous, Entry(last, row.at, row.actor, row.action, row.subject, detail, ""))
        bind.execute(audit.update().where(audit.c.id == row.id).values(id=last, sha256=previous))
    head = sa.table(
        "audit_head",
        *(sa.column(name) for name in ("id", "before_sha256", "last_id", "last_sha256")),
    )
    bind.execute(head.insert().values(id=1, before_sha256=START, last_id=last, last_sha256=previous))


def _shut() -> tuple[str, ...]:
    return POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE


def downgrade() -> None:
    """Open the table again."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    if postgresql:
        op.execute("DROP TRIGGER audit_never_changed ON audit")
        op.execute("DROP FUNCTION audit_refuse()")
    else:
        op.execute("DROP TRIGGER audit_never_changed")
        op.execute("DROP TRIGGER audit_never_removed")
    with op.batch_alter_table("audit") as table:
        table.drop_column("sha256")
    if postgresql:
        op.execute("CREATE SEQUENCE audit_id_seq OWNED BY audit.id")
        op.execute("SELECT setval('audit_id_seq', (SELECT coalesce(max(id), 0) + 1 FROM audit), false)")
        op.execute("ALTER TABLE audit ALTER COLUMN id SET DEFAULT nextval('audit_id_seq')")
    op.drop_table("audit_head")
