"""The kept sums equal the posted letters, whatever was done to the letters."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from random import Random
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import ISSUED_ON, NOW, TODAY, details
from tracker import database, letters, members, running_counts
from tracker.letters import Details
from tracker.members import Asker
from tracker.models import (
    RUNNING_COUNTS,
    Channel,
    ChannelCount,
    GroupCount,
    LanguageCount,
    Letter,
    LetterStatus,
    SectionCount,
    UrgentAction,
)
from tracker.running_counts import Drift
from tracker.settings import Settings

Counts = dict[str, dict[tuple[Any, ...], int]]


def kept(db: Session) -> Counts:
    """Return the running counts by table and key, those at nothing left out."""
    return {
        table.name: {tuple(row[:-1]): row[-1] for row in db.execute(select(table)) if row[-1]}
        for table in RUNNING_COUNTS
    }


def by_hand(db: Session) -> Counts:
    """Return what they must be, counted letter by letter in another way than the program's."""
    counts: Counts = {table.name: {} for table in RUNNING_COUNTS}
    for letter in db.scalars(select(Letter)):
        if letter.status is not LetterStatus.POSTED:
            continue
        action, section = letter.urgent_action_id, letter.section_id
        keys: dict[str, tuple[Any, ...]] = {
            "section_counts": (action, letter.target_id, section, letter.posted_on),
            "channel_counts": (action, section, letter.channel),
            "language_counts": (action, section, letter.language),
        }
        if letter.group_id is not None:
            keys["group_counts"] = (action, letter.group_id, letter.posted_on)
        for table, key in keys.items():
            counts[table][key] = counts[table].get(key, 0) + 1
    return counts


def drifts(db: Session) -> list[Drift]:
    return running_counts.drifts(db, members.operator(db))


# Any program ----------------------------------------------------------------------------------


class Writers:
    """Volunteers of two sections, with and without a group, who do what comes to their minds."""

    def __init__(self, db: Session, seed: int) -> None:
        self.random = Random(seed)
        self.action: UrgentAction = factories.action(db)
        ruritania = factories.section(db)
        graustark = factories.section(db, "Graustark (fictional)", "Asia/Tokyo")
        mill = factories.group(db, ruritania)
        self.members: list[Asker] = [
            factories.asker(db, of=ruritania),
            factories.asker(db, of=ruritania, in_group=mill),
            factories.asker(db, of=ruritania, in_group=mill),
            factories.asker(db, of=graustark),
        ]
        self.entries = [factories.entry_id() for _ in range(12)]

    def act(self, db: Session) -> None:
        who = self.random.choice(self.members)
        own = letters.own_letters(db, who, limit=100)
        if not own or self.random.random() < 0.4:
            self.log(db, who)
        elif self.random.random() < 0.2:
            letters.withdraw_entry(db, who, self.random.choice(own).entry_id, now=NOW)
        else:
            chosen = self.random.choice(own)
            what = self.random.choice((self.correct, letters.withdraw, letters.restore))
            what(db, who, chosen.letter_id, version=chosen.version, now=NOW)

    def log(self, db: Session, who: Asker) -> None:
        number = self.random.choice((1, 2, 2))
        factories.log(
            db,
            who,
            self.action,
            self.say(),
            targets=self.random.sample(self.targets, number),
            # Sometimes the same form a second time, and then by whoever it is.
            entry=self.random.choice(self.entries),
        )

    def correct(self, db: Session, who: Asker, letter_id: str, **given: Any) -> None:
        target = self.random.choice(self.targets)
        letters.correct(db, who, letter_id, target_id=target, details=self.say(), **given)

    @property
    def targets(self) -> list[int]:
        return [target.target_id for target in self.action.targets]

    def say(self) -> Details:
        return details(
            ISSUED_ON + timedelta(days=self.random.randrange(3)),
            channel=self.random.choice((Channel.POST, Channel.FAX)),
            language=self.random.choice(("en", "fr")),
            own_words=self.random.random() < 0.5,
        )


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_logged_corrected_withdrawn_and_restored_the_counts_are_right(
    tracker_settings: Settings, seed: int
) -> None:
    with database.writing() as db:
        writers = Writers(db, seed)
    for step in range(90):
        with database.writing() as db:
            writers.act(db)
        if step % 15 == 14:
            with database.reading() as db:
                assert drifts(db) == []
                assert kept(db) == by_hand(db)
    with database.writing() as db:
        assert db.scalar(select(Letter.id).where(Letter.status == LetterStatus.WITHDRAWN).limit(1))
        before = kept(db)
        assert any(before["group_counts"].values())
        running_counts.recount(db)
        assert kept(db) == before


# One step at a time ---------------------------------------------------------------------------


def test_a_letter_counts_once_in_each_table(tracker_settings: Settings) -> None:
    with database.writing() as db:
        action = factories.action(db)
        section = factories.section(db)
        group = factories.group(db, section)
        who = factories.asker(db, of=section, in_group=group)
        factories.letter(db, who, action, details(channel=Channel.FAX, language="fr"))
        target = action.targets[0].target_id
        assert kept(db) == {
            "section_counts": {(action.id, target, section.id, TODAY): 1},
            "group_counts": {(action.id, group.id, TODAY): 1},
            "channel_counts": {(action.id, section.id, Channel.FAX): 1},
            "language_counts": {(action.id, section.id, "fr"): 1},
        }


def test_a_letter_without_a_group_counts_in_no_group(tracker_settings: Settings) -> None:
    with database.writing() as db:
        who = factories.asker(db)
        factories.letter(db, who, factories.action(db))
        assert kept(db)["group_counts"] == {}
        assert sum(kept(db)["section_counts"].values()) == 1
        assert drifts(db) == []


def test_a_corrected_letter_leaves_its_old_place_for_the_new_one(
    tracker_settings: Settings,
) -> None:
    with database.writing() as db:
        who, action = factories.asker(db), factories.action(db)
        letter = factories.letter(db, who, action)
        second = action.targets[1].target_id
        letters.correct(
            db,
            who,
            letter.letter_id,
            version=letter.version,
            target_id=second,
            details=details(ISSUED_ON, channel=Channel.HAND, language="fr"),
            now=NOW,
        )
        section = who.section_id
        assert kept(db) == {
            "section_counts": {(action.id, second, section, ISSUED_ON): 1},
            "group_counts": {},
            "channel_counts": {(action.id, section, Channel.HAND): 1},
            "language_counts": {(action.id, section, "fr"): 1},
        }


@pytest.mark.parametrize(
    ("status", "number"),
    [(LetterStatus.PREPARED, 0), (LetterStatus.POSTED, 1), (LetterStatus.WITHDRAWN, 0)],
)
def test_only_posted_letters_count(
    tracker_settings: Settings, status: LetterStatus, number: int
) -> None:
    with database.writing() as db:
        letter_id = factories.letter(db, factories.asker(db), factories.action(db)).letter_id
        db.execute(text("UPDATE letters SET status = :status"), {"status": status.value})
        letter = db.scalars(select(Letter).where(Letter.public_id == letter_id)).one()
        assert sum(running_counts.counted([letter]).values()) == 3 * number
        running_counts.recount(db)
        assert drifts(db) == []
        assert sum(kept(db)["section_counts"].values()) == number


# Proof ----------------------------------------------------------------------------------------


def test_a_tampered_count_is_found_and_counting_anew_repairs_it(tracker_settings: Settings) -> None:
    other_day = date(2025, 3, 1)
    with database.writing() as db:
        section = factories.section(db)
        group = factories.group(db, section)
        action = factories.action(db)
        who = factories.asker(db, of=section, in_group=group)
        factories.log(db, who, action)
        first, second = (target.target_id for target in action.targets)
    with database.writing() as db:
        # More than there were, fewer, none, and some where there never were any.
        db.execute(text("UPDATE channel_counts SET letters = 5"))
        db.execute(text("UPDATE language_counts SET letters = 1"))
        db.execute(text("DELETE FROM section_counts WHERE target_id = :id"), {"id": second})
        db.add(
            GroupCount(
                urgent_action_id=action.id, group_id=group.id, posted_on=other_day, letters=7
            )
        )
        # A count at nothing is as good as none.
        db.add(
            SectionCount(
                urgent_action_id=action.id,
                target_id=first,
                section_id=section.id,
                posted_on=other_day,
                letters=0,
            )
        )
    with database.reading() as db:
        assert drifts(db) == [
            Drift("section_counts", (action.id, second, section.id, TODAY), 0, 1),
            Drift("group_counts", (action.id, group.id, other_day), 7, 0),
            Drift("channel_counts", (action.id, section.id, Channel.POST), 5, 2),
            Drift("language_counts", (action.id, section.id, "en"), 1, 2),
        ]
    with database.writing() as db:
        running_counts.recount(db)
    with database.reading() as db:
        assert drifts(db) == []
        assert kept(db) == by_hand(db)


def test_without_letters_there_is_nothing_to_count(tracker_settings: Settings) -> None:
    with database.writing() as db:
        assert drifts(db) == []
        running_counts.recount(db)
        assert kept(db) == {table.name: {} for table in RUNNING_COUNTS}


def test_every_running_count_is_proved() -> None:
    assert [table.name for table in RUNNING_COUNTS] == [
        model.__tablename__ for model in (SectionCount, GroupCount, ChannelCount, LanguageCount)
    ]


# Two servers ----------------------------------------------------------------------------------


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_two_servers_that_count_the_same_letters_never_wait_in_a_circle(
    tracker_settings: Settings,
) -> None:
    with database.writing() as db:
        who, action = factories.asker(db), factories.action(db)
        factories.log(db, who, action)
        posted = list(db.scalars(select(Letter).order_by(Letter.id)))
    rounds = 40
    barrier = Barrier(2)

    def count(of: list[Letter]) -> None:
        barrier.wait()
        for _ in range(rounds):
            # Past the queue of this process's writers, as another server is.
            with Session(database.engine()) as db:
                running_counts.move(db, running_counts.counted(of))
                db.commit()

    with ThreadPoolExecutor(2) as servers:
        list(servers.map(count, (posted, posted[::-1])))
    with database.reading() as db:
        assert set(kept(db)["section_counts"].values()) == {1 + 2 * rounds}
        assert set(kept(db)["channel_counts"].values()) == {2 + 4 * rounds}
