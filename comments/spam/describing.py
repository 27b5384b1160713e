"""What was noticed, in words for the moderator."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from .hits import Hit

# %(found)s is what the rule found: a phrase, a number, a code point.
PHRASES = {
    "word": _lazy("watched word “%(found)s”"),
    "name": _lazy("watched word “%(found)s” in the name"),
    "link": _lazy("has a link"),
    "hidden_link": _lazy("has a link in disguise"),
    "handle": _lazy("invites to another app"),
    "email": _lazy("has an e-mail address"),
    "phone": _lazy("has a phone number"),
    "capitals": _lazy("all in capitals"),
    "no_accents": _lazy("without accents"),
    "unseen": _lazy("invisible characters within words (%(found)s)"),
    "stacked": _lazy("marks piled up on letters"),
    "trap": _lazy("filled in the field nobody sees"),
    "fast": _lazy("sent faster than anybody types"),
    "same_text": _lazy("the same text was sent %(found)s times before"),
    "near_text": _lazy("almost the same as comment no. %(found)s"),
    "blocked": _lazy("blocked sender"),
    "reputation": _lazy("of %(found)s decided comments from this network most were refused"),
    "burst": _lazy("%(found)s comments from this network within five minutes"),
    "crowd": _lazy("this article gets very many comments just now"),
}


def describe(hit: Hit | Mapping[str, Any]) -> str:
    """Return a hit, as found or as stored, in words with its points: "has a link (+15)".

    A rule this version does not know is named by its code.
    """
    row = hit if isinstance(hit, Mapping) else vars(hit)
    found, points = row.get("found", ""), row.get("points", 0)
    words = str(PHRASES.get(row["rule"], row["rule"])) % {"found": found}
    return _("%(words)s (+%(points)s)") % {"words": words, "points": points} if points else words
