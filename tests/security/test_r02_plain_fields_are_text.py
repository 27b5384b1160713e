"""R2: markup in names, captions, tags, reasons, file names and searches is shown, never run.

Each field has payloads with numbers of its own, so a page says by itself which of them it shows.
"""

import html
import json
import re
import secrets
from collections import defaultdict
from functools import cache
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.test import Client
from django.urls import reverse

from articles import workflow
from articles.models import Photo
from comments import moderation, notices, tickets
from comments.models import Comment
from comments.notices import links
from newsroom import vietnamese
from newsroom.models import SiteSettings
from newsroom.roles import Role
from tests import factories
from tests.comments import letters
from tests.comments.desk import QUEUE, decide, reported
from tests.comments.desk import url as at_desk
from tests.security import doors, payloads, running
from tests.security.forms import forms_of
from tests.security.once import once

pytestmark = pytest.mark.django_db(transaction=True)

LONGEST = 48  # characters: four of them stand in the source line, two in a credit
EACH = 4  # payloads of each field that one article takes
FIELDS = (
    *("headline", "standfirst", "source line", "alt", "caption", "credit", "pen name", "topic"),
    *("return", "withdrawal", "name", "text", "e-mail", "note", "reader note", "report"),
    *("file", "search", "search for a pen name", "dateline", "person", "section"),
)
ROOM = 2_000  # numbers a field has
PAYLOADS = {
    field: payloads.plain(LONGEST, place * ROOM) for place, field in enumerate(FIELDS, start=1)
}
PARTS = range(payloads.PLAIN // EACH)
FEW = PARTS[:: len(PARTS) // 4]
CALL = re.compile(r"top\.ran\((\d+)\)")
DATELINE = SiteSettings._meta.get_field("dateline").max_length
DESK_LISTS = {"articles": "headline", "photos": "caption", "authors": "pen name"}

# Which fields each kind of page shows whole.
SHOWN = {
    "article": {
        *("headline", "standfirst", "source line", "alt", "caption", "credit", "pen name"),
        *("topic", "name", "text"),
    },
    "facts": {"headline", "standfirst", "pen name"},
    "comments": {"name", "text"},
    "list of a topic": {"headline", "topic"},
    "list of a pen name": {"headline", "pen name"},
    "feed": {"headline", "standfirst", "topic"},
    "queue": {"name", "text"},
    "decision": {"name", "text", "headline"},
    "reports": {"report"},
    "rejected": {"note", "reader note"},
    "version": {"headline", "standfirst", "pen name"},
    "conflict": {
        *("headline", "standfirst", "source line", "alt", "caption", "credit", "pen name", "topic"),
    },
    "preview": {"headline", "standfirst", "source line", "pen name", "topic"},
    "log of an article": {"return", "withdrawal", "headline"},
    "log": {"return", "withdrawal"},
    "returned": {"return"},
    "list of articles": {"headline"},
    "list of photos": {"caption"},
    "list of pen names": {"pen name"},
    "list of topics": {"topic"},
    "ticket": {"text"},
    "letter": {"name", "text", "headline", "reader note"},
    "export": {"name", "text", "headline"},
    "search": {"search", "search for a pen name"},
}
# What of a field gets through its form at all.
TAKEN_BY = {"decision": "e-mail", "own data": "e-mail", "export": "e-mail", "session over": "file"}


def of(field, part):
    """The payloads of a field that one part of the site takes."""
    return PAYLOADS[field][part * EACH : (part + 1) * EACH]


def line(field, part):
    return " ".join(one.text for one in of(field, part))


@cache
def mailbox(text):
    """An address that holds the payload, "" where the form takes none with it."""
    escaped = re.sub(r'([\s"\\])', r"\\\1", text)
    try:
        validate_email(f'"{escaped}"@bao.example.vn')
    except ValidationError:
        return ""
    return f'"{escaped}"@bao.example.vn'


def file_called(text):
    """The name of an upload as far as it reaches us: what stands behind the last slash."""
    return re.split(r"[/\\]", html.unescape(text))[-1]


def taken(field, part):
    """The numbers of the payloads that are whole in what a form takes."""
    inside = {"e-mail": mailbox, "file": file_called}.get(field, str)
    return {one.number for one in of(field, part) if CALL.search(inside(one.text))}


class Shown:
    """What was shown: pages by their kind, and the numbers of the payloads that stand in them."""

    def __init__(self):
        self.pages = defaultdict(list)
        self.numbers = defaultdict(set)

    def page(self, kind, response, status=200):
        """Note a page; return it."""
        assert response.status_code == status, (kind, response.status_code)
        text = response.content.decode()
        self.pages[kind].append(text)
        self.hear(kind, text)
        return response

    def hear(self, kind, text):
        self.numbers[kind] |= {int(number) for number in CALL.findall(text)}

    def lacks(self, parts):
        """Return (kind, field, number) of each payload that is not where it should stand."""
        wanted = [(kind, field) for kind, fields in SHOWN.items() for field in fields]
        return [
            (kind, field, number)
            for kind, field in [*wanted, *TAKEN_BY.items()]
            for part in parts
            for number in sorted(taken(field, part) - self.numbers[kind])
        ]


class Part:
    """An article, its comments and their senders: each field holds its payloads of this part."""

    def __init__(self, number, section, real, moderator):
        self.number, self.moderator = number, moderator
        self.topic = factories.TopicFactory(name=self.line("topic"))
        self.names = [factories.AuthorFactory(name=one.text) for one in of("pen name", number)]
        self.article = self._published(section, real)
        self.askers = [self._asker(one) for one in "ab"]
        self.comments = [self._answer(*each) for each in enumerate(self._typed())]
        self.rejected = moderation.reject(
            actor=moderator,
            comment=self._send(name="Cỏ", text="Mắng.", email=f"mang{number}@bao.example.vn"),
            reason="insult",
            note=self.line("note"),
            reader_note=self.line("reader note"),
        )
        reason = self.line("return")
        self.returned = factories.returned(reason=reason, byline=self.names, section=section)

    def line(self, field):
        return line(field, self.number)

    def _published(self, section, real):
        credits = [one.text for one in of("credit", self.number)]
        words = {"alt": self.line("alt"), "caption": self.line("caption")}
        lead, within = (_photo(real, credit=" ".join(two), **words) for two in _halves(credits))
        return factories.published(
            headline=self.line("headline"),
            standfirst=self.line("standfirst"),
            source_line=self.line("source line"),
            body=f"<p>Chữ.</p><p>[[photo:{within.pk}]]</p>",
            photo=lead,
            photo_alt=lead.alt,
            photo_caption=lead.caption,
            photo_credit=lead.credit,
            byline=self.names,
            section=section,
            tags=[self.topic],
        )

    def _typed(self):
        fields = (of(field, self.number) for field in ("name", "text", "e-mail"))
        return zip(*fields, strict=True)

    def _asker(self, one):
        address = f"hoi{self.number}{one}@bao.example.vn"
        asker = self._send(name="Lúa Mùa", text=f"Hỏi {one}.", email=address)
        return moderation.approve(actor=self.moderator, comment=asker)

    def _answer(self, at, typed):
        name, text, email = typed
        asker = self.askers[at % 2]  # an article shows two answers of each at once
        known = mailbox(email.text) or f"doc{self.number}@bao.example.vn"
        return self._send(name=name.text, text=text.text, email=known, answered=_again(asker))

    def _send(self, **typed):
        sent = moderation.submit(article=self.article, wants_notices=True, **typed)
        notices.subscribe(sent)
        return _again(sent)

    def approve(self):
        """Let readers see what was sent; one of them has something to say against it."""
        for comment in self.comments:
            moderation.approve(actor=self.moderator, comment=_again(comment))
        reported(self.comments[0], self.line("report"), self.number)

    def withdraw(self):
        reason = self.line("withdrawal")
        workflow.withdraw(actor=self.moderator, article=self.article, reason=reason)


def _again(comment):
    return Comment.objects.select_related("article").get(pk=comment.pk)


def _halves(texts):
    return texts[: EACH // 2], texts[EACH // 2 :]


def _photo(real, **words):
    """Another photo of the same file."""
    size = {"width": real.width, "height": real.height}
    token = secrets.token_hex(12)
    return Photo.objects.create(token=token, original=real.original.name, **size, **words)


def furnish(parts):
    """A site whose fields hold the payloads of these parts, and somebody who may open it all."""
    real = factories.photo()
    sections = [factories.SectionFactory(name=one.text) for one in PAYLOADS["section"][:6]]
    person = PAYLOADS["person"][0].text
    moderator = factories.user(*Role, is_superuser=True, full_name=person)
    made = [Part(part, sections[part % 6], real, moderator) for part in parts]
    desk = Client()
    desk.force_login(moderator)
    return made, desk


def look_at_the_waiting(shown, desk, made):
    """Open the queue and each comment in it, with its address; then let readers see them."""
    walk(shown, desk, "queue", QUEUE)
    for part in made:
        for comment in part.comments:
            shown.page("decision", decide(desk, comment, "see_address"))
        part.approve()
        shown.page("reports", desk.get(at_desk(part.comments[0])))
        shown.page("rejected", desk.get(at_desk(part.rejected)))
        shown.page("log of a comment", desk.get(at_desk(part.rejected, "history")))
    for state in ("approved", "reported", "rejected"):
        walk(shown, desk, "queue", f"{QUEUE}?state={state}")


def walk(shown, desk, kind, path):
    """Open a list and all its further pages."""
    following = "?" + path.partition("?")[2]
    while following:
        response = shown.page(kind, desk.get(path.partition("?")[0] + following))
        context = response.context
        following = context["cl"].next_url if "cl" in context else context["further"]


def look_at_what_is_public(shown, part):
    reader, article = Client(), part.article
    page = shown.page("article", reader.get(article.get_absolute_url())).content.decode()
    (facts,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert "<" not in facts
    assert json.loads(facts)["headline"] == article.newest_revision.headline
    shown.hear("facts", json.dumps(json.loads(facts)))
    shown.page("comments", reader.get(f"/binh-luan/{article.pk}/y-kien/"))
    shown.page("list of a topic", reader.get(part.topic.get_absolute_url()))
    read_feed(shown, reader.get(f"{part.topic.get_absolute_url()}rss.xml"))
    for name in part.names:
        shown.page("list of a pen name", reader.get(name.get_absolute_url()))
    for path in searches_of(part):
        shown.page("search", reader.get(path))


def read_feed(shown, response):
    """A feed is XML: what stands in its elements is text and nothing else."""
    feed = ElementTree.fromstring(response.content)
    assert {len(field) for item in feed.iter("item") for field in item} == {0}
    shown.hear("feed", " ".join(feed.itertext()))


def look_at_own_data(shown, part):
    """What a sender opens and downloads."""
    reader = Client()
    for comment in [*part.comments, part.rejected]:
        ticket = tickets.url_of(comment)
        shown.page("ticket", reader.get(ticket))
        shown.page("report form", reader.get(f"/binh-luan/y-kien/{part.askers[0].pk}/bao-cao/"))
        token = links.token_of(links.ADDRESS, comment)
        shown.page("own data", reader.get(reverse("comments:address", args=[token])))
        file = reader.get(f"{ticket}tai-ve/")
        assert file["Content-Type"].startswith("application/json")
        assert file["Content-Disposition"].startswith("attachment")
        assert file["X-Content-Type-Options"] == "nosniff"
        shown.hear("export", json.dumps(file.json()))


def look_at_the_desk(shown, desk, part):
    """The form, both texts in a conflict, the versions and the log, what came back."""
    change = f"/admin/articles/article/{part.article.pk}/change/"
    typed = typed_backwards(shown.page("form", desk.get(change)), part)
    shown.page("preview", desk.post(change, typed | {"verb": "preview"}))
    shown.page("conflict", desk.post(change, typed | {"verb": "save", "base": "0"}), 409)
    shown.page("version", desk.get(change.replace("change/", "version/1/")))
    returned = f"/admin/articles/article/{part.returned.pk}/change/"
    shown.page("returned", desk.get(returned))
    shown.page("log of an article", desk.get(returned.replace("change/", "history/")))
    # Somebody whose session is over is asked to log in, with all he typed in the page.
    names = [one.text for one in of("file", part.number)]
    shown.page("session over", upload(Client(), change, names))
    shown.page("session over", upload(_elsewhere(), change, names), 403)
    part.withdraw()
    shown.page("withdrawn", desk.get(change))
    shown.page("log of an article", desk.get(change.replace("change/", "history/")))


def typed_backwards(response, part):
    """What the form of the article sends if each of its texts is turned round word by word."""
    (form,) = (one for one in forms_of(response) if "headline" in one.offered)
    typed = {}
    for name, value in form.fields:
        typed.setdefault(name, []).append(value)
    fields = {"headline": "headline", "standfirst": "standfirst", "source_line": "source line"}
    fields |= {"photo_alt": "alt", "photo_caption": "caption"}
    for name, field in fields.items():
        typed[name] = " ".join(one.text for one in reversed(of(field, part.number)))
    credits = _halves([one.text for one in of("credit", part.number)])[1]
    names = {f"byline-{at}-name": one.name for at, one in enumerate(reversed(part.names))}
    return typed | names | {"photo_credit": " ".join(credits)}


def _elsewhere():
    """Somebody who logged in again in another window, so that the token of the form is old."""
    return Client(enforce_csrf_checks=True, headers={"origin": "http://testserver"})


def upload(client, path, names):
    """Send files by their names, written as a browser never would: each sign of them arrives."""
    head = '--x\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n{}\r\n'
    parts = [head.format("headline", "", "Tít")]
    parts += [head.format("photo_file", f"; filename*=UTF-8''{quote(name)}", "x") for name in names]
    body = "".join(parts) + "--x--\r\n"
    return client.post(path, body.encode(), content_type="multipart/form-data; boundary=x")


def look_at_lists(shown, desk, made):
    reader = Client()
    shown.page("front page", reader.get("/"))
    for section in {part.article.section for part in made}:
        shown.page("list of a section", reader.get(section.get_absolute_url()))
    lists = {"article/?state=all": "articles", "photo/?": "photos", "author/?": "pen names"}
    lists |= {"topic/?": "topics"}
    for tail, called in lists.items():
        path = f"/admin/articles/{tail}"
        first = shown.page(f"list of {called}", desk.get(path))
        for number in range(2, first.context["cl"].paginator.num_pages + 1):
            shown.page(f"list of {called}", desk.get(f"{path}&p={number}"))
    for verb in ("return", "withdraw"):
        walk(shown, desk, "log", f"/admin/newsroom/event/?verb={verb}")
    for path in ("/admin/", "/admin/articles/section/", "/admin/articles/photo/pick/"):
        shown.page("other pages of the desk", desk.get(path))


def read_letters(shown, made):
    """Letters are plain text, their heads hold nothing that was typed but the address."""
    sent = letters.delivered()
    for letter in sent:
        assert letter.content_subtype == "plain"
        assert letter.alternatives == [] if hasattr(letter, "alternatives") else True
        assert not CALL.search(letter.subject)
        shown.hear("letter", letter.body)
    wanted = {comment.email for part in made for comment in [*part.comments, part.rejected]}
    assert {letter.to[0] for letter in sent} >= wanted


def look_at_datelines(shown, part, parts):
    """A dateline is too short for a payload: each as far as it goes."""
    cuts = {one.text[:DATELINE].strip() for each in parts for one in of("dateline", each)}
    for cut in sorted(filter(vietnamese.has_text, cuts)):
        SiteSettings.objects.update_or_create(pk=1, defaults={"dateline": cut})
        page = shown.page("dateline", Client().get(part.article.get_absolute_url()))
        assert html.escape(vietnamese.clean(cut)) in page.content.decode()
    SiteSettings.objects.filter(pk=1).update(dateline="(BTV)")


def shown_of(parts):
    """Fill the site, open all of it, and return what was shown; nothing may be missing."""
    made, desk = furnish(parts)
    shown = Shown()
    look_at_the_waiting(shown, desk, made)
    read_letters(shown, made)
    look_at_datelines(shown, made[0], parts)
    look_at_lists(shown, desk, made)
    for part in made:
        look_at_what_is_public(shown, part)
        look_at_own_data(shown, part)
        look_at_the_desk(shown, desk, part)
    for verb in ("return", "withdraw"):
        walk(shown, desk, "log", f"/admin/newsroom/event/?verb={verb}")
    assert shown.lacks(parts) == []
    return shown


@pytest.fixture
def page(browser):
    """A browser's page that hears what runs."""
    page = running.listening_page(browser)
    yield page
    page.context.close()


def parsed(page, shown, at_once=50):
    """Have the browser parse all that was shown: no element and no attribute is a payload's."""
    for kind, pages in shown.pages.items():
        for first in range(0, len(pages), at_once):
            assert running.foreign_in(page, pages[first : first + at_once]) == [], kind


def fired(page, home, shown, every=1, at_once=10):
    """Fire all events at each so manieth page of each kind; return how many these are."""
    number = 0
    for kind, pages in shown.pages.items():
        few = pages[::every]
        for first in range(0, len(few), at_once):
            found = running.runs_in_frames(page, home, few[first : first + at_once])
            assert found == ([], []), kind
        number += len(few)
    return number


def test_there_are_enough_of_them():
    for field, typed in PAYLOADS.items():
        texts = {one.text for one in typed}
        assert len(texts) == len(typed) == payloads.PLAIN >= 1_500, field
        assert all(CALL.search(text) and len(text) <= LONGEST for text in texts)
    assert sum(bool(taken("e-mail", part)) for part in PARTS) > len(PARTS) / 2
    assert sum(bool(taken("file", part)) for part in PARTS) > len(PARTS) / 2


def test_the_browser_sees_what_is_foreign(page, live_server):
    """As markup they are noticed, whole or in a page: else the tests below say nothing."""
    texts = [one.text for one in PAYLOADS["headline"] if one.text.startswith("<")]
    assert len(texts) > 100
    missed = [text for text in texts if not running.foreign_in(page, [f"<p>{text}</p>"])]
    attributes = [one.text for one in PAYLOADS["headline"] if one.text.startswith('"')]
    missed += [one for one in attributes if not running.foreign_in(page, [f'<p title="{one}">x'])]
    assert len(missed) < len(texts + attributes) / 5, missed
    ran, armed = running.runs_in_frames(page, f"{live_server.url}/robots.txt", texts[:40])
    assert len(ran) > 10
    assert len(armed) > 20


def test_nothing_runs_in_a_browser(page, live_server):
    """Some of the site, with its own scripts, as it is served."""
    made, desk = furnish(FEW[1:3])
    paths = [path for part in made for path in addresses_of_readers(part)]
    for part in made:
        part.approve()
    for path in ["/", *paths]:
        page.goto(live_server.url + path)
        assert running.what_runs(page, "main *") == ([], []), path
    assert "top.ran(" in page.content()
    cookie = {"name": "sessionid", "value": desk.cookies["sessionid"].value}
    page.context.add_cookies([cookie | {"url": live_server.url}])
    for path in addresses_of_the_desk(made[0]):
        assert page.goto(live_server.url + path).status == 200, path
        assert "top.ran(" in page.content(), path
        # Scripts of the desk answer to events of their own; a handler that was typed is armed.
        assert running.what_runs(page, "#content img, #content svg, #content b") == ([], []), path


def addresses_of_readers(part):
    own = part.article.get_absolute_url()
    lists = (part.article.section, part.topic, *part.names)
    return [
        *(own, f"/binh-luan/{part.article.pk}/", f"/binh-luan/{part.article.pk}/y-kien/"),
        *(one.get_absolute_url() for one in lists),
        *(tickets.url_of(one) for one in part.comments),
        *searches_of(part),
    ]


def searches_of(part):
    """One search for each of its payloads: what is asked for is cut to the length of a name."""
    typed = zip(of("search", part.number), of("search for a pen name", part.number), strict=True)
    asked = ({"q": words.text, "tac-gia": name.text} for words, name in typed)
    return [f"/tim-kiem/?{doors.encoded(one)}" for one in asked]


def addresses_of_the_desk(part):
    comment, article = part.comments[-1], f"/admin/articles/article/{part.article.pk}"
    return [
        *(f"/admin/articles/{one}/" for one in ("article", "photo", "author", "section", "topic")),
        *(f"{article}/{one}/" for one in ("change", "history", "version/1")),
        f"/admin/articles/article/{part.returned.pk}/change/",
        "/admin/articles/photo/pick/",
        "/admin/newsroom/event/",
        *(f"{QUEUE}?state={one}" for one in ("", "approved", "rejected", "reported")),
        *(at_desk(one) for one in (comment, part.comments[0], part.rejected)),
        *(at_desk(one, "history") for one in (comment, part.rejected)),
    ]


def test_nothing_of_them_is_markup_anywhere(page, live_server):
    shown = shown_of(FEW)
    parsed(page, shown)
    fired(page, f"{live_server.url}/robots.txt", shown, every=6)


@once
@pytest.mark.long
def test_nothing_of_any_is_markup_anywhere(page, live_server, record_property):
    shown = shown_of(PARTS)
    parsed(page, shown)
    number = sum(len(pages) for pages in shown.pages.values())
    events = fired(page, f"{live_server.url}/robots.txt", shown, every=8)
    text = f"{payloads.PLAIN} payloads in each of {len(FIELDS)} fields, {number} pages parsed"
    record_property("measured", f"{text}, all events fired at {events}: 0 ran")
