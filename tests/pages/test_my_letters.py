"""/my-letters: one's own letters, newest first: correct, withdraw, put back; nothing is lost."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from tests import factories
from tests.factories import FIRST_TARGET, SECOND_TARGET, TODAY
from tests.pages.window import Person, Window
from tracker import database, letters
from tracker.models import (
    ActionStatus,
    Channel,
    Letter,
    LetterStatus,
    LetterVersion,
    SectionCount,
    UrgentAction,
)

AGREED = "My section's office agreed to a letter after the deadline"
LATE = factories.DEADLINE + timedelta(days=3)
STALE = "That letter was changed in another window meanwhile. Here is how it stands now."


@pytest.fixture
def action(tracker_settings) -> UrgentAction:
    with database.writing() as db:
        return factories.action(db)


@pytest.fixture
def volunteer(person: Person, action: UrgentAction) -> Person:
    """A volunteer, signed in, and somebody else's letter."""
    with database.writing() as db:
        member = factories.member(db)
        other = factories.asker(db, name="Fictional Nora Neighbour")
        factories.letter(db, other, action, factories.details(date(2025, 2, 7)))
    person.sign_in(member.id, today=TODAY)
    return person


def write(
    volunteer: Person, action: UrgentAction, *days: date, now: int = 0, late: bool = False
) -> list[letters.LoggedLetter]:
    """Log a letter to the first target for each day, a minute apart."""
    with database.writing() as db:
        return [
            factories.letter(
                db,
                volunteer.asker(),
                action,
                factories.details(day, late_confirmed=late),
                now=factories.NOW + timedelta(minutes=now + place),
            )
            for place, day in enumerate(days)
        ]


def shown(window: Window) -> list[str]:
    """Return the letters on the page, in order: without what they said before."""
    lines = [text.split("\n") for text in window.sentences if text.count("\n") == 1]
    return [f"{line[0].strip()}: {line[1]}" for line in lines if not line[1].startswith("until ")]


def before(window: Window) -> list[str]:
    """Return what the letters on the page said before, in order."""
    lines = [text.split("\n") for text in window.sentences if text.count("\n") == 1]
    return [line[0].strip() for line in lines if line[1].startswith("until ")]


def counted() -> int:
    with database.reading() as db:
        return db.scalar(select(func.sum(SectionCount.letters))) or 0


def row(letter: letters.LoggedLetter) -> Letter:
    with database.reading() as db:
        return db.scalars(select(Letter).where(Letter.public_id == letter.letter_id)).one()


# What is listed -------------------------------------------------------------------------------


def test_nothing_yet_says_what_will_be_here_and_how_to_begin(volunteer):
    window = Window().visit("/my-letters")
    assert window.notices == [
        "The letters that you log will be listed here, and can be corrected or withdrawn."
    ]
    assert window.links == {"Log your first letter": "/log"}
    assert window.buttons == []


def test_only_ones_own_letters_are_listed_the_newest_first(volunteer, action):
    write(volunteer, action, date(2025, 3, 1), date(2025, 2, 10), date(2025, 2, 20))
    window = Window().visit("/my-letters")
    assert window.finding == "You have posted 3 letters."
    assert shown(window) == [
        f"{FIRST_TARGET}: 20 February 2025 · Post · English · Model letter",
        f"{FIRST_TARGET}: 10 February 2025 · Post · English · Model letter",
        f"{FIRST_TARGET}: 1 March 2025 · Post · English · Model letter",
    ]
    assert window.captions == ["Keepers locked up over a poem (fictional)"] * 3


def test_letters_of_one_form_stand_in_the_order_of_priority(volunteer, action):
    with database.writing() as db:
        factories.log(db, volunteer.asker(), action)
    assert [line.split(":")[0] for line in shown(Window().visit("/my-letters"))] == [
        FIRST_TARGET,
        SECOND_TARGET,
    ]


def test_one_letter_is_one_letter(volunteer, action):
    write(volunteer, action, TODAY)
    assert Window().visit("/my-letters").finding == "You have posted 1 letter."


def test_letters_of_a_closed_action_stay_listed_and_can_be_corrected(volunteer, action):
    write(volunteer, action, TODAY)
    with database.writing() as db:
        db.execute(update(UrgentAction).values(status=ActionStatus.CLOSED))
    window = Window().visit("/my-letters").press("Correct").choose("Sent by", "Fax").press("Save")
    assert shown(window) == [f"{FIRST_TARGET}: 12 March 2025 · Fax · English · Model letter"]


@pytest.mark.parametrize(
    ("letters_logged", "steps"), [(20, [20]), (21, [20, 21]), (45, [20, 40, 45])]
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_more_letters_than_twenty_come_on_request(volunteer, action, letters_logged, steps):
    with database.writing() as db:
        factories.many_letters(db, volunteer.asker(), action, letters_logged)
    window = Window().visit("/my-letters")
    assert window.finding == f"You have posted {letters_logged} letters."
    seen = [len(shown(window))]
    while "Show more" in window.buttons:
        window.press("Show more")
        seen.append(len(shown(window)))
    assert seen == steps


# Withdraw and put back ------------------------------------------------------------------------


def test_a_withdrawn_letter_stays_listed_and_counts_no_more(volunteer, action):
    first, second = write(volunteer, action, date(2025, 2, 10), date(2025, 2, 20))
    window = Window().visit("/my-letters").press("Withdraw", 1)
    assert window.finding == "You have posted 1 letter."
    assert shown(window)[1] == (
        f"{FIRST_TARGET} withdrawn, does not count: "
        "10 February 2025 · Post · English · Model letter"
    )
    assert window.buttons == ["Correct", "Withdraw", "Put back"]
    assert row(first).status is LetterStatus.WITHDRAWN
    assert row(second).status is LetterStatus.POSTED
    assert counted() == 2  # with the neighbour's


def test_a_letter_that_is_put_back_counts_again(volunteer, action):
    (letter,) = write(volunteer, action, TODAY)
    window = Window().visit("/my-letters").press("Withdraw")
    assert window.finding == "You have posted 0 letters."
    window.press("Put back")
    assert window.finding == "You have posted 1 letter."
    assert shown(window) == [f"{FIRST_TARGET}: 12 March 2025 · Post · English · Model letter"]
    assert row(letter).status is LetterStatus.POSTED
    assert counted() == 2
    assert before(window) == [f"{FIRST_TARGET} · 12 March 2025 · Post · English · Model letter"] * 2


# Correct --------------------------------------------------------------------------------------


def test_correcting_begins_with_what_the_letter_says(volunteer, action):
    with database.writing() as db:
        factories.letter(
            db,
            volunteer.asker(),
            action,
            factories.details(
                date(2025, 2, 20), channel=Channel.HAND, language="fr", own_words=True
            ),
            target=action.targets[1].target_id,
        )
    window = Window().visit("/my-letters").press("Correct")
    assert window.fields == {
        "Target": action.targets[1].target_id,
        "Posted on": date(2025, 2, 20),
        "Sent by": Channel.HAND,
        "Language": "fr",
        "Text": True,
    }
    assert window.options("Target") == [FIRST_TARGET, SECOND_TARGET]
    assert window.buttons == ["Save", "Leave as it was"]


def test_a_corrected_letter_says_the_new_and_keeps_the_old(volunteer, action):
    letter, _ = write(volunteer, action, date(2025, 2, 10), date(2025, 2, 20))
    window = Window().visit("/my-letters").press("Correct", 1)
    window.choose("Target", SECOND_TARGET).type_day("Posted on", date(2025, 2, 11))
    window.choose("Sent by", "E-mail").choose("Language", "French").choose("Text", "Own words")
    window.press("Save")
    assert shown(window) == [
        f"{FIRST_TARGET}: 20 February 2025 · Post · English · Model letter",
        f"{SECOND_TARGET}: 11 February 2025 · E-mail · French · Own words",
    ]
    assert before(window) == [f"{FIRST_TARGET} · 10 February 2025 · Post · English · Model letter"]
    assert any(text.endswith(", then corrected") for text in window.sentences if "until " in text)
    assert window.fields == {}
    kept = row(letter)
    assert (kept.target_id, kept.posted_on, kept.channel, kept.language, kept.own_words) == (
        action.targets[1].target_id, date(2025, 2, 11), Channel.EMAIL, "fr", True
    )  # fmt: skip
    assert counted() == 3


def test_history_tells_every_change_oldest_first(volunteer, action):
    write(volunteer, action, date(2025, 2, 10))
    window = Window().visit("/my-letters")
    for channel in ("E-mail", "Fax"):
        window.press("Correct").choose("Sent by", channel).press("Save")
    window.press("Withdraw").press("Put back")
    told = [text.split("\n") for text in window.sentences if "\nuntil " in text]
    assert [(line[0].split(" · ")[2], line[1].split(", then ")[1]) for line in told] == [
        ("Post", "corrected"),
        ("E-mail", "corrected"),
        ("Fax", "withdrawn"),
        ("Fax", "put back"),
    ]


def test_a_letter_that_was_never_changed_has_no_history(volunteer, action):
    write(volunteer, action, TODAY)
    window = Window().visit("/my-letters").press("Correct").press("Save")
    assert before(window) == []
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(LetterVersion)) == 0


def test_leaving_a_correction_leaves_the_letter_as_it_was(volunteer, action):
    (letter,) = write(volunteer, action, TODAY)
    window = Window().visit("/my-letters").press("Correct").choose("Sent by", "Fax")
    window.press("Leave as it was")
    assert shown(window) == [f"{FIRST_TARGET}: 12 March 2025 · Post · English · Model letter"]
    assert window.buttons == ["Correct", "Withdraw"]
    assert row(letter).version == 1


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (TODAY + timedelta(days=1), "This day is still ahead."),
        (factories.ISSUED_ON - timedelta(days=1), "This urgent action was issued on 3 February"),
        (None, "Please give the day"),
    ],
)
def test_a_day_that_cannot_be_is_refused_and_what_was_typed_is_kept(
    volunteer, action, day, sentence
):
    (letter,) = write(volunteer, action, date(2025, 2, 10))
    window = Window().visit("/my-letters").press("Correct").choose("Target", SECOND_TARGET)
    window.choose("Sent by", "Fax").type_day("Posted on", day).press("Save")
    assert len(window.errors) == 1
    assert window.errors[0].startswith(sentence)
    assert window.around(window.errors[0]) == ("Sent by", "Language")
    assert window.fields == {
        "Target": action.targets[1].target_id,
        "Posted on": day,
        "Sent by": Channel.FAX,
        "Language": "en",
        "Text": False,
    }
    assert row(letter).version == 1
    window.type_day("Posted on", TODAY).press("Save")
    assert window.errors == []
    assert shown(window) == [f"{SECOND_TARGET}: 12 March 2025 · Fax · English · Model letter"]


def test_a_correction_left_after_a_refusal_begins_afresh(volunteer, action):
    write(volunteer, action, date(2025, 2, 10))
    window = Window().visit("/my-letters").press("Correct")
    window.type_day("Posted on", TODAY + timedelta(days=1)).press("Save")
    assert len(window.errors) == 1
    window.press("Leave as it was").press("Correct")
    assert window.errors == []


def test_a_late_day_needs_the_confirmation(volunteer, action):
    (letter,) = write(volunteer, action, date(2025, 2, 10))
    volunteer.today = LATE
    window = Window().visit("/my-letters").press("Correct").type_day("Posted on", LATE)
    window.press("Save")
    assert len(window.errors) == 1
    assert window.errors[0].startswith("The deadline was 30 June 2025.")
    assert window.around(window.errors[0]) == (AGREED, "Language")
    assert row(letter).version == 1
    window.tick(AGREED).press("Save")
    assert row(letter).after_deadline is True
    assert "after the deadline" in shown(window)[0]


def test_a_late_letter_stays_marked_when_something_else_is_corrected(volunteer, action):
    volunteer.today = LATE
    with database.writing() as db:
        letter = factories.letter(
            db,
            volunteer.asker(),
            action,
            factories.details(LATE, late_confirmed=True),
            now=factories.NOW + timedelta(days=120),
        )
    window = Window().visit("/my-letters").press("Correct")
    assert window.ticks == {AGREED: True}
    window.choose("Sent by", "Fax").press("Save")
    assert (row(letter).channel, row(letter).after_deadline) == (Channel.FAX, True)


# Two windows, and sessions that end ------------------------------------------------------------


@pytest.mark.parametrize("press", ["Withdraw", "Save"])
def test_a_letter_changed_in_another_window_is_not_overwritten(volunteer, action, press):
    (letter,) = write(volunteer, action, date(2025, 2, 10))
    window, other = Window().visit("/my-letters"), Window().visit("/my-letters")
    if press == "Save":
        window.press("Correct").choose("Sent by", "Fax")
    other.press("Correct").choose("Sent by", "E-mail").press("Save")
    window.press(press)
    assert window.notices == [STALE]
    assert shown(window) == [f"{FIRST_TARGET}: 10 February 2025 · E-mail · English · Model letter"]
    assert row(letter).version == 2
    assert window.run().notices == []
    # What the window shows now can be changed again.
    window.press("Withdraw")
    assert row(letter).status is LetterStatus.WITHDRAWN


def test_a_letter_put_back_in_another_window_is_not_put_back_twice(volunteer, action):
    (letter,) = write(volunteer, action, TODAY)
    window = Window().visit("/my-letters").press("Withdraw")
    other = Window().visit("/my-letters").press("Put back")
    window.press("Put back")
    assert window.notices == [STALE]
    assert other.finding == window.finding == "You have posted 1 letter."
    assert row(letter).version == 3


@pytest.mark.parametrize("press", ["Withdraw", "Save", "Put back"])
def test_a_session_that_ended_meanwhile_changes_nothing(volunteer, action, press):
    (letter,) = write(volunteer, action, TODAY)
    window = Window().visit("/my-letters")
    if press == "Save":
        window.press("Correct").choose("Sent by", "Fax")
    elif press == "Put back":
        window.press("Withdraw")
    version = row(letter).version
    volunteer.end_session()
    window.press(press)
    assert window.titles == ["Please sign in"]
    assert row(letter).version == version
