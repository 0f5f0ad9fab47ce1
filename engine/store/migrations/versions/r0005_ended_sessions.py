"""Sessions that people have signed out of."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "ended_session",
        sa.Column("session_digest", sa.String(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("session_digest", name="pk_ended_session"),
    )


def downgrade() -> None:
    op.drop_table("ended_session")
