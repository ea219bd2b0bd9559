"""/log: a letter is recorded once, refused with a reason, taken back, and followed by another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from tests import factories
from tests.factories import FIRST_TARGET, SECOND_TARGET, TODAY
from tests.pages.window import Person, Window
from tests.pages.worlds import CLOSED, OTHER_CASE, OTHER_SLUG
from tracker import case_files, cases, database, members, settings
from tracker.models import (
    ActionStatus,
    Channel,
    Letter,
    LetterStatus,
    Role,
    Section,
    SectionCount,
    UrgentAction,
)
from tracker.rules import LateRule
from tracker.web import letter_form

NOTHING = "Nothing is logged yet: please look at the marked places."
AGREED = "My section's office agreed to a letter after the deadline"
LATE = factories.DEADLINE + timedelta(days=3)


@pytest.fixture
def volunteer(person: Person) -> Person:
    """A volunteer, signed in, for whom it is the factories' today; one urgent action is open."""
    with database.writing() as db:
        factories.case(db)
        member = factories.member(db)
    person.sign_in(member.id, today=TODAY)
    return person


@pytest.fixture
def rows(tracker_settings) -> Callable[[], list[Letter]]:
    """Reads every letter there is, in the order of logging."""

    def read() -> list[Letter]:
        with database.reading() as db:
            return list(db.scalars(select(Letter).order_by(Letter.id)))

    return read


def entry_of(window: Window) -> str:
    return str(window.address["entry"])


# The form -------------------------------------------------------------------------------------


def test_the_form_begins_with_the_first_target_today_and_the_model_letter(volunteer):
    window = Window().visit("/log")
    assert window.fields == {
        "Posted on": TODAY,
        "Sent by": Channel.POST,
        "Language": "en",
        "Text": False,
        FIRST_TARGET: True,
        SECOND_TARGET: False,
    }
    assert window.options("Language") == ["English", "French"]
    assert window.options("Text") == ["Model letter", "Own words"]
    assert "The minister holds the key." in window.captions
    assert "Please write by 30 June 2025." in window.captions
    assert window.errors == window.notices == []


def test_the_only_urgent_action_is_chosen_already(volunteer):
    window = Window().visit("/log")
    named = "Keepers locked up over a poem (fictional) · Perla Invent and Odo Figment"
    assert named in window.captions
    assert "Urgent action" not in window.fields
    assert set(window.address) == {"entry"}


def test_what_to_ask_and_where_to_write_is_at_hand(volunteer):
    shown = "\n".join(Window().visit("/log").sentences)
    for fact in (
        "Let both of them go.",
        "1 Nowhere Square",
        "judge@nowhere.example",
        "Dear Minister",
    ):
        assert fact in shown


def test_the_day_is_the_sections_own(person):
    """Noon in Greenwich is tomorrow on Kiritimati: with no pinned day each section has its own."""
    with database.writing() as db:
        factories.case(db)
        far = factories.section(db, "Farland (fictional)", "Pacific/Kiritimati")
        member = factories.member(db, of=far)
    person.sign_in(member.id)
    before = person.asker().today()
    typed = Window().visit("/log").fields["Posted on"]
    assert before <= typed <= person.asker().today()


# Logging --------------------------------------------------------------------------------------


def test_a_letter_to_the_first_target_is_logged_as_it_stands(volunteer, rows):
    window = Window().visit("/log").press("Log letters")
    assert window.finding == "1 letter logged."
    assert f"{FIRST_TARGET} \n12 March 2025 · Post · English · Model letter" in window.sentences
    assert window.buttons == ["Log another", "Undo"]
    assert window.links["See all my letters"] == "/my-letters"
    (letter,) = rows()
    member = volunteer.asker()
    with database.reading() as db:
        action = cases.action_named(db, member, factories.ACTION_SLUG)
    assert {
        "action": letter.urgent_action_id,
        "target": letter.target_id,
        "member": letter.member_id,
        "section": letter.section_id,
        "entry": letter.entry_id,
        "posted": letter.posted_on,
        "how": (letter.channel, letter.language, letter.own_words),
        "late": letter.after_deadline,
        "status": letter.status,
    } == {
        "action": action.id,
        "target": action.targets[0].target_id,
        "member": member.member_id,
        "section": member.section_id,
        "entry": entry_of(window),
        "posted": TODAY,
        "how": (Channel.POST, "en", False),
        "late": False,
        "status": LetterStatus.POSTED,
    }


def test_both_ticked_makes_two_letters_of_what_was_typed(volunteer, rows):
    window = Window().visit("/log").tick(SECOND_TARGET).type_day("Posted on", date(2025, 2, 20))
    window.choose("Sent by", "Registered post").choose("Language", "French")
    window.choose("Text", "Own words").press("Log letters")
    assert window.finding == "2 letters logged."
    said = [
        (letter.posted_on, letter.channel, letter.language, letter.own_words) for letter in rows()
    ]
    assert said == [(date(2025, 2, 20), Channel.REGISTERED_POST, "fr", True)] * 2
    assert len({letter.target_id for letter in rows()}) == 2


def test_the_second_target_alone_can_be_written_to(volunteer, rows):
    window = Window().visit("/log").tick(FIRST_TARGET, on=False).tick(SECOND_TARGET)
    assert window.press("Log letters").finding == "1 letter logged."
    with database.reading() as db:
        action = cases.action_named(db, volunteer.asker(), factories.ACTION_SLUG)
    assert [letter.target_id for letter in rows()] == [action.targets[1].target_id]


@pytest.mark.parametrize("day", [factories.ISSUED_ON, TODAY])
def test_the_days_at_both_ends_are_taken(volunteer, rows, day):
    Window().visit("/log").type_day("Posted on", day).press("Log letters")
    assert [letter.posted_on for letter in rows()] == [day]


def test_the_same_entry_opened_again_says_that_it_is_logged_already(volunteer, rows):
    window = Window().visit("/log").tick(SECOND_TARGET).press("Log letters")
    entry = entry_of(window)
    again = Window().visit("/log", entry=entry)
    assert again.finding == "Already logged: 2 letters."
    assert again.fields == {}
    assert entry_of(again) == entry
    assert len(rows()) == 2


def test_the_same_form_sent_from_two_windows_logs_once(volunteer, rows):
    first = Window().visit("/log")
    second = Window().visit("/log", entry=entry_of(first))
    first.press("Log letters")
    second.press("Log letters")
    assert len(rows()) == 1
    assert second.finding in {"1 letter logged.", "Already logged: 1 letter."}


def test_another_members_entry_is_not_mine(volunteer, rows):
    entry = entry_of(Window().visit("/log").press("Log letters"))
    with database.writing() as db:
        other = factories.member(db, name="Fictional Nora Neighbour")
    volunteer.sign_in(other.id, today=TODAY)
    window = Window().visit("/log", entry=entry)
    assert window.buttons == ["Log letters"]
    window.press("Log letters")
    assert [letter.member_id for letter in rows()].count(other.id) == 1


@pytest.mark.parametrize(
    "entry", ["short", "x" * 41, "spaces in it", "<script>alert(1)", "ä' OR 1=1"]
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_entry_that_is_none_gets_a_new_one(volunteer, entry):
    window = Window().visit("/log", entry=entry)
    assert entry_of(window) != entry
    assert len(entry_of(window)) == 16


# Refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (
            TODAY + timedelta(days=1),
            "This day is still ahead. A letter can be logged once it is posted.",
        ),
        (
            factories.ISSUED_ON - timedelta(days=1),
            "This urgent action was issued on 3 February 2025; a letter for it cannot be older.",
        ),
        (None, "Please give the day on which it was posted."),
    ],
)
def test_a_day_that_cannot_be_is_refused_and_what_was_typed_is_kept(volunteer, rows, day, sentence):
    window = Window().visit("/log").tick(SECOND_TARGET).choose("Sent by", "Fax")
    window.choose("Language", "French").choose("Text", "Own words").type_day("Posted on", day)
    entry = entry_of(window)
    window.press("Log letters")
    assert window.errors == [NOTHING, sentence]
    assert window.around(sentence) == ("Sent by", "Language")  # beside "Posted on", in its row
    assert window.fields == {
        "Posted on": day,
        "Sent by": Channel.FAX,
        "Language": "fr",
        "Text": True,
        FIRST_TARGET: True,
        SECOND_TARGET: True,
    }
    assert entry_of(window) == entry
    assert rows() == []
    window.type_day("Posted on", TODAY).press("Log letters")
    assert window.finding == "2 letters logged."
    assert window.errors == []


def test_no_target_is_refused_beside_the_targets(volunteer, rows):
    window = Window().visit("/log").tick(FIRST_TARGET, on=False).choose("Sent by", "Fax")
    window.press("Log letters")
    sentence = "Please tick at least one target."
    assert window.errors == [NOTHING, sentence]
    assert window.around(sentence) == (SECOND_TARGET, "Posted on")
    assert window.ticks == {FIRST_TARGET: False, SECOND_TARGET: False}
    assert window.fields["Sent by"] is Channel.FAX
    assert rows() == []
    assert window.tick(SECOND_TARGET).press("Log letters").finding == "1 letter logged."


def test_everything_that_is_wrong_is_said_at_once(volunteer, rows):
    window = Window().visit("/log").tick(FIRST_TARGET, on=False)
    window.type_day("Posted on", TODAY + timedelta(days=1)).press("Log letters")
    assert window.errors == [
        NOTHING,
        "Please tick at least one target.",
        "This day is still ahead. A letter can be logged once it is posted.",
    ]
    assert rows() == []


# After the deadline ---------------------------------------------------------------------------


def test_after_the_deadline_the_page_says_what_the_document_says(volunteer):
    volunteer.today = LATE
    window = Window().visit("/log")
    said = "The deadline was 30 June 2025. Ask your section's office first."
    assert window.notices == [f"{said} A letter posted in time can be logged any time."]
    assert window.ticks[AGREED] is False


def test_before_and_on_the_deadline_nobody_is_asked_to_confirm(volunteer):
    volunteer.today = factories.DEADLINE
    window = Window().visit("/log")
    assert window.notices == []
    assert AGREED not in window.ticks
    assert window.press("Log letters").finding == "1 letter logged."


def test_a_late_letter_without_the_confirmation_is_refused(volunteer, rows):
    volunteer.today = LATE
    window = Window().visit("/log").tick(SECOND_TARGET).choose("Sent by", "Fax")
    window.press("Log letters")
    sentence = (
        "The deadline was 30 June 2025. Please ask your section's office first, then tick this box."
    )
    assert window.errors == [NOTHING, sentence]
    assert window.around(sentence) == (AGREED, "Language")
    assert window.ticks == {FIRST_TARGET: True, SECOND_TARGET: True, AGREED: False}
    assert window.fields["Posted on"] == LATE
    assert window.fields["Sent by"] is Channel.FAX
    assert rows() == []


def test_a_late_letter_with_the_confirmation_is_marked(volunteer, rows):
    volunteer.today = LATE
    window = Window().visit("/log").tick(AGREED).press("Log letters")
    assert window.finding == "1 letter logged."
    assert "after the deadline" in "\n".join(window.sentences)
    assert [(letter.posted_on, letter.after_deadline) for letter in rows()] == [(LATE, True)]


def test_a_letter_posted_in_time_is_taken_late_and_not_marked(volunteer, rows):
    volunteer.today = LATE
    Window().visit("/log").type_day("Posted on", factories.DEADLINE).press("Log letters")
    (letter,) = rows()
    assert (letter.posted_on, letter.after_deadline) == (factories.DEADLINE, False)


def test_the_real_case_is_past_its_deadline_on_a_real_server(person, rows):
    file = settings.case_files_dir() / "huang-wang.toml"
    with database.writing() as db:
        cases.add(db, members.operator(db), case_files.read(file), file.name, now=factories.NOW)
        member = factories.member(db)
    person.sign_in(member.id)
    window = Window().visit("/log")
    assert window.notices[0].startswith("The deadline was 18 March 2025. Ask your section's office")
    assert window.ticks == {"Zhang Rui": True, "Zhang Jian": False, AGREED: False}
    assert "Their health is urgent: letters to him come first." in window.captions
    assert window.options("Language")[:2] == ["English", "Chinese"]
    assert "Swahili" in window.options("Language")
    assert window.press("Log letters").errors[0] == NOTHING
    window.tick("Zhang Jian").tick(AGREED).press("Log letters")
    assert window.finding == "2 letters logged."
    assert [letter.after_deadline for letter in rows()] == [True, True]


# Undo and another -----------------------------------------------------------------------------


def test_undo_takes_both_back_and_keeps_what_was_typed(volunteer, rows):
    volunteer.today = LATE
    window = Window().visit("/log").tick(FIRST_TARGET, on=False).tick(SECOND_TARGET).tick(AGREED)
    window.choose("Sent by", "E-mail").choose("Language", "French").choose("Text", "Own words")
    entry = entry_of(window)
    window.press("Log letters").press("Undo")
    assert window.notices[-1] == (
        "Taken back: those letters do not count. Nothing you typed is lost."
    )
    assert window.fields == {
        "Posted on": LATE,
        "Sent by": Channel.EMAIL,
        "Language": "fr",
        "Text": True,
        FIRST_TARGET: False,
        SECOND_TARGET: True,
        AGREED: True,
    }
    assert entry_of(window) != entry
    assert [letter.status for letter in rows()] == [LetterStatus.WITHDRAWN]
    # The corrected form logs anew; the first letter stays as it was.
    window.tick(FIRST_TARGET).press("Log letters")
    assert window.finding == "2 letters logged."
    assert [letter.status for letter in rows()] == [
        LetterStatus.WITHDRAWN, LetterStatus.POSTED, LetterStatus.POSTED
    ]  # fmt: skip


def test_undo_after_a_reload_keeps_what_was_typed_too(volunteer, rows):
    window = Window().visit("/log").tick(SECOND_TARGET).choose("Sent by", "Fax")
    entry = entry_of(window.type_day("Posted on", date(2025, 2, 20)).press("Log letters"))
    window = Window().visit("/log", entry=entry).press("Undo")
    assert window.fields == {
        "Posted on": date(2025, 2, 20),
        "Sent by": Channel.FAX,
        "Language": "en",
        "Text": False,
        FIRST_TARGET: True,
        SECOND_TARGET: True,
    }
    assert [letter.status for letter in rows()] == [LetterStatus.WITHDRAWN] * 2


def test_the_notice_after_undo_stands_once(volunteer):
    window = Window().visit("/log").press("Log letters").press("Undo")
    assert len(window.notices) == 1
    assert window.run().notices == []


def test_an_entry_that_was_taken_back_says_so_and_logs_nothing(volunteer, rows):
    window = Window().visit("/log").press("Log letters")
    entry = entry_of(window)
    window.press("Undo")
    again = Window().visit("/log", entry=entry)
    assert again.finding == "These letters were taken back. They do not count."
    assert again.buttons == ["Log another"]
    assert len(rows()) == 1


def test_another_begins_a_fresh_form_for_the_same_way_of_writing(volunteer, rows):
    window = Window().visit("/log").tick(SECOND_TARGET).type_day("Posted on", date(2025, 2, 20))
    window.choose("Sent by", "E-mail").choose("Language", "French").choose("Text", "Own words")
    entry = entry_of(window)
    window.press("Log letters").press("Log another")
    assert window.fields == {
        "Posted on": TODAY,
        "Sent by": Channel.EMAIL,
        "Language": "fr",
        "Text": True,
        FIRST_TARGET: True,
        SECOND_TARGET: False,
    }
    assert entry_of(window) != entry
    assert window.press("Log letters").finding == "1 letter logged."
    assert len(rows()) == 3


# Several urgent actions -----------------------------------------------------------------------


@pytest.fixture
def two_actions(volunteer: Person) -> Person:
    """A second urgent action, older, in Spanish alone."""
    with database.writing() as db:
        factories.case(db, OTHER_CASE)
    return volunteer


def test_several_open_actions_give_a_choice_the_newest_first(two_actions, rows):
    window = Window().visit("/log")
    newest, other = window.options("Urgent action")
    assert newest == (  # found by typing any of her names, accents or not
        "Keepers locked up over a poem (fictional) · Perla Invent "
        "(Pérla Ïnvent, Перла Инвент) and Odo Figment"
    )
    assert other.startswith("A miller on trial (fictional) · Mira Making")
    assert window.fields["Urgent action"] == factories.ACTION_SLUG
    window.choose("Urgent action", other).run()
    assert window.address["action"] == OTHER_SLUG
    assert window.options("Language") == ["Spanish"]
    window.press("Log letters")
    with database.reading() as db:
        other = cases.action_named(db, two_actions.asker(), OTHER_SLUG)
    assert [(letter.urgent_action_id, letter.language) for letter in rows()] == [(other.id, "es")]


ELSEWHERE = "The urgent action in this address is closed or unknown. This is another one."


def test_the_address_chooses_and_a_wrong_one_is_said(two_actions):
    window = Window().visit("/log", action=OTHER_SLUG)
    assert window.fields["Urgent action"] == OTHER_SLUG
    assert ELSEWHERE not in window.notices
    for wrong in ("unknown", "", "lighthouse"):
        window = Window().visit("/log", action=wrong)
        assert window.fields["Urgent action"] == factories.ACTION_SLUG
        assert ELSEWHERE in window.notices


def test_a_closed_action_is_not_offered(volunteer):
    closed = factories.case_text(
        ('slug = "lighthouse"', 'slug = "ferry"'),
        ('slug = "lighthouse-2025-02"', 'slug = "ferry-2025-02"'),
        CLOSED,
    )
    with database.writing() as db:
        factories.case(db, closed)
    window = Window().visit("/log", action="ferry-2025-02")
    assert "Urgent action" not in window.fields
    assert ELSEWHERE in window.notices


def test_another_action_chosen_above_what_was_logged_gets_a_form_of_its_own(two_actions, rows):
    window = Window().visit("/log").choose("Language", "French").press("Log letters")
    entry = entry_of(window)
    window.choose("Urgent action", window.options("Urgent action")[1]).run()
    assert entry_of(window) != entry
    assert window.fields["Language"] == "es"
    assert window.press("Log letters").finding == "1 letter logged."
    assert len({letter.urgent_action_id for letter in rows()}) == 2


def test_a_language_of_one_action_typed_and_not_sent_is_no_trouble_in_another(two_actions):
    window = Window().visit("/log").choose("Language", "French").tick(FIRST_TARGET, on=False)
    window.press("Log letters")
    assert window.errors[0] == NOTHING
    window.choose("Urgent action", window.options("Urgent action")[1]).run()
    assert window.fields["Language"] == "es"
    window.press("Log letters")
    assert window.finding == "1 letter logged."


# What happens between drawing and pressing ------------------------------------------------------


def test_a_session_that_ended_meanwhile_logs_nothing(volunteer, rows):
    window = Window().visit("/log")
    volunteer.end_session()
    window.press("Log letters")
    assert window.titles == ["Please sign in"]
    assert rows() == []


def test_a_session_that_ended_meanwhile_takes_nothing_back(volunteer, rows):
    window = Window().visit("/log").press("Log letters")
    volunteer.end_session()
    window.press("Undo")
    assert window.titles == ["Please sign in"]
    assert [letter.status for letter in rows()] == [LetterStatus.POSTED]


@pytest.mark.parametrize("others", [False, True])
def test_an_action_that_was_closed_meanwhile_takes_no_letter_and_says_so(volunteer, rows, others):
    if others:
        with database.writing() as db:
            factories.case(db, OTHER_CASE)
    window = Window().visit("/log")
    with database.writing() as db:
        db.execute(
            update(UrgentAction)
            .where(UrgentAction.slug == factories.ACTION_SLUG)
            .values(status=ActionStatus.CLOSED)
        )
    window.press("Log letters")
    assert rows() == []
    assert len(window.errors) == 1
    assert "closed" in window.errors[0]
    assert window.run().errors == []


def test_the_count_goes_up_by_one_a_letter(volunteer):
    window = Window().visit("/log").tick(SECOND_TARGET).press("Log letters")
    window.press("Log another").press("Log letters")
    with database.reading() as db:
        assert db.scalar(select(func.sum(SectionCount.letters))) == 3
    window.press("Undo")
    with database.reading() as db:
        assert db.scalar(select(func.sum(SectionCount.letters))) == 2


# For somebody without an account --------------------------------------------------------------


@pytest.fixture
def coordinator(person: Person) -> Person:
    """A coordinator who writes no letters of her own, signed in; one urgent action is open."""
    with database.writing() as db:
        factories.case(db)
        member = factories.member(db, [Role.COORDINATOR], name="Fictional Cora")
    person.sign_in(member.id, today=TODAY)
    return person


@pytest.fixture
def paper(coordinator: Person) -> str:
    """Somebody without an account in the same section, by what stands in the address."""
    with database.writing() as db:
        member = factories.member(db, name="Fictional Paula Paper")
        return letter_form.code_of(members.pseudonym(member.id, member.section_id))


def test_a_coordinator_is_led_to_those_without_an_account(coordinator):
    window = Window().visit("/log")
    assert window.notices == ["You can log letters for somebody without an account: choose whose."]
    assert window.links == {"Go to the members": "/members"}
    assert window.buttons == []


def test_letters_are_logged_in_the_name_that_stands_in_the_address(coordinator, paper, rows):
    window = Window().visit("/log", **{"for": paper})
    assert window.notices == [f"You log letters for writer {paper}, who has no account."]
    window.press("Log letters")
    (letter,) = rows()
    assert letter.logged_by_id == coordinator.asker().member_id
    assert letter_form.code_of(members.pseudonym(letter.member_id, letter.section_id)) == paper
    assert window.finding == "1 letter logged."
    assert f"for writer {paper}" in window.everything
    assert "Paula" not in window.everything
    # The next one is for the same person.
    window.press("Log another")
    assert window.notices == [f"You log letters for writer {paper}, who has no account."]
    window.press("Log letters")
    assert len({row.member_id for row in rows()}) == 1
    assert len(rows()) == 2
    listed = Window().visit("/my-letters")
    assert listed.everything.count(f"for writer {paper}") == 2


def test_whoever_may_not_log_for_that_person_logs_their_own(volunteer, rows):
    with database.writing() as db:
        other = factories.member(db, name="Fictional Paula Paper")
        code = letter_form.code_of(members.pseudonym(other.id, other.section_id))
    window = Window().visit("/log", **{"for": code})
    assert window.notices == []
    window.press("Log letters")
    assert [row.member_id for row in rows()] == [volunteer.asker().member_id]


def test_a_coordinator_who_writes_can_go_back_to_her_own_letters(person, rows):
    with database.writing() as db:
        factories.case(db)
        member = factories.member(db, [Role.COORDINATOR, Role.VOLUNTEER])
        other = factories.member(db)
        code = letter_form.code_of(members.pseudonym(other.id, other.section_id))
    person.sign_in(member.id, today=TODAY)
    window = Window().visit("/log", **{"for": code})
    window.press("Log my own letters instead")
    assert window.notices == []
    window.press("Log letters")
    assert [row.member_id for row in rows()] == [member.id]


# The section's rule ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "until", "told"),
    [
        (LateRule.ASK, None, "Ask your section's office first."),
        (LateRule.ACCEPT, None, "Your section still takes letters."),
        (LateRule.ACCEPT, LATE, "Your section still takes letters posted by 3 July 2025."),
        (LateRule.ACCEPT, LATE - timedelta(days=1), "Your section takes no later letters."),
        (LateRule.REFUSE, None, "Your section takes no later letters."),
    ],
)
def test_after_the_deadline_the_page_says_what_holds_in_the_section(
    volunteer, rows, *, rule, until, told
):
    with database.writing() as db:
        db.execute(update(Section).values(late_rule=rule, late_until=until))
    volunteer.today = LATE
    window = Window().visit("/log")
    assert window.notices == [
        f"The deadline was 30 June 2025. {told} A letter posted in time can be logged any time."
    ]
    assert (AGREED in window.fields) == (rule is LateRule.ASK)
    window.press("Log letters")
    taken = rule is LateRule.ACCEPT and until in {None, LATE}
    assert len(rows()) == taken
    if rule is not LateRule.ASK and not taken:
        assert any("takes no later letters" in error or "until" in error for error in window.errors)
