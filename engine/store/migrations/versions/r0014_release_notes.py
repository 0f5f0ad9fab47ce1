"""What staff are told of a version, and who has looked at what differs."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "release_note",
        sa.Column("family", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.Column("written_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["family", "sequence"],
            ["release_pointer.family", "release_pointer.sequence"],
            name="fk_release_note_family",
        ),
        sa.PrimaryKeyConstraint("family", "sequence", name="pk_release_note"),
    )
    op.create_table(
        "release_note_seen",
        sa.Column("family", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["family", "sequence"],
            ["release_note.family", "release_note.sequence"],
            name="fk_release_note_seen_family",
        ),
        sa.PrimaryKeyConstraint("family", "sequence", "username", name="pk_release_note_seen"),
    )
    op.create_table(
        "release_look",
        sa.Column("release_key", sa.String(), nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("against", sa.Integer(), nullable=False),
        sa.Column("looked_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_key"], ["release_draft.release_key"], name="fk_release_look_release_key"
        ),
        sa.PrimaryKeyConstraint("release_key", "username", name="pk_release_look"),
    )


def downgrade() -> None:
    op.drop_table("release_look")
    op.drop_table("release_note_seen")
    op.drop_table("release_note")
