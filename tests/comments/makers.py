"""Comments in each state, by the verbs that lead there, and the reader's side of the form."""

import datetime as dt
import re

from captcha.models import CaptchaStore
from django.db.models import F
from django.utils import timezone

from articles.models import Article
from comments import moderation
from comments.models import Comment, Discussion
from newsroom.models import User
from newsroom.roles import Role
from tests import factories

TEXT = "Mong các Sở dùng chung một bản đồ."


def moderator(**fields) -> User:
    """A member of staff who moderates and nothing else."""
    return factories.user(Role.MODERATOR, **fields)


def pending(article: Article | None = None, **fields) -> Comment:
    """A comment that waits, under an article of its own if none is given."""
    values = {"name": "Nguyễn Văn Lợi", "email": "loi@example.com", "text": TEXT} | fields
    return moderation.submit(article=article or factories.published(), **values)


def in_state(state: str, article: Article | None = None, **fields) -> Comment:
    """A comment in `state`, decided by a moderator."""
    comment = pending(article, confirmed=state != "unconfirmed", **fields)
    actor = moderator(full_name="Lan Chi")
    for verb, arguments in WAYS[state]:
        by = {"actor": actor} if verb in moderation.TRANSITIONS else {}
        getattr(moderation, verb)(comment=comment, **by, **arguments)
    return comment


def shown(article: Article | None = None, *, likes: int = 0, **fields) -> Comment:
    """A comment readers see, with so many likes."""
    comment = in_state("approved", article, **fields)
    Comment.objects.filter(pk=comment.pk).update(likes=likes)
    return Comment.objects.get(pk=comment.pk)


def many_shown(article: Article, number: int) -> None:
    """So many more comments readers see, written at once: the verbs take a while for a thousand."""
    now, actor = timezone.now(), moderator()
    rows = [
        Comment(
            article=article,
            name=f"Bạn đọc {each}",
            text=f"Ý kiến số {each}",
            submitted_at=now - dt.timedelta(minutes=each),
            queued_at=now,
            state="approved",
            is_shown=True,
            decided_by=actor,
            decided_at=now,
            likes=each % 7,
        )
        for each in range(number)
    ]
    Comment.objects.bulk_create(rows)
    kept, _made = Discussion.objects.get_or_create(article=article)
    Discussion.objects.filter(pk=kept.pk).update(approved=F("approved") + number)


BECAUSE = {"reason": "insult"}
WAYS = {
    "unconfirmed": [],
    "pending": [],
    "held": [("hold", {"note": "Hỏi luật sư."})],
    "approved": [("approve", {})],
    "rejected": [("reject", BECAUSE)],
    "spam": [("mark_spam", {})],
    "removed": [("approve", {}), ("remove", BECAUSE)],
    "withdrawn": [("withdraw", {})],
    "purged": [("withdraw", {}), ("purge", {})],
}


def solution(key: str) -> str:
    """What stands in the picture of a captcha."""
    return CaptchaStore.objects.get(hashkey=key).response


def wrong(key: str) -> str:
    """As many digits that do not."""
    right = solution(key)
    return f"{(int(right) + 1) % 10 ** len(right):0{len(right)}}"


def key_in(html: str) -> str:
    """The key of the captcha a form shows, by its picture and by what it sends."""
    sent = re.search(r'name="captcha_key" value="([^"]*)"', html)[1]
    shown = re.search(r'src="/binh-luan/ma/([0-9a-f]+)\.png"', html)[1]
    assert sent == shown
    return sent


def token_in(html: str) -> str:
    """The signed token a form carries."""
    return re.search(r'name="token" value="([^"]*)"', html)[1]


def sent_by(html: str, *, right: bool = True, **fields) -> dict[str, str]:
    """What a reader sends who has been shown this form, with a name and a text of his own."""
    key = key_in(html)
    if "answer" not in fields:
        fields["answer"] = solution(key) if right else wrong(key)
    carried = {"captcha_key": key, "token": token_in(html)}
    return {"name": "Hồng Ngữ", "text": "Đúng thứ cần thấy."} | carried | fields
