"""Words by which a sentence tells a happening: English, Spanish, French, German, Portuguese.

General words only. A word of `KINDS` is its beginning: "arrest" is in "arrested", too.
"""

from __future__ import annotations

import re

KINDS: dict[str, str] = {
    "arrest": "arrest|detain|detention|seiz|abduct|kidnap|in custody|in prison|in jail|behind bars|"
    "en prisi[oó]n|im gefängnis|in haft|captur|round(?:ed)? up|apprehend|"
    "deten|deteni|secuestr|interpell|enlev|enlèv|festgenommen|festnahm|verhaft|inhaft|"
    "preso|presa|prend|arrêt|(?:been|was|were|being|is|are) held|been holding|"
    "held (?:in|at|by|without|incommunicado)|remand",
    "sentence": "sentenc|convict|found guilty|condem|condamn|verurteil|jailed|imprison|conden",
    "death": "execut|put to death|hang(?:ed|ing)|ejecut|exécut|hingericht",
    "release": "releas|freed|liber|relâch|freigelassen|entlass|walk(?:ed)? out|libert|solto|solta",
    "acquit": "acquit|exonerat|absuel|absolv|acquitt|freigesprochen|pardon|commut|indult|gracié",
    "charge": "charg|indict|accus|acus|inculp|angeklagt|anklag",
    "trial": "trial|hearing|tried|court appear|juicio|audienc|procès|verhandlung|prozess|julgament",
    "appeal": "appeal|apel|berufung|recurs|recours",
    "kill": "kill|murder|shot dead|died|assassin|asesin|tuer|tué|getötet|ermordet|mort|matar|muri",
    "hurt": "beat|tortur|assault|attack|injur|wound|ill-treat|golpe|battu|geschlagen|misshandelt|"
    "agred|espanc|shot|fired|dispar",
    "search": "search|raid|confiscat|allan|registr|perquisition|fouill|durchsuch|beschlagnahm",
    "threat": "threat|amenaz|menac|bedroh|ameaç",
    "transfer": "transfer|moved|traslad|transfér|verlegt|gebracht|taken to|sent to",
    "vanish": "disappear|missing|desapare|disparu|verschwund|desaparec",
    "protest": "protest|demonstrat|march|strike|manifest|huelga|grève|demonstr|streik",
    "statement": "statement|report|publish|declar|issued|announc|comunicado|communiqué|erklär",
    "law": "law|act|bill|decree|ley|loi|gesetz|lei",
    "visit": "visit|besuch",
}
"""Kinds of happenings, and how the words for each begin."""

VAGUE_KINDS = {"trial", "appeal", "protest", "statement", "law", "visit"}
"""Kinds whose words stand in sentences about other happenings, too."""

OF_KIND = {kind: re.compile(rf"(?<!\w)(?:{words})", re.IGNORECASE) for kind, words in KINDS.items()}

_STRONG = "|".join(
    words for kind, words in KINDS.items() if kind not in {"law", "protest", "statement"}
)
_AUXILIARIES = (
    "was|were|is|are|has|have|had|will|be|been|being|did|does|must|may|might|can|could|should|"
    "would|shall|"
    "fue|fueron|ha|han|había|habían|será|serán|está|están|estaba|viene|vienen|"
    "a été|ont|est|sont|était|étaient|sera|seront|avait|avaient|fut|furent|aura|"
    "ai|(?:n|l|s|qu|t|m|j)['’](?:a|ont|ai|est)|(?:il|elle|on|qui|lui) a|"
    "wurde|wurden|hat|haben|hatte|hatten|ist|sind|waren|wird|werden|soll|sollen|"
    "muss|müssen|kann|können|darf|dürfen|konnte|konnten|"
    "foi|foram|tem|têm|tinha|estão|estava"
)
_IRREGULAR = (
    "began|became|broke|brought|built|bought|came|chose|cut|drew|fed|fell|felt|fled|flew|fought|"
    "found|gave|goes|got|grew|handed|heard|held|hit|kept|knew|led|left|lost|made|meant|met|paid|"
    "put|ran|rang|read|rose|said|sang|saw|sent|set|shot|shut|sold|spoke|spent|spread|stood|stole|"
    "struck|swore|taught|thought|threw|told|took|went|withdrew|woke|won|wore|wrote|"
    "seen|taken|given|beaten|driven|known|thrown|shown|written|spoken|stolen|broken|chosen|"
    "forbidden|hidden|fallen|gone|done|begun|hung|sung|become|withdrawn|overturned|forced|upheld|"
    "remains?|leads|lives|works|runs|teaches|serves|holds|"
    "takes|begins|starts|opens|resumes|faces|turns|expires|intends|plans|hopes|"
    "zeigten?|leiteten?|erklärten?|forderten?|drohten?|brachten?|nahmen?|kamen?|fanden?|gaben?|"
    "begannen?|begann|sagten?|durften?|mussten?|konnten?|wollten?|teilten?|stellten?|setzten?|"
    "sitzt|sitzen|lebt|leben|läuft|steht|stehen|befindet|befinden|verbracht|gibt|gilt|"
    "starben?|verlor(?:en)?|gingen?|zogen?|trafen?|schossen?|schlugen?|griffen?|verboten?|"
    "dijo|pidió|hizo|murió|tuvo|fit|prit|dit|mit|mourut|reconnu|disparu|détenue?s?|tenue?s?|"
    "reçue?s?|perdue?s?|battue?s?|rendue?s?|vue?s?|prise?s?|permis|transmis|remise?s?|"
    "muerto|puesto|hecho|dicho|visto|impuesto|roto|escrito|lleva|llevan|sigue|siguen|"
    "disse|morreu|fez|teve|esteve|feito|visto|posto"
)
_ENDINGS = (
    r"(?=[a-zà-ÿ])(?:\w{2,}(?:ed|ó|aron|ado|ada|ados|adas|ido|ida|idos|idas|é|ée|és|ées|aram|iram|"
    r"èrent|irent)|\w+ieron|(?:(?:an|ab|auf|aus|durch|ein|fest|frei|hin|her|los|mit|"
    r"nach|nieder|um|unter|vor|weg|weiter|zu|zurück|zusammen)?ge|ver|be|er|ent|zer)\w{2,}(?:t|en)|\w{3,}ierte[n]?)"
)
"""A name that ends like a verb begins with a capital letter, and is none."""

STRONG_VERB = re.compile(rf"(?<!\w)(?:{_STRONG})\w*", re.IGNORECASE)
VERB = re.compile(rf"(?<!\w)(?:{_IRREGULAR}|{_ENDINGS})(?!\w)")
GERUND = re.compile(r"(?<!\w)(?=[a-z])(?!during|being|having)\w{3,}ing(?!\w)")
AUXILIARY = re.compile(rf"(?<!\w)(?:{_AUXILIARIES})(?!\w)", re.IGNORECASE)

COMING = re.compile(
    r"\bfac(?:es?|ing)\s(?:\w+\s){1,2}on\s$|\b(?:will|(?:is|are|remains?|now|currently)\s(?:(?:now|currently|next|also)\s)?"
    r"(?:scheduled|due|set|expected|planned|to)\b|goes?\son\strial|takes?\splace|resumes|opens|"
    r"begins|starts|intends|plans|upcoming|next\shearing|scheduled\sfor|"
    r"\w{3,}(?:[aei]rá|[aei]rán)|podría|podrían|va\sa|van\sa|"
    r"risque(?:nt)?|devrait|devraient|pourrait|pourraient|devra|devront|pourra|pourront|va|vont|"
    r"commencera|débutera|comparaîtra|s['’]ouvrira|reprendra|droht|drohen|"
    r"será|serán|está\sprevist|están\sprevist|tendrá|se\scelebrará|comparecerá|"
    r"est\sprévue?|sont\sprévue?s|aura\slieu|sera|seront|doit|doivent|"
    r"wird|werden\sam|soll|sollen|ist\sfür|angesetzt|está\smarcad|serão)\b",
    re.IGNORECASE,
)
"""What is to come, seen from the day on which the document was issued."""

WAS_COMING = re.compile(
    r"\b(?:was|were|had\sbeen|been)\s(?:(?:\w+\s)?(?:scheduled|due|set|expected|planned)|to)\b|"
    r"\bset\s(?:\w+\s){1,3}(?:date|hearing)\b|\bdate\sof\s$|\b(?:execution|hearing)\sdate\b|"
    r"\b(?:if|wenn|falls)\s(?:the|his|her|their|no|he|she|they|it|das|der|die|sein|ihr)\b|"
    r"\b(?:could|may|might|can|must|should|would)\s(?:be|have\sto)\b",
    re.IGNORECASE,
)
PAST = re.compile(
    r"\b(?:was|were|had|has|have|did|went|took|said|told|fue|fueron|ha|han|había|a\sété|ont|était|"
    r"wurden?|hat|haben|hatten?|foi|foram)\b|\w{3,}(?:ed|ó|aron|ieron)\b",
    re.IGNORECASE,
)
MEANT_FOR = re.compile(r"\b(?:for|para|pour|für)\s(?:the\s|el\s|le\s|den\s)?$", re.IGNORECASE)
LEFT_OPEN = re.compile(
    r"\b(?:to\s[a-z]+|has|postponed|adjourned|extended|prolonged|remanded|aplazad[oa]|reporté|"
    r"vertagt|verlängert|adiad[oa])\b",
    re.IGNORECASE,
)
AHEAD_OF = re.compile(
    r"\b(?:before|ahead\sof|in\sthe\srun-up\sto|until|antes\sdel?|de\scara\sa|avant|vor|antes\sd[ao]s?)"
    r"\s(?:the\s|his\s|her\s|their\s|l[aeo]s?\s|el\s|de[nmr]\s)?(?:[^\s,;]+\s){1,3}"
    r"(?:on|of|del?|du|le|am|vom|em)\s$",
    re.IGNORECASE,
)
"""What was still to come when the rest happened: "weeks before the election on"."""
BY_THEN = re.compile(
    r"\b(?:by|before|to|until|no\slater\sthan|antes\sdel?|avant|bis|até)\s(?:the\s|el\s|le\s|zum\s)?$",
    re.IGNORECASE,
)
"""What is to come by a day, or was to."""
