"""A small newsroom in which something changes all the time, and what its pages show after each.

Every change has a number that stands on the pages as “số 7”. After each one all pages are rendered
anew, without any cache, by the views themselves: that is what readers must see from then on.
"""

import datetime as dt
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from unittest import mock

from django.test import Client
from django.utils import timezone

from articles import catalogue, workflow
from articles.models import Article
from comments import moderation
from comments.models import Comment
from newsroom import vietnamese
from tests import factories
from tests.comments import makers
from tests.page_cache.visitors import look

SOON, DAY = dt.timedelta(seconds=1), dt.timedelta(days=1)
JUST_BEFORE = dt.timedelta(milliseconds=1)
AROUND_MIDNIGHT = dt.timedelta(seconds=5)  # in which nothing else begins


@dataclass(frozen=True)
class State:
    """What readers see between two changes: the look of each page, by its path.

    `begun` and `done` are when the change began and when it had returned, seconds since the
    epoch; both are the moment itself where a schedule or a day began.
    """

    name: str
    begun: float
    done: float
    pages: dict[str, str]


class Newsroom:
    """Articles, sections and comments, and all that is done with them; `states` is the story."""

    def __init__(self, seed: int):
        self.chance = random.Random(seed)
        self.number = 0
        self.here = factories.SectionFactory(name="Thời sự", slug="thoi-su", position=1)
        self.there = factories.SectionFactory(name="Kinh tế", slug="kinh-te", position=2)
        self.author = factories.AuthorFactory(name="Hà Linh", slug="ha-linh")
        self.topic = factories.TopicFactory(name="Giao thông", slug="giao-thong")
        self.moderator = makers.moderator()
        stays, self.told, self.taken = (self._article(slug) for slug in ("mot", "hai", "ba"))
        self.planned = self._article("bon", made=factories.draft)
        self.paths = self._paths(stays)
        self.states: list[State] = []
        beginning, now = dt.datetime.fromtimestamp(0, dt.UTC), timezone.now()
        self._remember("the beginning", beginning, now, at=now)
        self.midnight = _midnight_after(now)

    def _article(self, slug: str, made: Callable = factories.published) -> Article:
        article = made(byline=[self.author], tags=[self.topic], section=self.here)
        placed = factories.placement(section=self.here, tags=[self.topic], slug=f"bai-{slug}")
        return workflow.place(actor=None, article=article, placement=placed)

    def _paths(self, stays: Article) -> list[str]:
        articles = [stays, self.told, self.taken, self.planned]
        moved = f"/{self.there.slug}/{self.told.slug}-{self.told.pk}.html"
        lists = [one.get_absolute_url() for one in (self.here, self.there, self.author, self.topic)]
        return [
            *("/", "/rss.xml", "/thoi-su/rss.xml", "/khong-co-trang-nay/"),
            *lists,
            *(article.get_absolute_url() for article in articles),
            moved,
            f"/binh-luan/{self.told.pk}/y-kien/",
        ]

    def changes(self, count: int) -> list[Callable]:
        """Return so many changes in an order of chance, each kind as often as the others."""
        kinds = [
            *(self.correct, self.take_or_bring_back, self.move, self.approve, self.remove),
            *(self.rename, self.schedule, self.unschedule, self.begin),
        ]
        chosen: list[Callable] = []
        while len(chosen) < count:
            chosen += self.chance.sample(kinds, len(kinds))
        return chosen[:count]

    def make(self, change: Callable) -> None:
        """Let a change happen, and remember what the pages show from then on."""
        self._pass_midnight()
        self.number += 1
        readers_see = change()
        begun = timezone.now()
        readers_see()
        done = timezone.now()
        if change == self.begin:
            self._await_the_schedule(begun, done)
        else:
            self._remember(change.__name__, begun, done, at=done)

    def _pass_midnight(self) -> None:
        """Where midnight is near wait for it: all pages bear the day, so it is a change too."""
        if timezone.now() > (midnight := self.midnight) - AROUND_MIDNIGHT:
            time.sleep(max(0.0, (midnight - timezone.now()).total_seconds()))
            self._remember("midnight", midnight, midnight, at=midnight)
            self.midnight += DAY

    def _await_the_schedule(self, begun: dt.datetime, done: dt.datetime) -> None:
        """Remember what is there until the moment and from it on, and wait for it."""
        moment = self.planned.publications.in_force().latest("starts_at").starts_at
        self._remember("begin", begun, done, at=min(done, moment - JUST_BEFORE))
        self._remember("the moment of begin", moment, max(done, moment), at=moment)
        time.sleep(max(0.0, (moment - timezone.now()).total_seconds()))

    def _remember(self, name: str, begun: dt.datetime, done: dt.datetime, at: dt.datetime) -> None:
        with mock.patch.object(timezone, "now", return_value=at):
            pages = {path: _look(path) for path in self.paths}
        name = f"{name} ({self.number})"
        self.states.append(State(name, begun.timestamp(), done.timestamp(), pages))

    # Each of these makes ready what readers do not see, and returns what they will see.

    def correct(self) -> Callable:
        """Print another text of an article, as one does with a mistake in it."""
        return self._publishing(self.told)

    def take_or_bring_back(self) -> Callable:
        """Withdraw an article, or publish it again."""
        if self.taken.publications.public(timezone.now()).exists():
            return lambda: workflow.withdraw(actor=None, article=self.taken, reason="Sai tên.")
        return self._publishing(self.taken)

    def move(self) -> Callable:
        """Place an article in the other section; its address moves with it."""
        article = Article.objects.get(pk=self.told.pk)
        section = self.there if article.section_id == self.here.pk else self.here
        placed = factories.placement(section=section, tags=[self.topic], slug=article.slug)
        return lambda: workflow.place(actor=None, article=article, placement=placed)

    def approve(self) -> Callable:
        """Show one more comment."""
        said = f"Tôi có ý kiến số {self.number}."
        comment = moderation.submit(article=self.told, name="Bạn đọc", text=said)
        return lambda: moderation.approve(actor=self.moderator, comment=comment)

    def remove(self) -> Callable:
        """Take a comment away, where there is one."""
        shown = list(Comment.objects.public().filter(article=self.told))
        if not shown:
            return self.approve()
        comment = self.chance.choice(shown)
        return lambda: moderation.remove(actor=self.moderator, comment=comment, reason="insult")

    def rename(self) -> Callable:
        """Give a section another name: it stands in the menu of every page."""
        self.here.name = f"Thời sự số {self.number}"
        return lambda: catalogue.save_section(actor=None, section=self.here)

    def schedule(self) -> Callable:
        """Say that an article will be out tomorrow; readers see nothing of it."""
        return self._publishing(self.planned, waits=DAY)

    def unschedule(self) -> Callable:
        """Take that back, where there is something to take back."""
        if not self.planned.publications.waiting(timezone.now()).exists():
            return self.schedule()
        return lambda: workflow.unschedule(actor=None, article=self.planned)

    def begin(self) -> Callable:
        """Schedule an article for the next second."""
        return self._publishing(self.planned, waits=SOON)

    def _publishing(self, article: Article, waits: dt.timedelta | None = None) -> Callable:
        headline = f"Cầu mới thông xe, tin số {self.number}"
        edited = factories.edited(Article.objects.get(pk=article.pk), headline=headline)
        return lambda: workflow.publish(
            actor=None, revision=edited.newest_revision, at=waits and timezone.now() + waits
        )


def _midnight_after(at: dt.datetime) -> dt.datetime:
    """Return when the day of a moment ends in Vietnam."""
    day = at.astimezone(vietnamese.ZONE).date() + DAY
    return dt.datetime.combine(day, dt.time(), vietnamese.ZONE)


def _look(path: str) -> str:
    response = Client().get(path)
    return look(response.status_code, response.get("Location", ""), response.content)
