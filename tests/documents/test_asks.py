"""What officials are asked to do.

Everybody here but the two of the shipped case is fictional.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tracker.documents.asks import asks
from tracker.documents.draft import How, Source, Value
from tracker.documents.files.reading import Line, read
from tracker.documents.structure import passages_of, rows_of

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds"


def asked(text: str) -> list[str]:
    return [value.value for value in found_in(text)]


def found_in(text: str) -> tuple[Value[str], ...]:
    lines = [Line(n, line) for n, line in enumerate(text.split("\n"), 1)]
    return asks(passages_of(rows_of(lines)))


def letter(text: str, opening: str = "Dear Minister,", closing: str = "Yours sincerely,") -> str:
    return f"{opening}\n\n{text}\n\n{closing}\n\nMina Sol"


# Lists --------------------------------------------------------------------------------------------

POINTS = ["Free Wen Dao at once", "Let a doctor, and his family, see him", "Stop the arrests"]


@pytest.mark.parametrize(
    "lead_in",
    [
        "I urge you to:",
        "I therefore call on you to:",
        "We respectfully request that you:",
        "I ask you to take the following steps without delay:",
        "In view of this, I call on your government to:",
        "Le insto a:",
        "Por todo ello, le solicito respetuosamente que:",
        "Je vous prie de :",
        "Je vous demande instamment :",
        "Ich fordere Sie auf:",
        "Daher bitte ich Sie dringend,",
        "I urge you:",
        "I ask that you:",
        "I kindly ask you to",
        "I am calling on you to:",
        "I strongly urge your government to:",
        "I call on you to ensure that:",
        "Accordingly, I ask the following:",
        "Please:",
        "Please ensure that:",
        "Por ello, le pido que:",
        "Por ello, insto a su gobierno a que:",
        "Quisiera pedirle que:",
        "Solicito respetuosamente a su despacho:",
        "Nous vous demandons de bien vouloir :",
        "Nous demandons aux autorités de :",
        "Je voudrais vous demander de :",
        "Bitte sorgen Sie dafür, dass",
        "Ich möchte Sie bitten,",
    ],
)
@pytest.mark.parametrize("opening", ["Dear Minister,", "Sehr geehrte Frau Ministerin,", ""])
def test_the_points_after_a_lead_in_are_asks(lead_in: str, opening: str) -> None:
    text = f"He is ill. {lead_in}\n\n- {POINTS[0]};\n- {POINTS[1]}; and\n- {POINTS[2]}."
    assert asked(letter(text, opening)) == POINTS


def test_a_point_may_run_over_lines_and_pages() -> None:
    text = "I urge you to:\n- Free Wen Dao\nat once;\n- Let a doctor, and his\n\nfamily, see him."
    (first, second) = found_in(letter(text))
    assert (first.value, second.value) == (POINTS[0], POINTS[1])
    assert first.source == Source(4, 5, None, How.LAYOUT)
    assert second.source == Source(6, 8, None, How.LAYOUT)


def test_points_may_lack_their_marks() -> None:
    text = (
        "I call on you to:\nFree Wen Dao at once;\nLet a doctor, and his\nfamily, see him;\n"
        "and\nStop the arrests."
    )
    assert asked(letter(text)) == POINTS


def test_points_may_be_lines_without_marks() -> None:
    text = "\n".join(["Ask them to:", *POINTS, "", "Please act before 4 May."])
    assert asked(f"Wen Dao was taken from his bed at night by armed men.\n\n{text}") == POINTS


def test_points_may_stand_in_one_sentence() -> None:
    text = "I urge you to: free Wen Dao; let a doctor see him; and stop the arrests.\n\nThank you."
    assert asked(letter(text)) == ["free Wen Dao", "let a doctor see him", "stop the arrests"]


@pytest.mark.parametrize(
    ("first", "second"),
    [("1) ", "2) "), ("(1) ", "(2) "), ("1. ", "2. "), ("- ", "- "), ("you ", "you ")],
)
def test_points_in_one_sentence_lose_their_marks(first: str, second: str) -> None:
    text = f"I ask that you: {first}free Wen Dao; {second}let a doctor see him."
    assert asked(letter(text)) == ["free Wen Dao", "let a doctor see him"]


def test_a_point_goes_on_in_small_letters_after_a_short_line() -> None:
    text = (
        "Please write immediately in Orrish, English or your own language:\n"
        "Urging the authorities to let Wen Dao have visits from his doctor;\n\n"
        "Calling on them to allow him\ncontact with his family and his friends."
    )
    assert asked(text) == [
        "Urging the authorities to let Wen Dao have visits from his doctor",
        "Calling on them to allow him contact with his family and his friends",
    ]


def test_a_lead_in_may_end_in_a_line_of_its_own() -> None:
    text = (
        "Please write at once in English, giving the number that Wen Dao has as a prisoner there\n"
        "(#A047):\n- Urging the governor to free Wen Dao;\n- Explaining that he is ill."
    )
    assert asked(text) == ["Urging the governor to free Wen Dao", "Explaining that he is ill"]


def test_points_outweigh_requests_in_prose() -> None:
    text = "I urge you to free Wen Dao. I ask you to:\n- Free Wen Dao at once;\n- Stop the arrests."
    assert asked(letter(text)) == [POINTS[0], POINTS[2]]


def test_lists_outside_the_letter_are_no_asks_where_it_has_its_own() -> None:
    text = letter("I ask you to:\n- Free Wen Dao at once.")
    tips = "Tips:\n- Write in your own words\n- Share this page"
    background = "He called on the ministry to:\n- open its books;\n- pay its debts."
    assert asked(f"{tips}\n\n{text}\n\n{background}") == [POINTS[0]]


@pytest.mark.parametrize(
    "lead_in",
    [
        "Please write immediately in Orrish, English or your own language:",
        "Write a letter, send an email, call, fax or tweet:",
        "RECOMMENDED ACTION: Please send appeals to arrive as quickly as possible:",
        "Your appeals should call for action. In your letter:",
    ],
)
@pytest.mark.parametrize("mark", ["- ", "• ", "\uf0b7 ", ""])
def test_the_points_that_readers_are_to_make_are_asks_as_printed(lead_in: str, mark: str) -> None:
    points = [
        "Expressing concern that Wen Dao is held for a song",
        "Urging the authorities to free him at once",
        "Calling on them to stop the arrests",
    ]
    text = f"{lead_in}\n{mark}{points[0]};\n{mark}{points[1]}; and\n{mark}{points[2]}."
    assert asked(f"{text}\n\nPLEASE SEND APPEALS BEFORE 3 MAY 2012 TO:") == points


def test_a_call_on_the_authorities_may_lead_to_a_list() -> None:
    text = (
        "Please write to the judge urging her to:\n\n- Free Wen Dao at once;\n- Stop the arrests."
    )
    assert asked(text) == [POINTS[0], POINTS[2]]


def test_advice_to_readers_is_no_ask() -> None:
    text = (
        "TAKE ACTION: WRITE AN APPEAL\n\n- Write in your own words\n- Be polite\n\n"
        "Please share this page. Please tell us that you wrote.\n\nPlease take action:\n"
        "1. Write a letter to both officials.\n2. Tell us what you did."
    )
    assert asked(text) == []


# Sentences ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "ask"),
    [
        (
            "I urge you to free Wen Dao and to stop the arrests.",
            "free Wen Dao and to stop the arrests",
        ),
        ("I therefore call on you, Minister, to free Wen Dao.", "free Wen Dao"),
        ("We respectfully ask that Wen Dao be freed.", "Wen Dao be freed"),
        ("For these reasons I call on the Orr Ministry to free Mr. Dao.", "free Mr. Dao"),
        ("I demand the immediate release of Wen Dao.", "the immediate release of Wen Dao"),
        ("I call for an end to the arrests.", "an end to the arrests"),
        ("Please free Wen Dao now.", "free Wen Dao now"),
        ("I am writing to ask you to free Wen Dao.", "free Wen Dao"),
        ("I am calling on you to free Wen Dao.", "free Wen Dao"),
        ("I would ask you to free Wen Dao.", "free Wen Dao"),
        ("I, therefore, urge Your Excellency to free Wen Dao.", "free Wen Dao"),
        ("We, the undersigned, call on you to free Wen Dao.", "free Wen Dao"),
        ("I request that you provide Wen Dao with food.", "provide Wen Dao with food"),
        ("Pending his trial, Wen Dao must be fed.", "Pending his trial, Wen Dao must be fed"),
        ("Pending his release, give Wen Dao food.", "Pending his release, give Wen Dao food"),
        ("Pending his release, I ask you to feed Wen Dao.", "feed Wen Dao"),
        ("Por ello, insto a su gobierno a que libere a Wen Dao.", "libere a Wen Dao"),
        ("Quisiera pedirle que libere a Wen Dao.", "libere a Wen Dao"),
        ("Je vous demande de bien vouloir libérer Wen Dao.", "libérer Wen Dao"),
        ("Je demande aux autorités de libérer Wen Dao.", "libérer Wen Dao"),
        ("Je souhaite vous demander de libérer Wen Dao.", "libérer Wen Dao"),
        ("Ich möchte Sie daher bitten, Wen Dao freizulassen.", "Wen Dao freizulassen"),
        ("Lassen Sie Wen Dao bitte frei.", "Lassen Sie Wen Dao bitte frei"),
        ("Le insto a que libere a Wen Dao.", "libere a Wen Dao"),
        ("Le pido, señor ministro, que libere a Wen Dao.", "libere a Wen Dao"),
        ("Le solicito que libere a Wen Dao.", "libere a Wen Dao"),
        ("Le ruego que libere a Wen Dao.", "libere a Wen Dao"),
        ("Exijo que se libere a Wen Dao.", "se libere a Wen Dao"),
        ("Je vous demande de libérer Wen Dao.", "libérer Wen Dao"),
        ("Je vous prie instamment de libérer Wen Dao.", "libérer Wen Dao"),
        ("Je vous exhorte donc à libérer Wen Dao.", "libérer Wen Dao"),
        ("Enfin, j'attends. Je vous appelle à libérer Wen Dao.", "libérer Wen Dao"),
        ("Ich bitte Sie, Wen Dao freizulassen.", "Wen Dao freizulassen"),
        ("Ich fordere Sie höflich auf, Wen Dao freizulassen.", "Wen Dao freizulassen"),
        ("Deshalb appelliere ich an Sie, Wen Dao freizulassen.", "Wen Dao freizulassen"),
        ("Bitte lassen Sie Wen Dao frei.", "lassen Sie Wen Dao frei"),
    ],
)
def test_a_request_is_an_ask_without_its_lead_in(sentence: str, ask: str) -> None:
    assert asked(letter(f"He is ill. {sentence} He is held in Orr.")) == [ask]


def test_requests_say_where_they_stand() -> None:
    (ask,) = found_in(letter("He is ill.\n\nI urge you to free\nmy friend Wen Dao."))
    assert ask.source == Source(5, 6, None, How.PROSE)


@pytest.mark.parametrize(
    "sentence",
    [
        "Please accept my best wishes.",
        "Please note that he is ill.",
        "I am writing to ask where he is: in Orr, or in the north.",
        "I ask you: where is he?",
        "Pending his trial, he fell ill.",
        "The union called on the ministry to pay.",
        'He told the judge: "I ask you to listen to me."',
        "Je vous prie d'agréer, Madame, l'expression de mes sentiments.",
        "Je vous prie de croire, Monsieur, à l'assurance de mes sentiments.",
        "Le agradezco su atención.",
        "Mit großer Sorge schreibe ich Ihnen.",
    ],
)
def test_other_sentences_ask_for_nothing(sentence: str) -> None:
    assert asked(letter(f"He is ill. {sentence} He is held in Orr.")) == []


def test_requests_after_the_letter_do_not_count() -> None:
    text = letter("I urge you to free Wen Dao.")
    assert asked(f"{text}\n\nI urge you to buy our calendar.") == ["free Wen Dao"]


def test_without_a_letter_readers_may_be_told_what_to_call_for() -> None:
    text = (
        "Please write to the Minister, calling on her to free Wen Dao at once. Please share this."
    )
    assert asked(text) == ["free Wen Dao at once"]


def test_what_is_closed_asks_for_nothing() -> None:
    text = (
        "Wen Dao is free.\n\nNo further action is requested. Many thanks to all who wrote.\n\n"
        "Please write letters calling on the authorities to let him sing."
    )
    assert asked(text) == []


def test_what_is_said_twice_is_one_ask() -> None:
    text = "I urge you to:\n- Free Wen Dao;\n- Stop the arrests;\n- free Wen Dao."
    assert asked(letter(text)) == ["Free Wen Dao", "Stop the arrests"]


@pytest.mark.parametrize(
    "text",
    [
        "I urge the " * 20_000,
        "I urge you to: " * 20_000,
        "a, " * 60_000 + "veuillez",
        "; " * 90_000,
        "a:\n" * 6_000,
        "insto a " * 20_000,
        "Pending a, " * 20_000,
    ],
)
def test_hostile_text_gives_an_answer(text: str) -> None:
    assert len(asked(letter(text))) <= 60


# The real document --------------------------------------------------------------------------------


def test_the_seeds_asks() -> None:
    files = sorted(SEEDS.glob("*.txt"))
    if not files:
        pytest.skip(f"the document is not here: no text in {SEEDS.parent.name}/{SEEDS.name}")
    found = asks(passages_of(rows_of(read(files[0].read_bytes(), files[0].name).lines)))
    assert [(ask.value.split()[0], ask.value.split()[-1]) for ask in found] == [
        ("Release", "unconditionally"),
        ("Pending", "ill-treatment"),
        ("Stop", "rights"),
    ]
