"""What a draft proposes of its own: slugs, codes, kinds, offices, whom an event concerns."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.documents.drafts import JON, MARLA, asked, at, bare, table, told
from tracker.documents.draft import DraftPerson, DraftTarget
from tracker.documents.output.as_toml import case_file_text
from tracker.documents.output.kinds import MOST_CHARACTERS, kind_of, kinds
from tracker.documents.output.proposals import PeopleByName, language_code, slug_of
from tracker.models import EventKind


@pytest.mark.parametrize(
    ("names", "slug", "title"),
    [
        (["Marla Quill"], "marla-quill", "Marla Quill"),
        (["Ana Núñez", "B C", "D"], "ana-nunez-b-c-d", "Ana Núñez, B C and D"),
        (["Ana A", "B", "C", "D"], "ana-a-and-others", "Ana A and others"),
        (["黄某某"], None, "黄某某"),
    ],
)
def test_slug_and_title_are_proposed_from_the_names(
    names: list[str], slug: str | None, title: str
) -> None:
    people = tuple(DraftPerson(at(1, name)) for name in names)
    found = table(replace(bare(), people=people))
    assert (found.get("slug"), found["title"]) == (slug, title)


def test_a_slug_is_made_of_the_first_name_in_latin_letters_or_of_the_title() -> None:
    person = DraftPerson(at(1, "Марла"), (at(2, "Marla"),))
    assert table(replace(bare(), people=(person,)))["slug"] == "marla"
    titled = table(replace(bare(), title=at(1, "Clerks in prison!")))
    assert (titled["slug"], titled["title"]) == ("clerks-in-prison", "Clerks in prison!")


def test_a_slug_is_cut_between_words() -> None:
    assert slug_of("abcdefghi " * 7) == "-".join(["abcdefghi"] * 6)
    assert slug_of("a" * 70) == "a" * 60


@pytest.mark.parametrize(
    ("role", "first", "found"),
    [
        ("Director of Tide Bureau", "Tide Bureau", ("Director", "Tide Bureau")),
        ("Head, Tide Bureau", "Tide Bureau", ("Head", "Tide Bureau")),
        ("Chef at the tide bureau", "Tide Bureau", ("Chef", "tide bureau")),
        ("Fiscal de la Corte", "Corte", ("Fiscal", "Corte")),
        ("Minister of Tides", "Ministry of Tides", ("Minister of Tides", None)),
        ("Tide Bureau", "Tide Bureau", ("Tide Bureau", None)),
        ("Old Tide Bureau", "Tide Bureau", ("Old Tide Bureau", None)),
        ("of Tide Bureau", "Tide Bureau", ("of Tide Bureau", None)),
    ],
)
def test_a_role_is_parted_from_the_institution_that_the_address_begins_with(
    role: str, first: str, found: tuple[str, str | None]
) -> None:
    target = DraftTarget(role=at(1, role), address=(at(2, first),))
    told_of = table(replace(bare(), targets=(target,)))["targets"][0]
    assert (told_of["role"], told_of.get("institution")) == found


def test_an_institution_that_only_the_address_names_is_asked_about() -> None:
    target = DraftTarget(at(1, "A B"), at(1, "Chief"), (at(2, "Tide Ministry"), at(3, "1 Ebb St")))
    draft = replace(bare(), targets=(target,))
    assert "institution" not in table(draft)["targets"][0]
    assert asked(draft)[5] == (
        'targets[1].institution: is it "Tide Ministry", as the address begins?'
    )


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("English", "en"), ("chinese", "zh"), ("Chinese (Simplified)", "zh"), ("Farsi", "fa"),
        ("Persian", "fa"), (" Burmese ", "my"), ("Freedonian", None), ("", None),
    ],
)  # fmt: skip
def test_languages_have_their_codes(name: str, code: str | None) -> None:
    assert language_code(name) == code


def test_a_language_of_two_names_stands_once() -> None:
    languages = (at(1, "Farsi"), at(2, "Persian"))
    assert table(replace(bare(), languages=languages))["urgent_actions"][0]["languages"] == ["fa"]


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("Marla Quill was arrested.", ["Marla Quill"]),
        ("Jon was arrested.", ["Jon Quill"]),
        ("Марла Квилл was arrested.", ["Marla Quill"]),
        ("Quill was arrested.", ["Marla Quill", "Jon Quill"]),
        ("The two were arrested, and Jon was freed.", ["Marla Quill", "Jon Quill"]),
        ("Jonathan Marlan was arrested.", ["Marla Quill", "Jon Quill"]),
    ],
)
def test_an_event_concerns_those_whom_its_sentence_names_or_everybody(
    sentence: str, named: list[str]
) -> None:
    events = (told("2024-05-02", "arrested", sentence),)
    assert table(replace(bare(), people=(MARLA, JON), events=events))["events"][0]["people"] == (
        named
    )


def test_that_a_sentence_names_nobody_is_said() -> None:
    events = (told("2024-05-02", "a storm", "A storm came."),)
    two = case_file_text(replace(bare(), people=(MARLA, JON), events=events))
    assert 'people = ["Marla Quill", "Jon Quill"]  # proposed: the sentence names nobody' in two
    one = case_file_text(replace(bare(), people=(MARLA,), events=events))
    assert 'people = ["Marla Quill"]  # the only person' in one


def test_names_without_capitals_are_found_whole() -> None:
    people = (DraftPerson(at(1, "黄某某")), DraftPerson(at(1, "王某")))
    events = (told("2024-05-02", "被捕", "王某被捕。"),)
    assert table(replace(bare(), people=people, events=events))["events"][0]["people"] == ["王某"]


@pytest.mark.parametrize(
    ("about", "sentence", "kind"),
    [
        ("arrested at home", "", EventKind.ARREST),
        ("detained in Freedonia", "", EventKind.DETENTION),
        ("condamné à un an d’emprisonnement", "", EventKind.SENTENCE),
        ("held incommunicado", "", EventKind.INCOMMUNICADO),
        ("charged with treason", "", EventKind.CHARGE),
        ("the next hearing", "", EventKind.TRIAL),
        ("sentenced to death", "", EventKind.SENTENCE),
        ("the court upheld it", "", EventKind.APPEAL),
        ("was beaten", "", EventKind.ILL_TREATMENT),
        ("taken to hospital", "", EventKind.HEALTH),
        ("UN experts found his detention unlawful", "", EventKind.OPINION),
        ("a joint statement on her detention", "", EventKind.STATEMENT),
        ("released a joint statement", "", EventKind.STATEMENT),
        ("released on bail", "", EventKind.RELEASE),
        ("fue puesto en libertad", "", EventKind.RELEASE),
        ("a été condamnée à mort", "", EventKind.SENTENCE),
        ("wurde in Tidenstadt festgenommen", "", EventKind.ARREST),
        ("at his home", "He was arrested at his home and later charged.", EventKind.ARREST),
        ("a storm", "A storm came.", EventKind.OTHER),
        ("the illustrated trialogue", "", EventKind.OTHER),
    ],
)
def test_a_kind_is_told_by_the_first_telling_word(
    about: str, sentence: str, kind: EventKind
) -> None:
    assert kind_of(about, sentence) is kind


def test_every_kind_in_a_sentence_is_found_in_its_order() -> None:
    assert kinds("She was charged, tried, sentenced and tortured.") == (
        EventKind.CHARGE, EventKind.TRIAL, EventKind.SENTENCE, EventKind.ILL_TREATMENT,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("number", "index", "source"),
    [("12/25", None, "Urgent Action 12/25"), (None, "FRE 01/2025", "Urgent Action FRE 01/2025")],
)
def test_without_an_issue_date_the_source_is_the_number_or_the_index(
    number: str | None, index: str | None, source: str
) -> None:
    draft = replace(
        bare(),
        ua_number=at(1, number) if number else None,
        index=at(1, index) if index else None,
    )
    assert table(draft)["urgent_actions"][0]["source"] == source


def test_among_many_people_nobody_is_proposed_for_an_event() -> None:
    people = tuple(DraftPerson(at(1, f"{letter}a Quill")) for letter in map(chr, range(65, 97)))
    draft = replace(bare(), people=people, events=(told("2022", "a storm", "A storm came."),))
    assert "people" not in table(draft)["events"][0]
    assert (
        "events: whom does each of them concern? There are many people, so none is proposed."
    ) in asked(draft)


def test_of_what_is_no_sentence_only_the_beginning_is_looked_at() -> None:
    short, long = "x" * (MOST_CHARACTERS - 15), "x" * MOST_CHARACTERS
    assert kinds(f"{short} Jon arrested") == (EventKind.ARREST,)
    assert kinds(f"{long} Jon arrested") == ()
    people = PeopleByName((MARLA, JON))
    assert people.named_in(f"{short} Jon arrested") == (JON,)
    assert people.named_in(f"{long} Jon arrested") == ()
