"""Who may do what: verb × role × own or another's article × review required or not."""

import itertools

import pytest

from articles.models import Article
from articles.permissions import Rights, Verb, can, moderated, moderators_of, readable
from comments import moderation
from comments.models import Comment
from newsroom.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db

WRITE = {"read", "save", "submit"}
SIGN = {"publish", "schedule", "unschedule", "withdraw"}
EDIT = {"read", "save", "return", "approve"}
DESK = WRITE | SIGN | {"place", "moderate"}

# (role, whose article, review required) → what may be done. Written from the design, by hand.
EXPECTED = {
    (Role.REPORTER, "own", False): WRITE | SIGN,
    (Role.REPORTER, "own", True): WRITE,
    (Role.REPORTER, "in section", False): set(),
    (Role.REPORTER, "in section", True): set(),
    (Role.REPORTER, "elsewhere", False): set(),
    (Role.REPORTER, "elsewhere", True): set(),
    (Role.EDITOR, "own", False): WRITE | SIGN,
    (Role.EDITOR, "own", True): WRITE,
    (Role.EDITOR, "in section", False): EDIT,
    (Role.EDITOR, "in section", True): EDIT,
    (Role.EDITOR, "elsewhere", False): set(),
    (Role.EDITOR, "elsewhere", True): set(),
    (Role.SECRETARY, "own", False): DESK,
    (Role.SECRETARY, "own", True): DESK,
    (Role.SECRETARY, "in section", False): DESK | EDIT,
    (Role.SECRETARY, "in section", True): DESK | EDIT,
    (Role.SECRETARY, "elsewhere", False): DESK | EDIT,
    (Role.SECRETARY, "elsewhere", True): DESK | EDIT,
    **{
        (Role.MODERATOR, whose, review): {"moderate"}
        for whose in ("own", "in section", "elsewhere")
        for review in (False, True)
    },
    **{
        (Role.ADMINISTRATOR, whose, review): {"read"}
        for whose in ("own", "in section", "elsewhere")
        for review in (False, True)
    },
}


def test_the_table_is_whole():
    whose = ("own", "in section", "elsewhere")
    assert set(EXPECTED) == set(itertools.product(Role, whose, (False, True)))


@pytest.fixture
def make_article():
    """An article of the person, or of somebody else in or outside of his section."""

    def make(person, whose):
        colleague = factories.user(Role.EDITOR)
        section = factories.SectionFactory()
        section.editors.add(person if whose == "in section" else colleague)
        author = person if whose == "own" else colleague
        return factories.draft(by=author, section=section)

    return make


@pytest.mark.parametrize(("role", "whose", "review"), EXPECTED, ids=lambda value: str(value))
def test_verbs(make_article, role, whose, review):
    factories.require_review(review)
    person = factories.user(role)
    article = make_article(person, whose)
    allowed = {str(verb) for verb in Verb if can(person, verb, article)}
    assert allowed == EXPECTED[role, whose, review]


@pytest.mark.parametrize("role", Role)
def test_the_list_shows_exactly_what_may_be_read(make_article, role):
    person = factories.user(role)
    articles = [make_article(person, whose) for whose in ("own", "in section", "elsewhere")]
    if role == Role.MODERATOR:
        assert not readable(person).exists()
    listed = set(readable(person))
    assert listed == {article for article in articles if can(person, "read", article)}


@pytest.mark.parametrize("verb", Verb)
def test_without_a_role_nothing(verb):
    nobody = factories.user()
    gone = factories.user(Role.SECRETARY, is_active=False)
    article = factories.draft(by=nobody)
    assert not can(nobody, verb, article)
    assert not can(gone, verb, article)
    assert not readable(nobody).exists()


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.REPORTER, True),
        (Role.EDITOR, True),
        (Role.SECRETARY, True),
        (Role.MODERATOR, False),
        (Role.ADMINISTRATOR, False),
    ],
)
def test_who_may_begin_an_article(role, may):
    assert can(factories.user(role), Verb.SAVE, None) is may


def test_the_first_account_administers_and_signs_nothing():
    superuser = factories.user(is_superuser=True)
    article = factories.in_review()
    assert {verb for verb in Verb if can(superuser, verb, article)} == {Verb.READ}


def test_a_pen_name_in_the_byline_makes_it_ones_own():
    person = factories.user(Role.REPORTER)
    pen_name = factories.AuthorFactory(account=person)
    article = factories.draft(by=factories.user(Role.REPORTER), byline=[pen_name])
    assert can(person, Verb.SAVE, article)
    assert article in readable(person)


def test_nobody_approves_his_own_text_under_another_name():
    editor = factories.user(Role.EDITOR)
    pen_name = factories.AuthorFactory(account=editor)
    article = factories.in_review(byline=[pen_name])
    assert not can(editor, Verb.APPROVE, article)
    assert not can(editor, Verb.RETURN, article)


def test_writing_ones_own_name_under_anothers_text_gives_no_right_to_sign():
    editor = factories.user(Role.EDITOR)
    pen_name = factories.AuthorFactory(account=editor)
    article = factories.published(by=factories.user(Role.REPORTER))
    signed = factories.edited(article, by=editor, byline=[pen_name])
    assert can(editor, Verb.SAVE, signed)
    assert not can(editor, Verb.WITHDRAW, signed)
    assert not can(editor, Verb.PUBLISH, signed)
    named = factories.edited(signed, by=factories.user(Role.SECRETARY), byline=[pen_name])
    assert can(editor, Verb.PUBLISH, named)


def test_correcting_a_colleagues_text_does_not_make_it_ones_own():
    editor = factories.user(Role.EDITOR)
    article = factories.edited(factories.in_review(), by=editor)
    assert can(editor, Verb.APPROVE, article)


class TestSectionsOfAnEditor:
    def test_a_section_that_names_nobody_is_everybodys(self):
        section = factories.SectionFactory()
        assert section.pk in Rights(factories.user(Role.EDITOR)).sections

    def test_a_sub_section_follows_its_parent_until_it_names_somebody(self):
        mine, other = factories.user(Role.EDITOR), factories.user(Role.EDITOR)
        parent = factories.SectionFactory()
        parent.editors.add(mine)
        child = factories.SectionFactory(parent=parent)
        assert child.pk in Rights(mine).sections
        assert child.pk not in Rights(other).sections
        child.editors.add(other)
        assert child.pk not in Rights(mine).sections
        assert child.pk in Rights(other).sections

    def test_an_article_without_a_section_is_every_editors(self):
        editor = factories.user(Role.EDITOR)
        article = factories.draft(by=factories.user(Role.REPORTER))
        Article.objects.filter(pk=article.pk).update(section=None)
        article = Article.objects.get(pk=article.pk)
        assert can(editor, Verb.APPROVE, article)
        assert article in readable(editor)


class TestSectionsOfAModerator:
    def article(self, section):
        return factories.published(section=section)

    def test_a_section_that_names_nobody_is_everybodys(self):
        article = self.article(factories.SectionFactory())
        assert can(factories.user(Role.MODERATOR), Verb.MODERATE, article)

    def test_a_sub_section_follows_its_parent_until_it_names_somebody(self):
        mine, other = factories.user(Role.MODERATOR), factories.user(Role.MODERATOR)
        parent = factories.SectionFactory()
        parent.moderators.add(mine)
        child = factories.SectionFactory(parent=parent)
        article = self.article(child)
        assert can(mine, Verb.MODERATE, article)
        assert not can(other, Verb.MODERATE, article)
        assert set(moderators_of(article)) == {mine}
        child.moderators.add(other)
        assert not can(mine, Verb.MODERATE, article)
        assert can(other, Verb.MODERATE, article)
        assert set(moderators_of(article)) == {other}

    def test_editors_of_a_section_are_something_else(self):
        section, person = factories.SectionFactory(), factories.user(Role.MODERATOR)
        section.editors.add(factories.user(Role.EDITOR))
        assert can(person, Verb.MODERATE, self.article(section))

    def test_the_secretary_decides_everywhere_and_who_is_named_needs_the_role(self):
        section = factories.SectionFactory()
        reporter, chief = factories.user(Role.REPORTER), factories.user(Role.SECRETARY)
        section.moderators.add(reporter)
        article = self.article(section)
        assert can(chief, Verb.MODERATE, article)
        assert not can(reporter, Verb.MODERATE, article)
        assert not can(factories.user(Role.MODERATOR), Verb.MODERATE, article)
        assert set(moderators_of(article)) == {chief}

    @pytest.mark.parametrize("role", [Role.MODERATOR, Role.SECRETARY])
    def test_lists_say_what_can_says(self, role):
        """`moderated` and `moderators_of` are the twins of `can`."""
        person, colleague = factories.user(role), factories.user(Role.MODERATOR)
        parent = factories.SectionFactory()
        parent.moderators.add(colleague)
        sections = [parent, factories.SectionFactory(parent=parent), factories.SectionFactory()]
        articles = [self.article(section) for section in sections]
        loose = self.article(sections[2])
        Article.objects.filter(pk=loose.pk).update(section=None)
        articles.append(Article.objects.get(pk=loose.pk))
        for article in articles:
            moderation.submit(article=article, name="A", text="Một ý kiến.")
        may = {article.pk for article in articles if can(person, Verb.MODERATE, article)}
        listed = Comment.objects.filter(moderated(person)).values_list("article", flat=True)
        assert set(listed) == may
        named = {a.pk for a in articles if person in moderators_of(a)}
        assert named == may
