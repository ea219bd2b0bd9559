"""A layout that the program does not have: telegrams. Everybody in them is fictional."""

from __future__ import annotations

from tracker.documents.layouts import Field, Layout, words

LAYOUT = Layout(
    family="telegram",
    signs=((words(r"\bstop\b.*\bstop\b"), 9),),
    labels={
        Field.NAMES: words(r"for whom"),
        Field.DEADLINE: words(r"wire before"),
    },
)
