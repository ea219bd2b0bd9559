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


BOTH = ["Marla Quill", "Jon Quill"]
MANY = "whom does each of them concern? There are many people, so none is proposed."
NAMED = "named in the sentence"


def concerned(sentence: str, *people: DraftPerson) -> tuple[list[str] | None, str]:
    """Return the people of an event that this sentence tells, and the remark behind them."""
    draft = replace(bare(), people=people, events=(told("2024-05-02", "arrested", sentence),))
    lines = case_file_text(draft).splitlines()
    remark = next((line.partition("]  # ")[2] for line in lines if line.startswith("people =")), "")
    return table(draft)["events"][0].get("people"), remark


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("Marla Quill was arrested.", ["Marla Quill"]),
        ("Colonel Jon Quill was arrested.", ["Jon Quill"]),
        ("Jon was arrested.", ["Jon Quill"]),
        ("On 2 May 2024 Jon was arrested.", ["Jon Quill"]),
        ("Марла Квилл was arrested.", ["Marla Quill"]),
        ("Marla and Jon were arrested.", BOTH),
        ("The two were arrested, and Jon was freed.", ["Jon Quill"]),
        ("Quill was arrested.", None),
        ("Jonathan Marlan was arrested.", None),
        ("Her brother Timur Jon was arrested.", None),
        ("Her brother T. Jon was arrested.", None),
        ("Her brother, Jon Timur, was arrested.", None),
        ('Her brother, Timur "Tim" Jon, was arrested.', None),
        ("His wife, Gulnara Omarova, was briefly detained.", None),
        ("A storm came.", None),
    ],
)
def test_an_event_concerns_those_whom_its_sentence_names(
    sentence: str, named: list[str] | None
) -> None:
    assert concerned(sentence, MARLA, JON) == (named, NAMED if named else "")


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("Omarov was sentenced.", ["Rustam van der Omarov"]),
        ("His brother Timur Omarov was arrested.", None),
        ("His brother Timur van der Omarov was arrested.", None),
        ("His wife, Gulnara Omarova, was briefly detained.", None),
        ("He was arrested.", None),
        ("Both were arrested.", None),
    ],
)
def test_an_only_person_is_not_proposed_for_what_befell_others(
    sentence: str, named: list[str] | None
) -> None:
    rustam = DraftPerson(at(1, "Rustam van der Omarov"))
    assert concerned(sentence, rustam)[0] == named


@pytest.mark.parametrize(
    ("sentence", "word"),
    [
        ("Both were arrested.", "Both"),
        ("Both of them have appealed.", "Both of them"),
        ("The two remain in prison.", "The two"),
        ("On 2 May 2024, the pair were arrested.", "the pair"),
        ("In 2024 both were later arrested.", "both"),
        ("El 2 de mayo de 2024, ambos fueron detenidos.", "ambos"),
        ("Les deux ont été arrêtés.", "Les deux"),
        ("Die beiden wurden verhaftet.", "Die beiden"),
    ],
)
def test_a_word_for_all_proposes_everybody(sentence: str, word: str) -> None:
    assert concerned(sentence, MARLA, JON) == (BOTH, f'proposed: the sentence says "{word}"')


@pytest.mark.parametrize(
    "sentence",
    [
        "Both trials were put off.",
        "The two sisters were arrested.",
        "One of the two was arrested.",
        "The lawyer of both was arrested.",
        "On 2 May 2024 the sons of the two were arrested.",
        "The courts acquitted both.",
        "All three were arrested.",
    ],
)
def test_a_word_for_other_things_or_for_more_people_proposes_nobody(sentence: str) -> None:
    assert concerned(sentence, MARLA, JON) == (None, "")


def test_all_four_are_the_four() -> None:
    people = [DraftPerson(at(1, f"{letter}a Quill")) for letter in "KLMN"]
    assert concerned("All four were arrested.", *people) == (
        ["Ka Quill", "La Quill", "Ma Quill", "Na Quill"],
        'proposed: the sentence says "All four"',
    )


def test_whom_an_event_concerns_is_asked_where_its_sentence_does_not_name_them() -> None:
    storm, jon = told("2022", "a storm", "A storm came."), told("2022", "fell", "Jon fell.")
    draft = replace(bare(), people=(JON,))
    one = replace(draft, events=(jon, storm))
    three = replace(draft, events=(storm, jon, storm, storm))
    assert "events[2].people: whom does it concern?" in asked(one)
    assert "events[1], [3] and [4].people: whom does each of them concern?" in asked(three)
    assert not [q for q in asked(replace(draft, events=(jon,))) if "concern" in q]


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
    draft = replace(bare(), people=people, events=(told("2022", "a storm", "Aa fell."),))
    assert "people" not in table(draft)["events"][0]
    assert [question for question in asked(draft) if "concern" in question] == [
        f"events[1].people: {MANY}"
    ]


def test_of_what_is_no_sentence_only_the_beginning_is_looked_at() -> None:
    short, long = "x" * (MOST_CHARACTERS - 15), "x" * MOST_CHARACTERS
    assert kinds(f"{short} Jon arrested") == (EventKind.ARREST,)
    assert kinds(f"{long} Jon arrested") == ()
    people = PeopleByName((MARLA, JON))
    assert people.named_in(f"{short} Jon arrested") == (JON,)
    assert people.named_in(f"{long} Jon arrested") == ()
