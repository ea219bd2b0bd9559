"""Who is at risk, and what else they are called.

Everybody here but the two of the shipped case is fictional.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tracker.documents.draft import DraftPerson, How, Source, Value
from tracker.documents.files.reading import Line, read
from tracker.documents.people import people
from tracker.documents.people.listed_names import listed_people
from tracker.documents.people.names import is_fuller_form, is_spelling_of, names_in
from tracker.documents.structure import Passage, passages_of, rows_of

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds"
LABEL = Source(90, 90, None, How.LABEL)


def told(text: str) -> tuple[Passage, ...]:
    """The passages of a text."""
    return passages_of(rows_of(Line(n, line) for n, line in enumerate(text.split("\n"), 1)))


def labelled(
    label: str, text: str = "", officials: tuple[str, ...] = ()
) -> tuple[DraftPerson, ...]:
    return people([Value(label, LABEL)], "", told(text), officials)


def plain(found: tuple[DraftPerson, ...]) -> list[tuple[str, list[str], str | None]]:
    return [
        (
            person.name.value,
            [other.value for other in person.other_names],
            person.pronouns.value if person.pronouns else None,
        )
        for person in found
    ]


def unlabelled(text: str, title: str = "", officials: tuple[str, ...] = ()) -> list[str]:
    return [person.name.value for person in people([], title, told(text), officials)]


# A label ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "listed"),
    [
        ("Mina Sol (She/her), Wen Dao (He/Him)", [("Mina Sol", "She/her"), ("Wen Dao", "He/Him")]),
        ("Mina Sol [they/them]; Wen Dao (N/A)", [("Mina Sol", "they/them"), ("Wen Dao", None)]),
        ("Mina Sol & Wen Dao, N/A", [("Mina Sol", None), ("Wen Dao", None)]),
        ("Mina Sol – she/her, Wen Dao – he/him", [("Mina Sol", "she/her"), ("Wen Dao", "he/him")]),
        ("Wen Dao, he/him", [("Wen Dao", "he/him")]),
        ("Wen Dao (he/his/him)", [("Wen Dao", "he/his/him")]),
        ("Mina Sol (She, her)", [("Mina Sol", "She, her")]),
        ("Wen Dao and Ilo Dao (both he/him)", [("Wen Dao", "he/him"), ("Ilo Dao", "he/him")]),
        ("Mina Sol (she/her) Wen Dao (he/him)", [("Mina Sol", "she/her"), ("Wen Dao", "he/him")]),
        ("Wen Dao; pronoun: he/him", [("Wen Dao", "he/him")]),
        ("At least 15 people including Mina Sol / Wen D.", [("Mina Sol", None), ("Wen D.", None)]),
        ("Suryati", [("Suryati", None)]),
        ("Dr. Wen Dao", [("Wen Dao", None)]),
        ("Trần Thị Minh Sao (she/her)", [("Trần Thị Minh Sao", "she/her")]),
        ("Karim ould Salem al-Dawi", [("Karim ould Salem al-Dawi", None)]),
        ("محمد سليم (he/him)", [("محمد سليم", "he/him")]),
        ("Wen Dao (he, him, his)", [("Wen Dao", "he, him, his")]),
        ("Wen Dao (he) and others", [("Wen Dao", "he")]),
        ("Mina Sol (she-her)", [("Mina Sol", "she-her")]),
        ("Mina Sol (any pronouns)", [("Mina Sol", "any pronouns")]),
        ("Mina Sol PREFERRED PRONOUN: she/her", [("Mina Sol", "she/her")]),
        (
            "Mina Sol and Wen Dao (she/her; he/him)",
            [("Mina Sol", "she/her"), ("Wen Dao", "he/him")],
        ),
        (
            "Mina Sol, Wen Dao (she/her and he/him respectively)",
            [("Mina Sol", "she/her"), ("Wen Dao", "he/him")],
        ),
        ("Mina Sol, 34 (she/her)", [("Mina Sol", "she/her")]),
        ("Mina Sol, journalist (she/her)", [("Mina Sol", "she/her")]),
        ("Mina Sol, a member of COMUN (she/her)", [("Mina Sol", "she/her")]),
        ("Mina Sol and her son Tam Sol (he/him)", [("Mina Sol", None), ("Tam Sol", "he/him")]),
        ("Brothers Wen Dao and Ilo Dao", [("Wen Dao", None), ("Ilo Dao", None)]),
        ("brothers Wen Dao and Ilo Dao", [("Wen Dao", None), ("Ilo Dao", None)]),
        ("Human rights defenders Mina Sol, Wen Dao", [("Mina Sol", None), ("Wen Dao", None)]),
        ("Mina Sol y Wen Dao", [("Mina Sol", None), ("Wen Dao", None)]),
        ("Mina Sol/Wen Dao", [("Mina Sol", None), ("Wen Dao", None)]),
        ("1. Mina Sol (she/her) 2. Wen Dao", [("Mina Sol", "she/her"), ("Wen Dao", None)]),
        ("Wen Dao, Jr.; Ilo Dao Sr. (he/him)", [("Wen Dao, Jr.", None), ("Ilo Dao Sr.", "he/him")]),
        ("A.B. (he/him)", [("A.B.", "he/him")]),
        (
            "Sheikh Karim Rafi, Abdullah Haji Rafi",
            [("Karim Rafi", None), ("Abdullah Haji Rafi", None)],
        ),
        ("Sheikh Rafi, Dr Rafi", [("Sheikh Rafi", None), ("Rafi", None)]),
        ("Wen Dao, An Sol, 34", [("Wen Dao", None), ("An Sol", None)]),
        ("José Arrate y Prado", [("José Arrate y Prado", None)]),
        ("U Wen Dao, Daw Mina Sol", [("U Wen Dao", None), ("Daw Mina Sol", None)]),
    ],
)
def test_a_list_gives_names_and_pronouns(label: str, listed: list[tuple[str, str | None]]) -> None:
    assert [(person.name, person.pronouns) for person in listed_people(label)] == listed


@pytest.mark.parametrize(
    "label",
    [
        "Wen Dao, Ilo Dao, Tam Rell (m), Mina Sol (f) and others",
        "Wen Dao, Ilo Dao, Tam Rell, Mina Sol Gender m/f: both",
        "Name: Wen Dao (m), Ilo Dao (m), Tam Rell (m), Mina Sol and 12 others",
    ],
)
def test_gender_marks_and_others_are_left_out(label: str) -> None:
    found = plain(labelled(label))
    assert found == [(name, [], None) for name in ("Wen Dao", "Ilo Dao", "Tam Rell", "Mina Sol")]


@pytest.mark.parametrize(
    "label",
    [
        "24 villagers",
        "12 students (all genders)",
        "12 students (they/them)",
        "Unknown",
        "Various",
        "Mixed",
        "TBC",
        "N/A",
        "",
        "residents of Orr",
        "family of Mina Sol",
        "(m)",
        "he/him",
    ],
)
def test_a_group_without_names_is_nobody(label: str) -> None:
    assert labelled(label) == ()


def test_a_group_with_pronouns_of_its_own_is_listed() -> None:
    found = plain(labelled("Mina Sol (she/her), the Green Lake community (they/them)"))
    assert found == [
        ("Mina Sol", [], "she/her"),
        ("the Green Lake community", [], "they/them"),
    ]
    found = plain(labelled("Women of Orr (she/her), Sol Indigenous Peoples (they/them)"))
    assert found == [
        ("Women of Orr", [], "she/her"),
        ("Sol Indigenous Peoples", [], "they/them"),
    ]


@pytest.mark.parametrize("rest", ["4 others", "four others", "her family", "her two children"])
def test_what_comes_with_somebody_without_a_name_is_nobody(rest: str) -> None:
    found = plain(labelled(f"Mina Sol (she/her) and {rest} (they/them)"))
    assert found == [("Mina Sol", [], "she/her")]


@pytest.mark.parametrize(
    ("label", "name", "others"),
    [
        ("Wen Dao (文道) (he/him)", "Wen Dao", ["文道"]),
        ("Ivo Marin (Иво Марин, he/him)", "Ivo Marin", ["Иво Марин"]),
        ('Wen Dao, also known as "Lamp" (he/him)', "Wen Dao", ["Lamp"]),
        ("Wen Dao (aka Old Lamp) (he/him)", "Wen Dao", ["Old Lamp"]),
        ('Wen "Lamp" Dao (he/him)', "Wen Dao", ["Lamp"]),
        ("Wen Dao alias Lamp (he/him)", "Wen Dao", ["Lamp"]),
        ("Wen Dao 文道 (he/him)", "Wen Dao", ["文道"]),
        ("Nguyen Van Sao (Sao Gio) (he/him)", "Nguyen Van Sao", ["Sao Gio"]),
        ("Ahmed Rafi (Ahmad Rafi) (he/him)", "Ahmed Rafi", ["Ahmad Rafi"]),
        ("Wen Dao (Port Orr) (he/him)", "Wen Dao", []),
    ],
)
def test_a_label_may_give_other_names(label: str, name: str, others: list[str]) -> None:
    assert plain(labelled(label)) == [(name, others, "he/him")]


def test_a_labelled_name_stands_at_its_label() -> None:
    (person,) = labelled("Mina Sol (she/her)")
    assert person.name.source == LABEL
    assert person.pronouns == Value("she/her", LABEL)


# Other names in the prose -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "sentence", "others"),
    [
        ("Mina Sol", "I write about Mina Sol (미나 솔) of Orr.", ["미나 솔"]),
        ("Mina Sol", "I write about Mina Sol (ミナ・ソル) of Orr.", ["ミナ・ソル"]),
        ("Mina Sol", "I write about Mina Sol (in Arabic: مينا صول) of Orr.", ["مينا صول"]),
        ("Mina Sol", "I write about Mina Sol መና ሶል of Orr.", ["መና ሶል"]),
        ("Wen Dao", "We heard that Wen Dao (文 道) fell ill.", ["文 道"]),
        ("Jiang Binwei", "We heard that Jiang Bingwei fell ill.", ["Jiang Bingwei"]),
        ("Mina Sol", "We heard that activist Clara Mina Sol fell ill.", ["Clara Mina Sol"]),
        ("Mina Sol", "We heard of Mina Sol Arrate, a teacher.", ["Mina Sol Arrate"]),
        ("Wen Dao", "Wen Lee Dao is to be executed.", ["Wen Lee Dao"]),
        ("Ivo Petrov Marin", "We heard of Ivo Marin (Иво Марин).", ["Иво Марин"]),
        ("Mina Sol", "Mina Sol, an activist known locally as “Kite”, is ill.", ["Kite"]),
        ("Mina Sol", 'Mina Sol, popularly known as "Tuna", is ill.', ["Tuna"]),
        ("Mina Sol", "Mina Sol, also known as Captain Kite, is ill.", ["Captain Kite"]),
        ("Mina Sol", "Mina Sol, 34, who is better known as Kite, is ill.", ["Kite"]),
        ("Mina Sol", "Mina Sol, known to her readers as “Kite”, is ill.", ["Kite"]),
        ("Mina Sol", "Mina Sol, who signs her songs “Kite”, is ill.", ["Kite"]),
        ("Mina Sol", "Mina Sol (her name is also written Minah Soll) is ill.", ["Minah Soll"]),
        ("Mina Sol", 'The song of Mina "Kite" Sol is known.', ["Kite"]),
        ("Mina Sol", "Mina Sol, conocida como «La Cometa», está presa.", ["La Cometa"]),
        ("Mina Sol", "Mina Sol (auch: Minna Soll) ist krank.", ["Minna Soll"]),
    ],
)
def test_the_prose_adds_other_names(name: str, sentence: str, others: list[str]) -> None:
    assert plain(labelled(name, sentence)) == [(name, others, None)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Sol was ill. Mina was ill too.",
        "MINA SOL IS ILL",
        "Mina Sol's trial began.",
        "Her brother, Mino Sol, was ill.",
        "Mona Sol and Mina Solis were not.",
        "Release Mina Sol at once.",
        "The Mina Sol Foundation was closed.",
        "The Mina Sol Campaign was closed.",
        "They met Sheikh Mina Sol and Dr Mina Sol.",
        "Colleague Mina Sol was ill.",
        "Mina Sol (34) was seen by Mina Sol (of Orr).",
        "Mina Sol called on the government to stop.",
        "Mina Sol or Wen Dao may be freed.",
    ],
)
def test_short_forms_relatives_and_the_like_are_no_other_names(sentence: str) -> None:
    assert plain(labelled("Mina Sol", sentence)) == [("Mina Sol", [], None)]


def test_nobody_gets_the_name_of_somebody_else() -> None:
    found = labelled(
        "Karan Velloso, Karen Velloso",
        "They say Karan Velloso and Karen Velloso met Kevan Velloso.",
    )
    assert plain(found) == [("Karan Velloso", [], None), ("Karen Velloso", [], None)]


def test_an_officials_name_is_no_spelling_of_a_persons() -> None:
    text = "They say that Marten Velloso signed it."
    assert plain(labelled("Marten Vellosso", text)) == [
        ("Marten Vellosso", ["Marten Velloso"], None)
    ]
    assert plain(labelled("Marten Vellosso", text, ("Marten Velloso",))) == [
        ("Marten Vellosso", [], None)
    ]


def test_another_name_says_where_it_stands() -> None:
    (person,) = labelled("Wen Dao", "Nothing here.\n\nI write about\nWen Dao (文道) of Orr.")
    assert person.other_names == (Value("文道", Source(4, 4, None, How.PROSE)),)


def test_pronouns_in_the_prose_count_where_the_label_has_none() -> None:
    found = labelled("Mina Sol", "This helps Mina Sol (she/her) and her friends.")
    assert plain(found) == [("Mina Sol", [], "she/her")]


@pytest.mark.parametrize(
    ("other", "name", "same"),
    [
        ("Wang Jiangbing", "Wang Jianbing", True),
        ("Ahmad Rafi", "Ahmed Rafi", True),
        ("José Arrate", "Jose Arrate", True),
        ("Sun-ho Baek", "Sunho Baek", True),
        ("Karima Rafi", "Karim Rafi", False),
        ("Hussein Rafi", "Hassan Rafi", False),
        ("Ali Rafi", "Aly Rafi", False),
        ("Rafi", "Rafa", False),
        ("Ahmad Raffi", "Ahmed Rafi", False),
    ],
)
def test_spellings_of_one_name(other: str, name: str, same: bool) -> None:
    assert is_spelling_of(other, name) is same


def test_fuller_forms_keep_all_the_words_in_order() -> None:
    assert is_fuller_form("Clara Mina Sol", "Mina Sol")
    assert not is_fuller_form("Sol Mina Clara", "Mina Sol")
    assert not is_fuller_form("Clara Sol", "Sol")
    assert not is_fuller_form("Mina Sol", "Mina Sol")


# No label -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Teacher Mina Sol was arrested on 3 May in Port Orr. Mina Sol is ill.", ["Mina Sol"]),
        ("Wen Dao (m)\nMina Sol (f)\n\nThey are held in Orr.", ["Wen Dao", "Mina Sol"]),
        (
            (
                "I call on you to drop the charges against journalists Wen Dao and Mina Sol and "
                "environmental activist Ilo K. Tanu. I met the minister, Tam Rell, once."
            ),
            ["Wen Dao", "Mina Sol", "Ilo K. Tanu"],
        ),
        (
            "Dear Minister,\n\nI am writing on behalf of the poet Mina Sol. Please free Mina Sol.",
            ["Mina Sol"],
        ),
        (
            "Wen Dao, aged 34, and Mina Sol, 21, were arrested in Port Orr at a march.",
            ["Wen Dao", "Mina Sol"],
        ),
        (
            "Escribo sobre el caso de Ana Solís, de 22 años, y Rosa Prado, de 21. Ana Solís murió.",
            ["Ana Solís", "Rosa Prado"],
        ),
        (
            "Activist Wen Dao has been held under the Unlawful Acts (Prevention) Act since May.",
            ["Wen Dao"],
        ),
        (
            (
                "Le escribo con preocupación por la seguridad de la lideresa Ana Solís Prado, "
                "que vive en Río Manso. Ana Solís Prado fue amenazada."
            ),
            ["Ana Solís Prado"],
        ),
        (
            "Je vous écris au sujet de la journaliste Chloé d'Arbel. Chloé d'Arbel est détenue.",
            ["Chloé d'Arbel"],
        ),
        (
            (
                "hiermit möchte ich meine Sorge um die Zeichenlehrerin Ilse von Arnsau und ihre "
                "Kinder ausdrücken, die dort leben. Ich bitte Sie, Ilse von Arnsau freizulassen."
            ),
            ["Ilse von Arnsau"],
        ),
    ],
)
def test_without_a_label_the_prose_says_who_is_at_risk(text: str, names: list[str]) -> None:
    assert unlabelled(text) == names


@pytest.mark.parametrize(
    "others",
    [
        "Her brother, Ivo Sol, was arrested too. Ivo Sol was released.",
        "Ivo Sol, the brother of Mina Sol, was arrested too.",
        "Her lawyer, Tam Rell, was detained for an hour.",
        "Judge Tam Rell sentenced her. Judge Tam Rell was harassed.",
        "Her colleague, the nurse Emil Zand, was sentenced on similar charges.",
        "Mina Sol's sister, Rosa Sol, was threatened.",
        "The mother of Mina Sol, Rosa Sol, was threatened.",
        "She was born in San Ramon and held in San Ramon.",
        "The town is threatened by the mining company Oro Negro, say friends of Oro Negro.",
        "Amnesty International was denied access. The Supreme Court was seized of it.",
        "Wen Kao was the first to see it.",
    ],
)
def test_nobody_else_is_at_risk(others: str) -> None:
    text = f"Teacher Mina Sol was arrested on 3 May in Port Orr. Mina Sol is ill.\n\n{others}"
    assert unlabelled(text) == ["Mina Sol"]


def test_a_title_names_who_is_at_risk() -> None:
    text = "The trial opens soon.\n\nMina Sol waits. We met Wen Kao. Friends say Mina Sol hopes."
    assert unlabelled(text, "Free Mina Sol's songs") == ["Mina Sol"]
    assert unlabelled(text) == []


def test_whom_title_and_letter_name_may_be_somebodys_sister() -> None:
    text = (
        "Ivo Sol was killed in May. Police warned his sister Mina Sol that she would be next.\n\n"
        "Please provide Mina Sol with protection."
    )
    assert unlabelled(text, "Write for Mina Sol") == ["Mina Sol"]
    assert unlabelled(text, "Write for Orr") == []


def test_a_title_may_ask_for_somebody() -> None:
    text = "Mina Sol and her husband Wen Dao were arrested on 3 March in Orr."
    assert unlabelled(text, "Release Mina Sol and Wen Dao") == ["Mina Sol", "Wen Dao"]
    assert unlabelled(text, "Two people held") == ["Mina Sol"]


def test_an_official_is_nobody_at_risk() -> None:
    text = "Mina Sol was arrested on 3 May. Mina Sol is ill."
    assert unlabelled(text, officials=("Dr Mina Sol",)) == []


def test_who_is_found_in_prose_has_a_place_there() -> None:
    (person,) = people(
        [], "", told("Nothing.\n\nI write on behalf of Mina Sol, who is ill. Mina Sol is held."), ()
    )
    assert person.name == Value("Mina Sol", Source(3, 3, None, How.PROSE))


def test_bodies_and_places_are_no_names() -> None:
    text = "The Orr Port Authority and Evin Prison wrote to Ms Mina Sol of Saudi Arabia on Monday."
    assert [name.text for name in names_in(text)] == ["Mina Sol"]


@pytest.mark.parametrize("text", ["Mina Sol (" * 5_000, "Mina Sol, " * 5_000, "A-" * 200_000])
def test_hostile_text_gives_an_answer(text: str) -> None:
    assert len(people([Value(text, LABEL)], "", told(text), ())) <= 1


# The real document --------------------------------------------------------------------------------


def test_the_seeds_people() -> None:
    files = sorted(SEEDS.glob("*.txt"))
    if not files:
        pytest.skip(f"the document is not here: no text in {SEEDS.parent.name}/{SEEDS.name}")
    passages = passages_of(rows_of(read(files[0].read_bytes(), files[0].name).lines))
    label = Value("Huang Xueqin (She/her), Wang Jianbing (He/Him)", LABEL)
    assert plain(people([label], "", passages, ["Zhang Rui", "Zhang Jian"])) == [
        ("Huang Xueqin", ["Sophia Huang Xueqin", "黄雪琴"], "She/her"),
        ("Wang Jianbing", ["Wang Jiangbing", "王 建兵"], "He/Him"),
    ]
