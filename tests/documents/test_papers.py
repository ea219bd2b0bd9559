"""The papers keep to their own form: what the facts say really stands in the document."""

from __future__ import annotations

import io
import re
import unicodedata
from datetime import date
from typing import Any

import docx
import pypdf
import pytest

from tests.documents.making import as_docx, as_pdf
from tests.documents.papers import AS_DOCX, AS_PDF, Paper, paper, papers
from tests.documents.scoring import FIELDS, PERSON, TARGET, score, whole

KEYS = [
    "family",
    "kind",
    "title",
    "ua_number",
    "index",
    "issued_on",
    "deadline",
    "people",
    "targets",
    "languages",
    "previous_url",
    "asks",
    "events",
]
FAMILIES = {"2019-on", "2009-18", "section-page", "letter"}
KINDS = {"first", "update", "stop", "letter-only"}
FICTIONAL = re.compile(r"fictional|invented|ficticios|fictifs|erfunden", re.IGNORECASE)

ALL = papers()
each_paper = pytest.mark.parametrize("one", ALL, ids=[each.name for each in ALL])


def squeezed(text: str) -> str:
    """The text without spaces and without Markdown's and quoting's marks, after NFKC."""
    return re.sub(r"[\s*>#]+", "", unicodedata.normalize("NFKC", text))


def stated(facts: dict[str, Any]) -> list[str]:
    """Every value that must stand in the document word for word.

    Not these: dates (printed in words), family, kind, priority and copy (what the whole document
    says). Languages have English names and a salutation's "Dear" may be said once for two people;
    they have tests of their own.
    """
    values = [facts["title"], facts["ua_number"], facts["index"], facts["previous_url"]]
    values += facts["asks"] + [event["about"] for event in facts["events"]]
    for person in facts["people"]:
        values += [person["name"], person["pronouns"], *person["other_names"]]
    for target in facts["targets"]:
        values += [target["name"], target["role"], target["fax"]]
        values += target["address"] + target["emails"]
    return [value for value in values if value is not None]


def test_there_are_enough_of_each() -> None:
    families = [each.facts["family"] for each in ALL]
    assert len(ALL) >= 24
    assert {family: families.count(family) for family in FAMILIES} == {
        "2019-on": 10,
        "2009-18": 6,
        "section-page": 5,
        "letter": 4,
    }
    assert {each.facts["kind"] for each in ALL} == KINDS
    assert {each.name for each in ALL if each.facts["kind"] == "letter-only"} == {
        each.name for each in ALL if each.facts["family"] == "letter"
    }


@each_paper
def test_it_is_marked_as_fictional_at_its_beginning_or_end(one: Paper) -> None:
    lines = [line for line in one.text.splitlines() if line.strip()]
    assert FICTIONAL.search("\n".join([*lines[:5], lines[-1]]))


@each_paper
def test_its_facts_have_exactly_the_keys(one: Paper) -> None:
    assert list(one.facts) == KEYS
    for key in KEYS:
        assert isinstance(
            one.facts[key],
            list if key in {"people", "targets", "languages", "asks", "events"} else str | None,
        ), key
    assert all(tuple(person) == PERSON for person in one.facts["people"])
    assert all(tuple(target) == TARGET for target in one.facts["targets"])
    assert all(list(event) == ["date", "about"] for event in one.facts["events"])
    assert all(target["priority"] in {None, 1} for target in one.facts["targets"])
    assert all(isinstance(target["copy"], bool) for target in one.facts["targets"])


@each_paper
def test_its_dates_are_dates(one: Paper) -> None:
    for day in (one.facts["issued_on"], one.facts["deadline"]):
        assert day is None or date.fromisoformat(day)
    for event in one.facts["events"]:
        year, *rest = event["date"].split("-")
        assert re.fullmatch(r"\d{4}(-\d\d){0,2}", event["date"])
        assert date.fromisoformat("-".join([year, *rest, *["01"] * (2 - len(rest))]))


@each_paper
def test_every_stated_value_stands_in_it(one: Paper) -> None:
    text = squeezed(one.text)
    assert [value for value in stated(one.facts) if squeezed(value) not in text] == []


@each_paper
def test_the_day_or_the_year_of_every_date_stands_in_it(one: Paper) -> None:
    days = [one.facts["issued_on"], one.facts["deadline"]]
    days += [event["date"] for event in one.facts["events"]]
    for day in filter(None, days):
        year, *rest = day.split("-")
        said = str(int(rest[1])) if len(rest) == 2 else year
        assert re.search(rf"(?<!\d){said}(?!\d)", one.text), day


@each_paper
def test_every_language_stands_in_it(one: Paper) -> None:
    assert [each for each in one.facts["languages"] if each not in one.text] == []


@each_paper
def test_every_salutation_stands_in_it_but_for_a_dear_said_once(one: Paper) -> None:
    text = squeezed(one.text)
    for target in one.facts["targets"]:
        words = target["salutation"] or ""
        assert squeezed(words) in text or squeezed(words.removeprefix("Dear ")) in text
        assert not words.endswith((",", ":"))


@each_paper
def test_no_ask_has_a_bullet_or_an_end(one: Paper) -> None:
    for ask in one.facts["asks"]:
        assert re.fullmatch(r"\w.*[\w)\]]", ask), ask
        assert not ask.endswith((" and", " et", " und", " y"))


@each_paper
def test_nothing_is_listed_twice(one: Paper) -> None:
    facts = one.facts
    for values in (
        facts["asks"],
        facts["languages"],
        [person["name"] for person in facts["people"]],
        [(event["date"], event["about"]) for event in facts["events"]],
    ):
        assert len(values) == len(set(values))


@each_paper
def test_it_is_perfect_against_itself(one: Paper) -> None:
    tally = whole(score(one.facts, one.facts))
    assert (tally.precision, tally.recall) == (1.0, 1.0)


def test_every_field_is_asked_for_by_several_papers() -> None:
    scores = [score(each.facts, each.facts) for each in ALL]
    asked = {field: sum(1 for each in scores if each[field].right) for field in FIELDS}
    assert min(asked.values()) == asked["targets.priority"] == 3
    assert sorted(asked.values())[1] >= 7


# The files made of them ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(AS_PDF))
def test_a_pdf_says_what_the_paper_says(name: str) -> None:
    one = paper(name)
    file = as_pdf(one.text, AS_PDF[name], "Page")
    assert file == as_pdf(one.text, AS_PDF[name], "Page")
    reader = pypdf.PdfReader(io.BytesIO(file))
    text = "".join(page.extract_text() for page in reader.pages)
    assert len(reader.pages) >= 2 - (one.facts["family"] == "letter")
    assert AS_PDF[name] in reader.pages[-1].extract_text()
    for person in one.facts["people"]:
        assert squeezed(person["name"]) in squeezed(text)
    for target in one.facts["targets"]:
        assert all(squeezed(line) in squeezed(text) for line in target["emails"])


def test_columns_stand_side_by_side_in_a_pdf() -> None:
    file = as_pdf(paper("appeals-side-by-side").text)
    places = {}

    def note(text: str, _: object, matrix: list[float], *__: object) -> None:
        places.update(dict.fromkeys(text.split(), (matrix[4], matrix[5])))

    pypdf.PdfReader(io.BytesIO(file)).pages[0].extract_text(visitor_text=note)
    assert places["Palacio"][1] == places["Fiscalía"][1] == places["Consejo"][1]
    assert places["Palacio"][0] + 100 < places["Fiscalía"][0] < places["Consejo"][0] - 100


def test_chinese_and_korean_can_be_read_in_a_pdf_and_arabic_is_refused() -> None:
    names = "Meng Ruolan (孟若兰), Baek Sun-ho (백선호)"
    file = pypdf.PdfReader(io.BytesIO(as_pdf(names)))
    assert squeezed(file.pages[0].extract_text()) == squeezed(names)
    with pytest.raises(ValueError, match="no font for 'ن'"):
        as_pdf("Nadim al-Sarouri (نديم)")


@pytest.mark.parametrize("name", AS_DOCX)
def test_a_docx_says_what_the_paper_says(name: str) -> None:
    one = paper(name)
    document = docx.Document(io.BytesIO(as_docx(one.text)))
    text = squeezed("".join(document.element.body.itertext()))
    assert [value for value in stated(one.facts) if squeezed(value) not in text] == []


def test_a_docx_has_its_columns_in_a_table_and_its_quotes_in_a_text_box() -> None:
    table = docx.Document(io.BytesIO(as_docx(paper("appeals-side-by-side").text))).tables[0]
    assert [cell.text.split("\n")[0] for cell in table.rows[0].cells] == [
        "President of the Republic",
        "Attorney General",
        "And copies to:",
    ]
    boxed = docx.Document(io.BytesIO(as_docx(paper("today-costaclara").text)))
    assert len(boxed.element.body.xpath(".//w:txbxContent")) == 2
    assert not any("Hernán Iturbe Salas" in each.text for each in boxed.paragraphs)
