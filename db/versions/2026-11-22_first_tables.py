"""The first tables: sections and members, cases, letters and their running counts."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("fictional", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("slug", name=op.f("uq_cases_slug")),
    )
    op.create_table(
        "marks",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_marks")),
    )
    op.create_table(
        "sections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sections")),
        sa.UniqueConstraint("name", name=op.f("uq_sections_name")),
    )
    op.create_table(
        "events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("precision", sa.String(length=20), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("until_at_least", sa.Boolean(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(happened_on IS NULL) = (precision = 'none')", name=op.f("ck_events_date_or_none")
        ),
        sa.CheckConstraint(
            "kind IN ('arrest', 'detention', 'incommunicado', 'charge', 'trial', 'sentence', 'appeal', 'ill-treatment', 'health', 'opinion', 'statement', 'release', 'other')",
            name=op.f("ck_events_kind"),
        ),
        sa.CheckConstraint(
            "precision IN ('day', 'month', 'year', 'before', 'none')",
            name=op.f("ck_events_precision"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_events_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("case_id", "place", name=op.f("uq_events_case_id_place")),
    )
    op.create_table(
        "local_groups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["section_id"], ["sections.id"], name=op.f("fk_local_groups_section_id_sections")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_local_groups")),
        sa.UniqueConstraint("section_id", "name", name=op.f("uq_local_groups_section_id_name")),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("pronouns", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_people_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("case_id", "place", name=op.f("uq_people_case_id_place")),
    )
    op.create_table(
        "targets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("institution", sa.Text(), nullable=False),
        sa.Column("address", sa.JSON(), nullable=False),
        sa.Column("salutation", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("fax", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_targets_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_targets")),
        sa.UniqueConstraint("case_id", "place", name=op.f("uq_targets_case_id_place")),
    )
    op.create_table(
        "urgent_actions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("index_code", sa.String(length=60), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("after_deadline", sa.Text(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("own_language", sa.Boolean(), nullable=False),
        sa.Column("asks", sa.JSON(), nullable=False),
        sa.Column("target_advice", sa.Text(), nullable=False),
        sa.Column("goal", sa.Integer(), nullable=True),
        sa.Column("previous_url", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('draft', 'open', 'closed')", name=op.f("ck_urgent_actions_status")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_urgent_actions_case_id_cases")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_urgent_actions")),
        sa.UniqueConstraint("slug", name=op.f("uq_urgent_actions_slug")),
    )
    op.create_table(
        "action_targets",
        sa.Column("urgent_action_id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("goal", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["target_id"], ["targets.id"], name=op.f("fk_action_targets_target_id_targets")
        ),
        sa.ForeignKeyConstraint(
            ["urgent_action_id"],
            ["urgent_actions.id"],
            name=op.f("fk_action_targets_urgent_action_id_urgent_actions"),
        ),
        sa.PrimaryKeyConstraint("urgent_action_id", "target_id", name=op.f("pk_action_targets")),
        sa.UniqueConstraint(
            "urgent_action_id", "priority", name=op.f("uq_action_targets_urgent_action_id_priority")
        ),
    )
    op.create_table(
        "channel_counts",
        sa.Column("urgent_action_id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('post', 'registered-post', 'email', 'fax', 'web-form', 'social-media', 'hand')",
            name=op.f("ck_channel_counts_channel"),
        ),
        sa.CheckConstraint("letters >= 0", name=op.f("ck_channel_counts_letters")),
        sa.ForeignKeyConstraint(
            ["section_id"], ["sections.id"], name=op.f("fk_channel_counts_section_id_sections")
        ),
        sa.ForeignKeyConstraint(
            ["urgent_action_id"],
            ["urgent_actions.id"],
            name=op.f("fk_channel_counts_urgent_action_id_urgent_actions"),
        ),
        sa.PrimaryKeyConstraint(
            "urgent_action_id", "section_id", "channel", name=op.f("pk_channel_counts")
        ),
    )
    op.create_table(
        "event_people",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_event_people_event_id_events")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_event_people_person_id_people")
        ),
        sa.PrimaryKeyConstraint("event_id", "person_id", name=op.f("pk_event_people")),
    )
    op.create_table(
        "group_counts",
        sa.Column("urgent_action_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.CheckConstraint("letters >= 0", name=op.f("ck_group_counts_letters")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["local_groups.id"], name=op.f("fk_group_counts_group_id_local_groups")
        ),
        sa.ForeignKeyConstraint(
            ["urgent_action_id"],
            ["urgent_actions.id"],
            name=op.f("fk_group_counts_urgent_action_id_urgent_actions"),
        ),
        sa.PrimaryKeyConstraint(
            "urgent_action_id", "group_id", "posted_on", name=op.f("pk_group_counts")
        ),
    )
    op.create_table(
        "language_counts",
        sa.Column("urgent_action_id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.CheckConstraint("letters >= 0", name=op.f("ck_language_counts_letters")),
        sa.ForeignKeyConstraint(
            ["section_id"], ["sections.id"], name=op.f("fk_language_counts_section_id_sections")
        ),
        sa.ForeignKeyConstraint(
            ["urgent_action_id"],
            ["urgent_actions.id"],
            name=op.f("fk_language_counts_urgent_action_id_urgent_actions"),
        ),
        sa.PrimaryKeyConstraint(
            "urgent_action_id", "section_id", "language", name=op.f("pk_language_counts")
        ),
    )
    op.create_table(
        "members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["local_groups.id"], name=op.f("fk_members_group_id_local_groups")
        ),
        sa.ForeignKeyConstraint(
            ["section_id"], ["sections.id"], name=op.f("fk_members_section_id_sections")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members")),
    )
    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_members_section_id"), ["section_id"], unique=False)

    op.create_table(
        "person_names",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_person_names_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_names")),
        sa.UniqueConstraint("person_id", "place", name=op.f("uq_person_names_person_id_place")),
    )
    with op.batch_alter_table("person_names", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_person_names_search_key"), ["search_key"], unique=False
        )

    op.create_table(
        "section_counts",
        sa.Column("urgent_action_id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.CheckConstraint("letters >= 0", name=op.f("ck_section_counts_letters")),
        sa.ForeignKeyConstraint(
            ["section_id"], ["sections.id"], name=op.f("fk_section_counts_section_id_sections")
        ),
        sa.ForeignKeyConstraint(
            ["target_id"], ["targets.id"], name=op.f("fk_section_counts_target_id_targets")
        ),
        sa.ForeignKeyConstraint(
            ["urgent_action_id"],
            ["urgent_actions.id"],
            name=op.f("fk_section_counts_urgent_action_id_urgent_actions"),
        ),
        sa.PrimaryKeyConstraint(
            "urgent_action_id",
            "target_id",
            "section_id",
            "posted_on",
            name=op.f("pk_section_counts"),
        ),
    )
    op.create_table(
        "grants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "role IN ('volunteer', 'coordinator', 'case-lead')", name=op.f("ck_grants_role")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_grants_member_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["section_id"], ["sections.id"], name=op.f("fk_grants_section_id_sections")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
        sa.UniqueConstraint(
            "member_id", "role", "section_id", name=op.f("uq_grants_member_id_role_section_id")
        ),
    )
    op.create_table(
        "letters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("urgent_action_id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("entry_id", sa.String(length=40), nullable=False),
        sa.Column("entry_target_id", sa.Integer(), nullable=False),
        sa.Column("entry_posted_on", sa.Date(), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("logged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("own_words", sa.Boolean(), nullable=False),
        sa.Column("after_deadline", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('post', 'registered-post', 'email', 'fax', 'web-form', 'social-media', 'hand')",
            name=op.f("ck_letters_channel"),
        ),
        sa.CheckConstraint(
            "status IN ('prepared', 'posted', 'withdrawn')", name=op.f("ck_letters_status")
        ),
        sa.ForeignKeyConstraint(
            ["entry_target_id"], ["targets.id"], name=op.f("fk_letters_entry_target_id_targets")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["local_groups.id"], name=op.f("fk_letters_group_id_local_groups")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_letters_member_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["section_id"], ["sections.id"], name=op.f("fk_letters_section_id_sections")
        ),
        sa.ForeignKeyConstraint(
            ["target_id"], ["targets.id"], name=op.f("fk_letters_target_id_targets")
        ),
        sa.ForeignKeyConstraint(
            ["urgent_action_id"],
            ["urgent_actions.id"],
            name=op.f("fk_letters_urgent_action_id_urgent_actions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
        sa.UniqueConstraint(
            "member_id",
            "entry_id",
            "entry_target_id",
            "entry_posted_on",
            name=op.f("uq_letters_member_id_entry_id_entry_target_id_entry_posted_on"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_letters_public_id")),
    )
    with op.batch_alter_table("letters", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_letters_urgent_action_id_section_id_posted_on"),
            ["urgent_action_id", "section_id", "posted_on"],
            unique=False,
        )

    op.create_table(
        "sign_in_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("spent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_sign_in_links_member_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_links_token_hash")),
    )
    op.create_table(
        "web_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_web_sessions_member_id_members")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_web_sessions_token_hash")),
    )
    with op.batch_alter_table("web_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_web_sessions_member_id"), ["member_id"], unique=False)

    op.create_table(
        "letter_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("change", sa.String(length=20), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("own_words", sa.Boolean(), nullable=False),
        sa.Column("after_deadline", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "change IN ('corrected', 'withdrawn', 'restored')",
            name=op.f("ck_letter_versions_change"),
        ),
        sa.CheckConstraint(
            "channel IN ('post', 'registered-post', 'email', 'fax', 'web-form', 'social-media', 'hand')",
            name=op.f("ck_letter_versions_channel"),
        ),
        sa.CheckConstraint(
            "status IN ('prepared', 'posted', 'withdrawn')",
            name=op.f("ck_letter_versions_status"),
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["members.id"], name=op.f("fk_letter_versions_changed_by_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letters.id"], name=op.f("fk_letter_versions_letter_id_letters")
        ),
        sa.ForeignKeyConstraint(
            ["target_id"], ["targets.id"], name=op.f("fk_letter_versions_target_id_targets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_versions")),
        sa.UniqueConstraint(
            "letter_id", "version", name=op.f("uq_letter_versions_letter_id_version")
        ),
    )


def downgrade() -> None:
    op.drop_table("letter_versions")
    with op.batch_alter_table("web_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_web_sessions_member_id"))

    op.drop_table("web_sessions")
    op.drop_table("sign_in_links")
    with op.batch_alter_table("letters", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_letters_urgent_action_id_section_id_posted_on"))

    op.drop_table("letters")
    op.drop_table("grants")
    op.drop_table("section_counts")
    with op.batch_alter_table("person_names", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_names_search_key"))

    op.drop_table("person_names")
    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_members_section_id"))

    op.drop_table("members")
    op.drop_table("language_counts")
    op.drop_table("group_counts")
    op.drop_table("event_people")
    op.drop_table("channel_counts")
    op.drop_table("action_targets")
    op.drop_table("urgent_actions")
    op.drop_table("targets")
    op.drop_table("people")
    op.drop_table("local_groups")
    op.drop_table("events")
    op.drop_table("sections")
    op.drop_table("marks")
    op.drop_table("cases")
