"""Cases that a calendar rule will begin."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "calendar_start",
        sa.Column("start_key", sa.String(), nullable=False),
        sa.Column("organisation_key", sa.String(), nullable=False),
        sa.Column("process_key", sa.String(), nullable=False),
        sa.Column("profile_id", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("calendar", sa.String(), nullable=False),
        sa.Column("former_day", sa.String(), nullable=False),
        sa.Column("former_due_at", sa.BigInteger(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("fires_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("instance_key", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_key"], ["organisation.organisation_key"], name="fk_calendar_start_organisation_key"
        ),
        sa.PrimaryKeyConstraint("start_key", name="pk_calendar_start"),
        sa.UniqueConstraint(
            "organisation_key",
            "process_key",
            "profile_id",
            name="uq_calendar_start_organisation_key_process_key_profile_id",
        ),
    )
    op.create_index("ix_calendar_start_due", "calendar_start", ["state", "fires_at"], unique=False)


def downgrade() -> None:
    op.drop_table("calendar_start")
