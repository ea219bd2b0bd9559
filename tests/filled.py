"""A whole database for each revision: at least one row in every table that it has.

Written down as it was then: no model and no function of today made these rows, and no later change
of the program changes them. A new migration adds its revision here. Everybody in here is fictional.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, text

Rows = Mapping[str, Sequence[Mapping[str, Any]]]

_AT = "2024-10-01 12:00:00.000000"
_LETTER = {
    "urgent_action_id": 1,
    "target_id": 1,
    "member_id": 1,
    "section_id": 1,
    "group_id": 1,
    "entry_id": "entry-1",
    "entry_target_id": 1,
    "entry_posted_on": "2024-09-30",
    "posted_on": "2024-09-30",
    "logged_at": _AT,
    "channel": "registered-post",
    "language": "en",
    "own_words": True,
    "after_deadline": False,
    "status": "posted",
    "version": 1,
}

# In the order in which a table's rows may refer to another's.
_FIRST_TABLES: Rows = {
    "marks": [{"name": "demo", "value": "yes"}],
    "sections": [
        {"id": 1, "name": "Ruritania (fictional)", "time_zone": "Europe/Berlin", "version": 1},
        {"id": 2, "name": "Graustark (fictional)", "time_zone": "UTC", "version": 3},
    ],
    "local_groups": [
        {"id": 1, "section_id": 1, "name": "Group of the Old Mill (fictional)", "version": 1}
    ],
    "members": [
        {
            "id": 1,
            "section_id": 1,
            "group_id": 1,
            "name": b"\x00sealed\xff",
            "created_at": _AT,
            "disabled_at": None,
            "version": 1,
        },
        {
            "id": 2,
            "section_id": 2,
            "group_id": None,
            "name": None,
            "created_at": _AT,
            "disabled_at": _AT,
            "version": 2,
        },
    ],
    "grants": [
        {"id": 1, "member_id": 1, "role": "volunteer", "section_id": 1},
        {"id": 2, "member_id": 1, "role": "case-lead", "section_id": 2},
    ],
    "web_sessions": [
        {
            "id": 1,
            "token_hash": bytes(32),
            "member_id": 1,
            "created_at": _AT,
            "last_seen_at": _AT,
            "ended_at": None,
        }
    ],
    "sign_in_links": [
        {
            "id": 1,
            "token_hash": bytes(range(32)),
            "member_id": None,
            "created_at": _AT,
            "expires_at": "2024-10-02 12:00:00.000000",
            "spent_at": None,
        }
    ],
    "cases": [
        {
            "id": 1,
            "slug": "lighthouse",
            "title": "Perla Invent (fictional)",
            "country": "Freedonia (fictional)",
            "summary": "",
            "fictional": True,
            "version": 1,
        }
    ],
    "people": [
        {
            "id": 1,
            "case_id": 1,
            "place": 0,
            "name": "Perla Invent",
            "pronouns": "she/her",
            "description": "Перла Инвент 黄",
        }
    ],
    "person_names": [
        {
            "id": 1,
            "person_id": 1,
            "place": 0,
            "name": "Perla Invent",
            "search_key": "perlainvent",
        }
    ],
    "targets": [
        {
            "id": 1,
            "case_id": 1,
            "place": 0,
            "name": "Nadie Nessuno",
            "role": "Minister",
            "institution": "Ministry of Nothing",
            "address": '["1 Nowhere Square", "Freedonia"]',
            "salutation": "Dear Minister",
            "email": None,
            "fax": "+00 0000 0000",
        },
        {
            "id": 2,
            "case_id": 1,
            "place": 1,
            "name": "Ingen Keiner",
            "role": "Judge",
            "institution": "",
            "address": "[]",
            "salutation": "",
            "email": "judge@nowhere.example",
            "fax": None,
        },
    ],
    "events": [
        {
            "id": 1,
            "case_id": 1,
            "place": 0,
            "kind": "incommunicado",
            "happened_on": "2024-01-31",
            "precision": "day",
            "until": "2024-06-30",
            "until_at_least": True,
            "summary": "Held where nobody knows",
            "source": "A fictional Urgent Action",
        },
        {
            "id": 2,
            "case_id": 1,
            "place": 1,
            "kind": "ill-treatment",
            "happened_on": None,
            "precision": "none",
            "until": None,
            "until_at_least": False,
            "summary": "Reported",
            "source": "A fictional Urgent Action",
        },
    ],
    "event_people": [{"event_id": 1, "person_id": 1}],
    "urgent_actions": [
        {
            "id": 1,
            "case_id": 1,
            "slug": "lighthouse-2024-09",
            "title": "A keeper locked up (fictional)",
            "number": None,
            "index_code": None,
            "issued_on": "2024-09-09",
            "deadline": "2025-03-18",
            "after_deadline": "Ask first.",
            "languages": '["en", "zh"]',
            "own_language": True,
            "asks": '["Let her go."]',
            "target_advice": "",
            "goal": 2000,
            "previous_url": None,
            "source": "A fictional Urgent Action",
            "status": "open",
            "version": 1,
        }
    ],
    "action_targets": [
        {"urgent_action_id": 1, "target_id": 1, "priority": 1, "reason": "First", "goal": None},
        {"urgent_action_id": 1, "target_id": 2, "priority": 2, "reason": "", "goal": 500},
    ],
    "letters": [
        {"id": 1, "public_id": "abcdefgh2345"} | _LETTER,
        {"id": 2, "public_id": "bcdefghj2345"}
        | _LETTER
        | {"target_id": 2, "entry_target_id": 2, "status": "withdrawn", "version": 2},
        {"id": 3, "public_id": "cdefghjk2345"}
        | _LETTER
        | {"member_id": None, "group_id": None, "section_id": 2},
    ],
    "letter_versions": [
        {
            "id": 1,
            "letter_id": 2,
            "version": 1,
            "change": "withdrawn",
            "changed_at": _AT,
            "changed_by_id": 1,
            "target_id": 2,
            "posted_on": "2024-09-30",
            "channel": "post",
            "language": "en",
            "own_words": True,
            "after_deadline": False,
            "status": "posted",
        }
    ],
    "section_counts": [
        {
            "urgent_action_id": 1,
            "target_id": 1,
            "section_id": section,
            "posted_on": "2024-09-30",
            "letters": 1,
        }
        for section in (1, 2)
    ],
    "group_counts": [
        {"urgent_action_id": 1, "group_id": 1, "posted_on": "2024-09-30", "letters": 1}
    ],
    "channel_counts": [
        {"urgent_action_id": 1, "section_id": section, "channel": "registered-post", "letters": 1}
        for section in (1, 2)
    ],
    "language_counts": [
        {"urgent_action_id": 1, "section_id": section, "language": "en", "letters": 1}
        for section in (1, 2)
    ],
}


def _with(table: str, *additions: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the first tables' rows of that table, each with its addition."""
    return [row | more for row, more in zip(_FIRST_TABLES[table], additions, strict=True)]


_NO_ACCOUNT = {
    "sign_in_name": None,
    "sign_in_key": None,
    "passphrase": None,
    "identity": None,
    "identity_key": None,
    "totp_secret": None,
    "totp_since": None,
    "totp_step": None,
}

_SIGN_IN_AND_RECORD: Rows = _FIRST_TABLES | {
    "sections": _with(
        "sections",
        {"late_rule": "accept", "late_until": "2025-04-30", "retention_days": 30},
        {"late_rule": "ask", "late_until": None, "retention_days": 90},
    ),
    "local_groups": [
        *_with("local_groups", {"merged_into_id": None}),
        {
            "id": 2,
            "section_id": 1,
            "name": "Group of the New Mill (fictional)",
            "merged_into_id": 1,
            "version": 2,
        },
    ],
    "members": _with(
        "members",
        {
            "sign_in_name": b"\x01sealed",
            "sign_in_key": bytes(32),
            "passphrase": b"\x02sealed",
            "identity": b"\x03sealed",
            "identity_key": bytes(range(32)),
            "totp_secret": b"\x04sealed",
            "totp_since": _AT,
            "totp_step": 57_000_000,
        },
        _NO_ACCOUNT,
    ),
    "web_sessions": _with(
        "web_sessions",
        {"public_id": "abcdefgh2345", "browser": b"\x05sealed", "waits_for_code": False},
    ),
    "sign_in_links": _with("sign_in_links", {"created_by_id": 1}),
    "recovery_codes": [{"id": 1, "member_id": 1, "code_hash": bytes(32)}],
    "invitations": [
        {
            "id": 1,
            "public_id": "abcdefgh2345",
            "token_hash": bytes(32),
            "section_id": 1,
            "group_id": 1,
            "role": "volunteer",
            "email": b"\x06sealed",
            "email_key": bytes(32),
            "created_at": _AT,
            "created_by_id": 1,
            "expires_at": "2024-10-15 12:00:00.000000",
            "spent_at": None,
            "revoked_at": _AT,
        }
    ],
    "join_codes": [
        {
            "id": 1,
            "public_id": "abcdefgh2345",
            "code": b"\x07sealed",
            "code_key": bytes(32),
            "section_id": 1,
            "group_id": 1,
            "most": 30,
            "joined": 4,
            "created_at": _AT,
            "created_by_id": None,
            "expires_at": "2024-10-02 00:00:00.000000",
            "ended_at": None,
        }
    ],
    "mail_domains": [{"id": 1, "domain": "ruritania.example", "section_id": 1, "created_at": _AT}],
    "urgent_actions": _with("urgent_actions", {"closed_at": None}),
    "letters": _with("letters", {"logged_by_id": 2}, *({"logged_by_id": None},) * 2),
    "record_entries": [
        {
            "id": 1,
            "at": _AT,
            "section_id": 1,
            "member_id": 1,
            "deed": "granted",
            "about_id": 2,
            "subject": "volunteer",
            "amount": None,
        },
        {
            "id": 2,
            "at": _AT,
            "section_id": None,
            "member_id": None,
            "deed": "purged",
            "about_id": None,
            "subject": "lighthouse-2024-09",
            "amount": 12,
        },
    ],
}

FILLED: Mapping[str, Rows] = {"0001": _FIRST_TABLES, "0002": _SIGN_IN_AND_RECORD}
"""revision → table → its rows."""


def fill(connection: Connection, revision: str) -> None:
    """Insert that revision's rows with plain SQL."""
    for table, rows in FILLED[revision].items():
        for row in rows:
            columns, values = ", ".join(row), ", ".join(f":{column}" for column in row)
            connection.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({values})"), row)
