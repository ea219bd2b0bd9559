"""The check that no sentence reaches a page without standing in the template."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import catalogue

CODE = """\
from tracker.wording import gettext as _, ngettext as n_, pgettext

# Translators: a button
_("Log a letter")
n_("{n} letter", "{n} letters", 2)
pgettext("month", "May")
pgettext("permission", "May")
not_a_word("Nor this")
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    package = tmp_path / "src" / "tracker"
    package.mkdir(parents=True)
    (tmp_path / "pages").mkdir()
    (tmp_path / "dashboard.py").write_text("")
    (tmp_path / "pages" / "log.py").write_text(CODE)
    return tmp_path


@pytest.fixture
def template(checkout: Path) -> Path:
    return checkout / "src" / "tracker" / "locale" / "tracker.pot"


def test_the_written_template_passes_and_is_the_same_every_time(
    checkout: Path, template: Path
) -> None:
    assert catalogue.write(template, checkout) == 0
    first = template.read_bytes()
    assert catalogue.check(template, checkout) == 0
    catalogue.write(template, checkout)
    assert template.read_bytes() == first
    assert b"#. a button" in first
    assert b"Nor this" not in first


def test_words_are_told_apart_by_context(checkout: Path) -> None:
    assert catalogue.words(catalogue.extract(checkout)) == {
        catalogue.Word("", "Log a letter", ""),
        catalogue.Word("", "{n} letter", "{n} letters"),
        catalogue.Word("month", "May", ""),
        catalogue.Word("permission", "May", ""),
    }


def test_a_new_and_a_forgotten_word_are_named(
    checkout: Path, template: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    catalogue.write(template, checkout)
    (checkout / "pages" / "log.py").write_text(CODE.replace("{n} letters", "many letters"))
    capsys.readouterr()
    assert catalogue.check(template, checkout) == 1
    said = capsys.readouterr().out
    assert "missing from the template: msgid '{n} letter' msgid_plural 'many letters'" in said
    assert "no longer in the code: msgid '{n} letter' msgid_plural '{n} letters'" in said


def test_lines_that_move_change_nothing(checkout: Path, template: Path) -> None:
    catalogue.write(template, checkout)
    before = template.read_bytes()
    (checkout / "pages" / "log.py").write_text("\n\n" + CODE)
    assert catalogue.check(template, checkout) == 0
    catalogue.write(template, checkout)
    assert template.read_bytes() == before


def test_a_missing_template_is_said(
    checkout: Path, template: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert catalogue.check(template, checkout) == 1
    assert "tracker.pot is missing" in capsys.readouterr().out
