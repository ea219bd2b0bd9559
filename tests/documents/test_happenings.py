"""Happenings in prose: which dates tell one, of which year, and in which words. All invented."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.documents.draft import How, Source
from tracker.documents.files.reading import read
from tracker.documents.happenings import events
from tracker.documents.happenings.sentences import sentence_spans
from tracker.documents.structure import Passage, passages_of, rows_of

ISSUED_ON = date(2024, 9, 9)
DEADLINE = date(2024, 11, 1)


def passages(text: str) -> tuple[Passage, ...]:
    return passages_of(rows_of(read(text.encode(), "invented.txt").lines))


def told(text: str, issued_on: date | None = ISSUED_ON) -> list[tuple[str, str]]:
    found, _ = events(passages(text), issued_on=issued_on, deadline=DEADLINE if issued_on else None)
    return [(str(each.date.value), each.about) for each in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Ana Ruto was arrested on 3 May 2020 and sentenced on 5 June 2021 to ten years.",
            [
                ("2020-05-03", "Ana Ruto was arrested"),
                ("2021-06-05", "sentenced on 5 June 2021 to ten years"),
            ],
        ),
        (
            "On 3 May 2020 police took Ana Ruto from her home in Velgrad.",
            [("2020-05-03", "police took Ana Ruto from her home in Velgrad")],
        ),
        (
            "The trial, which opened in March 2021, lasted a year.",
            [("2021-03", "The trial, which opened in March 2021, lasted a year")],
        ),
        (
            "The minister said in December 2021 that a drawing frightened nobody.",
            [("2021-12", "The minister said in December 2021 that a drawing frightened nobody")],
        ),
        (
            "In 1999 and in 2011 the act was used against villagers.",
            [
                ("1999", "the act was used against villagers"),
                ("2011", "the act was used against villagers"),
            ],
        ),
        (
            "Following the signing of the peace accord on 3 May 2016, both sides have fought on.",
            [("2016-05-03", "Following the signing of the peace accord")],
        ),
        (
            "Tras el golpe de Estado del 3 de mayo de 2009, cien personas fueron detenidas.",
            [("2009-05-03", "Tras el golpe de Estado")],
        ),
        (
            "After the night of 3 May 2021, police arrested Ana Ruto.",
            [("2021-05-03", "police arrested Ana Ruto")],
        ),
        (
            "Courts dismissed three cases, including, on 3 May 2021, the case against a poet.",
            [("2021-05-03", "the case against a poet")],
        ),
        (
            "Judges extended his detention without any lawyer, most recently on 3 May 2021.",
            [("2021-05-03", "Judges extended his detention without any lawyer")],
        ),
        (
            "He was arrested on 3 May 2020, most recently on 4 May 2021.",
            [("2020-05-03", "He was arrested"), ("2021-05-04", "He was arrested")],
        ),
        (
            "La audiencia ha sido diferida seis veces; la última, el pasado 2 de marzo.",
            [("2024-03-02", "La audiencia ha sido diferida seis veces; la última")],
        ),
        (
            "Déjà, en mai 2019, elle a été détenue après une marche contre le vote de mars 2018.",
            [
                (
                    "2019-05",
                    "Déjà, en mai 2019, elle a été détenue après une marche contre le vote",
                ),
                ("2018-03", "elle a été détenue après une marche contre le vote"),
            ],
        ),
        (
            "She was charged on 3 May 2022 with a fashion show which she attended on 9 May 2020.",
            [
                ("2022-05-03", "She was charged on 3 May 2022 with a fashion show"),
                ("2020-05-09", "a fashion show which she attended"),
            ],
        ),
        (
            "Posters of him hung in all of the rooms at court on 3 May 2021, calling him a spy.",
            [
                (
                    "2021-05-03",
                    "Posters of him hung in all of the rooms at court on 3 May 2021, calling him",
                )
            ],
        ),
        (
            "She was questioned on 3 May and again on 9 May 2021.",
            [("2021-05-03", "She was questioned"), ("2021-05-09", "She was questioned")],
        ),
        (
            "On 21 April 2011 the government lifted the curfew in force since 1963.",
            [
                ("2011-04-21", "the government lifted the curfew in force"),
                ("1963", "the government lifted the curfew in force since 1963"),
            ],
        ),
        (
            "Ana Ruto was held from 3 May to 5 June 2021 in a cell.",
            [
                ("2021-05-03", "Ana Ruto was held from 3 May to 5 June 2021 in a cell"),
                ("2021-06-05", "Ana Ruto was held from 3 May to 5 June 2021 in a cell"),
            ],
        ),
        (
            (
                "On 3 May 2021 a note that read “leave or we will bury you all beside the lake” "
                "was pushed under the door of her house."
            ),
            [
                (
                    "2021-05-03",
                    "a note that read “leave or we will bury you all beside the lake”",
                )
            ],
        ),
        (
            (
                "On 3 May 2021, Ana Ruto, the secretary general of the Union of the Teachers of "
                "Velgrad, was arrested at her home by men in plain clothes."
            ),
            [
                (
                    "2021-05-03",
                    "of the Teachers of Velgrad, was arrested at her home by men in plain",
                )
            ],
        ),
        (
            (
                "She has been charged under the Public Morals Act of the country with a crime for "
                "organizing the second march in Velgrad on 3 May 2021."
            ),
            [
                (
                    "2021-05-03",
                    "Act of the country with a crime for organizing the second march in Velgrad",
                )
            ],
        ),
        (
            "Ana Ruto fue detenida el 3 de mayo de 2023 por la policía.",
            [("2023-05-03", "Ana Ruto fue detenida el 3 de mayo de 2023 por la policía")],
        ),
        (
            "Elle a été arrêtée le 3 mai 2023 dans la capitale.",
            [("2023-05-03", "Elle a été arrêtée le 3 mai 2023 dans la capitale")],
        ),
        (
            "Am 3. Mai 2023 wurde sie in Velgrad festgenommen.",
            [("2023-05-03", "wurde sie in Velgrad festgenommen")],
        ),
        (
            "Ela foi presa em 3 de maio de 2023 em casa.",
            [("2023-05-03", "Ela foi presa em 3 de maio de 2023 em casa")],
        ),
    ],
)
def test_each_date_has_its_own_words(text: str, expected: list[tuple[str, str]]) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The 2011 Constitution of Ostrel guarantees free speech.",
        "She was charged under Law No. 12 of 1997 and the Press Law of 3 May 2018.",
        "The Council adopted Resolution 1325 (2000) unanimously and was praised.",
        "He, born on 3 May 1985, is a teacher in Velgrad.",
        "Please send appeals before 1 November 2024 and tell us.",
        "Please check with us if you want to write after 1 November.",
        "UA: 203/12 Index: ASA 17/025/2012 Ostrel Date: 13 July 2012",
        "The petition at https://example.org/news?day=2021-05-03 was signed.",
        "The film “Summer of 2019” was seen by thousands of people.",
        "The 2022 World Cup was held in Ostrel, where workers died.",
        "As of 3 May 2021, 50 people had been killed in Ostrel.",
        "Velgrad, 3 May 2021",
        "They were released two days later, and last year she was fined.",
    ],
)
def test_dates_that_tell_no_happening(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("She was sentenced on 5 June by a court.", "2024-06-05"),
        ("She was sentenced on 5 October by a court.", "2023-10-05"),
        ("Her trial will begin on 20 November in Velgrad.", "2024-11-20"),
        ("She is scheduled to be executed on 3 March at dawn.", "2025-03-03"),
        ("She had called a march for 12 September in Velgrad.", "2024-09-12"),
        ("She was arrested last March at her home.", "2024-03"),
        ("On 9 October last year she was arrested.", "2023-10-09"),
    ],
)
def test_the_issue_date_fixes_the_year(text: str, expected: str) -> None:
    found, questions = events(passages(text), issued_on=ISSUED_ON, deadline=DEADLINE)
    assert [(str(each.date.value), each.date.source.inferred) for each in found] == [
        (expected, True)
    ]
    assert questions == ()


def test_a_story_that_runs_on_keeps_its_year() -> None:
    text = "Ana Ruto was arrested on 28 December 2020. On 3 January she was charged with theft."
    assert told(text) == [
        ("2020-12-28", "Ana Ruto was arrested"),
        ("2021-01-03", "she was charged with theft"),
    ]


def test_a_year_alone_says_nothing_of_what_follows() -> None:
    text = "Ana Ruto has taught in Velgrad since 2014. On 3 May she was charged with theft."
    assert told(text) == [
        ("2014", "Ana Ruto has taught in Velgrad since 2014"),
        ("2024-05-03", "she was charged with theft"),
    ]


def test_a_day_counted_from_another_is_of_its_year() -> None:
    first = "El 7 de enero de 2021 dispararon contra su casa. "
    later = "Dos semanas más tarde, el 21 de enero, Ana Ruto encontró una nota."
    assert [day for day, _ in told(first + later, issued_on=None)] == ["2021-01-07", "2021-01-21"]
    alone = "El 21 de enero, Ana Ruto encontró una nota."
    assert [day for day, _ in told(first + alone, issued_on=None)] == ["2021-01-07"]


def test_what_was_ahead_may_be_still_to_come() -> None:
    text = "Poets were arrested on 3 May, months before the elections of 14 October."
    assert [day for day, _ in told(text)] == ["2024-05-03", "2024-10-14"]


def test_a_count_of_hundreds_does_not_give_way_to_the_day_of_one() -> None:
    text = "In May 2024, 440 people were detained. Ana Ruto was detained on 3 May 2024."
    assert [day for day, _ in told(text)] == ["2024-05", "2024-05-03"]


def test_the_sentence_fixes_the_year() -> None:
    text = "She was arrested on 3 May and released on 5 June 2021 from prison."
    assert [day for day, _ in told(text, issued_on=None)] == ["2021-05-03", "2021-06-05"]


def test_where_nothing_fixes_the_year_a_person_is_asked() -> None:
    text = "One line.\n\nAna Ruto was arrested on 3 May at her home."
    found, questions = events(passages(text), issued_on=None, deadline=None)
    assert found == ()
    (question,) = questions
    assert (question.about, question.text) == ("events", "on 3 May")
    assert question.source == Source(3, 3, None, How.PROSE)


def test_a_repeated_happening_is_listed_once() -> None:
    text = (
        "Ana Ruto was arrested in Velgrad on 3 May 2021.\n\n"
        "She has been detained since 3 May 2021 without trial.\n\n"
        "Nobody saw her on 3 May 2021 after the bell had rung.\n\n"
        "Her office was searched on 3 May 2021."
    )
    assert told(text) == [
        ("2021-05-03", "Ana Ruto was arrested in Velgrad"),
        ("2021-05-03", "Her office was searched"),
    ]


def test_what_began_on_a_day_is_told_rather_than_that_it_lasts() -> None:
    text = "She has been held since 3 May 2021. She was arrested at home on 3 May 2021."
    assert told(text) == [("2021-05-03", "She was arrested at home")]


def test_a_month_gives_way_to_its_day() -> None:
    text = "She was arrested in May 2021 at home. Soldiers arrested her mother on 3 May 2021."
    assert told(text) == [("2021-05-03", "Soldiers arrested her mother")]


def test_a_date_soon_before_the_issue_date_is_of_that_year() -> None:
    text = "Ana Ruto was arrested on 16 December 2023. She was convicted on 5 September."
    assert [day for day, _ in told(text)] == ["2023-12-16", "2024-09-05"]


def test_place_and_sentence_of_a_happening() -> None:
    text = (
        "The first line of the story is long enough to go on below, and it tells\n"
        "that Ana Ruto was arrested on 3 May 2021."
    )
    ((found,), _) = events(passages(text), issued_on=None, deadline=None)
    assert found.date.source == Source(2, 2, None, How.PROSE)
    assert found.sentence == text.replace("\n", " ")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Mr. Ruto met Dr. A. Velde at No. 5 St. Anne's at 3 p.m. yesterday. He left.", 2),
        ("Who? Nobody! He said: “Go.” She went.", 4),
        ("他被捕。她被释放。", 2),
        ("He was seen in the U.S. embassy.", 1),
    ],
)
def test_sentences(text: str, count: int) -> None:
    assert len(sentence_spans(text)) == count


def test_no_sentence_ends_inside_a_date() -> None:
    assert sentence_spans("Am 3. Mai ging er.", [(3, 9)]) == [(0, 18)]
