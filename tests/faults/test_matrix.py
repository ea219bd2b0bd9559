"""The whole matrix of access over HTTP, to the served program, on both databases."""

from __future__ import annotations

from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from tests import matrix
from tests.commands import environment_of, free_port, process_environment
from tests.matrix import Question, Told, Visitor
from tests.served import SERVE, serving
from tracker import database
from tracker.settings import Settings
from tracker.web import sessions

pytestmark = pytest.mark.faults


def test_the_served_program_keeps_to_the_table(
    tracker_settings: Settings, tmp_path, capsys, database_url: str
) -> None:
    with database.writing() as db:
        visitors = matrix.settle(db)
    env = process_environment(**environment_of(tracker_settings), TRACKER_PORT=str(free_port()))
    with serving(SERVE, env=env, cwd=tmp_path) as server:
        line = HTTPConnection(urlsplit(server.address).netloc, timeout=60)

        def ask(visitor: Visitor, question: Question) -> Told:
            headers = {
                "Origin": server.address,
                "Content-Type": "application/x-www-form-urlencoded",
            }
            if visitor.token:
                headers["Cookie"] = f"{sessions.cookie_name()}={visitor.token}"
            address = f"{question.path}?{question.query}"
            line.request(question.method, address, headers=headers)
            answer = line.getresponse()
            answer.read()
            return Told(answer.status, answer.headers["location"])

        asked, found = matrix.deviations(ask, visitors)
        line.close()
    with capsys.disabled():
        kind = database_url.partition(":")[0]
        print(f"\nmatrix over HTTP ({kind}): {asked} questions, {len(found)} deviations")
    assert found == []
    assert asked == len(visitors) * len(list(matrix.questions()))
