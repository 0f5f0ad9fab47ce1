"""Versions before they are live, and which release is live from when. What was released is live since then."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "release_pointer",
        sa.Column("family", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("release_key", sa.String(), nullable=False),
        sa.Column("live_from", sa.BigInteger(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("taken_off_at", sa.BigInteger(), nullable=True),
        sa.Column("taken_off_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["release_key"], ["release.release_key"], name="fk_release_pointer_release_key"
        ),
        sa.PrimaryKeyConstraint("family", "sequence", name="pk_release_pointer"),
    )
    op.create_index(
        "ix_release_pointer_moment", "release_pointer", ["family", "live_from", "sequence"], unique=False
    )
    op.execute(
        "INSERT INTO release_pointer (family, sequence, release_key, live_from, act, set_at, set_by, reason) "
        "SELECT r.family, r.number, r.release_key, r.live_from, 'deployed', d.deployed_at, d.deployed_by, d.name "
        "FROM release r JOIN deployment d ON d.deployment_key = r.deployment_key"
    )

    op.create_table(
        "release_draft",
        sa.Column("release_key", sa.String(), nullable=False),
        sa.Column("family", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("drafted_at", sa.BigInteger(), nullable=False),
        sa.Column("drafted_by", sa.String(), nullable=False),
        sa.Column("draft_reason", sa.String(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("stories", sa.JSON(), nullable=True),
        sa.Column("checked_at", sa.BigInteger(), nullable=True),
        sa.Column("checked_by", sa.String(), nullable=True),
        sa.Column("reviewed_at", sa.BigInteger(), nullable=True),
        sa.Column("reviewed_by", sa.String(), nullable=True),
        sa.Column("review_reason", sa.String(), nullable=True),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_by", sa.String(), nullable=True),
        sa.Column("withdraw_reason", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("release_key", name="pk_release_draft"),
        sa.UniqueConstraint("family", "number", name="uq_release_draft_family_number"),
    )
    op.create_table(
        "release_draft_file",
        sa.Column("release_key", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_key"], ["release_draft.release_key"], name="fk_release_draft_file_release_key"
        ),
        sa.PrimaryKeyConstraint("release_key", "path", name="pk_release_draft_file"),
    )


def downgrade() -> None:
    op.drop_table("release_draft_file")
    op.drop_table("release_draft")
    op.drop_table("release_pointer")
