"""What programs do with sections and their groups, and with the record of each."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy.orm import Session

from tests.walls import business
from tests.walls.business import Kind, Visitor
from tests.walls.deeds import ABLE, NUMBER, Deeds, one_of
from tracker import database, members
from tracker.members import Asker
from tracker.models import Group, Section
from tracker.rules import LateRule


class SectionDeeds(Deeds):
    """Sections, groups, and lines of the record."""

    @precondition(lambda self: len(self.book.sections) < 5)
    @rule(who=NUMBER, able=ABLE, eyes=NUMBER)
    def new_section(self, who: int, able: bool, eyes: int) -> None:
        """Add a section."""
        name = f"Section {len(self.book.sections)} (fictional)"
        by = self.by(who, able, business.keeps_all)
        self.try_to(
            by,
            business.keeps_all(by),
            lambda db, asker: self.add_section(db, name, asker),
        )
        self.then_look(eyes)

    @rule(who=NUMBER, section=NUMBER, days=st.sampled_from([0, 30, 90]), able=ABLE, eyes=NUMBER)
    def change_section(self, who: int, section: int, days: int, able: bool, eyes: int) -> None:
        """Change for how long a section keeps who wrote."""
        section_id = one_of(self.book.sections, section)
        by = self.by(who, able, lambda one: business.keeps(one, section_id))

        def change(db: Session, asker: Asker) -> None:
            kept = db.get_one(Section, section_id)
            members.change_section(
                db,
                asker,
                section_id,
                version=kept.version,
                name=kept.name,
                time_zone="UTC",
                late_rule=LateRule.ASK,
                late_until=None,
                retention_days=days,
                now=self.now,
            )

        if self.try_to(by, business.keeps(by, section_id), change):
            self.book.retention[section_id] = days
        self.then_look(eyes)

    @rule(who=NUMBER, section=NUMBER, able=ABLE, eyes=NUMBER)
    def new_group(self, who: int, section: int, able: bool, eyes: int) -> None:
        """Add a group."""
        section_id = one_of(self.book.sections, section)
        by = self.by(who, able, lambda one: business.keeps(one, section_id))
        self.try_to(
            by,
            business.keeps(by, section_id),
            lambda db, asker: self.add_group(db, section_id, asker),
        )
        self.then_look(eyes)

    @rule(who=NUMBER, group=NUMBER, able=ABLE, eyes=NUMBER)
    def rename_group(self, who: int, group: int, able: bool, eyes: int) -> None:
        """Give a group another name."""
        group_id, section_id = one_of(self.book.groups.items(), group)
        by = self.by(who, able, lambda one: business.keeps(one, section_id))

        def rename(db: Session, asker: Asker) -> None:
            version = db.get_one(Group, group_id).version
            name = self.book.planted(Kind.GROUP, section_id, group_id)
            members.rename_group(db, asker, group_id, version=version, name=name, now=self.now)

        self.try_to(by, business.keeps(by, section_id), rename)
        self.then_look(eyes)

    @rule(who=NUMBER, group=NUMBER, into=NUMBER, able=ABLE, eyes=NUMBER)
    def merge_groups(self, who: int, group: int, into: int, able: bool, eyes: int) -> None:
        """Merge a group into another, most often one of its own section."""
        from_id, section_id = one_of(self.book.groups.items(), group)
        choice = [key for key, of in self.book.groups.items() if of == section_id or not able]
        into_id = one_of(choice, into)

        def may(one: Visitor) -> bool:
            return business.keeps(one, section_id) and business.keeps(
                one, self.book.groups[into_id]
            )

        by = self.by(who, able, may)
        for _ in self.try_to(
            by,
            may(by),
            lambda db, asker: members.merge_groups(db, asker, from_id, into_id, now=self.now),
        ):
            for person in self.book.people.values():
                if person.group_id == from_id:
                    person.group_id = into_id
        self.then_look(eyes)

    @rule(section=NUMBER, eyes=NUMBER)
    def note_a_line(self, section: int, eyes: int) -> None:
        """Add a line to a section's record, or to what is no section's own."""
        with database.writing() as db:
            self.add_line(db, one_of([None, *self.book.sections], section))
        self.then_look(eyes)
