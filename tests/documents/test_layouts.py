"""The layouts: found by their files, and told apart by what documents say."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from pathlib import Path

import pytest

from tests.documents.lines import rows_in
from tests.documents.papers import papers
from tracker.documents import layouts as folder
from tracker.documents.layouts import NEVER, Field, Layout, layout_of, layouts, words

NEW = """
from tracker.documents.layouts import Field, Layout, words

LAYOUT = Layout(
    family="telegram",
    signs=((words(r"\\bstop\\b.*\\bstop\\b"), 9),),
    labels={Field.NAMES: words(r"for")},
)
"""


def test_every_file_is_a_layout() -> None:
    files = {path.stem for path in Path(folder.__file__).parent.glob("*.py")} - {"__init__"}
    modules = [import_module(f"tracker.documents.layouts.{name}") for name in sorted(files)]
    assert layouts() == tuple(module.LAYOUT for module in modules)
    assert {module.name for module in pkgutil.iter_modules(folder.__path__)} == files


def test_a_new_file_is_a_new_layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path(tmp_path, "telegram.py").write_text(NEW, encoding="utf-8")
    known = {layout.family for layout in layouts()}
    layouts.cache_clear()
    monkeypatch.setattr(folder, "__path__", [*folder.__path__, str(tmp_path)])
    monkeypatch.syspath_prepend(tmp_path)
    try:
        assert {layout.family for layout in layouts()} == known | {"telegram"}
        assert layout_of(rows_in("FREE HER STOP NOW STOP")).family == "telegram"
    finally:
        layouts.cache_clear()


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
