"""What people were told and what was done: notices, audit chains, attachments."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "attachment_content",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_attachment_content"),
    )

    op.create_table(
        "audit_anchor",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("heads", sa.JSON(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit_anchor"),
    )

    op.create_table(
        "audit_chain",
        sa.Column("chain", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("chain", name="pk_audit_chain"),
    )

    op.create_table(
        "audit_payload",
        sa.Column("chain", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("chain", "sequence", name="pk_audit_payload"),
    )

    op.create_table(
        "audit_row",
        sa.Column("chain", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("payload_digest", sa.String(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("chain", "sequence", name="pk_audit_row"),
    )

    op.create_table(
        "notice",
        sa.Column("notice_key", sa.String(), nullable=False),
        sa.Column("organisation_key", sa.String(), nullable=False),
        sa.Column("instance_key", sa.String(), nullable=True),
        sa.Column("user_task_key", sa.String(), nullable=True),
        sa.Column("clock_key", sa.String(), nullable=True),
        sa.Column("once", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("role_key", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("read_at", sa.BigInteger(), nullable=True),
        sa.Column("acknowledged_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("notice_key", name="pk_notice"),
        sa.UniqueConstraint("once", "recipient", name="uq_notice_once_recipient"),
    )
    op.create_index("ix_notice_inbox", "notice", ["recipient", "created_at"], unique=False)
    op.create_index("ix_notice_instance_key", "notice", ["instance_key"], unique=False)

    op.create_table(
        "attachment",
        sa.Column("attachment_key", sa.String(), nullable=False),
        sa.Column("instance_key", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["digest"], ["attachment_content.digest"], name="fk_attachment_digest"),
        sa.ForeignKeyConstraint(
            ["instance_key"], ["process_instance.instance_key"], name="fk_attachment_instance_key"
        ),
        sa.PrimaryKeyConstraint("attachment_key", name="pk_attachment"),
    )
    op.create_index("ix_attachment_instance_key", "attachment", ["instance_key"], unique=False)


def downgrade() -> None:
    op.drop_table("attachment")
    op.drop_table("attachment_content")
    op.drop_table("audit_anchor")
    op.drop_table("audit_chain")
    op.drop_table("audit_payload")
    op.drop_table("audit_row")
    op.drop_table("notice")
