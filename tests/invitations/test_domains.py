"""Mail domains: mapped to a section by case leads alone, once each."""

from __future__ import annotations

import pytest

from tests import factories
from tests.factories import NOW
from tracker import database, invitations, record
from tracker.invitations import DomainProblem, DomainRefused, MappedDomain
from tracker.members import NotYours
from tracker.models import Deed, Role
from tracker.settings import Settings


def test_a_domain_leads_to_one_section_until_it_is_removed(tracker_settings: Settings) -> None:
    with database.writing() as db:
        section = factories.section(db)
        lead = factories.asker(db, list(Role), of=section)
        invitations.map_domain(db, lead, " @Letters.Example ", section.id, now=NOW)
        mapped = [MappedDomain("letters.example", section.id, section.name)]
        assert invitations.domains(db, lead) == mapped
        with pytest.raises(DomainRefused) as refused:
            invitations.map_domain(db, lead, "LETTERS.example", section.id, now=NOW)
        assert refused.value.reason is DomainProblem.MAPPED
        for _ in range(2):
            invitations.remove_domain(db, lead, "letters.example", now=NOW)
        assert invitations.domains(db, lead) == []
        lines = record.entries(db, lead)
        assert lines["deed"].tolist() == [Deed.DOMAIN_REMOVED, Deed.DOMAIN_MAPPED]
        assert "example" not in str(lines["subject"].tolist())


@pytest.mark.parametrize("domain", ["", "@", "letters", "a b.example", "a@b.example", "x" * 300])
def test_what_is_no_domain_is_refused(tracker_settings: Settings, domain: str) -> None:
    with database.writing() as db:
        section = factories.section(db)
        lead = factories.asker(db, [Role.CASE_LEAD], of=section)
        with pytest.raises(DomainRefused) as refused:
            invitations.map_domain(db, lead, domain, section.id, now=NOW)
        assert refused.value.reason is DomainProblem.NO_DOMAIN


def test_domains_are_case_leads_business(tracker_settings: Settings) -> None:
    with database.writing() as db:
        section = factories.section(db)
        for roles in ([Role.VOLUNTEER], [Role.COORDINATOR]):
            who = factories.asker(db, roles, of=section)
            with pytest.raises(NotYours):
                invitations.domains(db, who)
            with pytest.raises(NotYours):
                invitations.map_domain(db, who, "letters.example", section.id, now=NOW)
            with pytest.raises(NotYours):
                invitations.remove_domain(db, who, "letters.example", now=NOW)
