"""How officials are asked for something, in four languages; how letters begin and end."""

from __future__ import annotations

import re

_ADVERBS = (
    r"(?:therefore|also|hence|thus|further|furthermore|again|strongly|respectfully|urgently|hereby|"
    r"kindly|additionally|moreover|once more|earnestly|now|specifically|likewise|too|most|"
    r"consequently|accordingly|deeply|humbly|firmly|especially|particularly)"
)
_WHO = (
    r"(?:you|him|her|them|(?:the|your|his|her|its)\s(?:[\w’'-]+\s){0,6}?[\w’'-]+|"
    r"[A-Z][\w’'-]+(?:\s[\w’'-]+){0,4}?)"
)
_ENGLISH = (
    rf"(?:I|we)(?:,[^,.;:]{{1,80}},)?\s(?:(?:{_ADVERBS},?|and)\s){{0,3}}"
    rf"(?:(?:would\slike|want|wish|am\swriting|write)\s(?:{_ADVERBS}\s)?to\s|would\s|must\s|am\s)?"
    rf"(?:{_ADVERBS}\s){{0,2}}"
    rf"(?:"
    rf"(?:urging|asking|requesting|imploring|begging|(?:calling|appealing)\son|appealing\sto|urge|ask|request|implore|beg|encourage|beseech|exhort|press|"
    rf"(?:call|appeal|prevail)\s(?:up)?on|appeal\sto|look\sto)\s{_WHO}(?:,[^,.;:]{{1,60}},)?"
    rf"(?:,?\s(?:{_ADVERBS}|as\s[^,.;:]{{1,60}}|without\s\w+|in\sthe\s[^,.;:]{{1,50}}),?){{0,2}},?"
    rf"\s(?:to|that|for)(?=[\s:]|$)|"
    rf"(?:urge|ask|request|implore|beg)\syou(?=:\s*$)|"
    rf"(?:ask|demand|request|insist|urge|recommend|appeal)\s(?:that|for|the\sfollowing)(?=[\s:]|$)|"
    rf"(?:call|calling|press|asking)\sfor(?=[\s:])|"
    rf"demand(?=\s(?:the|an|his|her|their|immediate))"
    rf")"
)
_SPANISH = (
    r"(?:(?:le|les|lo|la|los|las|os|te)\s(?:[\w]+\s){0,1}?"
    r"(?:insto|instamos|pido|pedimos|solicito|solicitamos|ruego|rogamos|exhorto|exhortamos|"
    r"urjo|imploro|insisto|exijo|exigimos|conmino|reclamo)"
    r"(?:\s(?:respetuosamente|encarecidamente|también|asimismo|igualmente|urgentemente|además|por\stanto|por\sello))?"
    r"(?:\sa\s(?:ustedes|usted|su\s\w+))?(?:,[^,.;:]{1,80},)?(?:\s(?:a\sque|que|a))?(?=[\s:]|$)|"
    r"(?:exijo|exigimos|pido|pedimos|solicito|solicitamos)(?:\s\w{1,20}mente)?(?:\sa\s[^,.;:]{1,80}?)?"
    r"(?:\sque(?=[\s:]|$)|(?=:))|"
    r"(?:insto|instamos|exhorto|exhortamos|conmino)\sa\s[^,.;:]{1,80}?\sa(?:\sque)?(?=[\s:]|$)|"
    r"(?:quisiera|quiero|queremos|deseo|me\spermito|nos\spermitimos)\s"
    r"(?:pedir|solicitar|rogar|instar|exhortar)(?:les?|l[ao]s?)(?:\s(?:a\sque|que|a))?(?=[\s:]|$))"
)
_FRENCH = (
    r"(?:(?:je|nous)\s(?:demande|demandons)\s(?:aux?|à)\s(?!être)[^,.;:]{1,80}?\s(?:de(?=[\s:])|d['’])|"
    r"(?:je|nous)\s(?:souhaite|voudrais|tiens\sà|souhaitons|voudrions)\svous\s(?:demander|prier)\s(?:de(?=[\s:])|d['’])|"
    r"(?:je|nous)\s(?:vous|(?:l['’]|les\s|le\s)?(?:en\s)?)\s?(?:en\s)?"
    r"(?:demande|demandons|prie|prions|exhorte|exhortons|appelle|appelons|engage|engageons|"
    r"invite|invitons|conjure|enjoins|supplie|presse|saurais\sgré)"
    r"(?:\s(?:donc|par\sconséquent|instamment|également|aussi|respectueusement|ainsi|en\soutre|de\splus|"
    r"par\sailleurs|vivement|solennellement|enfin|très|aujourd['’]hui)){0,3}"
    r"(?:,[^,.;:]{1,80},)?\s?(?:de(?=[\s:])|d['’]|à(?=[\s:])|que(?=[\s:])|qu['’]|(?=:))"
    r"(?!\s?(?:bien\svouloir\s)?(?:agréer|croire|recevoir|accepter)))"
)
_GERMAN = (
    r"(?:(?:ich|wir)\s(?:möchten?\s|darf\s|dürfen\s)?(?:{verbs})\s(?:an\s)?(?:Sie|die\s[\w]+)|"
    r"(?:{verbs})\s(?:ich|wir)\s(?:an\s)?(?:Sie|die\s[\w]+)|"
    r"(?:ich|wir)\smöchten?\sSie)"
    r"(?:\s(?:daher|deshalb|deswegen|also|dringend|höflich|hiermit|nachdrücklich|außerdem|zudem|ferner|"
    r"eindringlich|inständig|respektvoll|weiterhin|darum|ebenfalls|auch|freundlich|aufrichtig)){{0,4}}"
    r"(?:\s(?:auf|bitten|auffordern|ersuchen))?(?:,|:|$)"
).format(
    verbs="bitten?|fordern|fordere|appelliere|appellieren|ersuchen?|rufen?|dränge|drängen|verlangen?"
)

REQUEST = re.compile(rf"(?<![\w])(?:{_ENGLISH}|{_SPANISH}|{_FRENCH}|{_GERMAN})", re.IGNORECASE)
"""What comes before a request in a letter's sentence."""

PLEASE = re.compile(
    r"^(?=[A-ZÄÖÜ][a-zäöüß]{2,20}n\sSie\s(?:\w+\s){0,3}bitte\s)|"
    r"^(?:(?:and|also|therefore|in addition),?\s)?(?:please|kindly|bitte|por favor,?)\s(?=\w)"
    r"(?!(?:accept|find|receive|note|take this|see (?!to)|know|do not hesitate|be assured|"
    r"let me know|nehmen sie|acepte|reciba|allow me|excuse)\b)|"
    r"^(?=(?:pending|until)\s[^,.;:]{3,120},\s(?:(?:ensure|provide|grant|allow|guarantee|give|protect)\s|"
    r"[^,.;:!?]{1,80}?\s(?:must|should)\s))",
    re.IGNORECASE,
)
"""How a request begins that has no lead-in."""

PLEASE_FOR_LIST = re.compile(
    r"(?:^|(?<=[.!?]\s))(?:please|kindly|bitte|por\sfavor)(?!\s(?:write|send|note|find|see|contact)\b)"
    r"[^.:;!?]{0,60}(?::|,\sdass:?)\s*$",
    re.IGNORECASE,
)
"""How a letter leads to a list without a lead-in: "Please ensure that:"."""

CALLS = re.compile(
    r"(?<!\w)(?:"
    r"(?:calling|call)\s(?:up)?on\s(?P<who>[^.;:]{1,120}?)\s(?:to|for)(?=[\s:])|"
    r"(?:urging|asking|urge|ask|requesting|request|implore|imploring|pressing)\s"
    r"(?P<whom>[^.;:]{1,120}?)\s(?:to|that)(?=[\s:])|"
    r"(?:calling|call|asking|appealing)\sfor(?=[\s:])|"
    r"(?:demanding|demand|urging|requesting|insisting)\sthat(?=[\s:]))",
    re.IGNORECASE,
)
"""What readers are to ask of officials, in the words of those who ask them to write."""

LEADS_TO_LIST = re.compile(
    r"(?:please\s(?:write|send|take)|write\s(?:a|to|immediately)|send\s(?:a|an|appeals|messages|letters)|"
    r"recommended\saction|^(?:our\s)?demands\W*$|take\saction|in\syour\s(?:letter|message|appeal|own\swords)|"
    r"what\sto\s(?:say|write|ask)|points\sto\s|"
    r"let\sthem\sknow|(?:urg|call|ask|request|demand)(?:e|ing)?\b[^.]{0,80}$)",
    re.IGNORECASE,
)
"""What a heading or sentence says before a list of what to ask for."""

POINT = re.compile(
    r"(?:and\s)?(?:call(?:ing)?\s(?:up)?(?:on|for)|urg(?:e|ing)|ask(?:ing)?|demand(?:ing)?|request(?:ing)?|"
    r"implor(?:e|ing)|insist(?:ing)?|express(?:ing)?|remind(?:ing)?|welcom(?:e|ing)|acknowledg(?:e|ing)|"
    r"seek(?:ing)?|press(?:ing)?|point(?:ing)?\sout|not(?:e|ing)\sthat|appeal(?:ing)?|stat(?:e|ing)\sthat|"
    r"condemn(?:ing)?|explain(?:ing)?\sthat|recall(?:ing)?|encourag(?:e|ing)|stress(?:ing)?|"
    r"emphasi[sz](?:e|ing)|rais(?:e|ing)|voic(?:e|ing))\b",
    re.IGNORECASE,
)
"""How a point begins that a reader is to make."""

OPENING = re.compile(
    r"(?:dear\s|your\s(?:excellency|honou?r|majesty|highness)|to\swhom\sit\smay|honou?rable\s|"
    r"estimad[oa]s?\b|excelent[ií]sim[oa]\b|su\sexcelencia|vuestra\s|señor(?:a|es)?\s|muy\sseñor|sr\.?a?\.\s|"
    r"monsieur\b|madame\b|mesdames\b|excellence\b|votre\s|sehr\sgeehrte|exzellenz\b|eure\s|"
    r"prezad[oa]|excelência)",
    re.IGNORECASE,
)
"""How a letter begins."""

CLOSING = re.compile(
    r"(?:(?:^|(?<=[.;!?]\s)|(?<=\s\s))(?:"
    r"(?:yours|very)\s(?:sincerely|faithfully|truly|respectfully)|sincerely(?:\syours)?,|respectfully(?:\syours)?,|"
    r"(?:with\s)?(?:kind|best)\sregards|"
    r"(?:muy\s)?atentamente|respetuosamente|cordialmente|le\ssaluda|les\ssaluda|sin\sotro\sparticular|"
    r"con\sel\sdebido\srespeto|se\sdespide|"
    r"mit\s(?:freundlichen|vorzüglicher|hochachtungsvollen|besten)|hochachtungsvoll)"
    r"|(?:^|(?<=[.;!?]\s))(?:[^.;:!?]{0,160}?,\s)?(?:veuillez|je\svous\sprie|nous\svous\sprions|recevez)[^.;:!?]{0,60}?"
    r"(?:agréer|recevoir|croire|accepter|l['’](?:expression|assurance)))",
    re.IGNORECASE,
)
"""How a letter ends."""

NO_MORE = re.compile(
    r"no\s(?:further|more)\s(?:action|appeals|letters)\b[^.]{0,40}\b(?:is|are)\s(?:requested|required|needed|necessary)|"
    r"many\sthanks\sto\s(?:all|everyone|everybody)|no\s(?:further|more)\s(?:action|appeals)\s(?:requested|required|needed)|"
    r"please\s(?:do\snot|don['’]t)\s(?:send|take)\s(?:any\s)?(?:further|more)",
    re.IGNORECASE,
)
"""What closes an action."""
