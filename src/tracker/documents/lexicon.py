"""Words by which the parts of an address are told: roles, institutions, streets, countries.

English, Spanish, French, German and a little more; general words only, no name of anybody.
"""

from __future__ import annotations

import re
from functools import cache

from babel import Locale


def _pattern(words: str, *, ends: str = r"(?!\w)") -> re.Pattern[str]:
    found = "|".join(sorted(words.split("|"), key=len, reverse=True))  # so no group has a "|"
    return re.compile(rf"(?<!\w)(?:{found}){ends}", re.IGNORECASE)


ROLE = _pattern(
    # English
    "acting|managing director|executive chairman|chief commissioner|"
    "commissioner general|commissioner-general|general delegate|"
    "delegate general|delegate|deputy minister|administrator|advisor|ambassador|archbishop|"
    "army chief|"
    "attorney general|attorney-general|auditor general|caretaker|chair|"
    "chairman|chairperson|chairwoman|chancellor|charg[eé] d['’]affaires|chief|"
    "chief minister|chief executive|"
    "chief justice|chief of police|chief of staff|commandant|commander|commander-in-chief|"
    "commissioner|comptroller|consul|consul general|coordinator|counsellor|counselor|crown prince|"
    "deputy|director|director general|director-general|emir|emperor|executive director|"
    "executive secretary|general secretary|governor|governor general|head|"
    "head of state|high commissioner|home secretary|inspector|inspector general|judge|justice|"
    "king|leader|"
    "lord chancellor|magistrate|manager|"
    "mayor|minister|ombudsman|ombudsperson|ombudswoman|permanent representative|"
    "permanent secretary|"
    "police chief|"
    "premier|president|prime minister|prince|principal|procurator|procurator general|"
    "procurator-general|prosecutor|"
    "prosecutor general|prosecutor-general|public defender|public prosecutor|queen|"
    "rector|registrar|representative|secretary|secretary general|secretary of state|"
    "sheriff|solicitor general|speaker|spokesperson|state secretary|sultan|"
    "superintendent|superintendent general|supreme leader|supreme leader of|taoiseach|treasurer|"
    "under-secretary|under secretary|undersecretary|vice chair|vice president|vice-president|"
    "vice chairman|vice minister|warden|ceo|chief executive officer|"
    "ngo|local ngo|human rights ngo|local human rights ngo|newspaper|local newspaper|"
    "human rights organization|human rights organisation|"
    "state counsellor|"
    # Spanish, Portuguese
    "alcalde|alcaldesa|canciller|comandante|comisario|comisionado|contralor|defensor del pueblo|"
    "defensora del pueblo|delegado|diputado|director|directora|embajador|embajadora|fiscal|fiscala|"
    "fiscal general|gobernador|gobernadora|jefe|jefa|juez|jueza|magistrado|magistrada|ministra|"
    "ministro|presidenta|presidente|primer ministro|procurador|procuradora|procurador general|"
    "rector|rectora|"
    "secretaria|secretario|subsecretario|superintendente|viceministro|vicepresidente|"
    "embaixador|governador|secretário|procurador-geral|"
    # French, Dutch
    "ambassadeur|ambassadrice|commandant|commissaire|directeur|directrice|garde des sceaux|"
    "gouverneur|gouverneure|juge|maire|ministre|premier ministre|président|présidente|préfet|"
    "préfète|"
    "procureur|procureure|procureur général|recteur|roi|secrétaire|secrétaire général|"
    # German
    "botschafter|botschafterin|bundeskanzler|bundeskanzlerin|bürgermeister|bürgermeisterin|"
    "direktor|"
    "direktorin|generaldirektor|generalsekretär|generalstaatsanwalt|generalstaatsanwältin|"
    "gouverneur|"
    "gouverneurin|innenminister|innenministerin|justizminister|justizministerin|könig|königin|"
    "kanzler|"
    "leiter|leiterin|ministerin|ministerpräsident|ministerpräsidentin|oberstaatsanwalt|"
    "polizeipräsident|polizeichef|premierminister|premierministerin|präsident|präsidentin|"
    "richter|richterin|"
    "staatsanwalt|staatsanwältin|staatspräsident|staatssekretär|außenminister|außenministerin"
)
"""What somebody is."""

INSTITUTION = _pattern(
    "presidency|cabinet office|cabinet offices|délégation|délégation générale|academy|"
    "administration|agency|assembly|authority|barracks|board|bureau|cabinet|centre|center|"
    "chambers|chancellery|command|commission|committee|company|consulate|corporation|correctional|"
    "council|court|department|directorate|division|embassy|executive|federation|force|forces|"
    "government|government house|headquarters|high commission|house|institute|institution|"
    "inspectorate|jail|judiciary|legislature|mansion|ministry|mission|national|office|palace|"
    "parliament|penitentiary|police|police station|prison|procuracy|procuratorate|prosecution|"
    "prosecutor['’]s office|residence|secretariat|senate|service|services|state house|station|"
    "supreme court|tribunal|university|"
    "alcaldía|asamblea|cancillería|casa|casa de gobierno|comisaría|comisión|congreso|consejo|corte|"
    "defensoría|departamento|dirección|dirección general|embajada|fiscalía|gobernación|gobierno|"
    "instituto|juzgado|unidad|ministerio|palacio|penitenciaría|policía|presidencia|procuraduría|"
    "secretaría|"
    "senado|tribunal|ministério|palácio|embaixada|secretaria de estado|"
    "ambassade|assemblée|bureau|cabinet|chancellerie|commissariat|conseil|consulat|cour|direction|"
    "hôtel de ville|maison|maison d['’]arrêt|mairie|ministère|palais|parquet|police|préfecture|"
    "présidence|primature|prison|secrétariat|sénat|tribunal|"
    "amt|behörde|botschaft|bundeskanzleramt|bundesministerium|generalkonsulat|"
    "generalstaatsanwaltschaft|"
    "gericht|gefängnis|innenministerium|justizministerium|kanzlei|konsulat|ministerium|palast|"
    "parlament|"
    "adalet bakanl\u0131ğ\u0131|içişleri bakanl\u0131ğ\u0131|"
    "d\u0131şişleri bakanl\u0131ğ\u0131|cumhurbaşkanl\u0131ğ\u0131|"
    "polizeipräsidium|präsidialamt|präsidialverwaltung|präsidialkanzlei|regierung|"
    "staatsanwaltschaft"
)
"""Where somebody works."""

STREET = _pattern(
    r"avenue|ave|av|alley|block|blvd|bldg|boulevard|building|box|city|close|county|crescent|"
    r"district|drive|"
    r"floor|gate|gardens|highway|hill|lane|mail bag|municipality|no|p\.? ?o\.? ?box|p\.? ?o|"
    r"place|plaza|postal code|"
    r"private bag|province|quarter|road|rd|room|route|row|sector|sq|square|st|state|street|"
    r"suite|terrace|tower|"
    r"village|ward|way|zip|zone|"
    r"apartado|av|avda|avenida|barrio|calle|carrera|ciudad|código postal|colonia|cp|c\.p|"
    r"edificio|esquina|"
    r"esq|jirón|jr|km|paseo|piso|plaza|sector|urbanización|zona|bairro|praça|rua|"
    r"bd|boîte postale|b\.?p|cedex|chaussée|cité|place|quai|quartier|route|rue|"
    r"allee|gasse|platz|postfach|straße|strasse|str|ufer|weg|"
    r"bulvar|bulvari|caddesi|cad|daerah|jalan|jl|köçesi|mah|mahallesi|nab|prospekt|pr|"
    r"prospect|pereulok|per|"
    r"pl|ploshchad|rruga|sheng|shi|sk|sokak|sok|ul|ulica|ulitsa|vul|vulitsa|vulytsia|xian|zhen",
    ends=r"(?!\w)\.?",
)
"""Words of streets and places."""

COURTESY = re.compile(
    r"(?:(?:[hi]\.? ?e\.?|his excellency|her excellency|son excellence|sa majesté|su excelencia|"
    r"seine exzellenz|ihre exzellenz|his highness|his majesty|hon\.?|"
    r"the hon\.?|honou?rable|the honou?rable|rt\.? hon\.?|the right honou?rable|mr\.?|mrs\.?|ms\.?|"
    r"miss|mx\.?|dr\.?|dra\.?|prof\.?|eng\.?|ing\.?|lic\.?|licda\.?|sr\.?|sra\.?|srta\.?|señor|"
    r"señora|"
    r"don|doña|s\.? ?e\.?|m\.(?=\s)|mme\.?|mlle|monsieur|madame|herrn?|frau|s\.? ?e\.? herrn?|"
    r"dhr\.?|"
    r"mevr\.?|u|daw|ko|sayyid|shri|smt\.?|sri|excelentísimo señor|exmo\.? sr\.?|"
    r"excmo\.? sr\.?)\s+)+"
    r"(?:dr\.?\s+|prof\.?\s+)?",
    re.IGNORECASE,
)
"""Forms of address before a name, none of which is a part of it."""

STREET_BEFORE = re.compile(
    r"(?:av|avda|bd|blvd|bulv|col|jl|pl|ul|vul|per|pr|prosp)\.\s|(?:av|avenida|barrio|boulevard|"
    r"bulevar|calle|carrera|colonia|diagonal|edificio|jirón|paseo|prospekt|route|rue|ul|vul|"
    r"jalan|rua|"
    r"via|place|plaza|angle|quartier|apartado|postfach|b\.?p\.?|c\.?p\.?|km)"
    r"\s(?=(?:de|del|du|des|da|do|la|el|al|d['’])[\s\w]|[A-ZÀ-Þ\d])",
    re.IGNORECASE,
)
"""Words of streets that stand before the name."""

RANK = re.compile(
    r"(?:(?:senior|brigadier|major|lieutenant|lt\.?|maj\.?|brig\.?|air chief|vice|rear|staff|"
    r"polkovnik|podpolkovnik)[ -])*"
    r"(?:general|gen\.?|colonel|col\.?|major|captain|capt\.?|admiral|marshal|brigadier|"
    r"commodore|lieutenant|lt\.?|"
    r"polkovnik|podpolkovnik|général|coronel|oberst|ayatollah|grand ayatollah|sheikh|sheikha|"
    r"hojjatoleslam|"
    r"senator|senador|senadora)\s+(?!of\b|for\b|de\b|der\b|du\b|in\b|"
    r"command|secretary|prosecutor|attorney|director|delegate)",
    re.IGNORECASE,
)
"""A soldier's rank before a name, and no office."""

_DOT = "|".join(
    rf"(?<={form})\."
    for form in ("Mr", "Mrs", "Ms", "Dr", "Sr", "Sra", "Dra", "Hon", "Prof", "Lic", "H", "E")
)
OPENING = re.compile(
    r"(?:(?:dear|to whom it may concern|your (?:excellenc(?:y|ies)|honou?r|majesty|highness|"
    r"eminence)|"
    r"excellency|"
    r"estimad[oa]s?|distinguid[oa]s?|respetad[oa]s?|excelencia|su excelencia|muy señor|"
    r"votre excellence|"
    r"sehr geehrte[rs]?|exzellenz|eure exzellenz|sehr verehrte[rs]?|geachte|"
    rf"prezad[oa])\b(?:[^.!?:;]|{_DOT}){{0,160}}[,:;，：]?"
    r"|(?:honou?rable|respected|sir|madam|señor(?:a|es)?|excelent[ií]simo|monsieur|madame|"
    r"excellence|mesdames|exmo|caro|senhor)"
    rf"\b(?:[^.!?:;]|{_DOT}){{0,160}}[,:，：])\s*$",
    re.IGNORECASE,
)
"""The row with which a letter begins."""


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(text.split())


PARTICLES = word_set(
    "a al an and as at bin binti by da dal das de dei del della den der des di do dos du e ed el "
    "en et for from für i ibn im in la las le les los mit of on ould por the to und under van vom "
    "von y zu zum zur"
)
"""Words that stay small in names, roles and addresses."""


@cache
def countries() -> frozenset[str]:
    """Return the names of all countries, in the languages of the documents, casefolded."""
    names = set(_MORE_COUNTRIES)
    for language in ("en", "es", "fr", "de"):
        locale = Locale(language)
        names |= {
            name.casefold()
            for code, name in locale.territories.items()
            if len(code) == 2 and code.isalpha()
        }
    return frozenset(name.replace("’", "'") for name in names)


_MORE_COUNTRIES = (
    "people's republic of china", "pr china", "p.r. china", "prc", "dprk", "drc", "usa", "u.s.a.",
    "united states of america", "uk", "united kingdom", "great britain", "england", "scotland",
    "wales", "northern ireland", "uae", "russian federation", "islamic republic of iran",
    "republic of korea", "viet nam", "burma", "swaziland", "ivory coast", "côte d'ivoire",
    "hong kong", "macau", "czech republic", "turkey", "türkiye", "kingdom of saudi arabia",
    "arab republic of egypt", "lao pdr", "syrian arab republic", "republic of belarus",
    "palestine", "state of palestine", "kurdistan region of iraq", "congo-kinshasa",
)  # fmt: skip

_COUNTRY_TITLE = re.compile(
    r"(?:the )?(?:(?:islamic|people['’]?s|democratic|socialist|arab|bolivarian|federal|federative|"
    r"united|hashemite|plurinational|cooperative|co-operative|gabonese|togolese|hellenic|french|"
    r"kyrgyz|"
    r"slovak|dominican|independent|sovereign|eastern|oriental) )*"
    r"(?:republic|kingdom|state|states|federation|sultanate|union|principality|commonwealth|"
    r"emirate|"
    r"emirates|república|république|republik|royaume|königreich|reino|grand duchy|duchy|empire)"
    r"(?: of| de| du| d['’]| do| da)?(?: the)? (?=\S)",
    re.IGNORECASE,
)


def ends_with_country(text: str) -> bool:
    """Return whether a line of an address ends in the name of a country."""
    plain = text.casefold().replace("’", "'").rstrip(" .,;")
    last = plain.rsplit(",", 1)[-1].strip()
    words = last.split()
    return is_country(last) or any(
        " ".join(words[-number:]) in countries() for number in range(1, min(5, len(words)) + 1)
    )


def is_country(text: str) -> bool:
    """Return whether a line is the name of a country and nothing else."""
    plain = text.casefold().replace("’", "'").strip(" .,;")
    if plain in countries():
        return True
    title = _COUNTRY_TITLE.match(plain)
    rest = plain[title.end() :] if title else ""
    return bool(rest) and (rest in countries() or len(rest.split()) == 1)
