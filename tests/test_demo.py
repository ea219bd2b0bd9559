from __future__ import annotations

import csv
import io
import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from tracker import (
    case_files,
    cases,
    database,
    demo,
    letters,
    members,
    reports,
    rules,
    running_counts,
    settings,
    uptake,
)
from tracker.demo import Filled, NotEmpty
from tracker.models import (
    Base,
    Case,
    Channel,
    Event,
    Grant,
    Group,
    Letter,
    LetterChange,
    LetterStatus,
    LetterVersion,
    Member,
    Role,
    Section,
    SectionCount,
    Target,
    UrgentAction,
)
from tracker.rules import Precision

NOW = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
TODAY = NOW.date()
REAL = "huang-wang-2024-09"
FICTIONAL = "quellmark-library-boat"
ISSUED_ON, DEADLINE = date(2024, 9, 9), date(2025, 3, 18)
BEFORE_THE_DEADLINE = date(2025, 1, 15)

pytestmark = pytest.mark.usefixtures("tracker_settings")


def fill(number: int = 400, seed: int = 1, today: date = TODAY, now: datetime = NOW) -> Filled:
    with database.writing() as db:
        return demo.fill(db, letters=number, seed=seed, today=today, now=now)


def written(db: Session, slug: str) -> int:
    query = select(func.count()).select_from(Letter)
    return db.scalar(query.join(UrgentAction).where(UrgentAction.slug == slug)) or 0


def posted_days(db: Session, slug: str) -> list[date]:
    query = select(Letter.posted_on).join(UrgentAction).where(UrgentAction.slug == slug)
    return sorted(db.scalars(query))


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables; names come out opened."""
    with database.reading() as db:
        return {
            table.name: [
                tuple(row) for row in db.execute(select(table).order_by(*table.primary_key))
            ]
            for table in Base.metadata.sorted_tables
        }


# How many, and when ---------------------------------------------------------------------------


@pytest.mark.parametrize("number", [0, 1, 2, 5, 300])
def test_the_real_case_has_exactly_the_letters_asked_for(number: int) -> None:
    filled = fill(number)
    with database.reading() as db:
        assert written(db, REAL) == number
        assert written(db, FICTIONAL) == number // 8
        assert filled.letters == number + number // 8


def test_the_fictional_case_has_400_letters_at_most() -> None:
    fill(4_000)
    with database.reading() as db:
        assert (written(db, REAL), written(db, FICTIONAL)) == (4_000, 400)


def test_a_chunk_may_end_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo.letters, "_CHUNK", 7)
    progress: list[int] = []
    with database.writing() as db:
        filled = demo.fill(
            db, letters=400, seed=1, today=TODAY, now=NOW, on_progress=progress.append
        )
    with database.reading() as db:
        assert list(db.scalars(select(Letter.id).order_by(Letter.id))) == list(range(1, 451))
    assert len(progress) > 30
    assert sum(progress) == filled.letters == 450


@pytest.mark.parametrize("today", [TODAY, BEFORE_THE_DEADLINE])
def test_letters_are_posted_from_the_issue_date_to_the_deadline_and_never_after_today(
    today: date,
) -> None:
    fill(2_000, today=today)
    with database.reading() as db:
        real, fictional = posted_days(db, REAL), posted_days(db, FICTIONAL)
        action = cases.action_named(db, members.operator(db), FICTIONAL)
    assert len(real) == 2_000
    assert real[0] == ISSUED_ON
    assert real[-1] == min(today, DEADLINE)
    assert len(fictional) == 250
    assert action.issued_on <= fictional[0]
    assert today - timedelta(days=3) <= fictional[-1] <= today


def test_a_letter_is_logged_a_little_after_it_was_posted_on_the_sections_clock() -> None:
    fill(2_000)
    with database.reading() as db:
        query = select(Letter.entry_posted_on, Letter.logged_at, Section.time_zone).join(Section)
        rows = db.execute(query.order_by(Letter.id)).all()
    waited = Counter(
        (logged_at.astimezone(ZoneInfo(zone)).date() - posted_on).days
        for posted_on, logged_at, zone in rows
    )
    assert min(waited) == 0
    assert max(waited) <= 10
    assert waited[0] > len(rows) / 2
    moments = [row.logged_at for row in rows]
    assert moments[:2_000] == sorted(moments[:2_000])
    assert moments[2_000:] == sorted(moments[2_000:])
    assert max(moments) <= NOW


@pytest.mark.parametrize(
    ("now", "still_the_day_before"),
    [
        (datetime(2024, 9, 9, 0, 30, tzinfo=UTC), {"America/Bogota", "America/Toronto"}),
        (datetime(2024, 9, 8, 13, 0, tzinfo=UTC), {"Europe/Berlin", "Asia/Taipei"}),
    ],
)
def test_nothing_is_logged_after_this_moment_however_early_it_is(
    now: datetime, still_the_day_before: set[str]
) -> None:
    fill(300, today=ISSUED_ON, now=now)
    with database.reading() as db:
        query = select(Section.time_zone, Letter.posted_on, Letter.logged_at).join(Letter)
        rows = db.execute(query.join(UrgentAction).where(UrgentAction.slug == REAL)).all()
    assert len(rows) == 300
    assert {row.posted_on for row in rows} == {ISSUED_ON}
    assert still_the_day_before.isdisjoint({row.time_zone for row in rows})
    for zone, posted_on, logged_at in rows:
        assert logged_at <= now
        assert logged_at.astimezone(ZoneInfo(zone)).date() == posted_on


def test_members_joined_before_the_first_letter() -> None:
    fill()
    with database.reading() as db:
        joined = db.scalar(select(func.max(Member.created_at)))
        logged = db.scalar(select(func.min(Letter.logged_at)))
    assert joined is not None
    assert logged is not None
    assert joined < logged


def test_before_the_issue_date_the_real_case_is_there_without_letters() -> None:
    filled = fill(800, today=date(2024, 9, 8))
    with database.reading() as db:
        assert written(db, REAL) == 0
        assert written(db, FICTIONAL) == filled.letters == 100
        who = members.operator(db)
        assert uptake.letters_by_target_and_week(db, who, cases.action_named(db, who, REAL)).empty


def test_a_pretended_today_that_has_not_come_has_no_letters_either() -> None:
    fill(800, today=TODAY + timedelta(days=20))
    with database.reading() as db:
        assert written(db, REAL) == 800
        days = posted_days(db, FICTIONAL)
    assert len(days) == 100
    assert days[-1] <= TODAY + timedelta(days=1)  # it is Monday in Auckland


def test_letters_come_in_a_rush_at_the_human_rights_day_and_before_the_deadline() -> None:
    fill(8_000)
    with database.reading() as db:
        days = Counter(posted_days(db, REAL))
    weeks: Counter[date] = Counter()
    for day, number in days.items():
        weeks[rules.week_of(day)] += number
    first, night, push = date(2024, 9, 9), date(2024, 12, 9), date(2025, 3, 10)
    usual = sorted(weeks.values())[len(weeks) // 2]
    assert weeks[first] > 3 * usual
    assert weeks[night] > 3 * usual
    assert weeks[push] > 1.3 * usual
    assert days.most_common(1)[0][0] == date(2024, 12, 10)
    by_weekday: Counter[int] = Counter()
    for day, number in days.items():
        by_weekday[day.weekday()] += number
    assert min(by_weekday, key=by_weekday.__getitem__) == 6  # Sunday


# What stands in them --------------------------------------------------------------------------


def test_most_write_to_both_targets_and_somewhat_more_to_zhang_rui() -> None:
    fill(3_000)
    with database.reading() as db:
        query = select(Letter.entry_id, Target.name).join(Target, Target.id == Letter.target_id)
        query = query.join(UrgentAction).where(UrgentAction.slug == REAL)
        rows = db.execute(query.order_by(Letter.id)).all()
    forms: dict[str, list[str]] = {}
    for entry_id, name in rows:
        forms.setdefault(entry_id, []).append(name)
    both = [form for form in forms.values() if form == ["Zhang Rui", "Zhang Jian"]]
    assert len(both) > 0.6 * len(forms)
    counted = Counter(name for _, name in rows)
    assert 1.05 < counted["Zhang Rui"] / counted["Zhang Jian"] < 1.3


def test_letters_of_one_form_differ_in_the_target_alone() -> None:
    fill()
    with database.reading() as db:
        per_form = select(
            func.count(func.distinct(Letter.member_id)),
            func.count(func.distinct(Letter.entry_posted_on)),
            func.count(func.distinct(Letter.logged_at)),
            func.count(func.distinct(Letter.language)),
            func.count() - func.count(func.distinct(Letter.entry_target_id)),
        ).group_by(Letter.entry_id)
        assert {tuple(row) for row in db.execute(per_form)} == {(1, 1, 1, 1, 0)}


def test_channels_and_languages_are_mixed_as_far_as_the_urgent_action_allows() -> None:
    fill(3_000)
    with database.reading() as db:
        found: dict[str, tuple[set[Channel], set[str]]] = {}
        for slug in (REAL, FICTIONAL):
            kinds = select(Letter.channel, Letter.language, Letter.own_words)
            rows = db.execute(kinds.join(UrgentAction).where(UrgentAction.slug == slug)).all()
            found[slug] = {row.channel for row in rows}, {row.language for row in rows}
            assert {row.own_words for row in rows if row.language == "en"} == {True, False}
            assert {row.own_words for row in rows if row.language in {"de", "es"}} == {True}
    # The real targets have neither e-mail nor fax in the document.
    assert found[REAL][0] == set(Channel) - {Channel.EMAIL, Channel.FAX}
    assert Channel.EMAIL in found[FICTIONAL][0]
    assert found[REAL][1] == {"ar", "bg", "de", "en", "es", "fr", "zh"}
    assert found[FICTIONAL][1] >= {"de", "en", "es", "fr"}


def test_a_few_letters_were_withdrawn_or_corrected_and_what_they_said_before_is_kept() -> None:
    fill(3_000)
    with database.reading() as db:
        changed = list(db.scalars(select(Letter).where(Letter.version == 2)))
        before = {version.letter_id: version for version in db.scalars(select(LetterVersion))}
        assert db.scalar(select(func.max(Letter.version))) == 2
    assert {letter.id for letter in changed} == set(before)
    assert 20 < len(changed) < 200
    kinds = Counter(version.change for version in before.values())
    assert kinds.keys() == {LetterChange.WITHDRAWN, LetterChange.CORRECTED}
    for letter in changed:
        version = before[letter.id]
        same = (version.posted_on, version.channel) == (letter.posted_on, letter.channel)
        withdrawn = version.change is LetterChange.WITHDRAWN
        assert same is withdrawn is (letter.status is LetterStatus.WITHDRAWN)
        assert version.posted_on == letter.entry_posted_on
        assert version.changed_by_id == letter.member_id
        assert letter.logged_at <= version.changed_at <= NOW


def test_nothing_is_logged_or_changed_after_a_pretended_today() -> None:
    fill(4_000, today=BEFORE_THE_DEADLINE)
    with database.reading() as db:
        logged = db.scalar(select(func.max(Letter.logged_at)))
        changed = db.scalar(select(func.max(LetterVersion.changed_at)))
    midnight = datetime(2025, 1, 16, tzinfo=UTC)
    assert logged is not None
    assert changed is not None
    assert logged <= midnight
    assert changed <= midnight


@pytest.mark.parametrize("today", [TODAY, BEFORE_THE_DEADLINE])
def test_the_running_counts_are_those_of_the_posted_letters(today: date) -> None:
    filled = fill(2_000, today=today)
    with database.reading() as db:
        assert running_counts.drifts(db, members.operator(db)) == []
        counted = db.scalar(select(func.sum(SectionCount.letters)))
        withdrawn = select(func.count()).where(Letter.status == LetterStatus.WITHDRAWN)
        assert counted == filled.letters - (db.scalar(withdrawn) or 0)


def test_public_ids_look_like_those_of_letters_that_somebody_logs() -> None:
    fill(2_000)
    with database.reading() as db:
        ids = list(db.scalars(select(Letter.public_id)))
    assert all(re.fullmatch("[a-km-np-z][a-km-np-z2-9]{11}", found) for found in ids)
    assert len({found[0] for found in ids}) == 24


# The same again -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_same_seed_gives_the_same_rows_and_another_seed_others(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    def rows(seed: int) -> dict[str, list[tuple[Any, ...]]]:
        with request.getfixturevalue(f"{kind}_databases").fresh() as url:
            environment = {"TRACKER_DATA_DIR": str(tmp_path), "TRACKER_DATABASE_URL": url}
            settings.use(settings.load(environment))
            fill(seed=seed)
            return everything()

    first, again, other = rows(1), rows(1), rows(2)
    assert first == again
    for table in ("letters", "members", "section_counts"):
        assert first[table] != other[table]
    for table in ("sections", "local_groups", "cases"):
        assert first[table] == other[table]


# Demo and real never mix ----------------------------------------------------------------------


def test_it_marks_the_database_and_notes_whom_to_sign_in() -> None:
    filled = fill()
    with database.reading() as db:
        assert members.is_demo(db)
        assert members.demo_members(db) == filled.by_role
        assert filled.by_role.keys() == set(Role)


def with_a_member(db: Session) -> None:
    factories.member(db)


def with_letters_of_somebody_forgotten(db: Session) -> None:
    factories.letter(db, factories.asker(db), factories.action(db))
    for letter in db.scalars(select(Letter)):
        letter.member_id = None
    for member in db.scalars(select(Member)):
        db.execute(Grant.__table__.delete())
        db.delete(member)


@pytest.mark.parametrize("having", [with_a_member, with_letters_of_somebody_forgotten])
def test_it_refuses_a_database_that_is_in_use_and_changes_nothing(having: Any) -> None:
    with database.writing() as db:
        having(db)
    before = everything()
    with pytest.raises(NotEmpty, match="has members or letters"):
        fill()
    assert everything() == before


def test_a_demonstration_is_not_filled_twice() -> None:
    fill(10)
    with pytest.raises(NotEmpty):
        fill(10)


def test_cases_that_are_here_already_are_used_as_they_are() -> None:
    text = (settings.case_files_dir() / demo.REAL_CASE).read_text(encoding="utf-8")
    shorter = text.replace("deadline = 2025-03-18", "deadline = 2024-10-01")
    with database.writing() as db:
        factories.case(db, shorter)
    fill()
    with database.reading() as db:
        assert sorted(db.scalars(select(Case.slug))) == ["huang-wang", "quellmark"]
        days = posted_days(db, REAL)
    assert len(days) == 400
    assert days[-1] <= date(2024, 10, 1)


@pytest.mark.parametrize("targets", [1, 4])
def test_an_urgent_action_may_have_any_number_of_targets(targets: int) -> None:
    extra = "".join(
        f'[[targets]]\nname = "Official {place} (fictional)"\nemail = "o{place}@nowhere.example"\n'
        for place in range(targets)
    )
    chosen = "".join(
        "[[urgent_actions.targets]]\n"
        f'name = "Official {place} (fictional)"\npriority = {place + 1}\n'
        for place in range(targets)
    )
    text = f"""slug = "huang-wang"
title = "Another shape of the case (fictional)"
people = [{{name = "Perla Invent (fictional)"}}]
{extra}
[[urgent_actions]]
slug = "{REAL}"
title = "Anything (fictional)"
issued_on = 2024-09-09
languages = ["en"]
asks = ["Let her go."]
source = "Made up"
{chosen}"""
    with database.writing() as db:
        factories.case(db, text)
    fill(500)
    with database.reading() as db:
        to_real = select(Letter).join(UrgentAction).where(UrgentAction.slug == REAL)
        by_target = to_real.group_by(Letter.target_id).order_by(Letter.target_id)
        numbers = list(db.scalars(by_target.with_only_columns(func.count())))
        languages = set(db.scalars(to_real.with_only_columns(Letter.language)))
    assert languages == {"en"}
    assert len(numbers) == targets
    assert sum(numbers) == 500
    assert numbers[0] == max(numbers)


def test_the_next_letter_goes_on_where_the_demonstration_ends() -> None:
    filled = fill()
    with database.writing() as db:
        who = members.asker(db, filled.by_role[Role.VOLUNTEER])
        action = cases.action_named(db, who, FICTIONAL)
        logged = factories.log(db, who, action, factories.details(TODAY), now=NOW)
    assert len(logged) == 3
    with database.reading() as db:
        assert db.scalar(select(func.max(Letter.id))) == filled.letters + 3
        assert running_counts.drifts(db, members.operator(db)) == []


# Nobody real ----------------------------------------------------------------------------------


def test_every_section_group_and_member_says_that_it_is_fictional() -> None:
    fill(3_000)
    with database.reading() as db:
        names = [
            name for made in (Section, Group, Member) for name in db.scalars(select(made.name))
        ]
        zones = set(db.scalars(select(Section.time_zone)))
    assert len(names) > 900
    # The mark stands in the name itself, so that it goes along into charts and CSV.
    assert [name for name in names if not str(name).endswith(" (fictional)")] == []
    assert len(zones) >= 6
    for script in ("梅", "纸", "ق", "щ", "é", "ō"):
        assert any(script in str(name) for name in names)


def test_the_second_case_says_everywhere_that_it_is_fictional() -> None:
    file = case_files.read(demo.FICTIONAL_CASE)
    assert file.fictional
    said = [
        file.title,
        file.country,
        *(name for person in file.people for name in (person.name, *person.other_names)),
        *(text for target in file.targets for text in (target.name, target.institution)),
        *(target.address[-1] for target in file.targets),
        *(event.event for event in file.events),
        *(action.title for action in file.urgent_actions),
    ]
    assert [text for text in said if not text.endswith("(fictional)")] == []
    # .example belongs to nobody, and never will (RFC 2606).
    assert {
        target.email
        for target in file.targets
        if target.email and not target.email.endswith(".example")
    } == set()
    assert all(action.previous_url is None for action in file.urgent_actions)


def test_the_fictional_case_file_is_not_one_that_a_new_server_loads() -> None:
    assert demo.FICTIONAL_CASE.is_file()
    slugs = {case_files.read(file).slug for file in settings.case_files_dir().glob("*.toml")}
    assert "huang-wang" in slugs
    assert case_files.read(demo.FICTIONAL_CASE).slug not in slugs


# The fictional case ---------------------------------------------------------------------------


@pytest.mark.parametrize("days", range(0, 400, 37))
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_fictional_deadline_lies_ahead_whatever_day_it_is(days: int) -> None:
    today = TODAY + timedelta(days=days)
    fill(0, today=today)
    with database.reading() as db:
        action = cases.action_named(db, members.operator(db), FICTIONAL)
        events = list(db.scalars(select(Event).join(Case).where(Case.slug == "quellmark")))
        as_file = cases.as_file(cases.case_named(db, members.operator(db), "quellmark"))
    assert 35 <= (today - action.issued_on).days < 42
    assert action.deadline is not None
    assert 56 < (action.deadline - today).days <= 63
    assert action.issued_on.weekday() == 1  # as in the file: nobody publishes on a Sunday
    for event in events:
        if event.happened_on is not None:
            assert event.happened_on <= action.issued_on
            assert event.precision is not Precision.MONTH or event.happened_on.day == 1
    assert {event.date.precision for event in as_file.events} == {
        Precision.DAY,
        Precision.MONTH,
        Precision.BEFORE,
        Precision.NONE,
    }


def test_the_fictional_case_is_somewhat_behind_its_pace() -> None:
    fill(3_000)
    with database.reading() as db:
        who = members.operator(db)
        action = cases.action_named(db, who, FICTIONAL)
        weeks = uptake.letters_by_target_and_week(db, who, action)
    assert action.deadline is not None
    assert action.goal is not None
    needed = rules.needed_by(action.goal, action.issued_on, action.deadline, TODAY)
    assert 0.6 * needed < weeks["letters"].sum() < 0.95 * needed
    assert [chosen.goal for chosen in action.targets] == [None, None, 200]


# Whom one signs in as -------------------------------------------------------------------------


@pytest.fixture
def filled() -> Filled:
    return fill(1_000)


def csv_rows(db: Session, who: members.Asker, slug: str) -> list[dict[str, str]]:
    action = cases.action_named(db, who, slug)
    text = b"".join(reports.letters(db, who, action)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_volunteer_has_a_handful_of_letters_on_both_cases(filled: Filled) -> None:
    with database.reading() as db:
        who = members.asker(db, filled.by_role[Role.VOLUNTEER])
        own = letters.own_letters(db, who, limit=100)
        in_csv = csv_rows(db, who, REAL) + csv_rows(db, who, FICTIONAL)
    assert who.roles == {Role.VOLUNTEER}
    assert who.group
    assert 6 <= len(own) <= 14
    assert len({letter.urgent_action_id for letter in own}) == 2
    assert len({letter.entry_id for letter in own}) == 6
    assert {row["letter_id"] for row in in_csv} == {letter.letter_id for letter in own}


def test_the_coordinator_sees_the_letters_of_the_volunteers_section(filled: Filled) -> None:
    with database.reading() as db:
        who = members.asker(db, filled.by_role[Role.COORDINATOR])
        volunteer = members.asker(db, filled.by_role[Role.VOLUNTEER])
        rows = csv_rows(db, who, REAL)
    assert who.roles == {Role.COORDINATOR}
    assert who.section_id == volunteer.section_id
    assert {row["section"] for row in rows} == {who.section}
    assert len(rows) > 100
    assert len({row["group"] for row in rows}) >= 5


def test_the_case_lead_sees_all_totals_and_has_letters_too(filled: Filled) -> None:
    with database.reading() as db:
        who = members.asker(db, filled.by_role[Role.CASE_LEAD])
        weeks = {
            action.slug: uptake.letters_by_target_and_week(db, who, action)["letters"].sum()
            for action in cases.open_actions(db, who)
        }
        own = letters.count_own(db, who)
    assert who.roles == {Role.CASE_LEAD, Role.VOLUNTEER}
    assert weeks.keys() == {REAL, FICTIONAL}
    assert weeks[REAL] > 900
    assert weeks[FICTIONAL] > 100
    assert own[0] >= 3


def test_each_other_section_has_a_coordinator_too(filled: Filled) -> None:
    with database.reading() as db:
        grants = select(Grant.section_id).where(Grant.role == Role.COORDINATOR)
        sections = sorted(db.scalars(grants))
        assert sections == sorted(db.scalars(select(Section.id)))
    assert len(sections) == 8


def test_even_few_letters_leave_some_to_the_volunteer() -> None:
    filled = fill(8)
    with database.reading() as db:
        who = members.asker(db, filled.by_role[Role.VOLUNTEER])
        assert letters.count_own(db, who)[0] >= 2
