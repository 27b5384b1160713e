"""What readers agree to: in versions that nobody changes afterwards, for everybody to read."""

from datetime import timedelta

import pytest
from django.utils import timezone

from comments import consent
from comments.admin.consents import ConsentAdmin
from comments.models import ConsentText
from newsroom.models import Event, SiteSettings
from newsroom.refusals import NotAllowed, NotReady
from newsroom.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db

PAGE = "/binh-luan/du-lieu/"
ADD = "/admin/comments/consenttext/add/"


@pytest.fixture
def administrator(client):
    person = factories.user(Role.ADMINISTRATOR)
    client.force_login(person)
    return person


def version(days, text="Bản khác."):
    moment = timezone.now() + timedelta(days=days)
    return ConsentText.objects.create(text=text, valid_from=moment)


def test_a_new_site_has_a_text_and_shows_it_with_whom_to_ask(client, settings):
    SiteSettings.objects.update_or_create(pk=1, defaults={"email": "bandoc@bao.vn"})
    settings.KEEP_SENDERS_DAYS = 45
    answer = client.get(PAGE)
    html = answer.content.decode()
    assert "Dấu băm có khóa" in html
    assert "bandoc@bao.vn" in html
    assert "45 ngày" in html
    assert not answer.cookies
    assert "private" not in answer["Cache-Control"]


def test_the_newest_whose_day_has_come_is_in_force(client):
    version(-1, "Bản mới hơn.")
    version(1, "Bản sắp tới.")
    ConsentText.objects.filter(text__startswith="Khi bấm").update(
        valid_from=timezone.now() - timedelta(days=9)
    )
    assert consent.in_force(timezone.now()).text == "Bản mới hơn."
    assert consent.in_force(timezone.now() + timedelta(days=2)).text == "Bản sắp tới."
    html = client.get(PAGE).content.decode()
    assert html.index("Bản mới hơn.") < html.index("Khi bấm")
    assert "Bản sắp tới." not in html


def test_before_the_first_there_is_none(client):
    assert consent.in_force(timezone.now() - timedelta(days=1)) is None
    ConsentText.objects.all().delete()
    assert client.get(PAGE).status_code == 200


class TestTheAdministrator:
    def send(self, client, path, days, text="Bản mới của tòa soạn."):
        moment = timezone.localtime() + timedelta(days=days)
        parts = {"valid_from_0": f"{moment:%d/%m/%Y}", "valid_from_1": f"{moment:%H:%M}"}
        return client.post(path, {"text": text, **parts})

    def test_adds_a_version_and_mends_it_before_its_day(self, client, administrator):
        assert "Khi bấm" in client.get(ADD).content.decode(), "one begins with the present text"
        self.send(client, ADD, days=3)
        added = ConsentText.objects.get(text="Bản mới của tòa soạn.")
        event = Event.objects.latest("id")
        assert (event.actor, event.verb, event.object_id) == (administrator, "add", added.pk)
        path = f"/admin/comments/consenttext/{added.pk}/change/"
        self.send(client, path, days=4, text="Bản đã sửa.")
        added.refresh_from_db()
        assert added.text == "Bản đã sửa."

    def test_never_in_the_past(self, client, administrator):
        answer = self.send(client, ADD, days=-1)
        assert "Sớm nhất chỉ có thể áp dụng từ bây giờ." in answer.content.decode()
        assert ConsentText.objects.count() == 1

    def test_never_what_stands_there_already(self, client, administrator):
        present = ConsentText.objects.get().text
        answer = self.send(client, ADD, days=3, text=present + "\n")
        assert "giống hệt bản trước" in answer.content.decode()
        assert ConsentText.objects.count() == 1
        twin = ConsentText(text=present, valid_from=timezone.now() + timedelta(days=3))
        with pytest.raises(NotReady, match="giống hệt bản trước"):
            consent.save(actor=administrator, consent=twin)

    def test_a_day_that_passes_between_question_and_saving_costs_nothing_typed(
        self, client, administrator, clock, monkeypatch
    ):
        save_form = ConsentAdmin.save_form

        def late(*args, **kwargs):
            clock(timezone.now() + timedelta(days=9))
            return save_form(*args, **kwargs)

        monkeypatch.setattr(ConsentAdmin, "save_form", late)
        answer = self.send(client, ADD, days=3)
        assert answer.status_code == 200
        html = answer.content.decode()
        assert "Sớm nhất chỉ có thể áp dụng từ bây giờ." in html
        assert "Bản mới của tòa soạn." in html
        assert ConsentText.objects.count() == 1

    def test_never_touches_one_in_force(self, client, administrator):
        present = ConsentText.objects.get()
        path = f"/admin/comments/consenttext/{present.pk}/change/"
        assert 'name="text"' not in client.get(path).content.decode()
        assert self.send(client, path, days=3).status_code == 403
        present.text = "Sửa lén."
        with pytest.raises(NotReady):
            consent.save(actor=administrator, consent=present)
        assert ConsentText.objects.get().text != "Sửa lén."

    def test_two_versions_never_begin_together(self, administrator):
        other = version(3)
        twin = ConsentText(text="Bản thứ ba.", valid_from=other.valid_from)
        with pytest.raises(NotReady):
            consent.save(actor=administrator, consent=twin)


def test_nobody_else_adds_one():
    new = ConsentText(text="Bản lạ.", valid_from=timezone.now() + timedelta(days=1))
    with pytest.raises(NotAllowed):
        consent.save(actor=factories.user(Role.SECRETARY), consent=new)
