"""Urgent Actions as they have been issued since 2019: labels in capitals after the story."""

from __future__ import annotations

from tracker.documents.layouts import Field, Layout, words

LAYOUT = Layout(
    family="2019-on",
    signs=(
        (words(r"take action\s*:?\s*write an appeal in your own words"), 3),
        (words(r"preferred languages? to address (?:the )?targets?"), 2),
        (words(r"please take action as soon as possible until"), 3),
        (words(r"names? and (?:preferred )?pronouns?"), 3),
        (words(r"links? to (?:the )?previous uas?"), 3),
        (words(r"you can also write in your own language"), 1),
        (words(r"(?:first|second|third|fourth|fifth|sixth) ua\s*:"), 1),
        (words(r"no further action is requested"), 1),
    ),
    labels={
        Field.NAMES: words(
            r"names? and (?:pref+er+ed |personal )?pronouns?(?:\(s\))?",
            r"preferred pronouns?",
        ),
        Field.LANGUAGES: words(
            r"preferred languages?(?: to (?:address|write to) (?:the )?targets?)?(?:\(s\))?",
            r"preferred languages?",
        ),
        Field.DEADLINE: words(
            r"please take action(?: as soon as possible)?,? (?:and )?(?:until|before|by|"
            r"no later than)",
            r"(?:take )?action (?:deadline|until)",
        ),
        Field.PREVIOUS_URL: words(r"links? to (?:the )?previous (?:uas?|urgent actions?)"),
    },
    heads=words(
        r"take action\b.{0,120}",
        r"urgent action",
        r"additional information",
    ),
    advice=words(
        r"you can also write in your own language",
        r"please check with (?:the amnesty|your) ",
        r"since there are \w+ targets",
        r"we suggest (?:that you )?(?:send|writ)",
        r"please (?:also )?(?:let us know|report back)",
    ),
)
