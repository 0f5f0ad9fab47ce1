"""Wrong passwords are counted in the database, so that several processes have one count."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "sign_in_failure",
        sa.Column("counter", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("counted_until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("counter", name="pk_sign_in_failure"),
    )


def downgrade() -> None:
    op.drop_table("sign_in_failure")
