"""Words beside and inside names: particles, forms of address, and what is no name at all.

English, Spanish, French, German, Portuguese; general words only.
"""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PARTICLES = _words(
    "al el bin bint binti binte ibn ben abd abu abou umm um de del della di da das do dos du "
    "d van von ten ter ould uld wuld mint ag ul ur ud zu zur san af"
)
"""Small words inside names."""

CONTINUING = _words("la las los le der den dem")
"""Small words that go on after a particle: "de la", "van der"."""

COURTESY_WORDS = _words(
    "mr mrs ms miss mx dr dra prof professor professora doctor doctora sir madam rev reverend "
    "father fr pastor sister sr sra srta don doña señor señora señorita monsieur madame "
    "mademoiselle m mme mlle me maître herr herrn frau ing lic eng engr licenciado licenciada "
    "bishop archbishop cardinal ayatollah hojatoleslam padre abbé hno hna "
    "imam haj hajj hajji haji sheikh shaikh sheik mullah maulana"
)
"""What may stand before anybody's name and is no part of it."""

FIRST_NAMES_TOO = _words("imam haj hajj hajji haji sheikh shaikh sheik mullah maulana")
"""Forms of address that also stand inside names: "Abdullah Haji Karim"."""

OFFICE_WORDS = _words(
    "judge justice general colonel captain lieutenant sergeant major brigadier corporal chief "
    "officer excellency ambassador senator congressman congresswoman deputy attorney lawyer "
    "barrister sheriff king queen prince princess crown emir sultan ayatollah commander "
    "inspector superintendent warden excelencia excellence exzellenz excelentísimo "
    "excelentísima licenciado abogado abogada juez jueza avocat avocate anwalt anwältin "
    "rechtsanwalt rechtsanwältin richter richterin"
)
"""Offices besides those of addressees: who bears one is rarely who is at risk."""

PLACE_WORDS = _words(
    "city town village province county state district region governorate oblast prefecture "
    "municipality department street road avenue boulevard river lake mountain island islands "
    "valley bay coast forest reserve peninsula gulf hills delta harbour port border desert "
    "north south east west northern southern eastern western central airport hospital clinic "
    "school college university church mosque temple centre center camp jail prison "
    "penitentiary detention institute association union movement foundation organization "
    "campaign fund trust memorial activities offences offenses crimes terrorism "
    "organisation network coalition alliance front party league forum collective cooperative "
    "federation confederation committee council congress commission court tribunal ministry "
    "police army guard guards forces force battalion brigade corps agency authority bureau "
    "office embassy consulate company corporation mine dam project newspaper times news radio "
    "television tv agency press post herald daily weekly magazine review watch international "
    "amnesty nations front act law code convention covenant protocol declaration article bill "
    "constitution treaty award prize day report republic kingdom emirate emirates federation "
    "barrio calle colonia comunidad río rio cerro montaña valle ciudad pueblo municipio "
    "provincia estado universidad escuela hospital cárcel cantón resguardo vereda partido "
    "movimiento asociación fundación red frente sindicato organización cabildo consejo rue "
    "ville village région lycée école université hôpital prison parti mouvement syndicat "
    "collectif front ligue stadt dorf gefängnis universität schule krankenhaus partei verein "
    "bewegung gewerkschaft stiftung verband bund straße strasse"
)
"""Places and bodies: the capitalised words beside them are theirs."""

MONTHS = _words(
    "january february march july september october november december enero febrero marzo "
    "abril mayo junio julio septiembre octubre noviembre diciembre janvier février mars avril "
    "juin juillet août septembre octobre novembre décembre januar februar märz juli oktober "
    "dezember"
)
"""April, May, June and August are names as well, and are not here."""

OTHER_WORDS = MONTHS | _words(
    "a about according action activist activists additional after again against all also "
    "although always am an and another any appeal are as asylum at background be because been "
    "before being between both but by call called calling can cases case concern concerned "
    "contact copies copy could date dear demand despite did do does due during each email end "
    "ensure every example facebook fax family few finally first following for former free "
    "freedom from further give had has have he health her here his home honourable hon how "
    "however human i if immediately in information instagram instead internet is it its "
    "journalist journalists just last later let letter like link make many may me meanwhile "
    "media members model more moreover most mother mrs much my name names national new next "
    "no none nor not note nothing now of on once one only or other others our out over page "
    "pending people phone please poet political president press previous prisoner prisoners "
    "protect release released rights salutation saturday sunday monday tuesday wednesday "
    "thursday friday second security send sentenced several she should since sincerely so "
    "some special stop student students such supreme take tel telegram telephone than that "
    "the their them then there therefore these they third this those though three through "
    "thus to today together torture twitter two ua under until up update upon urge urgent us "
    "very was we web website were what when where whereas which while who whose why will with "
    "within without woman women world would write yet you your yours youth defender defenders "
    "death penalty conscience gender saudi chinese russian iranian egyptian american european "
    "african asian arab arabic muslim christian buddhist catholic jewish kurdish indigenous "
    "islamic israeli palestinian syrian turkish vietnamese mexican british french german "
    "spanish english indian pakistani uyghur tibetan federal democratic socialist united high "
    "military criminal penal civil public private government governmental parliament cyber el "
    "la los las un una por para con sin sobre según desde hasta cuando como así además "
    "también asimismo le les l une des du dans sur selon depuis après avant pour par avec "
    "sans il elle ils elles je nous vous der die das den dem des ein eine einen einem einer "
    "und oder nach seit vor mit ohne für gegen über am im zum zur sie er es wir ich ihr ihre "
    "ihren sein seine bitte sehr geehrte geehrter geehrten menschenrechte folter freilassung "
    "freiheit sorge fall lage familie urteil haft gefangene gefangenen derechos humanos "
    "detención libertad carta estimado estimada nombre droits humains liberté lettre nom "
    "prénom objet yo le su sus nuestra nuestro este esta estos estas three four five six "
    "seven eight nine ten eleven twelve cartoonist engineer poet artist blogger singer "
    "teacher nurse farmer filmmaker photographer academic scholar researcher economist writer "
    "author unionist leader environmentalist musician rapper actor actress publisher editor "
    "reporter translator peasant shepherd cleric priest beekeeper fisherman carpenter driver "
    "baker trader worker historian scientist physician surgeon psychologist architect "
    "comedian painter dancer athlete footballer campaigner organiser organizer whistle-blower "
    "whistleblower dissident detainee opponent politician founder co-founder chairman"
)
"""Words that begin sentences or stand in headings, and are no part of a name there."""

NOUN_ENDINGS = re.compile(
    r"(?:verteidiger|aktivist|journalist|gefangene[rn]?|gewerkschafter|lehrer|rechtler|arbeiter|künstler|"
    r"forscher|student|sprecher|politiker|kritiker|dichter|sänger|demonstrant|anwalt|anwält|gründer|"
    r"häftling|reporter|fotograf|redakteur|professor|mitglied|vorsitzende[rn]?)(?:in|innen|s|es|en|n|e)?$|"
    r"[^\W\d_]{2}(?:schaft|heit|keit|ungen|ung|ismus|tions?|ción|sión|dad|ments?|ness)$"
)
"""How nouns end that German, or a heading, writes with a capital."""

GROUP_WORDS = _words(
    "villagers people persons others other community communities family families residents "
    "members member protesters protestors demonstrators students activists journalists "
    "defenders lawyers prisoners detainees refugees migrants workers farmers children women "
    "men girls boys individuals group groups inhabitants relatives supporters leaders "
    "teachers monks nuns employees staff civilians households unknown various several many "
    "multiple mixed tbc tbd peoples brothers sisters siblings "
    "unnamed unidentified undisclosed none n/a na nil anonymous withheld names name "
    "tribe tribes population asylum-seekers seekers all both comunidad comunidades familia "
    "familias personas pueblo pueblos habitantes miembros otros otras varios varias "
    "desconocido communauté communautés famille personnes habitants membres autres "
    "gemeinschaft familie bewohner mitglieder andere weitere unbekannt"
)
"""What a list of names has where it names a group, or nobody."""

GERMAN_ARTICLES = _words(
    "der die das dem den des ein eine einen einem einer eines im am zum zur ins vom beim ihre "
    "ihren ihrer seine seinen seiner als"
)
"""After these German has a noun: what comes next is no first name."""
