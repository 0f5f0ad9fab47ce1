"""Cases, their variables and history, and the work that they wait for."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "message",
        sa.Column("message_key", sa.String(), nullable=False),
        sa.Column("organisation_key", sa.String(), nullable=False),
        sa.Column("message_name", sa.String(), nullable=False),
        sa.Column("correlation", sa.String(), nullable=False),
        sa.Column("variables", sa.JSON(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("instance_key", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("message_key", name="pk_message"),
    )
    op.create_index("ix_message_kept", "message", ["state", "message_name", "correlation"], unique=False)

    op.create_table(
        "process_instance",
        sa.Column("instance_key", sa.String(), nullable=False),
        sa.Column("organisation_key", sa.String(), nullable=False),
        sa.Column("unit_key", sa.String(), nullable=False),
        sa.Column("release_key", sa.String(), nullable=False),
        sa.Column("definition_key", sa.String(), nullable=False),
        sa.Column("process_key", sa.String(), nullable=False),
        sa.Column("profile_id", sa.String(), nullable=False),
        sa.Column("business_key", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("state_format", sa.Integer(), nullable=False),
        sa.Column("state_blob", sa.LargeBinary(), nullable=False),
        sa.Column("variables", sa.JSON(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("started_by", sa.String(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("end_element_id", sa.String(), nullable=True),
        sa.Column("complained_about", sa.String(), nullable=True),
        sa.Column("is_safety", sa.Boolean(), nullable=False),
        sa.Column("is_imported", sa.Boolean(), nullable=False),
        sa.Column("audit_sequence", sa.Integer(), nullable=False),
        sa.Column("audit_head", sa.String(), nullable=False),
        sa.Column("element_sequence", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_key"],
            ["organisation.organisation_key"],
            name="fk_process_instance_organisation_key",
        ),
        sa.PrimaryKeyConstraint("instance_key", name="pk_process_instance"),
        sa.UniqueConstraint(
            "organisation_key",
            "process_key",
            "business_key",
            name="uq_process_instance_organisation_key_process_key_business_key",
        ),
    )
    op.create_index(
        "ix_process_instance_list",
        "process_instance",
        ["organisation_key", "state", "started_at"],
        unique=False,
    )

    op.create_table(
        "element_instance",
        sa.Column("element_instance_key", sa.String(), nullable=False),
        sa.Column("instance_key", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("process_key", sa.String(), nullable=False),
        sa.Column("element_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("entered_at", sa.BigInteger(), nullable=False),
        sa.Column("left_at", sa.BigInteger(), nullable=False),
        sa.Column("done_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["instance_key"], ["process_instance.instance_key"], name="fk_element_instance_instance_key"
        ),
        sa.PrimaryKeyConstraint("element_instance_key", name="pk_element_instance"),
    )
    op.create_index(
        "ix_element_instance_case", "element_instance", ["instance_key", "sequence"], unique=False
    )

    op.create_table(
        "incident",
        sa.Column("incident_key", sa.String(), nullable=False),
        sa.Column("instance_key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("element_id", sa.String(), nullable=True),
        sa.Column("element_instance_key", sa.String(), nullable=True),
        sa.Column("job_key", sa.String(), nullable=True),
        sa.Column("message", sa.JSON(), nullable=False),
        sa.Column("raised_at", sa.BigInteger(), nullable=False),
        sa.Column("resolved_at", sa.BigInteger(), nullable=True),
        sa.Column("resolved_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["instance_key"], ["process_instance.instance_key"], name="fk_incident_instance_key"
        ),
        sa.PrimaryKeyConstraint("incident_key", name="pk_incident"),
    )
    op.create_index("ix_incident_instance_key", "incident", ["instance_key"], unique=False)

    op.create_table(
        "job",
        sa.Column("job_key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("instance_key", sa.String(), nullable=True),
        sa.Column("element_instance_key", sa.String(), nullable=True),
        sa.Column("process_key", sa.String(), nullable=True),
        sa.Column("element_id", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("retries_left", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("retry_seconds", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("is_external", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_key"], ["process_instance.instance_key"], name="fk_job_instance_key"
        ),
        sa.PrimaryKeyConstraint("job_key", name="pk_job"),
    )
    op.create_index("ix_job_due", "job", ["state", "is_external", "due_at"], unique=False)
    op.create_index("ix_job_instance_key", "job", ["instance_key"], unique=False)

    op.create_table(
        "message_subscription",
        sa.Column("subscription_key", sa.String(), nullable=False),
        sa.Column("instance_key", sa.String(), nullable=False),
        sa.Column("organisation_key", sa.String(), nullable=False),
        sa.Column("message_name", sa.String(), nullable=False),
        sa.Column("correlation", sa.String(), nullable=False),
        sa.Column("element_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_key"], ["process_instance.instance_key"], name="fk_message_subscription_instance_key"
        ),
        sa.PrimaryKeyConstraint("subscription_key", name="pk_message_subscription"),
    )
    op.create_index(
        "ix_message_subscription_instance_key", "message_subscription", ["instance_key"], unique=False
    )
    op.create_index(
        "ix_message_subscription_match", "message_subscription", ["message_name", "correlation"], unique=False
    )

    op.create_table(
        "user_task",
        sa.Column("user_task_key", sa.String(), nullable=False),
        sa.Column("instance_key", sa.String(), nullable=False),
        sa.Column("organisation_key", sa.String(), nullable=False),
        sa.Column("unit_key", sa.String(), nullable=False),
        sa.Column("process_key", sa.String(), nullable=False),
        sa.Column("element_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("form_ref", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("assignee", sa.String(), nullable=True),
        sa.Column("claimed_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("follow_up_at", sa.BigInteger(), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("completed_by", sa.String(), nullable=True),
        sa.Column("draft", sa.JSON(), nullable=True),
        sa.Column("values", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["instance_key"], ["process_instance.instance_key"], name="fk_user_task_instance_key"
        ),
        sa.PrimaryKeyConstraint("user_task_key", name="pk_user_task"),
    )
    op.create_index("ix_user_task_case", "user_task", ["instance_key", "state"], unique=False)
    op.create_index("ix_user_task_mine", "user_task", ["assignee", "state", "due_at"], unique=False)
    op.create_index("ix_user_task_open", "user_task", ["organisation_key", "state", "due_at"], unique=False)

    op.create_table(
        "variable_scope",
        sa.Column("instance_key", sa.String(), nullable=False),
        sa.Column("scope_key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("variables", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_key"], ["process_instance.instance_key"], name="fk_variable_scope_instance_key"
        ),
        sa.PrimaryKeyConstraint("instance_key", "scope_key", name="pk_variable_scope"),
    )

    op.create_table(
        "candidate",
        sa.Column("user_task_key", sa.String(), nullable=False),
        sa.Column("role_key", sa.String(), nullable=False),
        sa.Column("unit_key", sa.String(), nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_task_key"], ["user_task.user_task_key"], name="fk_candidate_user_task_key"
        ),
        sa.PrimaryKeyConstraint("user_task_key", "role_key", "unit_key", "username", name="pk_candidate"),
    )
    op.create_index("ix_candidate_role", "candidate", ["role_key", "unit_key"], unique=False)
    op.create_index("ix_candidate_username", "candidate", ["username"], unique=False)


def downgrade() -> None:
    op.drop_table("message")
    op.drop_table("message_subscription")
    op.drop_table("incident")
    op.drop_table("job")
    op.drop_table("candidate")
    op.drop_table("user_task")
    op.drop_table("element_instance")
    op.drop_table("variable_scope")
    op.drop_table("process_instance")
