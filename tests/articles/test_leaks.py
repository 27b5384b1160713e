"""Before its moment, and after its end, no public address shows any of an article."""

import datetime as dt
import re
from itertools import count

import pytest
from django.test import Client
from django.utils import timezone

from articles import workflow
from articles.models import Article, Photo, Province
from comments import listing, shown, tickets
from tests import factories
from tests.articles.reader import day, links, open_page
from tests.comments import makers

pytestmark = pytest.mark.django_db
NOON = day(2026, 3, 1, 12)


class Marked:
    """Makes articles with a word of their own in every place that has words."""

    def __init__(self):
        self.numbers = count(1)
        self.words = []
        self.paths = []
        self.tokens = []

    def word(self, where):
        """Return a new word that stands nowhere else."""
        word = f"zq{where}{next(self.numbers)}x"
        self.words.append(word)
        return word

    def photo(self):
        photo = factories.photo(
            alt=self.word("alt"), caption=self.word("chu"), credit=self.word("anh")
        )
        self.tokens.append(photo.token)
        return photo

    def text(self):
        """Return the fields of a text that has the words and no other's tags."""
        inside = self.photo()
        author = factories.AuthorFactory(name=self.word("ten"), slug=self.word("tac"))
        self.paths.append(author.get_absolute_url())
        return {
            "headline": self.word("tit"),
            "standfirst": self.word("sapo"),
            "body": f"<p>{self.word('than')}</p><p>[[photo:{inside.pk}]]</p>",
            "photo": self.photo(),
            "photo_alt": self.word("mota"),
            "photo_caption": self.word("chuthich"),
            "photo_credit": self.word("tacgia"),
            "source_line": self.word("nguon"),
            "byline": [author],
        }

    def place(self):
        """Return tags and a section that only this article has."""
        topic = factories.TopicFactory(name=self.word("chude"), slug=self.word("the"))
        cluster = factories.cluster(owner=self.word("cum"), number=next(self.numbers))
        self.paths += [topic.get_absolute_url(), cluster.get_absolute_url()]
        return {"tags": [topic, cluster]}

    def addresses(self):
        """Return the addresses somebody could guess, photos and queries among them."""
        feeds = [f"{path}rss.xml" for path in self.paths]
        photos = [f"/anh/{token}-564.webp" for token in self.tokens]
        numbers = Article.objects.values_list("pk", flat=True)
        stories = [f"/x/{self.words[0]}-{pk}.html" for pk in numbers]
        queries = [f"/tim-kiem/?q={word}" for word in self.words]
        return [*self.paths, *feeds, *photos, *stories, *queries]


@pytest.fixture
def marked():
    return Marked()


def crawl(starts):
    """Open all that can be reached and return it as address -> (status, words)."""
    seen, waiting = {}, list(starts)
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        response = open_page(path)
        data = b"".join(response.streaming_content) if response.streaming else response.content
        text = data.decode("utf-8", "replace") + str(response.headers)
        seen[path] = (response.status_code, text)
        if "html" in response.get("Content-Type", ""):
            waiting += [link.partition("#")[0] for link in links(text, '/[^"]*')]
            waiting += re.findall(r"/anh/[0-9a-f]+-\d+\.webp", text)
        waiting += re.findall(r"<loc>http://testserver([^<]*)", text)
    return seen


STARTS = [
    "/",
    "/rss.xml",
    "/sitemap.xml",
    "/robots.txt",
    "/khong-co/",
    "/tim-kiem/?q=cau",
    "/dia-phuong/ha-noi/",
]


def assert_unseen(marked, section):
    """Crawl everything, and what could be guessed; the words may stand in no answer.

    Returns how many there were.
    """
    starts = [*STARTS, section.get_absolute_url(), f"{section.get_absolute_url()}rss.xml"]
    answers = crawl(starts) | crawl(marked.addresses())
    assert len(answers) > 40
    for path, (status, text) in answers.items():
        found = [word for word in marked.words if word in text.lower()]
        if path.startswith("/tim-kiem/?q=zq"):
            # A search shows what was typed, and nothing beyond it.
            found = [word for word in found if not path.endswith(f"?q={word}")]
            assert "Không có bài nào" in text, path
        assert found == [], (path, status, found)
        tokens = [token for token in marked.tokens if token in text and f"/{token}-" not in path]
        assert tokens == [], path
    for path in [*marked.paths, *(f"/anh/{token}-564.webp" for token in marked.tokens)]:
        assert answers[path][0] == 404, path
    return len(answers)


def with_neighbours(section):
    """Public articles around it, with a photo and a tag, so that there is something to crawl."""
    topic, photo = factories.TopicFactory(), factories.photo()
    return [
        factories.published(
            section=section,
            tags=[topic, factories.province("01@pre")],
            photo=photo,
            photo_alt="Cảnh",
            photo_credit="BP",
        )
        for _ in range(3)
    ]


@pytest.mark.parametrize("state", ["draft", "in_review", "returned", "approved", "scheduled"])
def test_what_readers_never_saw(marked, state):
    section = factories.SectionFactory()
    with_neighbours(section)
    getattr(factories, state)(section=section, **marked.text(), **marked.place())
    assert_unseen(marked, section)


class Commented:
    """An article readers comment on, with every address there is of its comments."""

    def __init__(self, marked, article):
        self.article = article
        written = [
            {"name": marked.word("bandoc"), "text": f"Đúng là {marked.word('loi')}."} for _ in "123"
        ]
        self.top = makers.shown(article, **written[0])
        self.reply = makers.shown(article, answered=self.top, **written[1])
        self.waiting = makers.pending(article, **written[2])

    @property
    def addresses(self):
        """What readers can open while the article is out."""
        number, tops = self.article.pk, (self.top.pk, self.reply.pk)
        lists = [f"/binh-luan/{number}/y-kien/?{shown.ORDER}={order}" for order in listing.ORDERS]
        form = [f"/binh-luan/{number}/", f"/binh-luan/{number}/?tra-loi={self.top.pk}"]
        own = [f"/binh-luan/y-kien/{pk}/{page}" for pk in tops for page in ("", "bao-cao/")]
        return [
            self.article.get_absolute_url(),
            f"/binh-luan/{number}/y-kien/",
            *lists,
            *form,
            *own,
        ]

    def posts(self):
        """Send what a reader sends whose page has been open for a while; return the answers."""
        client = Client(headers={"Origin": "http://testserver"})
        likes = [f"/binh-luan/y-kien/{pk}/thich/" for pk in (self.top.pk, self.reply.pk)]
        reports = [f"/binh-luan/y-kien/{pk}/bao-cao/" for pk in (self.top.pk, self.reply.pk)]
        return [
            *(client.post(path) for path in likes),
            *(client.post(path, {"reason": "insult"}) for path in reports),
            client.post(f"/binh-luan/{self.article.pk}/", {"name": "An", "text": "Đến muộn."}),
        ]

    def tickets(self):
        """Return what the writers of the comments see of them, by the comment."""
        comments = (self.top, self.reply, self.waiting)
        return {one: open_page(tickets.url_of(one)) for one in comments}


def assert_gone(marked, commented):
    """No page of the comments is there, and who wrote one sees his own words and nothing else."""
    answers = {path: open_page(path) for path in commented.addresses}
    assert {path: one.status_code for path, one in answers.items()} == dict.fromkeys(answers, 410)
    late = commented.posts()
    assert [one.status_code for one in late] == [410] * len(late)
    for page in [*answers.values(), *late]:
        assert [word for word in marked.words if word in page.content.decode().lower()] == []
    waiting = f"/binh-luan/y-kien/{commented.waiting.pk}/"
    assert [open_page(f"{waiting}{page}").status_code for page in ("", "bao-cao/")] == [404, 404]
    for comment, page in commented.tickets().items():
        assert page.status_code == 200
        own = f"{comment.name} {comment.text}"
        seen = [word for word in marked.words if word in page.content.decode().lower()]
        assert [word for word in seen if word not in own] == []
    return len(answers) + len(late) + 2 + 3


def test_what_was_withdrawn(marked, clock, record_property):
    """Right after, and ten minutes later: whole pages, photos, comments and the writers' own."""
    clock(NOON - dt.timedelta(hours=1))
    section = factories.SectionFactory()
    with_neighbours(section)
    article = factories.published(section=section, **marked.text(), **marked.place())
    commented = Commented(marked, article)
    before = [open_page(path) for path in commented.addresses]
    assert [page.status_code for page in before] == [200] * len(before)
    told = "".join(page.content.decode() for page in before)
    assert commented.top.name in told
    assert commented.reply.name in told
    assert commented.waiting.name not in told
    sizes = [photo_at for token in marked.tokens for photo_at in sizes_of(token)]
    assert [open_page(path).status_code for path in sizes] == [200] * len(sizes)
    clock(NOON)
    workflow.withdraw(actor=None, article=article, reason="Sai.")
    asked = 0
    for minutes in (0, 10):
        clock(NOON + dt.timedelta(minutes=minutes))
        asked += assert_unseen(marked, section) + assert_gone(marked, commented) + len(sizes)
        assert [open_page(path).status_code for path in sizes] == [404] * len(sizes)
    record_property(
        "measured", f"{asked} answers right after a take-down and 10 min later: 0 words"
    )


def sizes_of(token):
    photo = Photo.objects.get(token=token)
    return [f"/anh/{token}-{width}.webp" for width in photo.widths]


def test_an_unfinished_edit_of_a_live_story(marked):
    section = factories.SectionFactory()
    article = with_neighbours(section)[0]
    factories.edited(article, **marked.text())
    assert_unseen(marked, section)


def test_a_scheduled_change_of_a_live_story(marked):
    section = factories.SectionFactory()
    article = with_neighbours(section)[0]
    newer = factories.edited(article, **marked.text())
    later = timezone.now() + dt.timedelta(hours=1)
    workflow.publish(actor=None, revision=newer.newest_revision, at=later)
    assert_unseen(marked, section)


def test_an_earlier_text_of_a_live_story(marked):
    section = factories.SectionFactory()
    with_neighbours(section)
    article = factories.published(section=section, **marked.text())
    newer = factories.edited(article, headline="Tít khác", byline=[factories.AuthorFactory()])
    workflow.publish(actor=None, revision=newer.newest_revision)
    # The address keeps the words of the first headline, as it should.
    marked.words.remove(article.slug)
    assert_unseen(marked, section)


def test_the_words_are_seen_once_they_are_public(marked):
    """The check above can fail: every word is somewhere as soon as the article is out."""
    section = factories.SectionFactory()
    article = factories.published(section=section, **marked.text(), **marked.place())
    answers = crawl([*STARTS, section.get_absolute_url()])
    everything = " ".join(text.lower() for _status, text in answers.values())
    unseen = {word for word in marked.words if word not in everything}
    # What the library says of the lead photo is replaced by the words of this text.
    lead = article.newest_revision.photo
    assert unseen == {lead.alt, lead.caption, lead.credit}
    for token in marked.tokens:
        assert answers[f"/anh/{token}-564.webp"][0] == 200


class TestToTheSecond:
    def test_everywhere_at_once(self, clock, marked):
        now = clock(NOON)
        start = now + dt.timedelta(hours=1)
        section = factories.SectionFactory()
        topic, author = factories.TopicFactory(), factories.AuthorFactory()
        unit, cluster, photo = factories.province("30@pre"), factories.cluster(), factories.photo()
        article = factories.scheduled(
            at=start,
            section=section,
            headline="Tin đúng giờ",
            tags=[topic, unit, cluster],
            byline=[author],
            photo=photo,
            photo_alt="Cảnh",
            photo_credit="BP",
        )
        path = article.get_absolute_url()
        lists = [found.get_absolute_url() for found in (section, topic, cluster, unit, author)]
        shows = ["/", "/rss.xml", "/sitemap.xml", "/tim-kiem/?q=tin+dung+gio", "/khong-co/"]
        shows += [*lists, *(f"{one}rss.xml" for one in lists), "/dia-phuong/hai-phong/"]
        own = [path, f"/anh/{photo.token}-564.webp"]
        clock(start - dt.timedelta(seconds=1))
        assert [open_page(one).status_code for one in own] == [404, 404]
        assert [one for one in shows if path in open_page(one).content.decode()] == []
        clock(start)
        assert [open_page(one).status_code for one in own] == [200, 200]
        assert [one for one in shows if path not in open_page(one).content.decode()] == []

    def test_an_end_is_as_exact_as_a_start(self, clock):
        clock(NOON)
        article = factories.published(at=NOON - dt.timedelta(hours=1))
        end = NOON + dt.timedelta(hours=1)
        clock(end)
        workflow.withdraw(actor=None, article=article, reason="Sai.")
        clock(end - dt.timedelta(microseconds=1))
        assert open_page(article.get_absolute_url()).status_code == 200
        clock(end)
        assert open_page(article.get_absolute_url()).status_code == 410

    def test_a_cancelled_schedule_never_happened(self, clock):
        clock(NOON)
        start = NOON + dt.timedelta(hours=1)
        article = factories.scheduled(at=start)
        workflow.unschedule(actor=None, article=article)
        clock(start + dt.timedelta(days=1))
        assert open_page(article.get_absolute_url()).status_code == 404
        assert article.get_absolute_url() not in open_page("/").content.decode()


def test_every_kind_of_thing_was_marked(marked):
    marked.text()
    marked.place()
    assert Photo.objects.count() == 2
    assert Province.objects.count() == 88
    assert len(marked.words) >= 18
