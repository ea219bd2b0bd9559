"""Sentences such as Urgent Actions have: which dates of theirs tell a happening. All invented."""

from __future__ import annotations

import re
from datetime import date

import pytest

from tracker.documents.files.reading import read
from tracker.documents.happenings import events
from tracker.documents.structure import passages_of, rows_of

TOLD = """
2022-05-12: Reza Sohrabi has been on hunger strike since 12 May in protest at his solitary
  confinement.
2019: By late 2019, more than 300 protesters had been killed.
2020: In early 2020, security forces stormed the prison.
2022-03: In mid-March, the family received a phone call from an unknown number.
2022-03: Mid-March, she was moved to the women's ward.
2022-06-04: In the early hours of 4 June, agents broke down the door of the family home.
2022-06-04: On the morning of 4 June guards told the family that the execution had been carried
  out at dawn.
2022-06-04: Overnight on 4-5 June, he was taken to solitary confinement ahead of execution.
2015 + 2018: Between 2015 and 2018, courts sentenced at least 60 people for online posts.
2021-03-15: The verdict of the appeal court (15 March 2021) was never handed to his lawyers.
2021-03-15: 15 March 2021: Police raid the offices of the group.
2022-03-15: 15 March: Police raid the offices of the group.
2022-05-14: On Tuesday, 14 May, prosecutors asked for the death penalty.
2022-05-17: She was summoned on Tuesday 17 May 2022 by the intelligence unit.
2019-09-05: Ray Dallin was executed on Sept. 5, 2019, in Port Lavan.
2019-09-05: Ray Dallin was executed on 5 Sept 2019 in Port Lavan.
2019-09-05: On the 5th of September 2019 the court dismissed his petition.
2022-02-14: Er wurde am 14.02.2022 in seiner Wohnung festgenommen.
2022-05-05: El pasado 5 de mayo, hombres armados entraron en su casa.
2022-05-05: Hombres armados entraron en su casa el pasado 5 de mayo.
2022-06-28: He is scheduled to be executed by lethal injection on 28 June.
2022-07-14: Calusa has set an execution date of 14 July for Melvin Harrow.
2022-07-14: Melvin Harrow is due to be put to death in Calusa on July 14.
1998-04-02: Melvin Harrow was sentenced to death on April 2, 1998, for the murder of a shopkeeper.
2022-06-15 + 2022-07-20: The hearing that had been due on 15 June was postponed to 20 July.
2022-07-20: The next hearing is set for 20 July at the Second Criminal Court.
2022-07-20: Her trial has been adjourned until 20 July.
2022-06-08: On 8 June the Public Prosecutor renewed his detention for 15 days pending
  investigations.
2013-08-14: He was among hundreds arrested during the dispersal of the sit-in on 14 August 2013.
2020-09-22: National Security Agency officers arrested Dr Hala Wahdan on 22 September 2020 at a
  checkpoint.
2020-10-07: He was forcibly disappeared until 7 October 2020, when he appeared before the Supreme
  State Security Prosecution.
2019-11-24 + 2020-01-08: He was forcibly disappeared from 24 November 2019 to 8 January 2020 and
  tortured.
2022-06-13 + 2022-06-14: Police searched the flat on 13 and 14 June, and took computers.
2022-01-13: Since 13 January, he has been held under "residential surveillance at a designated
  location".
2022-03-04: On 4 March 2022, Vostrovia adopted legislation that made "discrediting" the armed
  forces a crime.
2019-07-27: He was detained following a peaceful protest on 27 July 2019.
2022-06-30: His pre-trial detention was extended until 30 June.
2016-09-26: On the second anniversary of the disappearance of the students, on 26 September 2016,
  families marched.
2022-05-01 + 2022-06-01: Between 1 May and 1 June, nine leaders of the community were threatened.
2022-05: During May, three shots were fired at his house.
2021: In 2021, 138 human rights defenders were killed in the country, according to a local NGO.
2017-06-01: Human rights defenders have faced reprisals since the state of emergency was declared
  on 1 June 2017.
2022-06-16 + 2022-06-17: Security forces opened fire on protesters on 16 and 17 June 2022, killing
  at least nine.
2011 + 2020: She was awarded prizes in 2011 and 2020 for her work.
2022-02-24: On 24 February 2022 she laid flowers at a monument and was fined.
2012-03 + 2012-06-04: The three women, detained in March 2012, went on trial on 4 June 2012.
2022-06-03 + 2022-06-09: He began a hunger strike on 3 June and ended it on 9 June after his
  demands were met.
2022-06-03: Since 3 June, when he was moved to Block 4, nobody has been able to reach him.
2008: The prison, built in 2008 for 500 people, holds twice as many.
2017-05-11: He lost his appeal on 11 May 2017 and has exhausted all legal remedies.
2022-06-16: The Supreme Court is expected to rule on his appeal by 16 June.
2022-07-01: He could be deported as early as 1 July.
2022-07: They could be executed at any time after July.
2022-06-21: The family has until 21 June to vacate the building.
2022-06-10: The community was given an ultimatum on 10 June: leave or be killed.
2022-09: Her next hearing is expected in September.
2022: He is due for release later in 2022.
2023: Her sentence expires in 2023.
2010-10-08: He won the Nobel Peace Prize on 8 October 2010 while serving an 11-year sentence.
2009-06: Mass arrests followed the disputed presidential election in June 2009.
2009-06: Following the disputed presidential election of June 2009, thousands were arrested.
2005 + 2009: The death penalty was imposed on at least 12 juvenile offenders between 2005 and
  2009.
1975-06-24: The country ratified the Covenant on 24 June 1975.
2018-09-17: Her husband, whom she had married on 17 September 2018, was last seen at the market.
2022-04-26: Eighty-one men were executed in one day; another execution was carried out on 26
  April.
2022-05-31: On May 31, a federal judge ordered a stay of his removal.
2022-06-05: At around 3am on 5 June, five armed men entered her house.
2022-06-05: At 3.15 p.m. on Sunday, 5 June 2022, two men on a motorcycle shot him.
2022-06-02: At a press conference on 2 June, the Interior Minister denied that he was in custody.
2022-06-02: In a letter dated 2 June, the ministry replied that the case was closed.
2022-06-02: In its reply of 2 June, the ministry said that the case was closed.
2022-05-20 + 2022-05-27: The hearings scheduled for 20 and 27 May were both cancelled.
2022-04-05: Le 5 avril, le tribunal l'a condamnée à deux ans de prison.
2021-11-18: Il est détenu au secret depuis le 18 novembre 2021.
2019: Elle milite depuis 2019 contre l'accaparement des terres.
2022-03 + 2022-05: De mars à mai 2022, il a été hospitalisé trois fois.
2022-07-07: Son procès doit s'ouvrir le 7 juillet prochain.
2022-01-31: Fue trasladado el 31 de enero de 2022 a un penal de máxima seguridad.
2018: Desde 2018 la comunidad recibe amenazas de un grupo armado.
2022-05-12 + 2022-05-13: Los días 12 y 13 de mayo hombres encapuchados dispararon contra su casa.
2022-07-15: La audiencia está prevista para el 15 de julio.
2021-12: Seit Dezember 2021 darf ihre Familie sie nicht mehr besuchen.
2022-06-30: Die Verhandlung ist für den 30. Juni angesetzt.
2020-08-09: Nach der Präsidentschaftswahl am 9. August 2020 wurden Tausende festgenommen.
2017: 2017 wurde er wegen eines Gedichts zu drei Jahren Haft verurteilt.
2022-03-22: Em 22 de março de 2022 a liderança indígena foi ameaçada de morte.
2022-05-04: The ministry banned her from sending letters on 4 May.
2020-11-03: He was detained for sending text messages on 3 November 2020.
2022-05-04: The lawyers filed an appeal before the High Court on 4 May.
2022-05-10: The deadline for the villagers to leave expired on 10 May.
2021-02-01: Since the 1 February 2021 coup, the military has arrested thousands.
2011: The conflict, which began in 2011, has displaced millions.
2019-10-18: The protests that erupted on 18 October 2019 left thousands injured.
2022-06-20: Today, 20 June 2022, the court confirmed the sentence.
2022-06-11: He was transferred to the prison hospital the day after his collapse on 11 June.
2022-06-12: Two days later, on 12 June, he died.
2019-06-09: The 9 June 2019 march was attended by a million people.
2022-06: He has not been allowed to call home since early June.
2022-06-17: Last Friday, 17 June, the prosecutor asked for life imprisonment.
2016-02-14: Execution date set: the president signed the order on 14 February 2016.
2020 + 2021: In 2020 and 2021 the group documented 40 cases.
2022-06-01: A petition with 20,000 signatures was handed over on 1 June 2022.
2022-05-31: The judge, J. P. Marr, denied bail on 31 May.
2022-02-03: In a phone call of 3 February, he told his mother that guards had broken his arm.
2020-03-18: He was placed under travel ban on 18 March 2020.
2009-07: The activist, who had been jailed after the unrest of July 2009, was rearrested.
2022-06-01: He was last heard from on 1 June, according to his sister.
2022-05-06 + 2022-05-09: She was interrogated on 6 May and again on 9 May.
2022-05-06: On May 6, the Board of Pardons and Paroles voted against clemency.
2022-05-06 + 2022-05-07: On May 6 and 7, guards beat him.
2022-05-06: A judge sentenced him on May 6 to 20 years in prison.
2021-12-20: On 20 December last year, soldiers burned 30 homes.
2021-12-20: On 20 December, soldiers burned 30 homes.
2016: Amnesty International has documented the use of torture in the prison since 2016.
2022-05-25: Amnesty International spoke to his lawyer on 25 May.
2022-06-15: "They took my son on 15 June and nobody will tell me where he is," his mother told
  Amnesty International.
2007: Since 2007, the UN General Assembly has adopted nine resolutions calling for a moratorium.
2018: In 2018, the Working Group stated in Opinion 72/2017 that his detention was arbitrary.
2022-06-13: He went missing on Monday 13 June.
2022-06-13: On Monday (13 June), he went missing.
2022-06-22: The execution is set for 22 June at 6pm.
2022-06-22: The authorities must halt the execution scheduled for 22 June.
2022-06-22: He faces execution on 22 June.
2022-06-22: The Governor has until 22 June to grant clemency.
2022-10-05: Her trial will resume on 5 October.
2021-10-05: Her trial resumed on 5 October.
2022-07-04: They are to be tried on 4 July before the Court of Cassation.
2022-05-18: The ruling was issued on 18 May but was not made public until recently.
2018-12-02: On 2 December 2018, she gave birth in prison to a son.
2015-06-26: The UN Human Rights Committee found on 26 June 2015 that his rights had been violated.
2020-05-29: He was 16 at the time of the killing, on 29 May 2020, for which he was condemned.
2021: The country executed 314 people in 2021.
2020 + 2021: Executions rose from 246 in 2020 to 314 in 2021.
2022-06-01: Updated figures were published on 1 June by the ministry.
2022-06-09: Sie sitzt seit dem 9. Juni in Einzelhaft.
2022-06-09: Sie begann am 9. Juni einen Hungerstreik.
2022-03-08 + 2022-03-15: Zwischen dem 8. und 15. März wurden elf Frauen festgenommen.
2022-02-01: Am 1. Februar dieses Jahres verurteilte ihn ein Gericht zu acht Jahren Gefängnis.
2021-06-13: El 13 de junio del año pasado fue detenida junto a otras 30 personas.
2020-11: En noviembre de 2020 las inundaciones destruyeron el pueblo.
2022-04-30: Desde el 30 de abril se desconoce su paradero.
2022-06-06: Dans la nuit du 6 juin, des hommes cagoulés ont fait irruption chez elle.
2010: Elle vit en exil depuis 2010.
2021-07-05: On the night of 5 to 6 July 2021 they were beaten.
2022-06-07: Her lawyer was informed by text message on 7 June that the hearing had been brought
  forward.
2022-06-24: If the appeal is rejected on 24 June, they could be executed within days.
2019-02: He spent 14 months in prison before his release in February 2019.
2003: Having fled the country in 2003, he obtained asylum.
2022-04-14 + 2022-06-14: The two women, aged 19 and 24, were arrested on 14 April and 14 June
  respectively.
2021-01 + 2021-09: Forced evictions took place in January and September 2021.
2022-06-08: The Attorney General confirmed to the BBC on 8 June that no charges would be brought.
2020-03-04: Her son (then 15) was shot in the leg on March 4th, 2020.
2015-01: Her book, published in January 2015, has been banned.
2022-05-29: He resumed his hunger strike on 29 May; prison doctors warned that his kidneys were
  failing.
2013-07-03: In the weeks after 3 July 2013, hundreds of supporters were detained.
2018-04: Since April 2018, over 300 people have been killed in the repression of protests.
2017: A law of 2017 was used against him, and in 2017 alone 30 people were charged.
2022-06-12: El domingo 12 de junio fue hallado sin vida.
2016 + 2019: Fue galardonada en 2016 y 2019 por su defensa del río.
2022-06-10: Hasta el 10 de junio no se había permitido la visita de su abogada.
2021-10-25: Depuis le coup d'État du 25 octobre 2021, des centaines de personnes ont été arrêtées.
2022-06-15: La audiencia fijada para el 15 de junio fue suspendida.
2022-09-01: El juicio comenzará el 1 de septiembre.
2022-06-30: Elle risque d'être expulsée le 30 juin.
2022-07-11: Il devrait être jugé le 11 juillet.
2019 + 2020: Zwischen 2019 und 2020 war er mehrfach inhaftiert.
2022-07-08: Am 8. Juli soll er hingerichtet werden.
2022-06-02: Laut Angaben seiner Familie vom 2. Juni geht es ihm schlecht.
2022: In the first five months of 2022, the office recorded the killing of 73 leaders.
2021: In the first half of 2021, at least 40 lawyers were attacked.
2021: En los primeros tres meses de 2021, la policía mató a 20 personas.
2021: Au cours des six premiers mois de 2021, la police a tué 20 personnes.
2016: Bereits 2016 war er für acht Monate inhaftiert.
2022-07-24: Poets were arrested at dawn, weeks before the general elections of 24 July.
2022-07-24: Before the trial on 24 July, her lawyers have asked for bail.
2021-02-01: Since the coup of 1 February 2021, the military have killed hundreds of people.
"""
"""The dates expected, in order, and the sentence; a line that begins with a space goes on."""

NOT_TOLD = """
- As of 3 June, he had lost 14 kg.
- He took part in the 2009 protests in the capital.
- Thousands were killed after the 25 January Revolution.
- The 14 February Coalition was declared a terrorist group.
- The generation of the 8888 uprising was jailed for decades.
- He was charged under Article 500 of the Islamic Penal Code (2013) with spreading propaganda.
- The UN Security Council demanded access in Resolution 2254 (2015).
- Decree No. 34 of 2014 was used to convict them.
- Law 26,842 of 2012 punishes trafficking severely.
- © Amnesty International 2021 All rights are reserved by the owner.
- UA: 12/19 Index: MDE 13/9901/2019 Iran Date: 8 March 2019
- The presidential elections are held every five years, and Article 19 of the ICCPR protects
  speech.
- The death penalty is contrary to Article 6 of the International Covenant on Civil and Political
  Rights of 1966.
- Fax numbers changed; since then please write to the minister before 15 August 2022.
- Please send appeals before 15 August 2022.
- More than 2000 people were displaced, among them 1900 children.
- The 2014 constitution guarantees these rights, and the 2018 cybercrime law takes them away.
- She was born on 5 May 1990 in a village.
- For more information, see Amnesty International's report of 5 May 2021 at
  https://www.amnesty.org/en/2021/05/05/
- See https://www.amnesty.org/en/documents/asa17/5628/2022/en/ for the last one.
- The group is called Movimiento 19 de Julio and has many members.
- The “Movement of 5 May” was banned as an organization.
- The office is on 9 de Julio Avenue, opposite the court.
- Article 12 of 2009 Law No. 17 prohibits assemblies.
- According to Law 15/2020 on Information Crimes, he faces years in prison.
- The ILO Convention 169 (1989) requires consultation.
- General Assembly Resolution 62/149 of 18 December 2007 called for a moratorium.
- The Annual Report 2021/22 of Amnesty International describes the situation.
- Rule 44 of the Mandela Rules (2015) prohibits this.
- Please quote reference 2021-0042 in every letter that you send.
- We ask that you reply by email (ref. AMR 51/2022) and not call the 1800 hotline.
- The Prevention of Terrorism Act of 1979 allows detention without charge.
- In accordance with the 1951 Refugee Convention, nobody may be returned to danger.
"""


def days(text: str) -> list[str]:
    """The dates that a document tells that was issued on 20 June 2022."""
    passages = passages_of(rows_of(read(text.encode(), "invented.txt").lines))
    found, _ = events(passages, issued_on=date(2022, 6, 20), deadline=date(2022, 8, 15))
    return sorted(str(each.date.value) for each in found)


def items(text: str) -> list[str]:
    return re.sub(r"\n  +", " ", text.strip()).splitlines()


@pytest.mark.parametrize("item", items(TOLD))
def test_dates_that_tell_a_happening(item: str) -> None:
    expected, text = item.split(": ", 1)
    assert days(text) == expected.split(" + ")


@pytest.mark.parametrize("item", items(NOT_TOLD))
def test_dates_that_tell_none(item: str) -> None:
    assert days(item.removeprefix("- ")) == []
