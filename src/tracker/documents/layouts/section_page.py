"""Web pages on which a national section republishes an Urgent Action for its own members."""

from __future__ import annotations

from tracker.documents.layouts import Field, Layout, words

LAYOUT = Layout(
    family="section-page",
    signs=(
        (words(""), 2),  # what is nothing else is most often a web page
        (words(r"the officials? (?:below|listed)", r"both officials"), 2),
        (words(r"(?:you (?:can|may) write|please write) in\b"), 1),
        (
            words(
                r"(?:let us know|tell us|report|inform us)\b.{0,80}\b(?:actions?|letters?|appeals?)"
            ),
            3,
        ),
        (words(r"sample letter"), 3),
        (
            words(
                r"click here",
                r"share (?:this|on)",
                r"sign up",
                r"download (?:the|this)",
                r"read more",
            ),
            1,
        ),
        (words(r"urgent action network"), 2),
        (
            words(
                r"uan@",
                r"aiusa",
                r"amnesty\.org\.uk",
                r"amnestyusa",
                r"amnesty\.ca",
                r"amnesty\.org\.au",
            ),
            4,
        ),
        (
            words(
                r"(?:^|\n)\W*(?:what you can do|how you can help|take action now|write to|"
                r"write now)\b"
            ),
            2,
        ),
        (words(r"please take action (?:by|before|as soon as)"), 1),
        (words(r"\burgent action\b"), 1),
        (words(r"we (?:report|share) the total number"), 3),
        (words(r"guidelines for writing", r"postage|postal rates?|stamps?\b"), 1),
    ),
    labels={
        Field.LANGUAGES: words(
            r"(?:preferred |suggested )?languages?(?: to (?:use|write in))?(?=\s*[:：])",
            r"please write in",
        ),
        Field.ISSUED_ON: words(
            r"(?:date )?(?:issued|published|posted)(?: on)?",
            r"issue date",
            r"publication date",
            r"date",
        ),
        Field.DEADLINE: words(
            r"(?:please )?(?:take action|write|send (?:your )?(?:appeals?|letters?|messages?))"
            r"(?: as soon as possible)?,? (?:and )?(?:until|before|by|no later than)",
            r"(?:action |appeal |writing )?(?:deadline|expir(?:es|y)|valid until|act by|"
            r"act before|action by|action before|"
            r"take action until|end date|closing date)(?: for (?:action|appeals|letters))?",
        ),
        Field.NAMES: words(r"(?:names?|people at risk|on behalf of|who)(?=\s*[:：])"),
        Field.PREVIOUS_URL: words(r"previous (?:urgent actions?|uas?|cases?|updates?)"),
    },
    heads=words(
        r"urgent action",
        r"sample letter",
        r"model letter",
        r"background(?: information)?",
        r"take action",
        r"contact information",
        r"additional information",
        r"write to",
        r"addresses",
        r"what you can do",
    ),
    advice=words(
        r"(?:\d\.\s*)?(?:please )?(?:write|send) (?:a letter|an? e-?mail|letters|"
        r"e-?mails)? ?in your own words",
        r"click here",
        r"(?:please )?(?:let us know|tell us|report)",
        r"you can also",
        r"remember to",
        r"please share",
        r"share this",
    ),
)
