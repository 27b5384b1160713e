"""What HTML may be stored: an allow-list, applied until nothing changes any more.

Neither svg, math, style nor any raw-text element is allowed, which shuts the known ways in which
harmless-looking markup mutates into a script. Pictures are tokens, so no img either.
"""

import re
from urllib.parse import urlsplit

import nh3
from django.utils.translation import gettext as _

from newsroom import vietnamese

from . import nesting, stand_ins
from .blocks import BLOCK, INLINE, TAG, VOID, arrange

MAX_BODY_CHARS = 400_000
MAX_NESTING = 30
MAX_ATTRIBUTES = 100
MAX_URL_CHARS = 2_000
MAX_TITLE_CHARS = 200
MAX_SPAN = 50
MAX_PASSES = 4

# What is inside these is no text of an article.
_DROPPED = (
    "script style svg math template iframe object embed noscript noembed noframes xmp title "
    "textarea select button audio video canvas head"
)

# The element we keep, and what other programs write for it.
_RENAMED = {
    "strong": "b",
    "em": "i cite dfn",
    "s": "strike del",
    "h2": "h1",
    "h4": "h5 h6",
    "tbody": "tfoot",
    "p": "div section article aside main header footer nav center address pre figure figcaption "
    "dl dt dd fieldset legend details summary form",
}
_NEW_NAME = {old: new for new, olds in _RENAMED.items() for old in olds.split()}
_OLD_TAG = re.compile(rf"<(/?)({'|'.join(_NEW_NAME)})(?=[\s/>])", re.IGNORECASE)
# Blocks and boxes whose tags go, alone or out of place: the words on either side stay two words.
_PARTING = (
    *(*BLOCK, *_DROPPED.split()),
    *"body canvas caption col colgroup dialog dir frameset hgroup img input listing".split(),
    *"marquee menu optgroup option picture search".split(),
)
_PARTING_TAG = re.compile(rf"<(?=/?(?:{'|'.join(_PARTING)})[\s/>])", re.IGNORECASE)
# Google Docs wraps all it copies in a <b> that is not bold.
_FALSE_BOLD = re.compile(r"<b\b[^<>]*font-weight:\s*(?:normal|400)[^<>]*>", re.IGNORECASE)

# A photo as the editor alone shows it, sent before it was turned into its token again.
_SHOWN_PHOTO = re.compile(
    r'<figure\b[^<>]*?\bdata-photo="([1-9][0-9]{0,9})"[^<>]*>(?:(?!</?figure\b).)*+</figure>',
    re.DOTALL | re.IGNORECASE,
)

_AROUND_BLOCK = re.compile(rf" ?(</?(?:{'|'.join(BLOCK)})(?: [^<>]*)?>) ?")
_BLOCK_END = re.compile(r"(</(?:p|h2|h3|h4|blockquote|ul|ol|table)>|<hr>)(?!$)")
_EMPTY_INLINE = re.compile(rf"<({'|'.join(INLINE)})(?: [^<>]*)?>(\s*)</\1>")
_EMPTY_BLOCK = re.compile(r"<(p|h2|h3|h4|blockquote|ul|ol|li)>(?:\s|<br>)*</\1>")
_EMPTY_TABLE = re.compile(r"<(table|thead|tbody|tr)>\s*</\1>")
_BREAKS = re.compile(r"(?:<br>\s?){2,}+")
_EDGE_BREAK = re.compile(r"(?<=<p>)(?:\s*<br>)+|(?:<br>\s*)+(?=</p>)")
_LINK = re.compile(r"<a( [^<>]*)?>(.*?)</a>", re.DOTALL)


class BadBody(ValueError):
    """A text that cannot be taken; its message is for the person who typed it."""


class BodyTooLong(BadBody):
    """A text with more characters than MAX_BODY_CHARS."""


def sanitise(html: str) -> str:
    """Return what of `html` may be stored; the result given back in comes out unchanged.

    Raises BodyTooLong over MAX_BODY_CHARS characters and BadBody over MAX_NESTING levels.
    """
    html = html or ""
    _check_length(html)
    html = vietnamese.normalise(html).replace("<![CDATA[", "&lt;![CDATA[")
    html = _SHOWN_PHOTO.sub(r"<p>[[photo:\1]]</p>", html)
    if nesting.exceeds(html, MAX_NESTING, MAX_ATTRIBUTES):
        raise BadBody(_("The text is nested too deeply. Paste it again as plain text."))
    return _settled(html)


def _check_length(html: str) -> None:
    if len(html) > MAX_BODY_CHARS:
        message = _("The text is too long: %(length)s characters, at most %(limit)s are possible.")
        raise BodyTooLong(message % {"length": len(html), "limit": MAX_BODY_CHARS})


def _settled(html: str) -> str:
    for _pass in range(MAX_PASSES):
        before, html = html, _once(html)
        if html == before:
            _check_length(html)
            return html
    # Markup that will not settle is not worth keeping; its words are.
    lines = (" ".join(line.split()) for line in TAG.sub("\n", html).split("\n"))
    return "\n".join(f"<p>{line}</p>" for line in lines if line)


def _once(html: str) -> str:
    html = _FALSE_BOLD.sub("<span>", html)
    html = _OLD_TAG.sub(lambda tag: f"<{tag[1]}{_NEW_NAME[tag[2].lower()]}", html)
    hidden = stand_ins.hide(_PARTING_TAG.sub(" <", html))
    html = stand_ins.show(_CLEANER.clean(hidden))
    html = html.replace("&nbsp;", " ")
    html = _tight(vietnamese.normalise(html))
    _check_length(html)
    html = _BREAKS.sub("<br><br>", _LINK.sub(_link, html))
    return _spaced(_without_empty(arrange(html)))


def _link(tag: re.Match) -> str:
    """Drop the marks of a link that leads nowhere, keep its words."""
    return tag[0] if "href=" in (tag[1] or "") else tag[2]


def _without_empty(html: str) -> str:
    """Drop elements that show nothing; those that held only such ones fall with them.

    A block leaves a space, or the words around it would become one.
    """
    for _level in range(MAX_NESTING + 5):
        before = html
        html = _EMPTY_BLOCK.sub(" ", _EMPTY_INLINE.sub(r"\2", html))
        html = _EMPTY_TABLE.sub(" ", _EDGE_BREAK.sub("", html))
        if html == before:
            break
    return html


def _spaced(html: str) -> str:
    """One block a line, so that two versions can be compared line by line."""
    return _BLOCK_END.sub(r"\1\n", _tight(html).strip())


def _tight(html: str) -> str:
    """One space where there were any, and none beside a block."""
    return _AROUND_BLOCK.sub(r"\1", re.sub(r"\s+", " ", html))


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "href":
        return _href(value)
    if name == "title":
        return vietnamese.clean(re.sub("[<>]", " ", value))[:MAX_TITLE_CHARS].strip() or None
    return _span(value) if name in ("colspan", "rowspan") else None


def _span(value: str) -> str | None:
    if not re.fullmatch("[0-9]{1,4}", value):
        return None
    return str(int(value)) if 1 < int(value) <= MAX_SPAN else None


def _href(value: str) -> str | None:
    """Return an address a reader may be sent to, else None: http(s), mailto, tel, our own paths."""
    value = value.strip()
    if len(value) > MAX_URL_CHARS or re.search(r"[\s\\<>\"`\x00-\x20]", value):
        return None
    try:
        parts = urlsplit(value)
    except ValueError:
        return None
    if parts.scheme in ("http", "https"):
        return value if parts.hostname else None
    if parts.scheme in ("mailto", "tel"):
        return value if parts.path else None
    own = not parts.scheme and not parts.netloc and value.startswith("/")
    return value if own and not value.startswith("//") else None


_CLEANER = nh3.Cleaner(
    tags={*INLINE, *BLOCK, *VOID},
    clean_content_tags=set(_DROPPED.split()),
    attributes={
        "*": set(),
        "a": {"href", "title"},
        "td": {"colspan", "rowspan"},
        "th": {"colspan", "rowspan"},
    },
    attribute_filter=_attribute,
    strip_comments=True,
    link_rel=None,
    url_schemes={"http", "https", "mailto", "tel"},
)
