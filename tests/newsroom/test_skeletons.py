"""A filled partial is, letter for letter, what the template engine makes of it."""

import re
import tracemalloc
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings as site
from django.template import Context, Template, TemplateSyntaxError
from django.template.defaultfilters import linebreaks_filter
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from articles.paging import Pager
from articles.views.cards import BriefCard, Card, Line, Picture
from articles.views.frame import Link, Masthead, Page
from articles.views.front import Block
from articles.views.search_form import Fields, Form, Option
from articles.views.story_tags import ShownTag, TagGroups
from articles.views.story_text import Name
from comments.shown import OrderLink, Shown, paragraphs
from newsroom import skeletons
from newsroom.models import SiteSettings
from newsroom.skeletons import fill

NASTY = (
    *("<script>alert(1)</script>", "</a>&amp;&lt;\"'", "{{ x }}{% url %}", "%(name)s %s", "\x00"),
    *(
        "\x000\x00",
        "\x001\x00",
        "text",
        "0",
        "&#0;",
        "Tòa soạn",
        "\n\n",
        " ",
        "\\1\\g<0>",
        "e\u0301",
    ),
)
TEXT = st.one_of(st.just(""), st.sampled_from(NASTY), st.text(max_size=12))
SAFE = st.sampled_from(("", "<b>đậm</b>", "<p>&amp;</p>\n", "\x000\x00")).map(mark_safe)
NUMBER = st.sampled_from((0, 1, 2, 1_000, 1_234_567))


PICTURE = st.builds(
    Picture, **dict.fromkeys(("src", "srcset", "largest", "alt", "caption", "credit"), TEXT)
)
LINK = st.builds(Link, url=TEXT, name=TEXT, current=TEXT)
LINE = st.builds(Line, **dict.fromkeys(("url", "headline", "day", "hour", "iso"), TEXT))
CARD = st.builds(
    Card,
    **dict.fromkeys("url headline summary when day hour iso byline note".split(), TEXT),
    photo=st.none() | PICTURE,
    section=LINK,
)
BRIEF_CARD = st.builds(
    BriefCard,
    **dict.fromkeys("url headline summary section day iso".split(), TEXT),
    photo=st.none() | PICTURE,
)
SHOWN = st.builds(
    Shown,
    **dict.fromkeys("name iso time url like_url reply_url report_url answers desk".split(), TEXT),
    **{"pk": NUMBER, "text": SAFE, "likes": NUMBER},
)
SITE = st.builds(
    SiteSettings,
    **dict.fromkeys(
        "name initials tagline governing_body licence head address phone fax email hotline".split(),
        TEXT,
    ),
)
MASTHEAD = st.builds(
    Masthead, site=SITE, menu=st.lists(LINK, max_size=3), **dict.fromkeys(["day", "today"], TEXT)
)
PAGE = st.builds(
    Page,
    site=SITE,
    **dict.fromkeys(["head", "foot"], SAFE),
    **dict.fromkeys("title description canonical robots kind image feed".split(), TEXT),
)
TAGS = st.lists(st.builds(ShownTag, TEXT, TEXT, st.booleans()), max_size=3)
OPTIONS = st.lists(st.builds(Option, value=TEXT, name=TEXT, chosen=st.booleans()), max_size=3)
FORM = st.builds(
    Fields,
    **dict.fromkeys("sections places former_places clusters".split(), OPTIONS),
    **dict.fromkeys("author since until".split(), TEXT),
    **dict.fromkeys("author_problem since_problem until_problem".split(), TEXT),
    authors=st.lists(TEXT, max_size=3),
    is_open=st.booleans(),
    chips=st.lists(LINK, max_size=3),
)
SHORT = {"max_size": 3}
PARTIALS = {
    "_styles.html": {},
    "articles/_text_font.html": {},
    "comments/_scripts.html": {},
    "_head.html": {"masthead": MASTHEAD},
    "_head_meta.html": {"page": PAGE},
    "_foot.html": {"masthead": MASTHEAD},
    "_crumbs.html": {"crumbs": st.lists(LINK, **SHORT)},
    "_headline.html": {"parts": st.lists(st.tuples(TEXT, st.booleans()), **SHORT)},
    "_pager.html": {
        "pager": st.builds(Pager, newer=TEXT, older=TEXT, newer_label=TEXT, older_label=TEXT),
        "label": TEXT,
    },
    "_search_form.html": {
        "query": TEXT,
        "form": st.builds(Form, fields=SAFE, sort=TEXT, chips=st.lists(LINK, **SHORT)),
    },
    "_latest.html": {"cards": st.lists(LINE, **SHORT)},
    "_timed.html": {"cards": st.lists(LINE, **SHORT)},
    "_briefs.html": {"cards": st.lists(LINE, **SHORT)},
    "_photo.html": {"photo": PICTURE, "sizes": SAFE, "alt": TEXT, "eager": st.booleans()},
    "_item.html": {"card": CARD},
    "_lead.html": {"card": CARD},
    "articles/_caption.html": {"photo": st.none() | PICTURE},
    "articles/_front_item.html": {"card": CARD},
    "articles/_front_lead.html": {"card": CARD, "related": st.lists(LINE, **SHORT)},
    "articles/_front_section.html": {
        "block": st.builds(
            Block,
            url=TEXT,
            name=TEXT,
            children=st.lists(LINK, **SHORT),
            lead=CARD,
            rest=st.lists(LINE, **SHORT),
        )
    },
    "_marked.html": {"pieces": st.lists(st.tuples(TEXT, st.booleans()), **SHORT)},
    "articles/_found.html": {"card": BRIEF_CARD, "headline": SAFE, "snippet": SAFE},
    "articles/_search_filters.html": {"form": FORM},
    "articles/_byline.html": {
        "byline": st.lists(st.builds(Name, name=TEXT, url=TEXT, label=TEXT, part=TEXT), **SHORT),
        "source": TEXT,
    },
    "articles/_tags.html": {"tags": st.none() | st.builds(TagGroups, TAGS, TAGS, TAGS, TEXT)},
    "comments/_reply.html": {"reply": SHOWN, "closed": st.booleans()},
    "comments/_thread.html": {
        "top": SHOWN,
        "replies": st.lists(SAFE, **SHORT),
        "closed": st.booleans(),
        "more": TEXT,
    },
    "comments/_thread_list.html": {
        "threads": st.lists(SAFE, **SHORT),
        "orders": st.lists(st.builds(OrderLink, url=TEXT, name=TEXT), **SHORT),
        "before": TEXT,
        "after": TEXT,
        "closed": st.none() | TEXT,
    },
    "comments/_way_to_form.html": {"write_url": TEXT, "closed": st.none() | TEXT},
    "comments/_comments.html": {
        "write_url": TEXT,
        "count": NUMBER,
        "threads": st.lists(SAFE, **SHORT),
        "orders": st.lists(st.builds(OrderLink, url=TEXT, name=TEXT), **SHORT),
        "after": TEXT,
        "closed": st.none() | TEXT,
    },
}


@pytest.mark.parametrize("template", PARTIALS)
@trying(deadline=None, max_examples=30)
@given(data=st.data())
def test_a_filled_partial_is_what_the_engine_renders(template, data):
    values = data.draw(st.fixed_dictionaries(PARTIALS[template]))
    assert fill(template, **values) == render_to_string(template, values)


def test_every_partial_that_is_filled_is_tried_here():
    templates = {path: path.read_text() for path in (site.BASE_DIR / "templates").rglob("*.html")}
    named = re.compile(r'{% filled "([^"]+)"')
    filled = {name for text in templates.values() for name in named.findall(text)}
    for app in ("articles", "comments"):
        for path in Path(site.BASE_DIR / app).rglob("*.py"):
            filled |= set(re.findall(r'\bfill\(\s*"([^"]+)"', path.read_text()))
    assert filled == set(PARTIALS)


@dataclass
class Row:
    name: str


class TestTag:
    def render(self, text: str, **values) -> str:
        return Template("{% load skeleton_tags %}" + text).render(Context(values))

    def test_a_row_may_have_one_value(self):
        shown = fill("_crumbs.html", crumbs=[Row("<b>")])
        assert shown == render_to_string("_crumbs.html", {"crumbs": [Row("<b>")]})
        assert "&lt;b&gt;" in shown

    def test_it_shows_what_an_include_shows(self):
        values = {"one": [Link("/x/", "<b>")], "other": "không thấy"}
        shown = self.render('{% filled "_crumbs.html" crumbs=one %}', **values)
        assert shown == self.render('{% include "_crumbs.html" with crumbs=one only %}', **values)
        assert "&lt;b&gt;" in shown

    @pytest.mark.parametrize("words", ["_crumbs.html", '"_crumbs.html" crumbs', '"a" b=c d'])
    def test_other_words_are_refused(self, words):
        with pytest.raises(TemplateSyntaxError):
            self.render("{% filled " + words + " %}")


def test_with_debug_a_changed_template_is_seen(settings, monkeypatch):
    asked = []

    def rendered(template, values):
        asked.append(template)
        return render_to_string(template, values)

    monkeypatch.setattr(skeletons, "render_to_string", rendered)
    skeletons.kept.clear()
    for debug, times in ((False, 1), (True, 2)):
        asked.clear()
        settings.DEBUG = debug
        assert len({fill("_crumbs.html", crumbs=[]) for _ in range(2)}) == 1
        assert len(asked) == times


def test_however_many_shapes_are_asked_for_the_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(skeletons, "KEPT_BYTES", 100_000)
    skeletons.kept.clear()
    crumbs = [Link("/x/", "a"), Link("", "b")]
    tracemalloc.start()
    try:
        for number in range(400):
            chosen = [crumbs[number >> place & 1] for place in range(9)]
            html = fill("_crumbs.html", crumbs=chosen)
            assert html == render_to_string("_crumbs.html", {"crumbs": chosen})
            assert skeletons.kept.bytes <= 100_000
        # Templates that are read for the first time are among it, and what the shapes are made of.
        assert tracemalloc.get_traced_memory()[0] < 1_000_000
    finally:
        tracemalloc.stop()
        skeletons.kept.clear()


@trying(deadline=None)
@given(st.text(st.sampled_from("a<>&\"' \n\rế"), max_size=12))
def test_a_comment_is_cut_into_paragraphs_as_everywhere(text):
    assert paragraphs(text) == linebreaks_filter(text)


def test_nothing_else_can_be_held():
    for value in (object(), 1.5, {"a": 1}, b"a", Link, {1}):
        with pytest.raises(TypeError):
            fill("_crumbs.html", crumbs=[value])


def test_it_is_marked_as_ready():
    assert isinstance(fill("_crumbs.html", crumbs=[]), SafeString)
