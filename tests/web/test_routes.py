"""What is served besides pages: the way in and out, reports as CSV, and signs of life."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests import factories
from tests.web.browser import Browser
from tracker import cases, database, letters, members, record, reports, settings
from tracker.members import Asker
from tracker.models import Role
from tracker.uptake import Scope
from tracker.web import routes, sessions

KINDS = ["letters", "progress", "timeline"]


@dataclass(frozen=True)
class Somebody:
    """A member at a browser."""

    browser: Browser
    member_id: int

    def bytes_of(self, kind: str, scope: Scope) -> bytes:
        """Return a report as reports.py writes it for this member."""
        with database.reading() as db:
            asker = members.asker(db, self.member_id)
            action = cases.action_named(db, asker, factories.ACTION_SLUG)
            return b"".join(reports.REPORTS[kind](db, asker, action, scope))


@dataclass(frozen=True)
class World:
    """Two sections with letters, and who looks at them."""

    volunteer: Somebody
    coordinator: Somebody
    lead: Somebody
    away: Somebody


def sit_down(asker: Asker) -> Somebody:
    assert asker.member_id is not None
    with database.writing() as db:
        token = sessions.begin(db, asker.member_id, now=datetime.now(UTC))
    return Somebody(Browser(token), asker.member_id)


@pytest.fixture
def world(tracker_settings) -> World:
    with database.writing() as db:
        action = factories.action(db)
        here = factories.section(db)
        there = factories.section(db, "Elbonia (fictional)", "Asia/Tokyo")
        group = factories.group(db, here)
        volunteer = factories.asker(db, of=here, in_group=group)
        neighbour = factories.asker(db, of=here, name="Fictional Nora Neighbour")
        coordinator = factories.asker(
            db, [Role.COORDINATOR], of=here, name="Fictional Cora Coordinator"
        )
        lead = factories.asker(db, [Role.CASE_LEAD], of=here, name="Fictional Lea Lead")
        away = factories.asker(
            db, [Role.VOLUNTEER, Role.COORDINATOR], of=there, name="Fictional Abe Away"
        )
        for writer in (volunteer, neighbour, away):
            for day in (date(2025, 2, 10), date(2025, 2, 20), date(2025, 3, 3)):
                factories.log(db, writer, action, factories.details(day))
        withdrawn = factories.letter(db, volunteer, action)
        letters.withdraw(db, volunteer, withdrawn.letter_id, version=1, now=factories.NOW)
    return World(sit_down(volunteer), sit_down(coordinator), sit_down(lead), sit_down(away))


def rows(body: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))


# The way in and out ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("roles", "first"),
    [
        ([Role.VOLUNTEER], "/log"),
        ([Role.COORDINATOR], "/progress"),
        ([Role.CASE_LEAD], "/progress"),
        (list(Role), "/log"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_root_leads_to_the_first_page_of_the_role(tracker_settings, roles, first):
    with database.writing() as db:
        asker = factories.asker(db, roles)
    browser = sit_down(asker).browser
    for answer in (browser.get("/"), browser.head("/")):
        assert (answer.status, answer.location) == (303, first)
    assert browser.get("/sign-in").location == "/"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_signed_out_are_told_how_to_come_in(tracker_settings):
    with database.writing() as db:
        factories.case(db)
        factories.member(db)
    assert Browser().get("/").location == "/sign-in"
    answer = Browser().get("/sign-in")
    assert answer.status == 200
    assert answer.page.title == "Please sign in"
    assert "lighthouse" not in answer.text
    assert "Vera" not in answer.text
    assert set(answer.page.fields) == {"sign_in_name", "passphrase", "next"}


def test_signing_out_ends_the_session_for_every_tab(world):
    browser = world.volunteer.browser
    other = Browser(browser.cookies["tracker_session"])
    answer = browser.post("/sign-out")
    assert (answer.status, answer.location) == (303, "/sign-in")
    cookie = answer.cookies["tracker_session"]
    assert (cookie.value, cookie["max-age"], cookie["path"]) == ("", "0", "/")
    assert browser.cookies == {}
    assert other.get("/log").status == 303
    assert other.get("/reports/letters.csv?action=lighthouse-2025-02").location == "/sign-in"
    assert world.coordinator.browser.get("/progress").status == 200


def test_a_link_cannot_sign_anybody_out(world):
    browser = world.volunteer.browser
    for answer in (browser.get("/sign-out"), browser.head("/sign-out")):
        assert answer.status == 405
    assert browser.get("/log").status == 200


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_signing_out_twice_or_without_a_session_is_no_trouble(world):
    for browser in (Browser(), Browser("unknown")):
        assert browser.post("/sign-out").location == "/sign-in"


# Reports --------------------------------------------------------------------------------------


SCOPES = {
    "": Scope(),
    "&from=&to=": Scope(),
    "&from=2025-02-20": Scope(first=date(2025, 2, 20)),
    "&to=2025-02-20": Scope(last=date(2025, 2, 20)),
    "&from=2025-02-11&to=2025-02-20": Scope(None, date(2025, 2, 11), date(2025, 2, 20)),
    "&from=2025-03-01&to=2025-02-01": Scope(None, date(2025, 3, 1), date(2025, 2, 1)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_is_what_reports_writes_byte_for_byte(world, kind):
    for somebody in (world.volunteer, world.coordinator, world.lead, world.away):
        for query, scope in SCOPES.items():
            answer = somebody.browser.get(
                f"/reports/{kind}.csv?action={factories.ACTION_SLUG}{query}"
            )
            assert answer.status == 200
            assert answer.body == somebody.bytes_of(kind, scope)


def test_the_days_bound_what_is_in_the_report(world):
    path = f"/reports/letters.csv?action={factories.ACTION_SLUG}"
    days = {
        query: [row["posted_on"] for row in rows(world.volunteer.browser.get(path + query).body)]
        for query in ("&from=2025-02-20&to=2025-03-03", "&to=2025-02-10", "&from=2025-03-04")
    }
    assert days == {
        "&from=2025-02-20&to=2025-03-03": ["2025-02-20"] * 2 + ["2025-03-03"] * 2,
        "&to=2025-02-10": ["2025-02-10"] * 2,
        "&from=2025-03-04": ["2025-03-12"],
    }


def test_nobody_gets_letters_of_another_section(world):
    path = f"/reports/letters.csv?action={factories.ACTION_SLUG}"
    bodies = {name: somebody.browser.get(path).body for name, somebody in vars(world).items()}
    sections = {name: {row["section"] for row in rows(body)} for name, body in bodies.items()}
    assert sections == {
        "volunteer": {"Ruritania (fictional)"},
        "coordinator": {"Ruritania (fictional)"},
        "lead": set(),
        "away": {"Elbonia (fictional)"},
    }
    assert {name: len(rows(body)) for name, body in bodies.items()} == {
        "volunteer": 7,
        "coordinator": 13,
        "lead": 0,
        "away": 6,
    }
    writers = {name: {row["writer"] for row in rows(body)} for name, body in bodies.items()}
    assert {name: len(found) for name, found in writers.items()} == {
        "volunteer": 1, "coordinator": 2, "lead": 0, "away": 1
    }  # fmt: skip
    for body in bodies.values():
        for name in (b"Vera", b"Nora", b"Cora", b"Abe", b"Lea "):
            assert name not in body


def test_progress_is_everybodys_and_counts_all_sections(world):
    path = f"/reports/progress.csv?action={factories.ACTION_SLUG}"
    bodies = {somebody.browser.get(path).body for somebody in vars(world).values()}
    assert len(bodies) == 1
    assert sum(int(row["letters"]) for row in rows(bodies.pop())) == 18


def test_a_report_of_many_letters_comes_whole(world):
    """More than two of the batches in which it is made, each perhaps on another thread."""
    with database.writing() as db:
        asker = members.asker(db, world.volunteer.member_id)
        factories.many_letters(
            db, asker, cases.action_named(db, asker, factories.ACTION_SLUG), 2500
        )
    answer = world.volunteer.browser.get(f"/reports/letters.csv?action={factories.ACTION_SLUG}")
    assert len(rows(answer.body)) == 2507
    assert answer.body == world.volunteer.bytes_of("letters", Scope())


def test_a_report_says_what_it_is_and_is_kept_by_nobody(world):
    for kind in KINDS:
        headers = world.lead.browser.get(
            f"/reports/{kind}.csv?action={factories.ACTION_SLUG}"
        ).headers
        assert headers["content-type"] == "text/csv; charset=utf-8"
        name = f'attachment; filename="{factories.ACTION_SLUG}-{kind}.csv"'
        assert headers["content-disposition"] == name
        assert headers["cache-control"] == "no-store"


def test_an_urgent_action_is_found_by_its_number_too(tracker_settings):
    number = ('languages = ["en", "fr"]', 'languages = ["en"]\nnumber = "44/22"')
    with database.writing() as db:
        factories.case(db, factories.case_text(number))
        asker = factories.asker(db)
    browser = sit_down(asker).browser
    by_number = browser.get("/reports/timeline.csv?action=44/22")
    assert by_number.status == 200
    assert by_number.headers["content-disposition"].endswith('lighthouse-2025-02-timeline.csv"')
    assert by_number.body == browser.get("/reports/timeline.csv?action=lighthouse-2025-02").body


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_signed_out_get_no_byte_of_a_report(world):
    for token in (None, "unknown", "x" * 43):
        for kind in KINDS:
            answer = Browser(token).get(f"/reports/{kind}.csv?action={factories.ACTION_SLUG}")
            assert (answer.status, answer.location, answer.body) == (303, "/sign-in", b"")
            assert "content-disposition" not in answer.headers


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_cannot_be_reported_is_not_there(world):
    slug = factories.ACTION_SLUG
    for address in (
        "/reports/letters.csv",
        "/reports/letters.csv?action=",
        "/reports/letters.csv?action=unknown",
        "/reports/letters.csv?action=lighthouse",
        f"/reports/uptake.csv?action={slug}",
        f"/reports/Letters.csv?action={slug}",
        f"/reports/letters.csv?action={slug}&from=yesterday",
        f"/reports/letters.csv?action={slug}&to=2025-02-30",
        f"/reports/letters.csv?action={slug}&from=2025-02-01T00:00",
        f"/reports/letters.csv?action={slug}&from=20.2.2025",
        "/reports/letters.csv?action=%22%0d%0aSet-Cookie:%20x=y",
        "/reports/letters.csv?action=" + "x" * 4000,
        "/reports/letters.csv?action=%00",
    ):
        answer = world.coordinator.browser.get(address)
        assert answer.status == 404, address
        assert answer.page.title == "There is nothing at this address"
        assert "content-disposition" not in answer.headers
        assert "set-cookie" not in answer.headers


def test_a_draft_is_reported_to_nobody(tracker_settings):
    draft = ('source = "A fictional Urgent Action"', 'source = "Fictional"\nstatus = "draft"')
    with database.writing() as db:
        factories.case(db, factories.case_text(draft))
        asker = factories.asker(db, list(Role))
    browser = sit_down(asker).browser
    for kind in KINDS:
        answer = browser.get(f"/reports/{kind}.csv?action={factories.ACTION_SLUG}")
        assert answer.status == 404


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_report_is_only_read(world):
    address = f"/reports/letters.csv?action={factories.ACTION_SLUG}"
    assert world.lead.browser.post(address).status == 405


# Signs of life --------------------------------------------------------------------------------


@pytest.fixture
def unready(tracker_settings, tmp_path: Path) -> Iterator[settings.Settings]:
    """Settings for a database that has no tables."""
    chosen = replace(tracker_settings, database_url=f"sqlite:///{tmp_path}/empty.db")
    settings.use(chosen)
    yield chosen
    database.engine_for(chosen.database_url).dispose()


def test_a_server_with_its_tables_is_ready(tracker_settings):
    assert not tracker_settings.data_dir.exists()  # with PostgreSQL nothing has needed it yet
    answer = Browser().get("/readyz")
    assert answer.text == '{"database":true,"migrations":true,"disk":true}'
    assert answer.status == 200


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_server_without_its_tables_is_alive_but_not_ready(unready):
    assert (Browser().get("/healthz").status, Browser().get("/healthz").text) == (
        200,
        '{"alive":true}',
    )
    answer = Browser().get("/readyz")
    assert answer.status == 503
    assert '"migrations":false' in answer.text


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_server_without_its_database_is_alive_but_not_ready(tracker_settings):
    nowhere = tracker_settings.database_url.rsplit("/", 1)
    lost = replace(tracker_settings, database_url=f"{nowhere[0]}/nobody_has_this")
    settings.use(lost)
    assert Browser().get("/healthz").status == 200
    answer = Browser().get("/readyz")
    assert answer.status == 503
    assert answer.text == '{"database":false,"migrations":false,"disk":true}'
    database.engine_for(lost.database_url).dispose()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("free", "ready"), [(100 * 2**20 - 1, False), (100 * 2**20, True)])
def test_a_server_on_a_full_disk_is_not_ready(tracker_settings, monkeypatch, free, ready):
    usage = shutil.disk_usage("/")._replace(free=free)
    monkeypatch.setattr(routes.shutil, "disk_usage", lambda _path: usage)
    answer = Browser().get("/readyz")
    assert (answer.status == 200) == ready
    assert f'"disk":{str(ready).lower()}' in answer.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_signs_of_life_tell_nothing_else(world):
    for path in ("/healthz", "/readyz"):
        for text in (Browser().get(path).text, world.lead.browser.get(path).text):
            assert "light" not in text
            assert "sqlite" not in text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_picture_beside_the_title_is_ours(tracker_settings):
    answer = Browser().get("/favicon.png")
    assert answer.headers["content-type"] == "image/png"
    assert answer.body == settings.icon().read_bytes()


# Another section's ----------------------------------------------------------------------------

AWAY = "Elbonia+%28fictional%29"
HERE = "Ruritania+%28fictional%29"


@pytest.mark.parametrize(
    ("who", "kind", "section", "status"),
    [
        ("volunteer", "letters", HERE, 200),  # no more than their own
        ("volunteer", "letters", AWAY, 403),
        ("volunteer", "progress", HERE, 403),
        ("volunteer", "progress", AWAY, 403),
        ("coordinator", "letters", HERE, 200),
        ("coordinator", "letters", AWAY, 403),
        ("coordinator", "progress", HERE, 200),
        ("coordinator", "progress", AWAY, 403),
        ("away", "letters", AWAY, 200),
        ("lead", "letters", AWAY, 403),
        ("lead", "progress", AWAY, 200),
        ("lead", "progress", HERE, 200),
        ("lead", "progress", "Nowhere", 404),
    ],
)
def test_a_report_on_a_section_is_for_those_whose_business_it_is(world, who, kind, section, status):
    somebody = getattr(world, who)
    answer = somebody.browser.get(
        f"/reports/{kind}.csv?action={factories.ACTION_SLUG}&section={section}"
    )
    assert answer.status == status
    if status == 403:
        assert "letters" not in answer.headers["content-type"]
        assert factories.FIRST_TARGET not in answer.text


# Names ----------------------------------------------------------------------------------------


def names_recorded() -> list[str]:
    with database.reading() as db:
        told = record.entries(db, members.operator(db))
    return told[told["deed"] == "names-exported"]["section"].tolist()


def test_names_are_taken_out_by_pressing_the_button_and_that_is_recorded(world):
    browser = world.coordinator.browser
    address = f"/reports/with-names?action={factories.ACTION_SLUG}&from=2025-02-15&to=2025-02-28"
    page = browser.get(address)
    assert page.status == 200
    assert page.page.title == "Take the letters out with names"
    assert "Nora" not in page.text
    assert names_recorded() == []
    assert page.page.fields == {
        "action": factories.ACTION_SLUG,
        "from": "2025-02-15",
        "to": "2025-02-28",
    }
    answer = browser.post("/reports/with-names", **page.page.fields)
    assert answer.status == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"].endswith('-letters-with-names.csv"')
    told = list(csv.DictReader(io.StringIO(answer.body.decode("utf-8-sig"), newline="")))
    assert {row["name"] for row in told} == {
        "Fictional Vera Volunteer",
        "Fictional Nora Neighbour",
    }
    assert {row["posted_on"] for row in told} == {"2025-02-20"}
    assert names_recorded() == ["Ruritania (fictional)"]


@pytest.mark.parametrize("who", ["volunteer", "lead"])
def test_names_are_for_coordinators(world, who):
    browser = getattr(world, who).browser
    address = f"/reports/with-names?action={factories.ACTION_SLUG}"
    assert browser.get(address).status == 403
    answer = browser.post("/reports/with-names", action=factories.ACTION_SLUG)
    assert answer.status == 403
    assert b"Nora" not in answer.body
    assert names_recorded() == []


def test_names_of_another_section_are_refused_and_nothing_is_recorded(world):
    browser = world.coordinator.browser
    answer = browser.post(
        "/reports/with-names", action=factories.ACTION_SLUG, section="Elbonia (fictional)"
    )
    assert answer.status == 403
    assert browser.post("/reports/with-names", action="no-such-action").status == 404
    assert browser.post("/reports/with-names", action="x" * 20_000).status == 403
    assert Browser().post("/reports/with-names", action="x").location == "/sign-in"
    assert names_recorded() == []
