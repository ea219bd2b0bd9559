"""Accounts: how members sign in, invitations and join codes, sections' rules, the record."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# A line of the record stays as it is, but that a member who is forgotten is cut out of it.
_SAME = ("id", "at", "section_id", "deed", "subject", "amount")
_CUT = ("member_id", "about_id")


def upgrade() -> None:
    connection = op.get_bind()
    sqlite = connection.dialect.name == "sqlite"
    op.create_table(
        "mail_domains",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["section_id"], ["sections.id"], name=op.f("fk_mail_domains_section_id_sections")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_domains")),
        sa.UniqueConstraint("domain", name=op.f("uq_mail_domains_domain")),
    )
    op.create_table(
        "invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("email_key", sa.LargeBinary(length=32), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("spent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "role IN ('volunteer', 'coordinator', 'case-lead')", name=op.f("ck_invitations_role")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["members.id"], name=op.f("fk_invitations_created_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["local_groups.id"], name=op.f("fk_invitations_group_id_local_groups")
        ),
        sa.ForeignKeyConstraint(
            ["section_id"], ["sections.id"], name=op.f("fk_invitations_section_id_sections")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("public_id", name=op.f("uq_invitations_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitations_token_hash")),
    )
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitations_email_key"), ["email_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitations_section_id"), ["section_id"], unique=False)

    op.create_table(
        "join_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("code", sa.LargeBinary(), nullable=False),
        sa.Column("code_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("joined", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("joined >= 0 AND joined <= most", name=op.f("ck_join_codes_joined")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["members.id"], name=op.f("fk_join_codes_created_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["local_groups.id"], name=op.f("fk_join_codes_group_id_local_groups")
        ),
        sa.ForeignKeyConstraint(
            ["section_id"], ["sections.id"], name=op.f("fk_join_codes_section_id_sections")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_join_codes")),
        sa.UniqueConstraint("code_key", name=op.f("uq_join_codes_code_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_join_codes_public_id")),
    )
    with op.batch_alter_table("join_codes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_join_codes_section_id"), ["section_id"], unique=False)

    op.create_table(
        "record_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("deed", sa.String(length=20), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["about_id"], ["members.id"], name=op.f("fk_record_entries_about_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_record_entries_member_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["section_id"], ["sections.id"], name=op.f("fk_record_entries_section_id_sections")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_entries")),
    )
    with op.batch_alter_table("record_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_record_entries_about_id"), ["about_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_record_entries_member_id_at"), ["member_id", "at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_record_entries_section_id_at"), ["section_id", "at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_record_entries_subject"), ["subject"], unique=False)

    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_recovery_codes_member_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recovery_codes_code_hash")),
    )
    with op.batch_alter_table("recovery_codes", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_recovery_codes_member_id"), ["member_id"], unique=False
        )

    with op.batch_alter_table("letter_versions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_letter_versions_changed_by_id"), ["changed_by_id"], unique=False
        )

    with op.batch_alter_table("letters") as batch_op:
        batch_op.add_column(sa.Column("logged_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_letters_logged_by_id_members"), "members", ["logged_by_id"], ["id"]
        )
        batch_op.create_index(
            batch_op.f("ix_letters_logged_by_id"),
            ["logged_by_id"],
            sqlite_where=sa.text("logged_by_id IS NOT NULL"),
            postgresql_where=sa.text("logged_by_id IS NOT NULL"),
        )
    with op.batch_alter_table("local_groups", schema=None) as batch_op:
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_local_groups_merged_into_id_local_groups"),
            "local_groups",
            ["merged_into_id"],
            ["id"],
        )

    # AUTOINCREMENT: the number of somebody erased is never given again.
    with op.batch_alter_table(
        "members",
        recreate="always" if sqlite else "never",
        table_kwargs={"sqlite_autoincrement": True},
    ) as batch_op:
        batch_op.add_column(sa.Column("sign_in_name", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("sign_in_key", sa.LargeBinary(length=32), nullable=True))
        batch_op.add_column(sa.Column("passphrase", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("identity", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("identity_key", sa.LargeBinary(length=32), nullable=True))
        batch_op.add_column(sa.Column("totp_secret", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("totp_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("totp_step", sa.Integer(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_members_identity_key"), ["identity_key"])
        batch_op.create_unique_constraint(batch_op.f("uq_members_sign_in_key"), ["sign_in_key"])

    with op.batch_alter_table("sections", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("late_rule", sa.String(length=20), nullable=False, server_default="ask")
        )
        batch_op.add_column(sa.Column("late_until", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("retention_days", sa.Integer(), nullable=False, server_default="90")
        )

    with op.batch_alter_table("sections") as batch_op:
        batch_op.alter_column(
            "late_rule",
            existing_type=sa.String(length=20),
            existing_nullable=False,
            server_default=None,
        )
        batch_op.alter_column(
            "retention_days",
            existing_type=sa.Integer(),
            existing_nullable=False,
            server_default=None,
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_sections_late_rule"), "late_rule IN ('accept', 'ask', 'refuse')"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_sections_retention_days"), "retention_days >= 0"
        )

    with op.batch_alter_table("sign_in_links", schema=None) as batch_op:
        batch_op.add_column(sa.Column("created_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_sign_in_links_created_by_id_members"),
            "members",
            ["created_by_id"],
            ["id"],
        )
        batch_op.create_index(batch_op.f("ix_sign_in_links_member_id"), ["member_id"], unique=False)

    with op.batch_alter_table("urgent_actions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    # When those were closed nobody noted: retention counts from now.
    connection.execute(
        sa.table(
            "urgent_actions",
            sa.column("closed_at", sa.DateTime(timezone=True)),
            sa.column("status"),
        )
        .update()
        .where(sa.column("status") == "closed")
        .values(closed_at=datetime.now(UTC))
    )

    with op.batch_alter_table("web_sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("public_id", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("browser", sa.LargeBinary(), nullable=True))
        batch_op.add_column(
            sa.Column("waits_for_code", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    for session, token_hash in connection.execute(
        sa.text("SELECT id, token_hash FROM web_sessions")
    ).all():
        connection.execute(
            sa.text("UPDATE web_sessions SET public_id = :public_id WHERE id = :id"),
            {"public_id": bytes(token_hash)[:8].hex(), "id": session},
        )
    with op.batch_alter_table("web_sessions") as batch_op:
        batch_op.alter_column("public_id", existing_type=sa.String(length=16), nullable=False)
        batch_op.alter_column(
            "waits_for_code",
            existing_type=sa.Boolean(),
            existing_nullable=False,
            server_default=None,
        )
        batch_op.create_unique_constraint(batch_op.f("uq_web_sessions_public_id"), ["public_id"])

    _keep_the_record(sqlite)


def _keep_the_record(sqlite: bool) -> None:
    same = "IS" if sqlite else "IS NOT DISTINCT FROM"
    unchanged = " AND ".join(
        [f"NEW.{column} {same} OLD.{column}" for column in _SAME]
        + [f"(NEW.{column} IS NULL OR NEW.{column} {same} OLD.{column})" for column in _CUT]
    )
    if sqlite:
        refusing = "BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END"
        op.execute(f"CREATE TRIGGER record_entries_stay BEFORE DELETE ON record_entries {refusing}")
        op.execute(
            "CREATE TRIGGER record_entries_unchanged BEFORE UPDATE ON record_entries"
            f" WHEN NOT ({unchanged}) {refusing}"
        )
        return
    op.execute(
        "CREATE FUNCTION record_is_append_only() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'the record is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER record_entries_stay BEFORE DELETE ON record_entries"
        " FOR EACH ROW EXECUTE FUNCTION record_is_append_only()"
    )
    op.execute(
        "CREATE TRIGGER record_entries_whole BEFORE TRUNCATE ON record_entries"
        " FOR EACH STATEMENT EXECUTE FUNCTION record_is_append_only()"
    )
    op.execute(
        "CREATE TRIGGER record_entries_unchanged BEFORE UPDATE ON record_entries"
        f" FOR EACH ROW WHEN (NOT ({unchanged})) EXECUTE FUNCTION record_is_append_only()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION record_is_append_only() CASCADE")
    with op.batch_alter_table("web_sessions", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_web_sessions_public_id"), type_="unique")
        batch_op.drop_column("waits_for_code")
        batch_op.drop_column("browser")
        batch_op.drop_column("public_id")

    with op.batch_alter_table("urgent_actions", schema=None) as batch_op:
        batch_op.drop_column("closed_at")

    with op.batch_alter_table("sign_in_links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_links_member_id"))
        batch_op.drop_constraint(
            batch_op.f("fk_sign_in_links_created_by_id_members"), type_="foreignkey"
        )
        batch_op.drop_column("created_by_id")

    with op.batch_alter_table("sections", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_sections_late_rule"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_sections_retention_days"), type_="check")
        batch_op.drop_column("retention_days")
        batch_op.drop_column("late_until")
        batch_op.drop_column("late_rule")

    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_members_sign_in_key"), type_="unique")
        batch_op.drop_constraint(batch_op.f("uq_members_identity_key"), type_="unique")
        batch_op.drop_column("totp_step")
        batch_op.drop_column("totp_since")
        batch_op.drop_column("totp_secret")
        batch_op.drop_column("identity_key")
        batch_op.drop_column("identity")
        batch_op.drop_column("passphrase")
        batch_op.drop_column("sign_in_key")
        batch_op.drop_column("sign_in_name")

    with op.batch_alter_table("local_groups", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_local_groups_merged_into_id_local_groups"), type_="foreignkey"
        )
        batch_op.drop_column("merged_into_id")

    with op.batch_alter_table("letters") as batch_op:
        batch_op.drop_index(batch_op.f("ix_letters_logged_by_id"))
        batch_op.drop_constraint(batch_op.f("fk_letters_logged_by_id_members"), type_="foreignkey")
        batch_op.drop_column("logged_by_id")

    with op.batch_alter_table("letter_versions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_letter_versions_changed_by_id"))

    with op.batch_alter_table("recovery_codes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recovery_codes_member_id"))

    op.drop_table("recovery_codes")
    with op.batch_alter_table("record_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_record_entries_subject"))
        batch_op.drop_index(batch_op.f("ix_record_entries_section_id_at"))
        batch_op.drop_index(batch_op.f("ix_record_entries_member_id_at"))
        batch_op.drop_index(batch_op.f("ix_record_entries_about_id"))

    op.drop_table("record_entries")
    with op.batch_alter_table("join_codes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_join_codes_section_id"))

    op.drop_table("join_codes")
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitations_section_id"))
        batch_op.drop_index(batch_op.f("ix_invitations_email_key"))

    op.drop_table("invitations")
    op.drop_table("mail_domains")
