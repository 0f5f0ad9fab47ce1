"""Working copies of families; who edited what was handed in."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "working_copy",
        sa.Column("copy_key", sa.String(), nullable=False),
        sa.Column("family", sa.String(), nullable=False),
        sa.Column("open_family", sa.String(), nullable=True),
        sa.Column("base_release_key", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("editors", sa.JSON(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.Column("close_reason", sa.String(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["base_release_key"], ["release.release_key"], name="fk_working_copy_base_release_key"
        ),
        sa.PrimaryKeyConstraint("copy_key", name="pk_working_copy"),
        sa.UniqueConstraint("open_family", name="uq_working_copy_open_family"),
    )
    op.create_table(
        "working_file",
        sa.Column("copy_key", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("edited_at", sa.BigInteger(), nullable=False),
        sa.Column("edited_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["copy_key"], ["working_copy.copy_key"], name="fk_working_file_copy_key"),
        sa.PrimaryKeyConstraint("copy_key", "path", name="pk_working_file"),
    )
    op.create_table(
        "working_presence",
        sa.Column("copy_key", sa.String(), nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["copy_key"], ["working_copy.copy_key"], name="fk_working_presence_copy_key"),
        sa.PrimaryKeyConstraint("copy_key", "username", name="pk_working_presence"),
    )
    op.add_column("release_draft", sa.Column("editors", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("release_draft", "editors")
    op.drop_table("working_presence")
    op.drop_table("working_file")
    op.drop_table("working_copy")
