"""Who there is and what is installed: organisations, people, deployments, releases."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "deployment",
        sa.Column("deployment_key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("deployed_at", sa.BigInteger(), nullable=False),
        sa.Column("deployed_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("deployment_key", name="pk_deployment"),
    )
    op.create_index("ix_deployment_deployed_at", "deployment", ["deployed_at"], unique=False)

    op.create_table(
        "number_series",
        sa.Column("organisation_key", sa.String(), nullable=False),
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_key", "series", "period", name="pk_number_series"),
    )

    op.create_table(
        "organisation",
        sa.Column("organisation_key", sa.String(), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("profiles", sa.JSON(), nullable=False),
        sa.Column("calendar", sa.String(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("directory_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_key", name="pk_organisation"),
    )

    op.create_table(
        "person",
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("organisation_key", sa.String(), nullable=True),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("username", name="pk_person"),
    )
    op.create_index("ix_person_organisation_key", "person", ["organisation_key"], unique=False)

    op.create_table(
        "release",
        sa.Column("release_key", sa.String(), nullable=False),
        sa.Column("deployment_key", sa.String(), nullable=False),
        sa.Column("family", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("live_from", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_key"], ["deployment.deployment_key"], name="fk_release_deployment_key"
        ),
        sa.PrimaryKeyConstraint("release_key", name="pk_release"),
        sa.UniqueConstraint("family", "number", name="uq_release_family_number"),
    )

    op.create_table(
        "unit",
        sa.Column("unit_key", sa.String(), nullable=False),
        sa.Column("organisation_key", sa.String(), nullable=False),
        sa.Column("parent_key", sa.String(), nullable=True),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("head", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_key"], ["organisation.organisation_key"], name="fk_unit_organisation_key"
        ),
        sa.PrimaryKeyConstraint("unit_key", name="pk_unit"),
    )
    op.create_index("ix_unit_organisation_key", "unit", ["organisation_key"], unique=False)
    op.create_index("ix_unit_path", "unit", ["path"], unique=False)

    op.create_table(
        "membership",
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("unit_key", sa.String(), nullable=False),
        sa.Column("role_key", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["unit_key"], ["unit.unit_key"], name="fk_membership_unit_key"),
        sa.ForeignKeyConstraint(["username"], ["person.username"], name="fk_membership_username"),
        sa.PrimaryKeyConstraint("username", "unit_key", "role_key", name="pk_membership"),
    )
    op.create_index("ix_membership_role_unit", "membership", ["role_key", "unit_key"], unique=False)

    op.create_table(
        "process_definition",
        sa.Column("definition_key", sa.String(), nullable=False),
        sa.Column("release_key", sa.String(), nullable=False),
        sa.Column("process_key", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("version_tag", sa.String(), nullable=True),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("is_startable", sa.Boolean(), nullable=False),
        sa.Column("spec_format", sa.Integer(), nullable=False),
        sa.Column("spec", sa.LargeBinary(), nullable=False),
        sa.Column("model", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_key"], ["release.release_key"], name="fk_process_definition_release_key"
        ),
        sa.PrimaryKeyConstraint("definition_key", name="pk_process_definition"),
        sa.UniqueConstraint("process_key", "version", name="uq_process_definition_process_key_version"),
    )
    op.create_index("ix_process_definition_process_key", "process_definition", ["process_key"], unique=False)
    op.create_index("ix_process_definition_release_key", "process_definition", ["release_key"], unique=False)

    op.create_table(
        "release_file",
        sa.Column("release_key", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["release_key"], ["release.release_key"], name="fk_release_file_release_key"),
        sa.PrimaryKeyConstraint("release_key", "path", name="pk_release_file"),
    )


def downgrade() -> None:
    op.drop_table("number_series")
    op.drop_table("process_definition")
    op.drop_table("release_file")
    op.drop_table("release")
    op.drop_table("deployment")
    op.drop_table("membership")
    op.drop_table("person")
    op.drop_table("unit")
    op.drop_table("organisation")
