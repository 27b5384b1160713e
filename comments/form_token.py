"""What ties a form to its article, its captcha and its moment: signed by us, carried by the reader.

A code solved elsewhere is worth nothing here, a form's age is known, and a form that is sent twice
is known to be one.
"""

import datetime as dt
import secrets
from dataclasses import dataclass, replace
from typing import Self

from django.core.signing import BadSignature, Signer
from django.utils import timezone

from newsroom.fields import row_number

from .senders import hashed

LONGEST = 400  # characters; ours have about 150
SKEW = dt.timedelta(seconds=60)  # how far the clocks of two servers may lie apart

_signer = Signer(salt="comments.form")


@dataclass(frozen=True)
class FormToken:
    """What one form was made for. `nonce` is what makes sending it twice the same as once."""

    article_id: int
    answered_id: int | None
    code: str  # a hash of the captcha's key
    issued_at: dt.datetime
    nonce: str

    @classmethod
    def new(cls, article_id: int, answered_id: int | None, key: str) -> Self:
        """Return the token of a form that is shown for the first time."""
        nonce = secrets.token_hex(16)
        return cls(article_id, answered_id, hashed("captcha", key), timezone.now(), nonce)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Return the token we signed; None for a forged one and one from the future."""
        try:
            article, answered, code, stamp, nonce = _signer.unsign(text[:LONGEST]).split(".")
        except (BadSignature, ValueError, UnicodeError):
            return None
        issued_at = dt.datetime.fromtimestamp(int(stamp) / 1000, dt.UTC)
        if issued_at > timezone.now() + SKEW:
            return None
        return cls(int(article), row_number(answered) or None, code, issued_at, nonce)

    def signed(self) -> str:
        """Return what the form carries."""
        stamp = int(self.issued_at.timestamp() * 1000)
        parts = (self.article_id, self.answered_id or 0, self.code, stamp, self.nonce)
        return _signer.sign(".".join(map(str, parts)))

    def is_for(self, article_id: int, answered_id: int | None, key: str) -> bool:
        """Whether the form was made for this article, this comment to be answered and this code."""
        made_for = (self.article_id, self.answered_id, self.code)
        return made_for == (article_id, answered_id, hashed("captcha", key))

    def again(self, answered_id: int | None, key: str) -> Self:
        """Return the token of the same form with another code or another comment to be answered."""
        return replace(self, answered_id=answered_id, code=hashed("captcha", key))

    @property
    def age(self) -> float:
        """Seconds since the form was shown for the first time; never fewer than none."""
        return max(0.0, (timezone.now() - self.issued_at).total_seconds())
