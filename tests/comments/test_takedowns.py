"""The register of take-down demands, and what is kept because of one."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from comments import moderation, takedowns
from comments.models import Comment, Takedown
from newsroom.models import Event
from newsroom.refusals import Conflict, NotAllowed, NotReady
from newsroom.roles import Role
from tests import factories
from tests.comments import makers

pytestmark = pytest.mark.django_db

LIST = "/admin/comments/takedown/"


def demand(hours=24, **fields):
    """A demand that is due in so many hours, before it is saved."""
    now = timezone.now()
    values = {"received_at": now - timedelta(days=2), "deadline_at": now + timedelta(hours=hours)}
    said = {"sender": "Sở Thông tin", "demand": "Gỡ ý kiến nêu tên người chưa thành niên."}
    return Takedown(**values | said | fields)


def registered(**fields):
    return takedowns.save(actor=None, demand=demand(**fields))


@pytest.fixture
def secretary(client):
    person = factories.user(Role.SECRETARY, full_name="Thư Ký")
    client.force_login(person)
    return person


def typed(**fields):
    """What the form sends."""
    now = timezone.localtime()
    values = {
        "received_at_0": f"{now:%d/%m/%Y}",
        "received_at_1": f"{now:%H:%M}",
        "deadline_at_0": "",
        "deadline_at_1": "",
        "sender": "Công an huyện",
        "demand": "Gỡ.",
        "outcome": "open",
    }
    return values | fields


class TestTheRegister:
    def test_what_is_due_first_stands_first_and_says_how_late_it_is(self, client, secretary):
        registered(sender="Còn lâu", hours=30)
        registered(sender="Sắp đến", hours=2.5)
        registered(sender="Quá hạn", hours=-3.5)
        registered(sender="Xong rồi", outcome="done", answer="Đã gỡ.")
        html = client.get(LIST).content.decode()
        places = [html.index(name) for name in ("Quá hạn", "Sắp đến", "Còn lâu")]
        assert places == sorted(places)
        assert 'class="desk-wait is-late">quá hạn 3 giờ 30 phút' in html
        assert 'class="desk-wait is-soon">còn 2 giờ' in html
        assert "Xong rồi" not in html
        assert "Xong rồi" in client.get(LIST + "?state=closed").content.decode()

    def test_one_is_added_with_a_days_time_and_its_comment_held(self, client, secretary):
        comment = makers.in_state("approved")
        article = comment.article
        address = f"http://testserver{article.get_absolute_url()}"
        sent = typed(article=address, comment=f"{address}#y-kien-{comment.pk}")
        assert client.post(LIST + "add/", sent).status_code == 302
        row = Takedown.objects.get()
        assert row.deadline_at - row.received_at == timedelta(hours=24)
        assert (row.article, row.comment) == (article, comment)
        assert Comment.objects.get(pk=comment.pk).legal_hold
        verbs = set(Event.objects.filter(actor=secretary).values_list("verb", flat=True))
        assert verbs == {"sign_in", "add", "legal_hold"}

    def test_the_comments_own_address_names_it_too(self, client, secretary):
        comment = makers.in_state("approved")
        address = f"http://testserver{reverse('comments:thread', args=[comment.pk])}"
        client.post(LIST + "add/", typed(comment=address))
        assert Takedown.objects.get().comment == comment

    @pytest.mark.parametrize("wrong", ["999999", "khong-co", "9" * 30])
    def test_a_number_that_leads_nowhere_is_said(self, client, secretary, wrong):
        html = client.post(LIST + "add/", typed(comment=wrong)).content.decode()
        assert "không dẫn tới đâu" in html
        assert not Takedown.objects.exists()

    def test_one_about_an_erased_comment_is_registered_and_says_so(self, client, secretary):
        comment = makers.in_state("purged")
        answer = client.post(LIST + "add/", typed(comment=comment.pk), follow=True)
        assert answer.status_code == 200
        assert "đã bị xóa hẳn từ trước" in answer.content.decode()
        assert Takedown.objects.get().comment == comment
        assert not Comment.objects.get(pk=comment.pk).legal_hold
        assert not Event.objects.filter(verb="legal_hold").exists()

    def test_answering_says_what_who_and_when(self, client, secretary):
        row = registered()
        path = f"{LIST}{row.pk}/change/"
        html = client.post(path, typed(outcome="done")).content.decode()
        assert "Ghi rõ đã làm gì" in html
        client.post(path, typed(outcome="done", answer="Đã gỡ, đã trả lời."))
        row.refresh_from_db()
        assert (row.closed_by, row.outcome) == (secretary, "done")
        assert Event.objects.latest("id").verb == "close"
        closed = row.closed_at
        client.post(path, typed(outcome="partly", answer="Đã gỡ một phần."))
        row.refresh_from_db()
        assert row.closed_at == closed
        client.post(path, typed(outcome="open", answer="Xem lại."))
        row.refresh_from_db()
        assert (row.closed_by, row.closed_at) == (None, None)
        assert Event.objects.latest("id").verb == "open_again"

    def test_a_deadline_before_its_receipt_is_refused(self, client, secretary):
        past = {"deadline_at_0": "1/1/2020", "deadline_at_1": "8:00"}
        html = client.post(LIST + "add/", typed(**past)).content.decode()
        assert "nằm trước lúc nhận" in html

    def test_the_log_names_nobody(self):
        row = registered(sender="Bà Nguyễn Thị Kín")
        event = Event.objects.latest("id")
        assert "Kín" not in f"{event.object_label}{event.reason}{event.data}"
        assert event.object_id == row.pk

    def test_the_administrator_reads_and_nobody_else_writes(self, client):
        row = registered()
        client.force_login(factories.user(Role.ADMINISTRATOR))
        html = client.get(f"{LIST}{row.pk}/change/").content.decode()
        assert "Sở Thông tin" in html
        assert 'name="outcome"' not in html
        for role in (Role.ADMINISTRATOR, Role.MODERATOR, Role.EDITOR):
            with pytest.raises(NotAllowed):
                takedowns.save(actor=factories.user(role), demand=demand())

    def test_the_secretarys_desk_shows_what_is_due(self, client, secretary):
        assert "Yêu cầu gỡ" not in client.get("/admin/").content.decode()
        registered(hours=-1)
        html = client.get("/admin/").content.decode()
        assert "Sở Thông tin" in html
        assert "quá hạn 1 giờ" in html
        client.force_login(factories.user(Role.EDITOR))
        assert "Sở Thông tin" not in client.get("/admin/").content.decode()


class TestNamingAnotherComment:
    @pytest.fixture
    def article(self):
        return factories.published()

    @pytest.fixture
    def comment(self, article):
        return makers.pending(article, text="Câu bị nêu nhầm.")

    @pytest.fixture
    def other(self, article):
        return makers.pending(article, text="Câu bị nêu đúng.")

    def is_held(self, comment):
        return Comment.objects.get(pk=comment.pk).legal_hold

    def test_the_one_named_by_mistake_is_let_go_and_the_log_says_why(
        self, client, secretary, comment, other
    ):
        client.post(LIST + "add/", typed(comment=comment.pk))
        row = Takedown.objects.get()
        answer = client.post(f"{LIST}{row.pk}/change/", typed(comment=other.pk))
        assert answer.status_code == 302
        assert (self.is_held(comment), self.is_held(other)) == (False, True)
        event = Event.objects.get(verb="lift_legal_hold")
        assert (event.actor, event.object_id) == (secretary, comment.pk)
        assert event.reason == f"Yêu cầu gỡ số {row.pk}"
        client.post(f"{LIST}{row.pk}/change/", typed())
        assert not self.is_held(other)

    def test_what_was_kept_by_hand_stays_kept(self, secretary, comment, other):
        takedowns.hold(actor=secretary, comment=comment, reason="Tòa án yêu cầu.")
        row = registered(comment=comment)
        row.comment = other
        takedowns.save(actor=secretary, demand=row)
        assert (self.is_held(comment), self.is_held(other)) == (True, True)

    @pytest.mark.parametrize("said", [{}, {"outcome": "refused", "answer": "Không có cơ sở."}])
    def test_what_another_demand_names_stays_kept(self, comment, other, said):
        rows = [registered(comment=comment), registered(comment=comment, **said)]
        for row, held in zip(rows, (True, False), strict=True):
            row.comment = other
            takedowns.save(actor=None, demand=row)
            assert self.is_held(comment) is held


class TestLegalHold:
    def path(self, comment):
        return f"/admin/comments/comment/{comment.pk}/giu-ho-so/"

    def test_set_and_lifted_with_a_reason(self, client, secretary):
        comment = makers.in_state("rejected")
        assert client.post(self.path(comment), {"verb": "hold", "reason": " "}).status_code == 422
        client.post(self.path(comment), {"verb": "hold", "reason": "Tòa án yêu cầu."})
        assert Comment.objects.get(pk=comment.pk).legal_hold
        assert "Tòa án yêu cầu." in client.get(self.path(comment)).content.decode()
        with pytest.raises(NotReady):
            moderation.purge(comment=Comment.objects.get(pk=comment.pk))
        client.post(self.path(comment), {"verb": "lift", "reason": "Vụ việc xong."})
        assert not Comment.objects.get(pk=comment.pk).legal_hold
        found = Event.objects.filter(actor=secretary).exclude(verb="sign_in").order_by("id")
        assert list(found.values_list("verb", "reason")) == [
            ("legal_hold", "Tòa án yêu cầu."),
            ("lift_legal_hold", "Vụ việc xong."),
        ]

    def test_what_was_done_meanwhile_is_told(self, client, secretary):
        comment = makers.pending()
        takedowns.hold(actor=secretary, comment=comment, reason="Vì vậy.")
        answer = client.post(self.path(comment), {"verb": "hold", "reason": "Vì thế."})
        assert answer.status_code == 422
        assert "Thư Ký đã giữ hồ sơ pháp lý" in answer.content.decode()

    def test_what_is_purged_cannot_be_kept_any_more(self, secretary):
        comment = makers.in_state("purged")
        with pytest.raises(Conflict):
            takedowns.hold(actor=secretary, comment=comment, reason="Muộn rồi.")

    def test_only_the_secretary(self, client):
        comment = makers.pending()
        client.force_login(makers.moderator())
        answer = client.post(self.path(comment), {"verb": "hold", "reason": "Vì thế."})
        assert answer.status_code == 403
        assert not Comment.objects.get(pk=comment.pk).legal_hold
