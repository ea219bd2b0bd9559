"""CSV out: byte for byte, safe in a spreadsheet, and never more than the asker may see."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests import factories
from tests.factories import ACTION_SLUG, DEADLINE, FIRST_TARGET, NOW, SECOND_TARGET, Desk, details
from tracker import database, letters, members, record, reports
from tracker.members import Asker, NotYours, pseudonym
from tracker.models import Channel, Grant, Role
from tracker.settings import Settings
from tracker.uptake import Scope

LETTERS_HEADER = (
    "\ufeffletter_id,urgent_action,target,section,group,writer,posted_on,logged_at,channel,"
    "language,letters,own_words,after_deadline,status\r\n"
)
PROGRESS_HEADER = "\ufeffurgent_action,target,week,letters,cumulative,needed\r\n"
TIMELINE_HEADER = "\ufeffcase,date,until,precision,people,kind,event,source\r\n"


@pytest.fixture
def desk(tracker_settings: Settings) -> Desk:
    with database.writing() as db:
        return factories.desk(db)


def text_of(chunks: Iterable[bytes]) -> str:
    return b"".join(chunks).decode()


def rows_of(chunks: Iterable[bytes]) -> list[dict[str, str]]:
    """Return a report's rows as a program that reads CSV finds them."""
    told = b"".join(chunks).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(told, newline=""), strict=True))


def letters_of(asker: Asker, desk: Desk, scope: Scope | None = None) -> list[dict[str, str]]:
    with database.reading() as db:
        return rows_of(reports.letters(db, asker, desk.action, scope or Scope()))


# Bytes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("report", "header"),
    [
        ("letters", LETTERS_HEADER),
        ("progress", PROGRESS_HEADER),
        ("timeline", TIMELINE_HEADER),
    ],
)
def test_a_report_without_rows_is_its_header(
    tracker_settings: Settings, report: str, header: str
) -> None:
    text = factories.CASE_TEXT
    without_events = text[: text.index("[[events]]")] + text[text.index("[[urgent_actions]]") :]
    with database.writing() as db:
        desk = factories.desk(db, without_events)
        chunks = list(reports.REPORTS[report](db, desk.asker, desk.action))
    assert b"".join(chunks) == header.encode()


def test_letters_are_told_byte_for_byte(desk: Desk) -> None:
    late = DEADLINE + timedelta(days=1)
    asker = replace(desk.asker, pinned_today=late)
    evening = datetime(2025, 3, 12, 23, 5, 9, 999999, tzinfo=UTC)
    with database.writing() as db:
        factories.log(db, asker, desk.action, targets=[desk.first], entry="one", now=evening)
        said = details(
            late,
            channel=Channel.WEB_FORM,
            language="zh",
            own_words=True,
            late_confirmed=True,
        )
        factories.log(db, asker, desk.action, said, targets=[desk.second], entry="two", now=NOW)
        one, two = letters.own_letters(db, asker, limit=2)
        letters.withdraw(db, asker, two.letter_id, version=1, now=NOW)
        told = b"".join(reports.letters(db, asker, desk.action))
        writer = pseudonym(asker.member_id, asker.section_id or 0)
    place = f"Ruritania (fictional),Group of the Old Mill (fictional),{writer}"
    assert told.decode() == (
        LETTERS_HEADER
        + f"{one.letter_id},{ACTION_SLUG},{FIRST_TARGET},{place},2025-03-12,"
        + "2025-03-12T23:05:09Z,post,en,1,false,false,posted\r\n"
        + f"{two.letter_id},{ACTION_SLUG},{SECOND_TARGET},{place},2025-07-01,"
        + "2025-03-12T12:00:00Z,web-form,zh,0,true,true,withdrawn\r\n"
    )


def test_progress_is_told_byte_for_byte(tracker_settings: Settings) -> None:
    text = factories.case_text(
        ('asks = ["', 'goal = 100\nasks = ["'), ("priority = 1", "priority = 1\ngoal = 30")
    )
    with database.writing() as db:
        desk = factories.desk(db, text, today=date(2025, 2, 16))
        factories.log(db, desk.asker, desk.action, details(date(2025, 2, 12)))
        factories.letter(db, desk.asker, desk.action, details(date(2025, 2, 3)))
        told = text_of(reports.progress(db, desk.asker, desk.action))
        narrow = text_of(
            reports.progress(db, desk.asker, desk.action, Scope(last=date(2025, 2, 3)))
        )
    assert told == (
        PROGRESS_HEADER
        + f"{ACTION_SLUG},{FIRST_TARGET},2025-02-03,1,1,2\r\n"
        + f"{ACTION_SLUG},{FIRST_TARGET},2025-02-10,1,2,3\r\n"
        + f"{ACTION_SLUG},{SECOND_TARGET},2025-02-03,0,0,4\r\n"
        + f"{ACTION_SLUG},{SECOND_TARGET},2025-02-10,1,1,7\r\n"
    )
    assert narrow == (
        PROGRESS_HEADER
        + f"{ACTION_SLUG},{FIRST_TARGET},2025-02-03,1,1,\r\n"
        + f"{ACTION_SLUG},{FIRST_TARGET},2025-02-10,0,1,\r\n"
        + f"{ACTION_SLUG},{SECOND_TARGET},2025-02-03,0,0,\r\n"
        + f"{ACTION_SLUG},{SECOND_TARGET},2025-02-10,0,0,\r\n"
    )


def test_a_timeline_is_told_byte_for_byte_with_dates_as_rough_as_they_are_known(
    tracker_settings: Settings,
) -> None:
    events = """
[[events]]
kind = "health"
people = ["Odo Figment"]
event = "Fell ill, and said \\"ill\\""
source = "A letter"

[[events]]
kind = "incommunicado"
date = "before 2024-05-02"
until = "at least 2024-06-01"
people = ["Odo Figment"]
event = "Heard of by nobody"
source = "A letter"

[[events]]
kind = "statement"
date = "2023"
people = ["Odo Figment", "Perla Invent"]
event = "A statement"
source = "A paper"

[[urgent_actions]]
"""
    with database.writing() as db:
        desk = factories.desk(db, factories.case_text(("[[urgent_actions]]\n", events)))
        told = text_of(reports.timeline(db, desk.asker, desk.action))
    newspaper = "A fictional newspaper"
    assert told == (
        TIMELINE_HEADER
        + "lighthouse,2023,,year,Perla Invent; Odo Figment,statement,A statement,A paper\r\n"
        + "lighthouse,2024-05-02,,day,Perla Invent; Odo Figment,detention,"
        + f"Locked up in the harbour,{newspaper}\r\n"
        + "lighthouse,2024-05-02,2024-06-01,before/at-least,Odo Figment,incommunicado,"
        + "Heard of by nobody,A letter\r\n"
        + f"lighthouse,2024-11,,month,Perla Invent,trial,Tried behind closed doors,{newspaper}\r\n"
        + 'lighthouse,,,none,Odo Figment,health,"Fell ill, and said ""ill""",A letter\r\n'
    )


def test_the_same_asker_gets_the_same_bytes_again(desk: Desk) -> None:
    with database.writing() as db:
        factories.many_letters(db, desk.asker, desk.action, 1500)
    for report in reports.REPORTS.values():
        told = []
        for _ in range(2):
            with database.reading() as db:
                told.append(b"".join(report(db, desk.asker, desk.action)))
        assert told[0] == told[1]


# Cells ----------------------------------------------------------------------------------------

NAMES = {
    # What a spreadsheet would run stands behind an apostrophe.
    "=1+1": "'=1+1",
    "+1": "'+1",
    "-1": "'-1",
    "@SUM(A1)": "'@SUM(A1)",
    "\t=1": "'\t=1",
    "\tplain": "'\tplain",
    "\rplain": "'\rplain",
    "\nplain": "'\nplain",
    " =1": "' =1",
    " \t x": "' \t x",
    "\u00a0=1": "'\u00a0=1",
    "\u3000=1": "'\u3000=1",
    "\u200b=1": "'\u200b=1",
    "\ufeff=1": "'\ufeff=1",
    "\x1f=1": "'\x1f=1",
    "\uff1d1": "'\uff1d1",  # full-width =
    "\uff0b1": "'\uff0b1",  # full-width +
    "\uff0d1": "'\uff0d1",  # full-width -
    "\uff201": "'\uff201",  # full-width @
    "\ufe631": "'\ufe631",  # small -
    "\u22121": "'\u22121",  # minus
    "=cmd|'/c calc'!A1": "'=cmd|'/c calc'!A1",
    # What no spreadsheet would run stands as it is.
    "Mill, Old": "Mill, Old",
    'The "Old" Mill': 'The "Old" Mill',
    "Two\nlines": "Two\nlines",
    "Two\r\nlines": "Two\r\nlines",
    "a=b": "a=b",
    "7-2": "7-2",
    "'=1": "'=1",
    " plain ": " plain ",
    "磨坊小组": "磨坊小组",
    "مجموعة الطاحونة": "مجموعة الطاحونة",
    "🕯 Candle": "🕯 Candle",
    "": "",
}


def test_a_group_s_name_cannot_run_in_a_spreadsheet_and_is_otherwise_as_it_is(
    desk: Desk,
) -> None:
    with database.writing() as db:
        section = factories.section(db)
        for name in NAMES:
            asker = factories.asker(db, of=section, in_group=factories.group(db, section, name))
            factories.letter(db, asker, desk.action)
        told = rows_of(reports.letters(db, factories.operator(db), desk.action))
    assert dict(zip(NAMES, [row["group"] for row in told], strict=True)) == NAMES


def test_commas_quotes_and_line_breaks_are_quoted(desk: Desk) -> None:
    with database.writing() as db:
        section = factories.section(db)
        name = 'Mill, "Old"\r\nand new'
        asker = factories.asker(db, of=section, in_group=factories.group(db, section, name))
        factories.letter(db, asker, desk.action)
        told = text_of(reports.letters(db, asker, desk.action))
    assert ',"Mill, ""Old""\r\nand new",' in told


def test_every_text_of_a_report_is_guarded(tracker_settings: Settings) -> None:
    text = factories.case_text(
        ('name = "Perla Invent"', 'name = "=Perla"'),
        ('people = ["Odo Figment", "Perla Invent"]', 'people = ["=Perla"]'),
        ('event = "Locked', 'event = "+Locked'),
        ('source = "A fictional', 'source = "@A fictional'),
        ('people = ["Perla Invent"]', 'people = ["=Perla"]'),
    ).replace("Nadie Nessuno", "-Nadie")
    with database.writing() as db:
        desk = factories.desk(db, text)
        section = factories.section(db, "=Ruritania (fictional)")
        asker = factories.asker(db, of=section)
        factories.letter(db, asker, desk.action)
        event = rows_of(reports.timeline(db, asker, desk.action))[0]
        letter = rows_of(reports.letters(db, asker, desk.action))[0]
        week = rows_of(reports.progress(db, asker, desk.action))[0]
    assert (event["people"], event["event"]) == ("'=Perla", "'+Locked up in the harbour")
    assert event["source"] == "'@A fictional newspaper"
    assert (letter["target"], letter["section"]) == ("'-Nadie", "'=Ruritania (fictional)")
    assert week["target"] == "'-Nadie"


# Who sees what --------------------------------------------------------------------------------


def test_each_asker_gets_the_rows_that_are_theirs_and_nobody_s_name(desk: Desk) -> None:
    names = ["Vera", "Otto", "Cora", "Lena", "Ende", "Vivi"]
    everyone = [f"Fictional {name} Unmistakable" for name in names]
    with database.writing() as db:
        home, away = factories.section(db), factories.section(db, "Elsewhere (fictional)")
        vera = factories.asker(db, of=home, name=everyone[0])
        otto = factories.asker(db, of=home, name=everyone[1])
        cora = factories.asker(db, [Role.COORDINATOR], of=home, name=everyone[2])
        lena = factories.asker(db, [Role.CASE_LEAD, Role.VOLUNTEER], of=home, name=everyone[3])
        ende = factories.asker(db, [Role.COORDINATOR], of=away, name=everyone[4])
        vivi = factories.asker(db, of=away, name=everyone[5])
        both = replace(cora, grants=cora.grants | ende.grants)
        writers = (vera, otto, lena, vivi)
        ids = {writer: factories.letter(db, writer, desk.action).letter_id for writer in writers}
        operator = factories.operator(db)
    seen = {
        vera: [vera],
        otto: [otto],
        cora: [vera, otto, lena],
        lena: [lena],  # sees all totals, and names or rows only where also a coordinator
        ende: [vivi],
        vivi: [vivi],
        both: [vera, otto, lena, vivi],
        operator: [vera, otto, lena, vivi],
    }
    for asker, whose in seen.items():
        rows = letters_of(asker, desk)
        assert [row["letter_id"] for row in rows] == [ids[writer] for writer in whose]
        assert [row["writer"] for row in rows] == [
            pseudonym(writer.member_id, writer.section_id or 0) for writer in whose
        ]
        with database.reading() as db:
            told = [text_of(report(db, asker, desk.action)) for report in reports.REPORTS.values()]
        assert not [name for name in names for text in told if name in text]


def test_a_coordinator_who_writes_elsewhere_sees_that_letter_too(desk: Desk) -> None:
    with database.writing() as db:
        home, away = factories.section(db), factories.section(db, "Elsewhere (fictional)")
        cora = factories.asker(db, [Role.COORDINATOR, Role.VOLUNTEER], of=home)
        moved = replace(cora, section_id=away.id)
        factories.letter(db, moved, desk.action)
        factories.letter(db, factories.asker(db, of=away), desk.action)
    (row,) = letters_of(cora, desk)
    assert row["section"] == "Elsewhere (fictional)"


def test_one_writer_has_one_pseudonym_in_a_section_and_another_elsewhere(desk: Desk) -> None:
    with database.writing() as db:
        away = factories.section(db, "Elsewhere (fictional)")
        factories.log(db, desk.asker, desk.action)
        factories.letter(db, replace(desk.asker, section_id=away.id), desk.action)
        other = factories.asker(db, name="Fictional Otto Other")
        factories.letter(db, other, desk.action)
        operator = factories.operator(db)
    first, second, elsewhere, others = (row["writer"] for row in letters_of(operator, desk))
    assert first == second
    assert len({first, elsewhere, others}) == 3


def test_a_scope_narrows_the_rows_and_never_widens_them(desk: Desk) -> None:
    with database.writing() as db:
        home, away = factories.section(db), factories.section(db, "Elsewhere (fictional)")
        cora = factories.asker(db, [Role.COORDINATOR], of=home)
        days = [date(2025, 2, day) for day in (3, 4, 5)]
        for day in days:
            factories.letter(db, factories.asker(db, of=home), desk.action, details(day))
            factories.letter(db, factories.asker(db, of=away), desk.action, details(day))
        operator = factories.operator(db)

    def seen(asker: Asker, scope: Scope) -> list[str]:
        rows = letters_of(asker, desk, scope)
        return [f"{row['section'].split()[0]} {row['posted_on'][-1]}" for row in rows]

    assert seen(operator, Scope(section_id=away.id)) == [
        "Elsewhere 3",
        "Elsewhere 4",
        "Elsewhere 5",
    ]
    assert seen(operator, Scope(first=days[1], last=days[1])) == ["Ruritania 4", "Elsewhere 4"]
    assert seen(cora, Scope(first=days[1])) == ["Ruritania 4", "Ruritania 5"]
    assert seen(cora, Scope(last=days[0])) == ["Ruritania 3"]
    for kind in ("letters", "progress"):
        with pytest.raises(NotYours), database.reading() as db:
            reports.REPORTS[kind](db, cora, desk.action, Scope(section_id=away.id))


def test_a_case_lead_gets_any_section_s_totals_and_nobody_s_letters(desk: Desk) -> None:
    with database.writing() as db:
        factories.letter(db, desk.asker, desk.action)
        lead = factories.asker(db, [Role.CASE_LEAD], of=factories.section(db, "Away (fictional)"))
        scope = Scope(section_id=desk.asker.section_id)
        totals = rows_of(reports.progress(db, lead, desk.action, scope))
        assert sum(int(row["letters"]) for row in totals) == 1
        with pytest.raises(NotYours):
            reports.letters(db, lead, desk.action, scope)
        assert rows_of(reports.letters(db, lead, desk.action)) == []


# Names ----------------------------------------------------------------------------------------


def test_names_are_a_column_more_for_the_section_s_coordinator_alone(desk: Desk) -> None:
    with database.writing() as db:
        home, away = factories.section(db), factories.section(db, "Elsewhere (fictional)")
        cora = factories.asker(db, [Role.COORDINATOR, Role.VOLUNTEER], of=home, name="Cora")
        nora = factories.asker(db, of=home, name="=Nora")
        abe = factories.asker(db, [Role.VOLUNTEER, Role.COORDINATOR], of=away, name="Abe")
        for writer in (nora, abe, cora):
            factories.letter(db, writer, desk.action)
        told = text_of(reports.letters(db, cora, desk.action, names=True))
        assert told.startswith(LETTERS_HEADER.replace("status", "status,name"))
        rows = rows_of([told.encode()])
        assert [(row["section"].split()[0], row["name"]) for row in rows] == [
            ("Ruritania", "'=Nora"),
            ("Ruritania", "Cora"),
        ]
        assert rows[0]["writer"] == pseudonym(nora.member_id, home.id)
        for who in (
            desk.asker,
            factories.asker(db, [Role.CASE_LEAD]),
            factories.operator(db),
        ):
            with pytest.raises(NotYours):
                reports.letters(db, who, desk.action, names=True)
        with pytest.raises(NotYours):
            reports.letters(db, cora, desk.action, Scope(section_id=away.id), names=True)


def test_a_name_without_a_coordinator_stays_away_from_letters_of_another_section(
    desk: Desk,
) -> None:
    """A member who moved is named in the letters of the section that asks, and in no other."""
    with database.writing() as db:
        home, away = factories.section(db), factories.section(db, "Elsewhere (fictional)")
        cora = factories.asker(db, [Role.COORDINATOR], of=home, name="Cora")
        abe = factories.asker(db, of=home, name="Abe")
        factories.letter(db, abe, desk.action)
        moved = replace(abe, section_id=away.id)
        factories.letter(db, moved, desk.action)
        rows = rows_of(reports.letters(db, cora, desk.action, names=True))
    assert [(row["section"].split()[0], row["name"]) for row in rows] == [("Ruritania", "Abe")]


def test_taking_names_out_is_recorded_for_each_section(desk: Desk) -> None:
    with database.writing() as db:
        home, away = factories.section(db), factories.section(db, "Elsewhere (fictional)")
        cora = factories.asker(db, [Role.COORDINATOR], of=home)
        db.add(Grant(member_id=cora.member_id, role=Role.COORDINATOR, section_id=away.id))
        db.flush()
        cora = members.asker(db, cora.member_id or 0)
        reports.record_names_exported(db, cora, desk.action, Scope(), now=NOW)
        reports.record_names_exported(db, cora, desk.action, Scope(section_id=away.id), now=NOW)
        with pytest.raises(NotYours):
            reports.record_names_exported(db, desk.asker, desk.action, Scope(), now=NOW)
    with database.reading() as db:
        told = record.entries(db, cora)
    assert told[["deed", "subject", "section", "who"]].values.tolist() == [
        ["names-exported", ACTION_SLUG, section.name, pseudonym(cora.member_id, section.id)]
        for section in (away, away, home)
    ]


def test_another_action_s_letters_are_in_no_row(desk: Desk) -> None:
    with database.writing() as db:
        text = factories.case_text(
            ('slug = "lighthouse"', 'slug = "windmill"'), ("lighthouse-2025-02", "windmill-2025-01")
        )
        factories.log(db, desk.asker, factories.action(db, text))
    assert letters_of(desk.asker, desk) == []


def test_the_letters_column_adds_up_to_the_total(desk: Desk) -> None:
    with database.writing() as db:
        for _ in range(3):
            factories.log(db, desk.asker, desk.action)
        gone = factories.log(db, desk.asker, desk.action)
        letters.withdraw(db, desk.asker, gone[0].letter_id, version=1, now=NOW)
        told = rows_of(reports.letters(db, desk.asker, desk.action))
        weeks = rows_of(reports.progress(db, desk.asker, desk.action))
    assert [row["letters"] for row in told] == ["1"] * 6 + ["0", "1"]
    assert [row["status"] for row in told] == ["posted"] * 6 + ["withdrawn", "posted"]
    assert sum(int(row["letters"]) for row in told) == 7
    assert sum(int(row["letters"]) for row in weeks) == 7
