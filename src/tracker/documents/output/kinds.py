"""The words of a document by which the kind of an event is told."""

from __future__ import annotations

import re

from tracker.models import EventKind

MOST_CHARACTERS = 3000
"""No sentence is longer: where one seems to be, the rest of it is not looked at."""


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(words.split())})".replace("_", " "), re.IGNORECASE)


# Beginnings of words in English, Spanish, French and German; `_` is a space, `~` the end of a word.
# Where two kinds begin at one place, the one that stands first here is meant.
_WORDS: dict[EventKind, str] = {
    EventKind.OPINION: (
        "UN_Working_Group UN_experts? UN_Special UN_Committee United_Nations_Working "
        "United_Nations_experts? Special_Rapporteur Working_Group_on Grupo_de_Trabajo Relator "
        "Groupe_de_travail Rapporteu Arbeitsgruppe Sonderberichterstatter"
    ),
    EventKind.STATEMENT: (
        "released_a_(?:joint_|public_|press_)?statement statement~ open_letter petition~ "
        "condemned~ called_(?:on|for)~ urged~ declaración_conjunta comunicado~ "
        "déclaration_commune lettre_ouverte offene[rn]?_Brief"
    ),
    EventKind.RELEASE: (
        "released freed~ set_free~ bailed~ released_on_bail acquitted pardoned liberad "
        "puest[oa]s?_en_libertad quedó_en_libertad libérée?s?~ remise?s?_en_liberté acquitt "
        "freigelassen freigekommen freigesprochen"
    ),
    EventKind.APPEAL: (
        "appeal upheld~ overturned~ quashed~ cassation apel(?:ó|ación|aron|ar)~ recurso_de "
        "recurrió~ fait_appel interjeté en_appel cour_d.appel Berufung legte_Revision"
    ),
    EventKind.SENTENCE: (
        "sentenced sentences~ death_sentence convicted~ conviction found_guilty condenad "
        "condenó~ sentenciad declarad[oa]s?_culpable condamn verurteil schuldig_gesprochen"
    ),
    EventKind.TRIAL: (
        "trials?~ retrial hearings?~ tried~ appeared_(?:in|before)~ stand_trial juicio "
        "audiencia_ vista_oral compareció~ procès~ audience_ comparu Prozess~ Verhandlung "
        "Gerichtsverhandlung vor_Gericht"
    ),
    EventKind.CHARGE: (
        "charged~ charges~ indict accused_of~ imputad imputó acusad[oa]s?_(?:de|por) inculpé "
        "mise?s?_en_examen accusée?s?_d angeklagt Anklage"
    ),
    EventKind.ILL_TREATMENT: (
        "tortur ill-treat beaten~ beat~ electric_shocks assaulted~ maltrat golpead maltrait "
        "battue?s?~ gefoltert Folter misshandel geschlagen"
    ),
    EventKind.HEALTH: (
        "hospital ill~ illness ill_health health~ sick~ surgery medical diagnosed "
        "hunger_strike enferm huelga_de_hambre malade~ hôpital grève_de_la_faim Krankenhaus "
        "erkrank Hungerstreik"
    ),
    EventKind.INCOMMUNICADO: (
        "incommunicado incomunicad au_secret enforced(?:ly)?_disappear disappeared~ "
        "Kontaktsperre desaparición_forzada disparition_forcée"
    ),
    EventKind.ARREST: (
        "arrest(?:ed|s)?~ re-?arrested abducted apprehended~ seized~ taken_from taken_away "
        "picked_up~ detuvieron detuvo~ detención secuestr arrêtée?s?~ arrestation "
        "interpellée?s?~ enlevée?s?~ festgenommen verhaftet Festnahme Verhaftung"
    ),
    EventKind.DETENTION: (
        "detained~ detention imprisoned~ jailed~ in_custody remanded held_(?:in|at|without)~ "
        "detenid en_prisión~ prisión_preventiva encarcelad en_détention détenue?s?~ "
        "emprisonnée?s?~ incarcér inhaftiert in_Haft Inhaftierung"
    ),
}
_PATTERNS = {kind: _pattern(words.replace("~", r"(?!\w)")) for kind, words in _WORDS.items()}


def kinds(text: str) -> tuple[EventKind, ...]:
    """Return the kinds of which a text tells, in the order of their first words."""
    found = [
        (word.start(), place, kind)
        for place, (kind, pattern) in enumerate(_PATTERNS.items())
        if (word := pattern.search(text, 0, MOST_CHARACTERS))
    ]
    return tuple(kind for _, _, kind in sorted(found))


def kind_of(about: str, sentence: str) -> EventKind:
    """Return the kind of an event by its first telling word: in `about`, else in its sentence.

    Without such a word it is OTHER.
    """
    return next(iter(kinds(about) + kinds(sentence)), EventKind.OTHER)
