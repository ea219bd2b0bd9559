"""Every row of the table × everybody × each method, put to door and routes: no deviation."""

from __future__ import annotations

import pytest

from tests import matrix
from tests.matrix import Question, Told, Visitor
from tests.web.browser import ORIGIN, Browser
from tracker import database
from tracker.members import Asker
from tracker.web import access

FORM = {"content-type": "application/x-www-form-urlencoded", "origin": ORIGIN}


def ask(visitor: Visitor, question: Question) -> Told:
    address = f"{question.path}?{question.query}"
    answer = Browser(visitor.token).send(question.method, address, headers=FORM)
    return Told(answer.status, answer.location)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nobody_opens_what_the_table_does_not_name_and_everybody_what_it_does(tracker_settings):
    with database.writing() as db:
        visitors = matrix.settle(db)
    asked, found = matrix.deviations(ask, visitors)
    assert found == []
    assert asked == len(visitors) * len(list(matrix.questions()))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_door_that_lets_too_many_in_is_noticed(tracker_settings, monkeypatch):
    with database.writing() as db:
        visitors = matrix.settle(db)
    may_open = access.may_open

    def opens_names_to_case_leads(asker: Asker, row, section_id=None) -> bool:
        more = row.path == "/reports/with-names" and asker.has("case-lead")
        return more or may_open(asker, row, section_id)

    monkeypatch.setattr(access, "may_open", opens_names_to_case_leads)
    few = [visitor for visitor in visitors if visitor.name in {"case lead", "volunteer"}]
    _, found = matrix.deviations(ask, few)
    assert {line.partition(":")[0] for line in found} == {"case lead"}
    assert all("/reports/with-names" in line for line in found)
