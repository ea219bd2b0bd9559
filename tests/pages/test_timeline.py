"""/timeline: what happened to whom, as exactly as it is known, and for how long they are held."""

from __future__ import annotations

from datetime import date

import pytest

from tests import factories
from tests.pages.window import Person, Window
from tests.pages.worlds import OTHER_CASE, OTHER_SLUG
from tracker import case_files, cases, charts, database, members, settings

HUANG, WANG = "Huang Xueqin", "Wang Jianbing"


@pytest.fixture
def reader(person: Person) -> Person:
    """Somebody who is signed in; the fictional case is here."""
    with database.writing() as db:
        factories.case(db)
        member = factories.member(db)
    person.sign_in(member.id, today=factories.TODAY)
    return person


@pytest.fixture
def real(person: Person) -> Person:
    """Somebody who is signed in at a server with the real case."""
    file = settings.case_files_dir() / "huang-wang.toml"
    with database.writing() as db:
        cases.add(db, members.operator(db), case_files.read(file), file.name, now=factories.NOW)
        member = factories.member(db)
    person.sign_in(member.id, today=date(2025, 1, 15))
    return person


def test_the_table_tells_every_event_with_its_source(reader):
    assert Window().visit("/timeline").rows == [
        {
            "When": "since 2 May 2024",
            "Who": "Perla Invent and Odo Figment",
            "Kind": "detention",
            "What happened": "Locked up in the harbour",
            "Source": "A fictional newspaper",
        },
        {
            "When": "November 2024",
            "Who": "Perla Invent",
            "Kind": "trial",
            "What happened": "Tried behind closed doors",
            "Source": "A fictional newspaper",
        },
    ]


def test_the_chart_has_its_events_in_words(reader):
    (chart,) = Window().visit("/timeline").charts
    with database.reading() as db:
        case = cases.case_named(db, reader.asker(), factories.CASE_SLUG)
        events = cases.timeline(db, reader.asker(), case.id)
    assert chart.alt == charts.timeline_in_words(
        events,
        today=factories.TODAY,
        issued_on=factories.ISSUED_ON,
        deadline=factories.DEADLINE,
    )
    for fact in ("Perla Invent", "Odo Figment", "trial", "November 2024"):
        assert fact in chart.alt
        assert fact in chart.spec or fact == "November 2024"


def test_a_person_is_chosen_and_keeps_only_their_own_lane(reader):
    window = Window().visit("/timeline").filter("People", "Odo Figment")
    assert [(row["Who"], row["Kind"]) for row in window.rows] == [("Odo Figment", "detention")]
    assert "Perla" not in window.charts[0].alt
    window.filter("People", "Odo Figment", "Perla Invent")
    assert len(window.rows) == 2
    window.filter("People")
    assert len(window.rows) == 2


def test_a_person_is_found_in_any_spelling(reader):
    assert Window().visit("/timeline").options("People") == [
        "Perla Invent (Pérla Ïnvent, Перла Инвент)",
        "Odo Figment",
    ]


def test_a_kind_is_chosen_among_those_that_happened(reader):
    window = Window().visit("/timeline")
    assert window.options("Kinds") == ["detention", "trial"]
    window.filter("Kinds", "trial")
    assert [row["Kind"] for row in window.rows] == ["trial"]
    assert "detention" not in window.charts[0].alt


def test_with_everything_filtered_away_the_page_says_so(reader):
    window = Window().visit("/timeline").filter("People", "Odo Figment").filter("Kinds", "trial")
    assert window.notices == ["No event is left with these filters. Choose more people or kinds."]
    assert window.charts == []
    # And the way back stays in sight.
    assert window.options("Kinds") == ["detention", "trial"]
    assert len(window.filter("Kinds").rows) == 1


def test_time_in_detention_is_told_whatever_the_filters(reader):
    window = Window().visit("/timeline")
    told = (
        "Perla Invent and Odo Figment: at least 277 days in detention, as known on "
        "3 February 2025; 314 days today, if still held."
    )
    assert window.finding == told
    assert window.filter("People", "Odo Figment").finding == told


@pytest.mark.parametrize(
    ("today", "sentence"),
    [
        (date(2024, 9, 9), "2 years and 356 days in detention so far."),
        (
            date(2025, 1, 15),
            (
                "at least 2 years and 356 days in detention, as known on 9 September 2024; "
                "3 years and 118 days today, if still held."
            ),
        ),
        (
            date(2026, 9, 19),
            (
                "at least 2 years and 356 days in detention, as known on 9 September 2024; "
                "5 years today, if still held."
            ),
        ),
    ],
)
def test_how_long_both_have_been_held(real, today, sentence):
    real.today = today
    assert Window().visit("/timeline").finding == f"{HUANG} and {WANG}: {sentence}"


def test_the_real_case_is_told_as_exactly_as_it_is_known(real):
    rows = Window().visit("/timeline").rows
    told = {(row["When"], row["Kind"], row["Who"]) for row in rows}
    both = f"{HUANG} and {WANG}"
    assert told >= {
        ("19 September 2021", "arrest", both),
        ("since 19 September 2021", "detention", both),
        ("19 September 2021 to 19 February 2022 at least", "incommunicado", both),
        ("2022", "UN opinion", WANG),
        ("September 2023", "statement", both),
        ("14 June 2024", "sentence", HUANG),
        ("14 June 2024", "sentence", WANG),
        ("by 9 September 2024", "appeal", both),
        ("date not known", "health", WANG),
    }
    with database.reading() as db:
        case = cases.case_named(db, real.asker(), "huang-wang")
        events = cases.timeline(db, real.asker(), case.id)
    assert [row["What happened"] for row in rows] == list(events["event"])
    assert [row["Source"] for row in rows] == list(events["source"])


def test_one_of_the_real_two_alone(real):
    window = Window().visit("/timeline").filter("People", WANG)
    assert {row["Who"] for row in window.rows} == {WANG}
    assert HUANG not in window.charts[0].alt
    assert "王建兵" in window.options("People")[1]


def test_the_letters_stand_under_the_lanes(reader):
    without = Window().visit("/timeline").charts[0].spec
    with database.writing() as db:
        action = cases.action_named(db, reader.asker(), factories.ACTION_SLUG)
        factories.log(db, reader.asker(), action)
    assert "Letters by week" not in without
    assert "Letters by week" in Window().visit("/timeline").charts[0].spec


def test_the_address_chooses_the_case(reader):
    with database.writing() as db:
        factories.case(db, OTHER_CASE)
    window = Window().visit("/timeline", action=OTHER_SLUG)
    assert [row["Who"] for row in window.rows] == ["Ivo Inkling", "Mira Making"]


def test_what_a_case_file_says_runs_nothing_on_the_page(person):
    evil = "<script>alert(1)</script> **bold** $x$"
    text = factories.case_text(("Locked up in the harbour", evil))
    with database.writing() as db:
        factories.case(db, text)
        member = factories.member(db)
    person.sign_in(member.id, today=factories.TODAY)
    window = Window().visit("/timeline")
    assert window.rows[0]["What happened"] == evil
    assert "<script>" not in window.everything


def test_the_way_on_leads_to_the_reports(reader):
    assert "Take the table out as CSV" in Window().visit("/timeline").links
