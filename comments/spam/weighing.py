"""The score of one comment: the sum of what its rules noticed.

Weighing one comment costs at most seven queries, however long the text, the list and the history:
the list's version, the same text, the newest of each band, their texts, blocked senders, the
network, the article. Each walks along an index and reads a bounded number of rows.
"""

from collections.abc import Iterator

from ..models import Comment
from . import doubles, links, origin, style, watched
from .hits import Circumstances, Hit, Verdict

JUDGED = ("score", "hits", "suspect", "text_hash")
TOO_FAST = 3.0  # seconds in which nobody reads a form, writes and types a code
TRAP = FAST = 20
SENDING = ("trap", "fast", "unseen", "stacked")  # rules about how it was typed and sent


def weigh(comment: Comment, circumstances: Circumstances) -> Verdict:
    """Return what the rules notice about a comment. Reads the database, writes nothing."""
    return Verdict(tuple(_hits(comment, circumstances)))


def judge(comment: Comment, circumstances: Circumstances) -> None:
    """Put into the instance, unsaved, what is noticed about it: the columns of JUDGED.

    Of a comment that was edited, what its first sending showed stays.
    """
    hits = weigh(comment, circumstances).hits
    before = {row["rule"]: Hit(**row) for row in comment.hits} if comment.pk else {}
    lasting = [before[rule] for rule in SENDING if rule in before]
    anew = {hit.rule for hit in hits}
    verdict = Verdict((*(hit for hit in lasting if hit.rule not in anew), *hits))
    comment.score, comment.hits, comment.suspect = verdict.score, verdict.rows, verdict.suspect
    comment.text_hash = doubles.text_hash(comment.text)


def weigh_text(text: str) -> Verdict:
    """Return what the rules say of a text alone, as the desk tries it out."""
    return Verdict((*watched.words("", text), *_of_text(text)))


def _hits(comment: Comment, circumstances: Circumstances) -> Iterator[Hit]:
    yield from _of_sending(circumstances)
    yield from watched.words(comment.name, comment.text)
    yield from _of_text(comment.text)
    yield from _of_typing(circumstances.raw or comment.text)
    yield from doubles.doubles(comment)
    yield from origin.blocked(comment)
    yield from origin.standing(comment)
    yield from origin.crowd(comment)


def _of_sending(circumstances: Circumstances) -> Iterator[Hit]:
    if circumstances.trapped:
        yield Hit("trap", TRAP)
    if circumstances.seconds is not None and circumstances.seconds < TOO_FAST:
        yield Hit("fast", FAST)


def _of_text(text: str) -> Iterator[Hit]:
    yield from links.links(text)
    yield from style.capitals(text)
    yield from style.no_accents(text)


def _of_typing(typed: str) -> Iterator[Hit]:
    yield from style.unseen(typed)
    yield from style.stacked(typed)
