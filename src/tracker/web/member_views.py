"""Members, groups and ways in as pages show them: lists, what can be changed, links shown once."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pandas as pd
import segno
import streamlit as st

from tracker import members, settings, wording
from tracker.invitations import ListedInvitation, ListedJoinCode, MappedDomain
from tracker.members import Asker, ListedGroup, ListedMember, NotYours, SectionRules
from tracker.models import RETENTION_DAYS, Deed, Role
from tracker.rules import LateRule
from tracker.web import (
    access,
    components,
    labels,
    letter_form,
    member_labels,
    plain,
    refusals,
)
from tracker.web.labels import plain_markdown
from tracker.wording import gettext as _
from tracker.wording import ngettext

_KNOWN_BY_KEY = frozenset(
    {
        Deed.INVITED,
        Deed.INVITATION_REVOKED,
        Deed.JOIN_CODE_MADE,
        Deed.JOIN_CODE_ENDED,
        Deed.GROUP_ADDED,
        Deed.GROUP_RENAMED,
        Deed.GROUP_MERGED,
        Deed.GROUP_CHANGED,
    }
)
"""The record keeps by which key to find these things; no page shows it, so it would say nothing."""
_SECTION = "section"
_SAID = "member change said"
_LINK = "fresh link"

Change = Callable[..., None]
"""What a page does when a button is pressed: it asks who is here, writes, and commits."""


@contextmanager
def told_when_refused(member: Asker, path: str, done: str = "") -> Iterator[None]:
    """Turn a refused change into a sentence, drawn by `say_what_happened`; else say `done`.

    What is not the member's business is recorded as well, under the page's `path`.
    """
    try:
        yield
    except member_labels.REFUSALS as refused:
        if isinstance(refused, NotYours):
            refusals.note(member, path)
        st.session_state[_SAID] = (False, member_labels.refusal(refused))
    else:
        if done:
            st.session_state[_SAID] = (True, done)


def say_what_happened() -> None:
    """Say, once, what became of the last change."""
    went_well, sentence = st.session_state.pop(_SAID, (True, ""))
    if sentence:
        (components.notice if went_well else components.problem)(sentence)


def choose_section(member: Asker, path: str, sections: Sequence[SectionRules]) -> SectionRules:
    """Return the section that the page is about: the address's, the chosen, or the only one.

    Of `sections` those for which the table opens the page at `path` to the member.
    """
    page = access.page_at(path)
    sections = [
        section
        for section in sections
        if page and access.may_open(member, page, section.section_id)
    ]
    by_name = {section.name: section for section in sections}
    if len(sections) == 1:
        st.caption(plain_markdown(sections[0].name))
        return sections[0]
    names = list(by_name)
    asked = st.query_params.get(_SECTION)
    chosen = asked if asked in by_name else names[0]
    name = st.selectbox(_("Section"), names, index=names.index(chosen), key=f"section-{chosen}")
    if st.query_params.get(_SECTION) != name:
        st.query_params[_SECTION] = name
    return by_name[name]


def of_section(section: SectionRules) -> dict[str, str]:
    """Return what in an address leads to that section."""
    return {_SECTION: section.name}


def names_are_shown(section: SectionRules) -> bool:
    """Return whether the names of that section were asked for on this view of the page."""
    return bool(st.session_state.get(components.NAMES) == section.section_id)


def show_names(section: SectionRules) -> None:
    """Show that section's names until the page is left; the page records it first."""
    st.session_state[components.NAMES] = section.section_id


def hide_names() -> None:
    """Show pseudonyms again."""
    st.session_state.pop(components.NAMES, None)


def members_table(people: Sequence[ListedMember], *, names: bool) -> None:
    """Draw who is in a section: on a phone the rows become paragraphs."""
    titles = [_("Member"), _("Group"), _("Roles"), _("Account"), _("Last here")]
    if names:
        titles.insert(1, _("Name"))
    rows = []
    for person in people:
        cells = [
            person.pseudonym,
            person.group or _("no group"),
            wording.listed([labels.role(role) for role in person.roles]),
            _account(person),
            wording.short_day(person.last_seen_on) if person.last_seen_on else _("not here lately"),
        ]
        if names:
            cells.insert(1, person.name or "")
        rows.append(cells)
    st.html(plain.fragment("rows.html", titles=titles, rows=rows))


def _account(person: ListedMember) -> str:
    if person.disabled:
        return _("disabled")
    if person.waits:
        return _("a fresh link is out")
    return _("has an account") if person.has_account else _("no account")


def choose_member(people: Sequence[ListedMember]) -> ListedMember | None:
    """Return the member who is to be changed; None while none is chosen."""
    by_id = {person.member_id: person for person in people}

    def said(member_id: int) -> str:
        person = by_id[member_id]
        return " · ".join(part for part in (person.pseudonym, person.name, person.group) if part)

    chosen = st.selectbox(
        _("Change a member"),
        list(by_id),
        index=None,
        format_func=said,
        placeholder=_("Choose by pseudonym"),
        key="member",
    )
    return by_id.get(chosen) if chosen is not None else None


def member_changes(
    asker: Asker,
    person: ListedMember,
    groups: Sequence[ListedGroup],
    section: SectionRules,
    *,
    change: Change,
    link: Change,
    confirm: Change,
) -> None:
    """Draw all that can be done with one member.

    Args:
        change: called with the name of the change, a sentence for afterwards, and what it needs.
        link: called with the member's key to make a fresh link.
        confirm: called with the member's key to ask again before disabling; with None to leave it.
    """
    member_id = person.member_id
    with st.container(border=True):
        st.markdown(f"**{plain_markdown(person.pseudonym)}** {plain_markdown(person.name or '')}")
        group_field(groups, person.group_id, key=f"group-{member_id}")
        st.button(_("Put into this group"), on_click=change, args=("group", member_id))
        if not person.has_account and asker.sees_letters_of(section.section_id):
            components.link_to(
                asker,
                "/log",
                _("Log letters for them"),
                query={letter_form.FOR: letter_form.code_of(person.pseudonym)},
            )
        if member_id == asker.member_id:
            st.caption(_("Your roles and your account can be changed by somebody else only."))
            return
        with st.container(horizontal=True):
            for role in Role:
                if asker.may_grant(role, section.section_id):
                    _role_button(person, role, change)
        if person.disabled:
            st.button(_("Enable again"), on_click=change, args=("enable", member_id))
        elif st.session_state.get("confirming") == member_id:
            components.notice(
                _("They are signed out at once and cannot come back until enabled again.")
            )
            with st.container(horizontal=True):
                st.button(
                    _("Yes, disable"), type="primary", on_click=change, args=("disable", member_id)
                )
                st.button(_("Leave it"), on_click=confirm, args=(None,))
        else:
            with st.container(horizontal=True):
                st.button(_("Fresh link"), on_click=link, args=(member_id,))
                st.button(_("Disable"), on_click=confirm, args=(member_id,))


def _role_button(person: ListedMember, role: Role, change: Change) -> None:
    held = role in person.roles
    words = _("No longer {role}") if held else _("Make {role}")
    st.button(
        words.format(role=labels.role(role)),
        key=f"{role.value}-{person.member_id}",
        on_click=change,
        args=("take" if held else "grant", person.member_id, role),
    )


def group_field(
    groups: Sequence[ListedGroup], chosen: int | None, *, key: str, label: str = ""
) -> None:
    """Draw the choice of a living group, or of none (0)."""
    names = {0: _("no group")}
    names |= {group.group_id: group.name for group in groups if not group.merged_into}
    _choice(label or _("Group"), names, key=key, first=chosen)


def chosen(key: str) -> int:
    """Return what was chosen in `group_field` or `section_field`, or as what to merge into."""
    return int(st.session_state[st.session_state[f"{key}-field"]])


def _choice(label: str, names: Mapping[int, str], *, key: str, first: int | None = None) -> None:
    """Draw a choice by name, for `chosen`.

    A browser sends the name, and goes on sending the old one of what was renamed meanwhile: so
    other names make another field.
    """
    field = f"{key}-{zlib.crc32(repr(names).encode()):x}"
    st.session_state[f"{key}-field"] = field
    options = list(names)
    st.selectbox(
        label,
        options,
        index=options.index(first) if first in options else 0,
        format_func=names.__getitem__,
        key=field,
    )


def role_field(asker: Asker, section: SectionRules, *, key: str) -> None:
    """Draw the choice of a role that the asker may give in that section."""
    st.selectbox(
        _("Role"),
        [role for role in Role if asker.may_grant(role, section.section_id)],
        format_func=labels.role,
        key=key,
    )


def keep_link(path: str) -> None:
    """Keep a link's path until it is drawn: it is shown once."""
    st.session_state[_LINK] = path


def fresh_link() -> None:
    """Draw the link that was just made, to be copied; nobody can see it again."""
    path = st.session_state.pop(_LINK, "")
    if path:
        components.notice(_("Please give this link to that person alone. It is shown only once."))
        st.code(settings.current().base_url + path, language=None, wrap_lines=True)


def invitation_lines(
    invitations: Sequence[ListedInvitation], *, time_zone: str, revoke: Change
) -> None:
    """Draw the open invitations, each with a button to revoke it."""
    for invitation in invitations:
        parts = [labels.role(invitation.role), invitation.group]
        if invitation.has_email:
            parts.append(_("with an e-mail address"))
        until = wording.moment(invitation.expires_at, time_zone)
        with st.container(border=True):
            st.markdown(plain_markdown(" · ".join(part for part in parts if part)))
            st.caption(plain_markdown(_("Works until {moment}").format(moment=until)))
            st.button(
                _("Revoke"),
                key=f"revoke-{invitation.invitation_id}",
                on_click=revoke,
                args=("revoke", invitation.invitation_id),
            )


def join_code_sheet(code: ListedJoinCode, *, time_zone: str, end: Change) -> None:
    """Draw a join code for the wall of a letter night: big, and to be photographed."""
    address = f"{settings.current().base_url}/join/{code.code}"
    shown = address.partition("://")[2]
    # Its own white margin: on a dark page a picture without it is not recognised.
    picture = segno.make(address, error="m").svg_data_uri(scale=8, border=4, light="#fff")
    with st.container(border=True):
        st.html(
            plain.fragment(
                "join_code.html", address=shown, picture=picture, alt=_("QR code of the address")
            )
        )
        st.markdown(
            plain_markdown(
                _("{group}: {joined} of {most} came in, until {moment}").format(
                    group=code.group,
                    joined=wording.number(code.joined),
                    most=wording.number(code.most),
                    moment=wording.moment(code.expires_at, time_zone),
                )
            )
        )
        st.button(
            _("End the join code"),
            key=f"end-{code.join_code_id}",
            on_click=end,
            args=("end code", code.join_code_id),
        )


def group_lines(
    group: ListedGroup, groups: Sequence[ListedGroup], *, rename: Change, merge: Change
) -> None:
    """Draw one group: how many are in it, another name for it, and what to merge it into."""
    if group.merged_into:
        merged = _("{group} was merged into {other}; its letters stay with it.")
        st.caption(plain_markdown(merged.format(group=group.name, other=group.merged_into)))
        return
    number = ngettext("{number} member", "{number} members", group.members)
    number = number.format(number=wording.number(group.members))
    with st.expander(plain_markdown(f"{group.name} · {number}")):
        # A new version is a new field: it shows the name that holds now.
        with st.form(f"rename-{group.group_id}-{group.version}", border=False):
            st.text_input(_("Name"), group.name, key=f"name-{group.group_id}", max_chars=120)
            st.form_submit_button(_("Rename"), on_click=rename, args=(group,))
        others = {
            other.group_id: other.name
            for other in groups
            if not other.merged_into and other.group_id != group.group_id
        }
        if others:
            with st.form(f"merge-{group.group_id}", border=False):
                _choice(_("Merge it into"), others, key=f"into-{group.group_id}")
                st.form_submit_button(_("Merge for good"), on_click=merge, args=(group,))


def section_field(sections: Sequence[SectionRules], *, key: str) -> None:
    """Draw the choice of a section, outside of the address."""
    _choice(_("Section"), {section.section_id: section.name for section in sections}, key=key)


def domain_lines(domains: Sequence[MappedDomain], *, remove: Change) -> None:
    """Draw the mapped mail domains, each with a button to remove it."""
    for domain in domains:
        with st.container(horizontal=True):
            st.markdown(plain_markdown(f"{domain.domain} → {domain.section}"))
            st.button(
                _("Remove"), key=f"remove-{domain.domain}", on_click=remove, args=(domain.domain,)
            )


def section_fields(key: str, section: SectionRules | None = None) -> None:
    """Draw the fields of a section: one that is there, or a new one."""
    zones = ["UTC", *members.time_zones()]
    rules = list(LateRule)
    st.text_input(_("Name"), section.name if section else "", key=f"{key}-name", max_chars=120)
    st.selectbox(
        _("Time zone"),
        zones,
        index=zones.index(section.time_zone) if section and section.time_zone in zones else 0,
        key=f"{key}-time_zone",
    )
    st.radio(
        _("Letters posted after the deadline"),
        rules,
        index=rules.index(section.late_rule if section else LateRule.ASK),
        format_func=member_labels.late_rule,
        key=f"{key}-late_rule",
    )
    st.date_input(
        _("They count if posted by (empty: without an end)"),
        section.late_until if section else None,
        format="YYYY-MM-DD",
        key=f"{key}-late_until",
    )
    st.number_input(
        _("Days for which it is kept who wrote, after an urgent action is closed"),
        0,
        members.LONGEST_RETENTION,
        section.retention_days if section else RETENTION_DAYS,
        key=f"{key}-retention_days",
    )


def typed_section(key: str) -> dict[str, Any]:
    """Return what was typed into `section_fields`."""
    fields = ("name", "time_zone", "late_rule", "late_until", "retention_days")
    return {field: st.session_state[f"{key}-{field}"] for field in fields}


def filter_deeds(entries: pd.DataFrame) -> pd.DataFrame:
    """Return the lines of the record that the filter leaves, by what was done."""
    there = [deed.value for deed in Deed if (entries["deed"] == deed.value).any()]
    chosen = st.multiselect(
        _("What"),
        there,
        format_func=lambda code: member_labels.deed(Deed(code)),
        placeholder=_("Everything"),
    )
    return entries[entries["deed"].isin(chosen)] if chosen else entries


def record_table(entries: pd.DataFrame, *, time_zone: str) -> None:
    """Draw lines of the record: when, who, what, to whom."""
    titles = [_("When"), _("Who"), _("What"), _("To whom"), _("Section")]
    rows = [
        [
            wording.moment(entry["at"].to_pydatetime(), time_zone),
            entry["who"] or _("somebody or the program"),
            _what(entry["deed"], entry["subject"], entry["amount"]),
            entry["about"] if entry["about"] != entry["who"] else "",
            entry["section"],
        ]
        for entry in entries.to_dict("records")
    ]
    st.html(plain.fragment("rows.html", titles=titles, rows=rows))


def _what(deed: str, subject: str, amount: Any) -> str:
    words = member_labels.deed(Deed(deed))
    if Deed(deed) in _KNOWN_BY_KEY:
        subject = ""
    elif subject in list(Role):
        subject = labels.role(Role(subject))
    more = [subject, "" if pd.isna(amount) else wording.number(int(amount))]
    return ", ".join(part for part in (words, *more) if part)
