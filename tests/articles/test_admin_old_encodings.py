"""Text in an old encoding is saved as it is, named on the form, and stops nobody."""

import pytest

from articles.models import Article, Publication
from newsroom.roles import Role
from tests import factories
from tests.articles.test_admin_form import ADD, typed, url
from tests.comments.reader import text_of

pytestmark = pytest.mark.django_db
OLD = "Cuïm thi ñua soá 1 - Boä Taøi nguyeân"
WARNING = "Bài có chữ chưa phải Unicode"


@pytest.fixture
def secretary(client):
    person = factories.user(Role.SECRETARY)
    factories.AuthorFactory(name="Trung Kiên", slug="trung-kien", account=person)
    client.force_login(person)
    return person


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("headline", "Tít"),
        ("standfirst", "Sapo"),
        ("body", "Chính văn"),
        ("photo_caption", "Chú thích"),
    ],
)
def test_a_field_is_saved_and_named(client, secretary, name, label):
    text = f"<p>Đoạn đầu.</p><p>{OLD}</p>" if name == "body" else OLD
    answer = client.post(ADD, typed(**{name: text}), follow=True)
    assert OLD in getattr(Article.objects.get().newest_revision, name)
    assert WARNING in text_of(answer)
    assert f"{label}: bảng mã cũ VNI" in text_of(answer)
    assert f'href="#field-{name}"' in answer.content.decode()


def test_a_form_with_mistakes_names_it_too(client, secretary):
    answer = client.post(ADD, typed(headline="", standfirst=OLD))
    assert answer.status_code == 422
    assert "Sapo: bảng mã cũ VNI" in text_of(answer)


def test_it_is_saved_and_not_published(client, secretary):
    section = factories.SectionFactory()
    answer = client.post(ADD, typed("publish", headline=OLD, section=section.pk), follow=True)
    assert Article.objects.get().newest_revision.headline == OLD
    assert Publication.objects.count() == 0
    assert "hãy chuyển sang Unicode" in text_of(answer)


def test_nothing_is_said_of_unicode(client, secretary):
    assert WARNING not in text_of(client.post(ADD, typed(), follow=True))
    assert WARNING not in text_of(client.get(url(Article.objects.get())))


def test_no_letter_is_lost_to_cleaning(client, secretary):
    old = "UBND tØnh häp phiªn th\u00adêng kú"
    client.post(ADD, typed(headline=old, body=f"<p>{old}</p>"))
    revision = Article.objects.get().newest_revision
    assert (revision.headline, revision.body) == (old, f"<p>{old}</p>")
