"""The layouts: found by their files, and told apart by what documents say."""

from __future__ import annotations

import pkgutil
from datetime import date
from importlib import import_module
from pathlib import Path

import pytest

from tests.documents.lines import rows_in
from tests.documents.papers import papers
from tracker.documents import layouts as folder
from tracker.documents.draft import How, Source, Value
from tracker.documents.drafting import draft_of
from tracker.documents.files.reading import read
from tracker.documents.layouts import NEVER, Field, Layout, layout_of, layouts, words

ANOTHER = Path(__file__).parent / "another_layout"

TELEGRAM = """
FREE HER TODAY STOP WE ARE MANY STOP
FOR WHOM: Mira Sol (she/her)
WIRE BEFORE: 3 May 2022
"""


def test_every_file_is_a_layout() -> None:
    files = {path.stem for path in Path(folder.__file__).parent.glob("*.py")} - {"__init__"}
    modules = [import_module(f"tracker.documents.layouts.{name}") for name in sorted(files)]
    assert layouts() == tuple(module.LAYOUT for module in modules)
    assert {module.name for module in pkgutil.iter_modules(folder.__path__)} == files


def test_a_new_file_is_a_new_layout(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {layout.family for layout in layouts()}
    layouts.cache_clear()
    monkeypatch.setattr(folder, "__path__", [*folder.__path__, str(ANOTHER)])
    try:
        assert {layout.family for layout in layouts()} == known | {"telegram"}
        draft = draft_of(read(TELEGRAM.encode(), "a.txt"))
    finally:
        layouts.cache_clear()
    assert draft.family == "telegram"
    assert [(person.name.value, person.pronouns) for person in draft.people] == [
        ("Mira Sol", Value("she/her", draft.people[0].name.source))
    ]
    assert draft.deadline == Value(date(2022, 5, 3), Source(4, 4, None, How.LABEL))


def test_every_family_has_papers() -> None:
    assert {layout.family for layout in layouts()} == {each.facts["family"] for each in papers()}


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("NAME AND PREFERRED PRONOUN: Mira Sol (she/her)", "2019-on"),
        ("PLEASE WRITE IMMEDIATELY:\nPLEASE SEND APPEALS BEFORE 3 MAY 2012 TO:", "2009-18"),
        ("Sehr geehrte Frau Ministerin,\n\nHochachtungsvoll", "letter"),
        ("Estimada Ministra:\n\nAtentamente", "letter"),
        ("Tell us about your letters: uan@ourselves.example\n\nSample letter", "section-page"),
        ("Nothing of all this", "section-page"),
    ],
)
def test_a_document_has_the_layout_of_its_words(text: str, family: str) -> None:
    assert layout_of(rows_in(text)).family == family


def test_each_sign_weighs_once() -> None:
    layout = Layout("any", signs=((words("sea", "tide"), 2), (words("^dear"), 3)))
    assert layout.weight("the SEA, the sea, the tide") == 2
    assert layout.weight("Dear sea") == 5
    assert layout.weight("nothing") == 0


def test_what_a_layout_leaves_out_is_nowhere() -> None:
    layout = Layout("any", signs=())
    assert layout.labels.get(Field.NAMES) is None
    assert (layout.heads, layout.advice) == (NEVER, NEVER)
    assert NEVER.search("anything") is None
