"""PostgreSQL only: the tables of Procrastinate, and triggers that tell other processes what was written.

`huiyin_due` carries the earliest due moment of the rows just written (milliseconds since 1970), `huiyin_told` the
recipient of a new notice. A trigger costs the command no statement, and cannot be forgotten by one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

# A row that waits for its moment. A new job that is due at once has its ticket already, in the same transaction.
_WAITING = {
    "timer": ("fires_at", "state = 'waiting'", ""),
    "ladder_step": ("due_at", "state = 'waiting'", ""),
    "job": (
        "due_at",
        "state = 'waiting' AND NOT is_external",
        "AND due_at > extract(epoch FROM clock_timestamp()) * 1000",
    ),
}


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    _make_procrastinate()
    for table, (moment, is_waiting, when_new) in _WAITING.items():
        _ring_after(table, "insert", moment, f"{is_waiting} {when_new}")
        _ring_after(table, "update", moment, is_waiting)
    op.execute("""
        CREATE FUNCTION huiyin_notice_told() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM pg_notify('huiyin_told', NEW.recipient);
            RETURN NULL;
        END $$
    """)
    op.execute("""
        CREATE TRIGGER huiyin_notice_told AFTER INSERT ON notice FOR EACH ROW
        WHEN (NEW.state <> 'imported') EXECUTE FUNCTION huiyin_notice_told()
    """)


def _ring_after(table: str, event: str, moment: str, is_waiting: str) -> None:
    name = f"huiyin_{table}_{event}"
    # Words of this file only.
    op.execute(f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            earliest bigint;
        BEGIN
            SELECT min({moment}) INTO earliest FROM written WHERE {is_waiting};
            IF earliest IS NOT NULL THEN
                PERFORM pg_notify('huiyin_due', earliest::text);
            END IF;
            RETURN NULL;
        END $$
    """)  # noqa: S608
    op.execute(f"""
        CREATE TRIGGER {name} AFTER {event.upper()} ON {table}
        REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION {name}()
    """)


def _make_procrastinate() -> None:
    """Written for the schema of Procrastinate 3.10; setup.cfg holds that version, a test its list of revisions."""
    from procrastinate.schema import SchemaManager

    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    # Not through SQLAlchemy: the text has percent signs, and is many statements.
    driver.execute(SchemaManager.get_schema())
    # What it asks for at each fetch has no index of its own: whether an older ticket of the same case is at work.
    op.create_index(
        "ix_procrastinate_jobs_live_lock",
        "procrastinate_jobs",
        ["lock"],
        postgresql_where=sa.text("status IN ('todo', 'doing')"),
    )
    op.create_index(
        "ix_procrastinate_jobs_live_queueing_lock",
        "procrastinate_jobs",
        ["queueing_lock"],
        postgresql_where=sa.text("status IN ('todo', 'doing')"),
    )


def downgrade() -> None:
    raise NotImplementedError("Restore the backup: tickets and triggers belong to running processes.")
