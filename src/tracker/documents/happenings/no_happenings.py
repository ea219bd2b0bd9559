"""Dates in prose that tell no happening: laws, names, titles, deadlines, page heads."""

from __future__ import annotations

import re
from datetime import date

from tracker.documents.dates import DateInText
from tracker.documents.happenings.clauses import leads_to_date
from tracker.documents.structure import Passage
from tracker.rules import Precision

NEAR = 80
"""So many letters before a date may say what kind of date it is."""

SHORT_HEADING = 12
"""A heading of so many words names something and tells nothing."""

LONG_QUOTE = 60
"""A quotation of fewer letters is a title or a phrase; in a longer one somebody tells something."""

_LABEL = re.compile(
    r"(?:UA|AU|date|issue date|issued|index|deadline|fecha|datum|data|published|posted|updated|"
    r"last updated|ref|reference|born|date of birth)\b[^:]{0,20}:",
    re.IGNORECASE,
)
_PAPERWORK = re.compile(
    r"\b(?:AI\s)?(?:index|índice)\b\s*:|\b[A-Z]{3}\s\d\d/\d|©|\bcopyright\b|\btake\saction\b"
    r"|^(?:Please\s)?(?:send|write|act|see)\b|^For\s(?:more|further)\s"
    r"|\b(?:please|(?:you|section)\s(?:can|may|want|wish|would)|if\s(?:you|sending))\b[^.]{0,60}\b(?:send|write|sending)\b"
    r"|\b(?:send|sending)\s(?:\w+\s)?(?:appeals?|letters|messages)\b[^.]{0,20}\b(?:after|before|by|until)\b"
    r"|\burgent\saction\s(?:office|network)\b|\bsection\soffice\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\b(?:UA|AU)\b\s*:?\s*(?:No\.?\s*)?\d")
_ISSUED = re.compile(
    r"\b(?:was|were|has|had|international)\s(?:\w+\s){0,2}(?:issued|launched|published|started)\b",
    re.IGNORECASE,
)
_OWN_DEADLINE = re.compile(r"\bdeadline\b", re.IGNORECASE)
_UNTIL = re.compile(
    r"\b(?:before|until|till|by|after|antes\sdel?|hasta\sel|avant\sle|jusqu['’]au|bis\szum|vor\sdem|"
    r"bis|até|antes\sde)\s$",
    re.IGNORECASE,
)
_LAW = re.compile(
    r"\b(?:laws?|acts?|decrees?|resolutions?|conventions?|covenant|constitution|code|protocol|"
    r"declaration|statute|charter|articles?|ordinance|bill|directive|regulations?|treaty|rules|"
    r"ley|decreto|resolución|constitución|código|convenio|reglamento|loi|décret|résolution|"
    r"ordonnance|\w*gesetz\w*|\w*gesetzbuchs?|fassung|verordnung|konvention|verfassung|lei|resolução|constituição|portaria)\b"
    r"(?:[^.;:]{0,24}?\s)?(?:of|de|del|du|vom|von|dated|aus|do)\s(?:the\s)?$",
    re.IGNORECASE,
)
_BORN = re.compile(
    r"\b(?:born|nacid[oa]s?|nació|née?s?|geboren|nascid[oa]s?)\b[^.;]{0,24}$", re.IGNORECASE
)
_AS_OF = re.compile(
    r"\b(?:as\sof|as\sat|in\soffice\ssince|in\spower\ssince|stand)\s$", re.IGNORECASE
)
_PLACE = re.compile(
    r"\b(?:street|avenue|avenida|av\.|calle|rue|rua|plaza|place|praça|movement|revolution)\s"
    r"(?:of\s|du\s|del?\s|le\s)?$",
    re.IGNORECASE,
)
_NAME_BEFORE = re.compile(r"\w,?\s([A-Z][^\W\d_]+)\s$")
_NAME_AFTER = re.compile(
    r"\s(?:[A-Z]\w+\s){0,2}(?:Movement|Revolution|Square|Street|Avenue|Brigades?|Coalition|University|"
    r"Alliance|Hospital|Prison|Cup|Olympics|Games|Act|Law|Constitution|Convention|Code|Protocol|"
    r"Resolution|Declaration|Group|Committee|Decree|Bill|Agenda|Report)\b"
)
_YEAR_TOLD = re.compile(
    r"(?:\b(?:in|since|from|by|until|till|during|before|after|between|early|late|mid|around|"
    r"throughout|through|year|years|to|(?:end|beginning|start|middle|summer|spring|autumn|fall|"
    r"winter|course|half|quarter|days?|weeks?|months?)\sof|(?:meses|semestre|trimestre|mitad|largo|transcurso|curso)\sde|"
    r"(?:mois|cours|semestre|trimestre|moitié)\sde|(?:monaten?|hälfte|quartal)\s(?:des\sjahres|von)|summer|spring|autumn|winter|en|desde|hasta|año|entre|depuis|jusqu['’]en|"
    r"année|automne|hiver|été|printemps|otoño|invierno|verano|primavera|outono|im\sjahre?|"
    r"herbst|frühjahr|frühling|sommer|jahres?|seit|bis|anfang|mitte|ende|zwischen|em|até|ano|de\sde)[\s-])$",
    re.IGNORECASE,
)
_LISTED_YEAR = re.compile(r"(?:19|20)\d\d,?(?:\s(?:and|or|to|y|e|et|und|until))?\s(?:in\s|en\s)?$")
_GERMAN_YEAR = re.compile(r"\s(?:wurden?|hatten?|hat|haben|war|waren|kam|gab|begann|fand)\b")
_BEFORE_GERMAN_YEAR = re.compile(
    r"\b(?:wurden?|hatten?|hat|haben|war|waren|ist|sind|bereits|schon|erst|zuletzt|erstmals|ihm|ihnen|"
    r"sich|er|sie|es|ihn)\s$",
    re.IGNORECASE,
)
_ADJECTIVE = re.compile(r"(?<!\bin\s)(?<!\ben\s)\b(?:the|its|his|her|their|a|an)\s$", re.IGNORECASE)
_COUNTED = re.compile(
    r"\s(?:people|persons|men|women|children|hours|hrs|days|years|months|lashes|prisoners|detainees|"
    r"protesters|civilians|families|homes|euros|dollars|km|metres|personas|personnes|menschen)\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S{0,400}$|\S{0,80}@\S{0,80}$")
_QUOTED = re.compile(r"“[^”]{0,400}”|\"[^\"]{0,400}\"|«[^»]{0,400}»|„[^“”]{0,400}[“”]")


def is_no_story(passage: Passage) -> bool:
    """Return whether a passage is a heading, a label with its value or a line of a page head."""
    words = len(passage.text.split())
    if words < 5 or (words < 2 * SHORT_HEADING and passage.text.isupper()):
        return True
    if passage.heading and words < SHORT_HEADING and not passage.text.endswith("."):
        return True
    return bool(_LABEL.match(passage.text))


def names_no_happening(
    text: str,
    sentence: tuple[int, int],
    each: DateInText,
    issued_on: date | None,
    deadline: date | None,
) -> bool:
    """Return whether a date in a sentence dates something else than a happening."""
    before = text[max(sentence[0], each.start - NEAR) : each.start]
    following = text[each.end : min(sentence[1], each.end + NEAR)]
    if _is_of_the_paper(text, sentence, each, deadline) or _ADDRESS.search(before):
        return True
    if any(pattern.search(before) for pattern in (_LAW, _AS_OF, _PLACE)):
        return True
    named = (
        _is_in_name(before, each)
        or _NAME_AFTER.match(following)
        or _in_short_quote(text, sentence, each)
    )
    if named or (_BORN.search(before) and _long_ago(each, issued_on or deadline)):
        return True
    if each.precision is Precision.MONTH:
        return bool(_ADJECTIVE.search(before)) and following[:2].strip().islower()
    return each.precision is Precision.YEAR and not _year_is_told(
        before, following, each, issued_on
    )


def _is_of_the_paper(
    text: str, sentence: tuple[int, int], each: DateInText, deadline: date | None
) -> bool:
    """Return whether a date is the document's own: its deadline, or when to write to whom."""
    told = text[slice(*sentence)]
    if _PAPERWORK.search(told) or (_NUMBER.search(told) and not _ISSUED.search(told)):
        return True
    if deadline is None or not _may_be(each, deadline):
        return False
    before = text[max(sentence[0], each.start - NEAR) : each.start]
    return bool(_UNTIL.search(before) or _OWN_DEADLINE.search(told))


def _may_be(each: DateInText, day: date) -> bool:
    return each.day == day or each.month_day == (day.month, day.day)


def _is_in_name(before: str, each: DateInText) -> bool:
    """Return whether a day without year follows a name: "Movimiento 19 de Julio"."""
    name = _NAME_BEFORE.search(before) if each.precision is Precision.DAY else None
    return each.month_day is not None and name is not None and not leads_to_date(name[1])


def _year_is_told(before: str, following: str, each: DateInText, issued_on: date | None) -> bool:
    if issued_on and each.day and each.day.year > issued_on.year + 1:
        return False
    if _COUNTED.match(following):
        return False
    if _YEAR_TOLD.search(before) or _LISTED_YEAR.search(before):
        return True
    if _BEFORE_GERMAN_YEAR.search(before):
        return True
    return not before.strip() and bool(_GERMAN_YEAR.match(following))


def _long_ago(each: DateInText, known: date | None) -> bool:
    return each.day is not None and (known is None or known.year - each.day.year > 5)


def _in_short_quote(text: str, sentence: tuple[int, int], each: DateInText) -> bool:
    return any(
        quote.start() < each.start < quote.end() and quote.end() - quote.start() < LONG_QUOTE
        for quote in _QUOTED.finditer(text, *sentence)
    )
