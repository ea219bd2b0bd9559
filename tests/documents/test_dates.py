"""Dates in a text: every language and order, what is missing, and what is no date."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.documents.dates import DateInText, dates_in, first_date
from tracker.rules import Precision


def named(text: str) -> list[str]:
    """The dates as ISO text, as long as they are precise; --MM-DD or --MM without a year."""
    return [as_text(each) for each in dates_in(text)]


def as_text(each: DateInText) -> str:
    if each.month_day:
        month, day = each.month_day
        return f"--{month:02}-{day:02}" if each.precision is Precision.DAY else f"--{month:02}"
    assert each.day
    return each.day.isoformat()[: {Precision.YEAR: 4, Precision.MONTH: 7}.get(each.precision, 10)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9 September 2024", "2024-09-09"),
        ("September 9, 2024", "2024-09-09"),
        ("Sept. 9, 2024", "2024-09-09"),
        ("9th of September, 2024", "2024-09-09"),
        ("9 SEPTEMBER 2024", "2024-09-09"),
        ("2024-09-09", "2024-09-09"),
        ("9.10.2024", "2024-10-09"),
        ("13/05/2021", "2021-05-13"),
        ("05/13/2021", "2021-05-13"),
        ("09/09/2024", "2024-09-09"),
        ("5 de mayo de 2021", "2021-05-05"),
        ("1er juin 2020", "2020-06-01"),
        ("12 décembre 2019", "2019-12-12"),
        ("12 decembre 2019", "2019-12-12"),
        ("3. März 2021", "2021-03-03"),
        ("1º de maio de 2021", "2021-05-01"),
        ("12 de março", "--03-12"),
        ("the 3rd of May", "--05-03"),
        ("29 February", "--02-29"),
        ("September 2023", "2023-09"),
        ("mai 2021", "2021-05"),
        ("in March, he", "--03"),
        ("en marzo", "--03"),
        ("In May 20 people", "--05"),
        ("in 2022", "2022"),
        ("mid-2019", "2019"),
        ("3-5 May 2021", "2021-05-03"),
        ("overnight on 3-5 May 2021", "2021-05-03"),
        ("on the night of 3 to 4 May 2021", "2021-05-03"),
        ("dans la nuit du 3 au 4 mai 2021", "2021-05-03"),
        ("May 3-5, 2021", "2021-05-03"),
        ("2011-2014", "2011"),
        ("since 1890", "1890"),
        ("5 Sept 2019", "2019-09-05"),
        ("on May 5 to 20 years", "--05-05"),
        ("15 March 2021: arrest", "2021-03-15"),
        ("at any time after July", "--07"),
    ],
)
def test_one_date(text: str, expected: str) -> None:
    assert named(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on 3 and 5 May 2021", ["2021-05-03", "2021-05-05"]),
        ("on 3, 4 and 5 May", ["--05-03", "--05-04", "--05-05"]),
        ("from March to June 2021", ["--03", "2021-06"]),
        ("de mars à mai 2022", ["--03", "2022-05"]),
        ("from 3 to 5 May", ["--05-03", "--05-05"]),
        ("between 3 and 5 May 2021", ["2021-05-03", "2021-05-05"]),
        ("vom 3. bis 5. Mai 2021", ["2021-05-03", "2021-05-05"]),
        ("los días 3 y 5 de mayo", ["--05-03", "--05-05"]),
        ("May 3 and 5, 2021", ["2021-05-03", "2021-05-05"]),
        ("3 May and 5 June 2021", ["--05-03", "2021-06-05"]),
    ],
)
def test_several_dates(text: str, expected: list[str]) -> None:
    assert named(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "5/6/2021",
        "31 February 2024",
        "45 May 2021",
        "29.2.2023",
        "5-3 May 2021",
        "5 to 3 May 2021",
        "Article 3 may be used",
        "Article 3. May they rest",
        "they march on",
        "in April Gonzo's house",
        "2021-22",
        "the 1990s",
        "ASA 17/025/2012",
        "UA 44/2022",
        "2,019 letters",
        "20222",
        "3 out of 20 letters",
    ],
)
def test_no_date(text: str) -> None:
    assert named(text) == []


def test_where_a_date_stands() -> None:
    text = "Arrested on 3, 4 and 5 May 2021."
    assert {text[each.start : each.end] for each in dates_in(text)} == {"3, 4 and 5 May 2021"}


def test_capitals_that_change_length_move_nothing() -> None:
    text = "İİİ on 9 September 2024"
    (found,) = dates_in(text)
    assert text[found.start : found.end] == "9 September 2024"


def test_the_first_date() -> None:
    assert first_date("31 February, 3 May 2021, 2022") == DateInText(
        13, 23, date(2021, 5, 3), Precision.DAY
    )
    assert first_date("no date") is None
