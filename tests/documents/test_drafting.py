"""Whole documents read: how right it is over all papers, where values stand, and what is not read.

Everybody here is fictional.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import pytest

from tests.documents import measured
from tests.documents.measured import FORMS, Measured
from tests.documents.scoring import FIELDS, Tally, summed, whole
from tracker.documents.draft import ActionKind, Draft, Source, Value
from tracker.documents.drafting import MOST_CHARACTERS, draft_of
from tracker.documents.files.reading import Reason, Unreadable, read
from tracker.documents.layouts import layouts

PRECISION, RECALL = 0.98, 0.95


@pytest.fixture(scope="module")
def everything() -> tuple[Measured, ...]:
    """Every paper in every form, read."""
    return measured.measured()


# How right it is ----------------------------------------------------------------------------------


def assert_right(tally: Tally, ours: tuple[Measured, ...]) -> None:
    """Hold the figures, and where they are too low show the whole table and where it comes from."""
    right = (tally.precision or 0) >= PRECISION and (tally.recall or 0) >= RECALL
    assert right, f"{tally}\n{measured.table(ours)}\n{measured.mistakes(ours)}"


def test_all_of_it(everything: tuple[Measured, ...]) -> None:
    assert len(everything) >= 45
    assert_right(whole(summed(each.score for each in everything)), everything)


@pytest.mark.parametrize("field", FIELDS)
def test_each_field(everything: tuple[Measured, ...], field: str) -> None:
    # Of a field with fewer than 20 values one mistake is too many, which is meant.
    assert_right(summed(each.score for each in everything)[field], everything)


@pytest.mark.parametrize("family", sorted(layout.family for layout in layouts()))
def test_each_layout(everything: tuple[Measured, ...], family: str) -> None:
    ours = tuple(each for each in everything if each.family == family)
    assert_right(whole(summed(each.score for each in ours)), ours)


@pytest.mark.parametrize("form", FORMS)
def test_each_form(everything: tuple[Measured, ...], form: str) -> None:
    ours = tuple(each for each in everything if each.form == form)
    assert_right(whole(summed(each.score for each in ours)), ours)


def test_the_layout_of_each(everything: tuple[Measured, ...]) -> None:
    wrong = [str(each) for each in everything if each.draft.family != each.family]
    assert wrong == []


# Where it stands ----------------------------------------------------------------------------------


def squeezed(text: str) -> str:
    """The letters and figures of a text, after NFKC, without regard to case."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()


def printed_values(draft: Draft) -> Iterator[tuple[str, Value[str]]]:
    """Yield every value that stands in the document word for word, and what it is."""
    for field in ("title", "ua_number", "index", "previous_url"):
        if value := getattr(draft, field):
            yield field, value
    yield from (("asks", ask) for ask in draft.asks)
    for person in draft.people:
        yield "people.name", person.name
        yield from (("people.other_names", name) for name in person.other_names)
        if person.pronouns:
            yield "people.pronouns", person.pronouns
    for target in draft.targets:
        for field in ("name", "role", "fax", "reason"):
            if value := getattr(target, field):
                yield f"targets.{field}", value
        if target.salutation:
            # "Dear" may be said once to several.
            value = target.salutation
            yield "targets.salutation", Value(value.value.removeprefix("Dear "), value.source)
        for field in ("address", "emails"):
            yield from ((f"targets.{field}", value) for value in getattr(target, field))


def sources(draft: Draft) -> Iterator[Source]:
    yield from (value.source for _, value in printed_values(draft))
    yield draft.kind.source
    yield from (day.source for day in (draft.issued_on, draft.deadline) if day)
    yield from (language.source for language in draft.languages)
    yield from (event.date.source for event in draft.events)
    yield from (target.priority.source for target in draft.targets if target.priority)
    yield from (question.source for question in draft.questions if question.source)


def words_at(one: Measured, source: Source) -> str:
    return "\n".join(line.text for line in one.lines[source.first - 1 : source.last])


def test_every_source_is_lines_that_are_there(everything: tuple[Measured, ...]) -> None:
    for one in everything:
        for source in sources(one.draft):
            assert 1 <= source.first <= source.last <= len(one.lines), str(one)
            assert one.lines[source.first - 1].page == source.page, str(one)
            assert words_at(one, source).strip(), str(one)


def test_what_is_printed_stands_in_the_lines_of_its_source(
    everything: tuple[Measured, ...],
) -> None:
    elsewhere = [
        f"{one}: {field} {value.value!r} at {value.source.first}-{value.source.last}"
        for one in everything
        for field, value in printed_values(one.draft)
        if squeezed(value.value) not in squeezed(words_at(one, value.source))
    ]
    assert elsewhere == []


def test_a_day_stands_in_the_lines_of_its_source_and_its_year_unless_it_is_inferred(
    everything: tuple[Measured, ...],
) -> None:
    for one in everything:
        for day in filter(None, (one.draft.issued_on, one.draft.deadline)):
            figures = set(re.findall(r"\d+", words_at(one, day.source)))
            assert figures & {str(day.value.day), f"{day.value.day:02}"}, f"{one}: {day}"
            assert day.source.inferred is (str(day.value.year) not in figures), f"{one}: {day}"


def test_the_words_of_an_event_stand_in_its_sentence_and_its_sentence_in_the_document(
    everything: tuple[Measured, ...],
) -> None:
    for one in everything:
        text = squeezed("".join(line.text for line in one.lines))
        for event in one.draft.events:
            words = iter(re.findall(r"\w+", event.sentence))
            assert all(word in words for word in re.findall(r"\w+", event.about)), f"{one}: {event}"
            if one.form != "pdf":  # there the foot of a page may stand inside a sentence
                assert squeezed(event.sentence) in text, f"{one}: {event}"


# What is not read ---------------------------------------------------------------------------------

NOVEL = """\
CHAPTER SEVEN

The Lighthouse

Old Marek had not slept. He sat by the lamp and turned the ring on his finger. "You must go to
her," said Ilse from the stairs. "You must tell her the truth before the boats come in."

"I will," he said. On the third of March the harbour froze, and nobody came. Mrs Pell, who kept
the shop, told the story of the seventh wave to everybody who would listen.

"Dear Marek," the letter began, "I beg you to forgive me." He folded it and put it in the drawer.
The mayor would come on Sunday. He would ask for the key. Marek would refuse.
"""
SHOPPING = """\
Shopping

- 2 l milk
- bread, 1/2 loaf
- 12 eggs
- call Anna 000 7946 0111
- post the letters by Friday
- apples 3.50
"""
RECIPE = """\
Apple cake

Take 200 g butter, 150 g sugar and 3 eggs. Urge the dough into a tin. Bake for 45 minutes at 180.
Serve by the slice. Freeze until 14 May 2022 at most.
"""
MINUTES = """\
Minutes of the meeting of 4 March 2024

Present: Anna Berg (chair), Tom Reed, Lia Fox
1. The minutes of 5 February 2024 were approved.
2. The treasurer reported a balance of 1,204.50.
Next meeting: 8 April 2024
"""
NEWSPAPER = """\
Port Elver Gazette

HARBOUR BRIDGE OPENS AFTER THREE YEARS

The mayor opened the new harbour bridge on Saturday, 14 May 2022. "It is a day for all of us,"
said Nora Fenn, who has led the council since 2018. Some two thousand people walked across it.

Work began on 2 February 2019 and stopped in March 2020, when two firms went out of business. The
bridge cost 44 million, twice what was planned. The council wants to ask the government for the
rest by the end of the year.

Letters to the editor: Port Elver Gazette, 3 Print Lane, Port Elver. letters@gazette.example
"""
CURRICULUM_VITAE = """\
Curriculum vitae

Dr Elena Marchetti
14 Via Lunga
20121 Milano, Italy
elena.marchetti@tides.example
Tel: +39 02 0000 0000

Born on 3 May 1980 in Bergamo. Languages: Italian, English, German.

2015-2022  Director of Research, Institute of Hydrology, Milano
2009-2015  Engineer, Water Board of Lombardy
2004       Doctorate, University of Pavia

References: Professor Carlo Venturi, Rector, University of Pavia
"""
CONTRACT = """\
LEASE AGREEMENT

between

Harbour Homes Ltd
Director Paul Okafor
12 Quay Street
Port Elver, Bassira

and

Ms Rosa Linden
7 Mill Lane
Port Elver, Bassira

1. The landlord lets to the tenant the flat on the second floor of 12 Quay Street.
2. The rent is 650 a month. It is due by the fifth day of each month.
3. The tenant shall keep the flat clean and shall not keep dogs.
4. Either party may end this agreement with three months' notice in writing.

Port Elver, 14 March 2023

Paul Okafor        Rosa Linden
"""

OTHERS = {
    "novel": NOVEL,
    "shopping": SHOPPING,
    "recipe": RECIPE,
    "minutes": MINUTES,
    "newspaper": NEWSPAPER,
    "curriculum vitae": CURRICULUM_VITAE,
    "contract": CONTRACT,
}


def drafted(text: str) -> Draft:
    return draft_of(read(text.encode(), "a.txt"))


@pytest.mark.parametrize("name", [name for name in OTHERS if name != "contract"])
def test_a_document_that_calls_for_nothing_is_refused(name: str) -> None:
    with pytest.raises(Unreadable) as refused:
        drafted(OTHERS[name])
    assert refused.value.reason is Reason.NO_URGENT_ACTION


def test_a_contract_has_an_official_s_address_and_calls_for_nothing() -> None:
    draft = drafted(CONTRACT)
    assert draft.deadline is None
    assert (draft.ua_number, draft.index, draft.previous_url) == (None, None, None)
    assert (draft.asks, draft.people, draft.languages) == ((), (), ())
    assert draft.kind.value is ActionKind.FIRST


def test_a_court_report_is_refused() -> None:
    with pytest.raises(Unreadable) as refused:
        drafted(
            "Port Elver Gazette\n\nTWO HELD AFTER JEWEL THEFT\n\n"
            "Police arrested two men on 3 June 2021 after jewels were taken from a shop in Quay\n"
            "Street. They were charged with theft on 5 June 2021. Judge Ada Brook refused bail."
        )
    assert refused.value.reason is Reason.NO_URGENT_ACTION


def test_a_stop_action_has_neither_asks_nor_a_deadline() -> None:
    call = (
        "UA: 44/22 Index: AFR 12/3456/2022 Bassira Date: 3 May 2022\nURGENT ACTION\n"
        "TEACHER FREED\nMira Sol was freed on 1 May 2022.\n\n{}\n\n"
        "PLEASE SEND APPEALS BEFORE 18 JUNE 2022:\n- Calling on them to free Mira Sol."
    )
    going_on = drafted(call.format("She is well."))
    assert (len(going_on.asks), going_on.deadline is None) == (1, False)
    stopped = drafted(call.format("This urgent action is now closed."))
    assert (stopped.kind.value, stopped.asks, stopped.deadline) == (ActionKind.STOP, (), None)


def test_a_document_without_words_is_refused() -> None:
    with pytest.raises(Unreadable) as refused:
        draft_of(read(b"- - -\n...\n", "a.txt"))
    assert refused.value.reason is Reason.NO_TEXT


def test_a_document_that_is_too_long_is_read_in_part_and_the_rest_is_asked_about() -> None:
    line = "The harbour of Zenda is fictional, and nothing happens in it.\n\n"
    text = line * (MOST_CHARACTERS // 50)
    head = "Name: Mira Sol (she/her)\n\n"
    draft = draft_of(read((head + text).encode(), "long.txt"))
    assert [question.about for question in draft.questions] == ["document"]
    whole = draft_of(read((head + line * 10).encode(), "short.txt"))
    assert whole.questions == ()
