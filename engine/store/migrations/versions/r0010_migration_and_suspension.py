"""Cases that moved to another release, with what they were before; cases that stand still."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("process_instance", sa.Column("suspended_at", sa.BigInteger(), nullable=True))
    op.add_column("process_instance", sa.Column("suspended_by", sa.String(), nullable=True))
    op.create_table(
        "case_migration",
        sa.Column("migration_key", sa.String(), nullable=False),
        sa.Column("instance_key", sa.String(), nullable=False),
        sa.Column("from_release_key", sa.String(), nullable=False),
        sa.Column("to_release_key", sa.String(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("migrated_at", sa.BigInteger(), nullable=False),
        sa.Column("migrated_by", sa.String(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("state_format", sa.Integer(), nullable=False),
        sa.Column("state_before", sa.LargeBinary(), nullable=False),
        sa.Column("digest_before", sa.String(), nullable=False),
        sa.Column("rows_before", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.Column("undone_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["instance_key"], ["process_instance.instance_key"], name="fk_case_migration_instance_key"
        ),
        sa.PrimaryKeyConstraint("migration_key", name="pk_case_migration"),
    )
    op.create_index("ix_case_migration_case", "case_migration", ["instance_key", "migrated_at"], unique=False)


def downgrade() -> None:
    op.drop_table("case_migration")
    op.drop_column("process_instance", "suspended_by")
    op.drop_column("process_instance", "suspended_at")
