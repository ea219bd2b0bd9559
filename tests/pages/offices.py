"""A coordinator at the window, with somebody to look after."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from tests import factories
from tests.pages.window import Person, Window
from tracker import database, members
from tracker.models import Deed, RecordEntry, Role

NAME = "Fictional Vera Volunteer"


@dataclass(frozen=True)
class Desk:
    """A coordinator at the window, and a volunteer of the same section and group."""

    person: Person
    section_id: int
    volunteer_id: int

    @property
    def volunteer(self) -> str:
        """The volunteer's pseudonym."""
        return members.pseudonym(self.volunteer_id, self.section_id)

    def chosen(self) -> Window:
        """Open the page and choose the volunteer."""
        group = "Group of the Old Mill (fictional)"
        window = Window().visit("/members")
        return window.choose("Change a member", f"{self.volunteer} · {group}").run()


def desk(person: Person, *roles: Role) -> Desk:
    """Sign a coordinator in (or somebody with other roles), and add a volunteer."""
    with database.writing() as db:
        section = factories.section(db)
        group = factories.group(db, section)
        factories.group(db, section, "Weir (fictional)")
        own = factories.member(
            db, roles or [Role.COORDINATOR], of=section, in_group=group, name="Fictional Cora"
        )
        volunteer = factories.member(db, of=section, in_group=group, name=NAME)
    person.sign_in(own.id)
    return Desk(person, section.id, volunteer.id)


def deeds() -> list[str]:
    """Return what the record tells, the oldest first, but for who signed in."""
    with database.reading() as db:
        return [
            deed
            for deed in db.scalars(select(RecordEntry.deed).order_by(RecordEntry.id))
            if deed is not Deed.SIGNED_IN
        ]
