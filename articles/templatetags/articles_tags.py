"""What templates of the reader site need beyond Django's own tags."""

import json
from typing import Any

from django import template
from django.utils.safestring import SafeString

from newsroom import rich_text

register = template.Library()

# Inside a script element only these could end it or begin a comment; JSON may spell them so.
_ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


@register.simple_tag
def json_ld(facts: dict[str, Any]) -> SafeString:
    """Return the facts as a script element for search engines, whatever characters they hold."""
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return rich_text.safe(f'<script type="application/ld+json">{text}</script>')
