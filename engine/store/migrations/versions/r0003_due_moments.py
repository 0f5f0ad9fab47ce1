"""Due moments as rows: timers, clocks, ladders."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "clock",
        sa.Column("clock_key", sa.String(), nullable=False),
        sa.Column("instance_key", sa.String(), nullable=False),
        sa.Column("organisation_key", sa.String(), nullable=False),
        sa.Column("limit_name", sa.String(), nullable=False),
        sa.Column("limit_id", sa.String(), nullable=False),
        sa.Column("process_key", sa.String(), nullable=False),
        sa.Column("element_id", sa.String(), nullable=False),
        sa.Column("element_instance_key", sa.String(), nullable=False),
        sa.Column("unit_key", sa.String(), nullable=False),
        sa.Column("role_key", sa.String(), nullable=True),
        sa.Column("ladder", sa.String(), nullable=False),
        sa.Column("warn", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("is_provisional", sa.Boolean(), nullable=False),
        sa.Column("is_pausable", sa.Boolean(), nullable=False),
        sa.Column("stopped_at", sa.BigInteger(), nullable=True),
        sa.Column("breached_at", sa.BigInteger(), nullable=True),
        sa.Column("acknowledged_at", sa.BigInteger(), nullable=True),
        sa.Column("acknowledged_by", sa.String(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_key"], ["process_instance.instance_key"], name="fk_clock_instance_key"
        ),
        sa.PrimaryKeyConstraint("clock_key", name="pk_clock"),
    )
    op.create_index("ix_clock_board", "clock", ["organisation_key", "state", "due_at"], unique=False)
    op.create_index("ix_clock_case", "clock", ["instance_key", "state"], unique=False)

    op.create_table(
        "timer",
        sa.Column("timer_key", sa.String(), nullable=False),
        sa.Column("instance_key", sa.String(), nullable=False),
        sa.Column("element_instance_key", sa.String(), nullable=False),
        sa.Column("element_id", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("fires_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("clock_key", sa.String(), nullable=True),
        sa.Column("cycles_left", sa.Integer(), nullable=True),
        sa.Column("cycle_seconds", sa.Integer(), nullable=True),
        sa.Column("fired_at", sa.BigInteger(), nullable=True),
        sa.Column("explanation", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["instance_key"], ["process_instance.instance_key"], name="fk_timer_instance_key"
        ),
        sa.PrimaryKeyConstraint("timer_key", name="pk_timer"),
    )
    op.create_index("ix_timer_due", "timer", ["state", "fires_at"], unique=False)
    op.create_index("ix_timer_instance_key", "timer", ["instance_key"], unique=False)

    op.create_table(
        "ladder_step",
        sa.Column("step_key", sa.String(), nullable=False),
        sa.Column("clock_key", sa.String(), nullable=False),
        sa.Column("instance_key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["clock_key"], ["clock.clock_key"], name="fk_ladder_step_clock_key"),
        sa.PrimaryKeyConstraint("step_key", name="pk_ladder_step"),
    )
    op.create_index("ix_ladder_step_clock_key", "ladder_step", ["clock_key"], unique=False)
    op.create_index("ix_ladder_step_due", "ladder_step", ["state", "due_at"], unique=False)


def downgrade() -> None:
    op.drop_table("ladder_step")
    op.drop_table("timer")
    op.drop_table("clock")
