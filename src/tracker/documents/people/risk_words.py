"""What stands around the names of people at risk, and around those of others."""

from __future__ import annotations

import re

_RELATIVE = (
    r"wife|husband|spouse|partner|brothers?|sisters?|sons?|daughters?|father|mother|parents|uncle|aunt|"
    r"cousin|nephew|niece|grandfather|grandmother|fianc[eé]e?|girlfriend|boyfriend|"
    r"esposa|esposo|marido|mujer|hermano|hermana|hijo|hija|padre|madre|compañer[oa]|pareja|tío|tía|prim[oa]|"
    r"femme|épouse|époux|mari|frère|sœur|soeur|fils|fille|père|mère|compagn[eo]n?|oncle|tante|"
    r"ehefrau|ehemann|bruder|schwester|sohn|tochter|vater|mutter|partnerin|lebensgefährt(?:e|in)"
)
_FELLOW = (
    r"lawyers?|attorney|advocate|counsel|colleagues?|friends?|neighbou?r|co-?defendants?|co-?accused|predecessor|"
    r"successor|boss|employer|assistant|driver|teacher|doctor|comrade|associate|"
    r"cellmate|bodyguard|"
    r"abogad[oa]|amig[oa]|colega|conductor|defensor|avocate?|amie?|collègue|chauffeur|"
    r"anw[aä]lt(?:in)?|rechtsanw[aä]lt(?:in)?|freund(?:in)?|kolleg(?:e|in)|verteidiger(?:in)?"
)
_OWNER = (
    r"his|her|their|whose|my|our|sus?|son|sa|leurs?|sein(?:e[rmn]?)?|ihr(?:e[rmn]?)?|deren|dessen|"
    r"[\w’'-]+['’]s?"
)

BEFORE_RELATIVE = re.compile(
    rf"(?<!\w)(?:{_RELATIVE})(?:-in-law)?,?\s+(?:(?:and\s)?\w+\s+)?$", re.IGNORECASE
)
"""Before a relative's name: "his wife "."""

BEFORE_OTHERS = re.compile(
    rf"(?<!\w)(?:{_OWNER})\s(?:[\w’'-]+\s){{0,2}}(?:{_RELATIVE}|{_FELLOW})(?:-in-law)?,?\s"
    rf"(?:(?:the|el|la|le|der|die)\s)?(?:[\w.’'-]+\s){{0,3}}$"
    rf"|(?<!\w)(?:{_RELATIVE}|{_FELLOW})\s(?:of|de|del|du|d['’]|von|des|der|eines|einer)\s?[^.;:!?]{{1,50}},\s$"
    rf"|(?<!\w)(?:by|with|to|from|avocat|anwalt|abogado)\s(?:the\s)?(?:{_FELLOW})\s$"
    rf"|(?<!\w)(?:famil(?:y|ies)|relatives|union|group)['’]s?\s(?:{_FELLOW})\sis\s$",
    re.IGNORECASE,
)
"""Before the name of somebody who stands near the one at risk: "his lawyer, ", "X's sister, "."""

AFTER_OTHERS = re.compile(
    rf"\s?,\s(?:(?:the|his|her|their|a|el|la|su|le|son|sa|der|die|sein|seine|ihr|ihre)\s)?(?:\w+\s)?"
    rf"(?:{_RELATIVE}|{_FELLOW})(?!\w)",
    re.IGNORECASE,
)
"""After such a name: ", the brother of X"."""

_BETWEEN = r"(?:(?!(?:relatives?|family|lawyers?|famil(?:le|ia|ie))\s)[\w#*’'-]+\s){0,5}"
BEFORE_AT_RISK = re.compile(
    r"(?<!\w)(?:"
    r"releas(?:e|ing)(?:\sof)?|freed?(?:om)?(?:\s(?:of|for))?|(?:on\s)?behalf\sof|case\sof|"
    r"concern(?:s|ed)?\s(?:for|about|at|over|regarding)|concerning|regarding|situation\sof|plight\sof|fate\sof|"
    r"(?:detention|arrest|imprisonment|sentencing|execution|trial|disappearance|whereabouts|safety|deportation|"
    r"prosecution|conviction|persecution|torture|abduction|health|well-?being|life|lives|rights|extradition|refoulement|"
    r"protection)\sof|"
    r"(?:charges|case|proceedings|sentences?|verdict|attacks?|threats)\s(?:against|of|on)|protect|sav(?:e|ing)|pardon|acquit|"
    r"commute|search\sfor|(?:writ(?:e|ing)|know)\s(?:to\syou\s)?(?:about|regarding|concerning)|"
    r"in\sthis\surgent\saction:|subject:|re:|justice\sfor|ensure\sthat|allow|provide|"
    r"libert(?:ad|ar|e|en)(?:\s(?:de|a))?|liberación\sde|excarcel\w+\s(?:de|a)|(?:caso|situación|seguridad|vida|detención|"
    r"protección|salud|desaparición|paradero|integridad|encarcelamiento|condena)\sde|preocupación\s(?:por|ante)|"
    r"(?:en\s)?(?:favor|nombre)\sde|asunto:|cargos\scontra|acerca\sde|"
    r"libér(?:er|ez|ation\sde)|(?:en\s)?faveur\sde|au\ssujet\s(?:de|d['’])|inquiétudes?\s(?:au\ssujet\s)?(?:de|pour|concernant)|"
    r"préoccup\w+\s(?:par|pour|concernant)|(?:cas|situation|sort|détention|libération|arrestation|santé|vie|sécurité|"
    r"disparition|condamnation|secret)\s(?:de|d['’])|objet\s?:|concernant|"
    r"sorge\s(?:um|über)|(?:fall|lage|freilassung|schicksal|situation|inhaftierung|festnahme|gesundheit|leben|sicherheit|"
    r"verurteilung|verhaftung|hinrichtung|verbleib)\s(?:von|der|des)|für|betreff:|gegen|einsatz\sfür"
    rf")\s{_BETWEEN}$",
    re.IGNORECASE,
)
"""Before the name of who is at risk: "release ", "in the case of activist "."""

BEFORE_HARMED = re.compile(
    r"(?<!\w)(?:arrest(?:ed)?|detain(?:ed)?|sentenced|charged|convicted|abducted|kidnapped|tortured|jailed|beat|"
    r"shot|attacked|threatened|summoned|execute[d]?|deport(?:ed)?|extradite[d]?|took|seized|"
    r"detuvieron\sa|detuvo\sa|condenó\sa|arrestó\sa|secuestraron\sa|arrêté|condamné|enlevé)\s"
    r"(?!(?:by|par|von|durch|por)\s)(?:[\w#*’'-]+,?\s){0,4}$",
    re.IGNORECASE,
)
"""Before the name of somebody to whom something was done: "police arrested "."""

BEFORE_PLACE = re.compile(
    r"(?<!\w)(?:in|at|near|outside|around|en|à|dans|près\sde|aus|nach|bei|cerca\sde|town\sof|city\sof|village\sof|"
    r"capital,?|desde|hacia|company|newspaper|magazine|website|channel|station|village|town|city|district|"
    r"river|province|region|prison|neighbou?rhood|party|group|empresa|pueblo|ciudad|barrio|entreprise|"
    r"ville|unternehmen|stadt|dorf)\s$",
    re.IGNORECASE,
)
"""Before the name of a place or a body."""

BEFORE_NO_SUBJECT = re.compile(
    r"(?<!\w)(?:of|in|at|from|near|to|by|with|against|de|du|del|à|en|von|aus|nach|bei|durch|por|con|mit|par|against|under|called)\s"
    r"(?:the\s)?$|d['’]$",
    re.IGNORECASE,
)
"""Before a name that is not what its sentence is about."""

_HARM = (
    r"(?:re-?)?arrested|detained|sentenced|charged|convicted|imprisoned|jailed|disappeared|abducted|kidnapped|"
    r"tortured|executed|tried|held|taken|attacked|shot|threatened|beaten|at\s(?:imminent\s|grave\s|real\s|high\s)?risk|"
    r"in\s(?:danger|detention|prison|custody|hiding)|released|on\strial|hospitali[sz]ed|denied|missing|evicted|"
    r"deported|extradited|accused|prosecuted|summoned|harassed|facing|serving|due\sto|seen|fac(?:es|e|ed)|"
    r"(?:death\s)?threats|amenazas|menaces|"
    r"goes|remains?|disappeared|seized|put|forced|placed|transferred|indicted|questioned|interrogated|moved|"
    r"detenid[oa]s?|arrestad[oa]s?|condenad[oa]s?|encarcelad[oa]s?|secuestrad[oa]s?|amenazad[oa]s?|acusad[oa]s?|"
    r"desaparecid[oa]s?|desapareci(?:ó|eron)|atacad[oa]s?|procesad[oa]s?|"
    r"arrêtée?s?|détenue?s?|condamnée?s?|emprisonnée?s?|disparue?s?|disparu|enlevée?s?|menacée?s?|inculpée?s?|hospitalisée?s?|"
    r"incarcérée?s?|poursuivie?s?|"
    r"festgenommen|inhaftiert|verurteilt|verhaftet|angeklagt|verschwunden|bedroht|entführt|gefoltert|haft"
)
HARM = re.compile(rf"(?<!\w)(?:{_HARM})(?!\w)", re.IGNORECASE)
"""What happens to people at risk."""

AFTER_AT_RISK = re.compile(
    rf"(?:\s?\([^()]{{1,60}}\))?(?:,[^.;:!?]{{1,160}}?,)?(?:,\swho)?\s"
    rf"(?:(?:was|were|is|are|has|have|had|been|being|will|be|not|both|also|all|since|now|still|currently|may|could|"
    rf"fue|fueron|ha|han|sido|está|están|había|a|ont|été|est|sont|avait|wurde|wurden|ist|sind|war|sitzt|\w+ly|"
    rf"again|souffre|recibió|received|reçu|in|on|am|\d{{1,2}}\.?|\d{{4}}|[JFMASOND][\w]+)\s){{0,7}}(?:{_HARM})(?!\w)",
    re.IGNORECASE,
)
"""After the name of who is at risk: " was arrested"."""

GENDER_MARK = re.compile(r"\s?\((?:m|f|male|female)\)", re.IGNORECASE)
_AGE = (
    r"(?:aged\s|de\s|âgée?s?\sde\s|im\salter\svon\s)?\d{1,3}"
    r"(?:[\s-](?:years?(?:[\s-]old)?|años(?:\sde\sedad)?|ans|jahre(?:\salt)?))?"
)
AGE = re.compile(rf",?\s\(?{_AGE}\)?(?=[\s,.;])", re.IGNORECASE)
LISTED_TOGETHER = re.compile(
    rf"(?:\s?\([^()]{{0,60}}\))?(?:,?\s{_AGE})?\s?(?:,|;)?\s?"
    r"(?:(?:and|y|e|et|und|&)\s(?:(?!(?:his|her|their|whose)\s)[a-zà-ÿ-]+\s){0,3})?(?:(?:Mr|Ms|Mrs|Dr)\.?\s)?",
    re.IGNORECASE,
)
"""What stands between the names of a list."""
