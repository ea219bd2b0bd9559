"""Invitations: one link, one person, one place; by e-mail too; revoked, listed, used up."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import NOW
from tests.processes import together
from tracker import database, invitations, members, record, sealing
from tracker.invitations import INVITATION_LIFETIME, InvitationRefused, Place
from tracker.members import Asker, GroupRefused, NotYours
from tracker.models import Deed, Group, Invitation, Member, Role, Section
from tracker.settings import Settings

SECOND = timedelta(seconds=1)
EMAIL = "fictional.vera@letters.example"


def coordinator(db: Session) -> tuple[Asker, Section, Group]:
    section = factories.section(db)
    group = factories.group(db, section)
    return factories.asker(db, [Role.COORDINATOR], of=section, in_group=group), section, group


def test_an_invitation_leads_once_to_its_section_group_and_role(
    tracker_settings: Settings,
) -> None:
    with database.writing() as db:
        who, section, group = coordinator(db)
        token = invitations.invite(db, who, section.id, group.id, Role.COORDINATOR, now=NOW)
        place = Place(section.id, section.name, group.id, group.name, Role.COORDINATOR)
        for _ in range(3):  # chat programs open links, too
            assert invitations.open_invitation(db, token, now=NOW) == place
        assert invitations.spend_invitation(db, token, now=NOW) == place
        assert invitations.spend_invitation(db, token, now=NOW) is None
        assert invitations.open_invitation(db, token, now=NOW) is None
        member_id = invitations.admit(db, place, name="Fictional Una", now=NOW)
        asker = members.asker(db, member_id)
        assert (asker.section_id, asker.group_id) == (section.id, group.id)
        assert asker.grants == {(Role.COORDINATOR, section.id)}
        lines = record.entries(db, who)
        assert lines["deed"].tolist() == [Deed.JOINED, Deed.INVITED]


def test_an_invitation_opens_nothing_after_fourteen_days(tracker_settings: Settings) -> None:
    with database.writing() as db:
        who, section, _ = coordinator(db)
        token = invitations.invite(db, who, section.id, None, Role.VOLUNTEER, now=NOW)
        over = NOW + timedelta(days=14)
        assert over == NOW + INVITATION_LIFETIME
        assert invitations.open_invitation(db, token, now=over - SECOND)
        assert invitations.open_invitation(db, token, now=over) is None
        assert invitations.spend_invitation(db, token, now=over) is None
        assert invitations.invitations(db, who, section.id, now=over) == []
        assert invitations.spend_invitation(db, token, now=over - SECOND)


@pytest.mark.parametrize("token", ["", "x", "é", "\x00", "a" * 10_000])
def test_an_invented_token_opens_nothing(tracker_settings: Settings, token: str) -> None:
    with database.writing() as db:
        who, section, _ = coordinator(db)
        invitations.invite(db, who, section.id, None, Role.VOLUNTEER, now=NOW)
        assert invitations.open_invitation(db, token, now=NOW) is None
        assert invitations.spend_invitation(db, token, now=NOW) is None


def test_an_invitation_can_be_revoked_until_it_is_used(tracker_settings: Settings) -> None:
    with database.writing() as db:
        who, section, _ = coordinator(db)
        token = invitations.invite(db, who, section.id, None, Role.VOLUNTEER, now=NOW)
        other = invitations.invite(db, who, section.id, None, Role.VOLUNTEER, now=NOW)
        used, revoked = reversed(invitations.invitations(db, who, section.id, now=NOW))
        assert used.invitation_id != revoked.invitation_id
        for _ in range(2):
            invitations.revoke(db, who, revoked.invitation_id, now=NOW)
        assert invitations.open_invitation(db, other, now=NOW) is None
        assert invitations.spend_invitation(db, token, now=NOW)
        invitations.revoke(db, who, used.invitation_id, now=NOW)
        deeds = record.entries(db, who)["deed"].tolist()
        assert deeds == [Deed.INVITATION_REVOKED, Deed.INVITED, Deed.INVITED]


def test_a_list_names_no_link_and_no_address(tracker_settings: Settings) -> None:
    with database.writing() as db:
        who, section, group = coordinator(db)
        token = invitations.invite(
            db, who, section.id, group.id, Role.VOLUNTEER, email=f"  {EMAIL.upper()} ", now=NOW
        )
        listed = invitations.invitations(db, who, section.id, now=NOW)
        assert [(one.role, one.group, one.has_email) for one in listed] == [
            (Role.VOLUNTEER, group.name, True)
        ]
        assert token not in repr(listed)
        assert EMAIL not in repr(listed)
        stored = db.execute(text("SELECT email, email_key FROM invitations")).one()
        assert EMAIL.encode() not in bytes(stored[0])
        assert bytes(stored[1]) == sealing.keyed_hash(EMAIL, "invitations.email")
        lead = factories.asker(db, [Role.CASE_LEAD], of=section)
        assert len(invitations.invitations(db, lead, section.id, now=NOW)) == 1
        with pytest.raises(NotYours):
            invitations.invitations(db, factories.asker(db, of=section), section.id, now=NOW)


@pytest.mark.parametrize(
    "email", ["vera", "vera@", "@letters.example", "a b@c.example", f"{'x' * 250}@c.example"]
)
def test_what_is_no_address_is_refused(tracker_settings: Settings, email: str) -> None:
    with database.writing() as db:
        who, section, _ = coordinator(db)
        with pytest.raises(InvitationRefused):
            invitations.invite(db, who, section.id, None, Role.VOLUNTEER, email=email, now=NOW)
        assert db.scalars(select(Invitation)).all() == []


def test_nobody_invites_into_another_section_or_to_more_than_they_may_give(
    tracker_settings: Settings,
) -> None:
    with database.writing() as db:
        who, section, _ = coordinator(db)
        other = factories.section(db, "Elbonia (fictional)")
        weir = factories.group(db, other, "Weir (fictional)")
        lead = factories.asker(db, [Role.CASE_LEAD], of=section)
        volunteer = factories.asker(db, of=section)
        for asker, place, role in (
            (volunteer, section, Role.VOLUNTEER),
            (who, other, Role.VOLUNTEER),
            (who, section, Role.CASE_LEAD),
        ):
            with pytest.raises(NotYours):
                invitations.invite(db, asker, place.id, None, role, now=NOW)
        with pytest.raises(GroupRefused):
            invitations.invite(db, who, section.id, weir.id, Role.VOLUNTEER, now=NOW)
        with pytest.raises(NotYours):
            invitations.invitations(db, who, other.id, now=NOW)
        invitations.invite(db, lead, other.id, weir.id, Role.CASE_LEAD, now=NOW)
        made = invitations.invitations(db, lead, other.id, now=NOW)[0].invitation_id
        for asker in (who, volunteer):
            for invitation_id in (made, "unknown"):
                with pytest.raises(NotYours):
                    invitations.revoke(db, asker, invitation_id, now=NOW)


def test_whoever_the_provider_knows_comes_in_by_address_or_domain(
    tracker_settings: Settings,
) -> None:
    with database.writing() as db:
        who, section, group = coordinator(db)
        lead = factories.asker(db, [Role.CASE_LEAD], of=section)
        invitations.map_domain(db, lead, "@Letters.Example.", section.id, now=NOW)
        invitations.invite(
            db, who, section.id, group.id, Role.COORDINATOR, email=EMAIL.upper(), now=NOW
        )
        place = invitations.place_by_email(db, EMAIL, now=NOW)
        assert place == Place(section.id, section.name, group.id, group.name, Role.COORDINATOR)
        assert invitations.place_by_email(db, EMAIL, now=NOW) == Place(
            section.id, section.name, None, "", Role.VOLUNTEER
        )
        assert invitations.place_by_email(db, "vera@elsewhere.example", now=NOW) is None


SPEND = """
from tests.factories import NOW
from tracker import database, invitations
start()
with database.writing() as db:
    place = invitations.spend_invitation(db, TOKEN, now=NOW)
    if place is not None:
        invitations.admit(db, place, name="Fictional Una", now=NOW)
print("came in" if place else "too late")
"""


def test_of_two_servers_that_spend_an_invitation_at_once_one_lets_its_opener_in(
    tracker_settings: Settings,
) -> None:
    with database.writing() as db:
        who, section, group = coordinator(db)
        token = invitations.invite(db, who, section.id, group.id, Role.VOLUNTEER, now=NOW)
    script = SPEND.replace("TOKEN", repr(token))
    said = together(script, configured=tracker_settings)
    assert sorted(line.strip() for line in said) == ["came in", "too late"]
    with database.reading() as db:
        assert db.scalars(select(Member.group_id)).all() == [group.id] * 2


def test_an_address_goes_with_the_invitation_that_is_over(tracker_settings: Settings) -> None:
    with database.writing() as db:
        who, section, _ = coordinator(db)
        for number in range(4):
            email = f"{number}{EMAIL}"
            token = invitations.invite(
                db, who, section.id, None, Role.VOLUNTEER, email=email, now=NOW
            )
            if number == 1:
                invitations.spend_invitation(db, token, now=NOW)
            elif number == 2:
                assert invitations.place_by_email(db, email, now=NOW)
            elif number == 3:
                newest = invitations.invitations(db, who, section.id, now=NOW)[0]
                invitations.revoke(db, who, newest.invitation_id, now=NOW)
        kept = select(Invitation.email, Invitation.email_key.is_not(None)).order_by(Invitation.id)
        rows = [tuple(row) for row in db.execute(kept)]
        assert rows == [(f"0{EMAIL}", True)] + [(None, False)] * 3


@pytest.mark.parametrize(
    ("invited", "comes"),
    [
        ("fictional.una@gr\u00f6\u00dfe.example", "fictional.una@gr\u00f6sse.example"),
        ("m\u00fc\u00dfig@letters.example", "m\u00fcssig@letters.example"),
        ("\u212aate@letters.example", "kate@letters.example"),
        ("s@letters.example", "\u017f@letters.example"),
    ],
)
def test_addresses_of_two_people_are_two(
    tracker_settings: Settings, invited: str, comes: str
) -> None:
    with database.writing() as db:
        who, section, _ = coordinator(db)
        email = f" {invited.replace('e', 'E')}\n"
        invitations.invite(db, who, section.id, None, Role.VOLUNTEER, email=email, now=NOW)
        lead = factories.asker(db, [Role.CASE_LEAD], of=section)
        invitations.map_domain(db, lead, "GR\u00f6\u00dfE.example", section.id, now=NOW)
        assert invitations.place_by_email(db, comes, now=NOW) is None
        assert invitations.place_by_email(db, invited, now=NOW) is not None
