"""Places in the article form: those of its own day come first, others are warned of."""

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import workflow
from articles.mergers import merge_units
from articles.models import Article
from newsroom.roles import Role
from newsroom.vietnamese import NONE
from tests import factories
from tests.articles import units
from tests.articles.reader import day
from tests.articles.test_admin_form import ADD, typed, url

pytestmark = pytest.mark.django_db
TODAY = day(2026, 11, 26, 12)
QUERY = {"app_label": "articles", "model_name": "article", "field_name": "tags"}
NO_MORE = "Hải Dương không còn là đơn vị hành chính vào ngày 26/11/2026; nay thuộc Hải Phòng."


@pytest.fixture(autouse=True)
def _today(clock):
    clock(TODAY)


@pytest.fixture
def secretary(client):
    person = factories.user(Role.SECRETARY)
    client.force_login(person)
    factories.AuthorFactory(name="Trung Kiên", account=person)
    return person


def found(client, term, **asked):
    answer = client.get("/admin/autocomplete/", QUERY | {"term": term} | asked)
    return [row["text"] for row in answer.json()["results"]]


class TestPicker:
    def test_for_an_article_of_2020_the_units_of_2020_come_first(self, client, secretary):
        assert found(client, "hung yen", day="2020-07-10") == [
            "Hưng Yên – tỉnh, đến 30/6/2025",
            "Hưng Yên – tỉnh, từ 1/7/2025",
        ]
        assert found(client, "hung yen") == [
            "Hưng Yên – tỉnh",
            "Hưng Yên – tỉnh, đến 30/6/2025, nay thuộc Hưng Yên",
        ]

    def test_the_day_typed_counts_as_readers_write_it(self, client, secretary):
        of_2020 = found(client, "hai duong", typed="10/7/2020")
        assert of_2020 == ["Hải Dương – tỉnh, đến 30/6/2025"]
        assert found(client, "hai duong", typed="26/11/2026") == [
            "Hải Dương – tỉnh, đến 30/6/2025, nay thuộc Hải Phòng"
        ]
        known = found(client, "hai duong", day="2020-07-10", typed="26/11/2026")
        assert known == of_2020

    @pytest.mark.parametrize("nonsense", ["", "x", "31/2/2026", "9" * 5000, "2026-13-01", "\0"])
    def test_what_is_no_day_counts_as_today(self, client, secretary, nonsense):
        today = found(client, "hung yen")
        assert found(client, "hung yen", day=nonsense, typed=nonsense) == today

    def test_a_new_name_and_a_unit_to_come_say_so(self, client, secretary):
        assert found(client, "thua thien") == ["Thừa Thiên Huế – tỉnh, đến 31/12/2024, nay là Huế"]
        merge_units(actor=None, change=units.plain_change("24@2025-07-01"))
        assert found(client, "kinh bac") == ["Kinh Bắc – tỉnh, từ 1/1/2027"]

    def test_topics_keep_their_place(self, client, secretary):
        factories.TopicFactory(name="Hải Dương học", slug="hai-duong-hoc")
        assert found(client, "hai duong")[0] == "Hải Dương học"

    def test_many_suggestions_cost_what_one_costs(self, client, secretary):
        costs = []
        for term in ("hai duong", "h"):
            client.get("/admin/autocomplete/", QUERY | {"term": term})
            with CaptureQueriesContext(connection) as queries:
                rows = found(client, term)
            costs.append((len(rows) > 1, len(queries)))
        assert costs == [(False, costs[0][1]), (True, costs[0][1])]

    def test_the_form_asks_for_the_day_of_its_article(self, client, secretary):
        hai_duong = factories.province("30@pre")
        old = factories.published(at=day(2020, 7, 10), tags=[hai_duong])
        new = factories.draft(tags=[hai_duong])
        of_old, of_new = (client.get(url(one)).content.decode() for one in (old, new))
        assert 'data-ajax--url="/admin/autocomplete/?day=2020-07-10"' in of_old
        assert "Hải Dương – tỉnh, đến 30/6/2025<" in of_old
        assert 'data-ajax--url="/admin/autocomplete/"' in of_new
        assert "Hải Dương – tỉnh, đến 30/6/2025, nay thuộc Hải Phòng<" in of_new


def warnings(answer):
    listed = re.findall(r'<li class="warning">(.*?)</li>', answer.content.decode(), re.DOTALL)
    return [html.unescape(text) for text in listed]


class TestWarning:
    def saved(self, client, article, verb="save", **fields):
        return client.post(url(article), typed(verb, article=article, **fields), follow=True)

    def test_a_unit_of_another_day_is_saved_and_warned_of(self, client, secretary):
        tags = [factories.province("30@pre").pk, factories.province("01@pre").pk]
        answer = client.post(ADD, typed(tags=tags), follow=True)
        assert warnings(answer) == [NO_MORE]
        assert set(Article.objects.get().tags.values_list("pk", flat=True)) == set(tags)

    def test_the_day_typed_in_the_form_counts(self, client, secretary):
        tags = [factories.province("30@pre").pk]
        article = factories.draft()
        when = {"publish_date": "10/7/2020", "publish_time": "16:30"}
        assert warnings(self.saved(client, article, tags=tags, **when)) == []

    def test_an_archived_article_keeps_its_own_unit_in_peace(self, client, secretary):
        article = factories.published(at=day(2020, 7, 10), tags=[factories.province("30@pre")])
        assert warnings(self.saved(client, article)) == []

    def test_a_unit_that_was_not_yet_is_warned_of_too(self, client, secretary):
        article = factories.published(
            at=day(2020, 7, 10), tags=[factories.province("31@2025-07-01")]
        )
        assert warnings(self.saved(client, article)) == [
            "Hải Phòng chưa là đơn vị hành chính vào ngày 10/7/2020; "
            "khi đó là Hải Dương, Hải Phòng."
        ]

    def test_publishing_now_makes_it_an_article_of_today(self, client, secretary):
        article = factories.draft(tags=[factories.province("30@pre")], by=secretary)
        assert warnings(self.saved(client, article, "publish")) == [NO_MORE]

    def test_of_an_article_without_a_date_nothing_is_known(self, client, secretary):
        article = factories.draft(tags=[factories.province("30@pre")])
        workflow.publish(
            actor=None,
            revision=article.newest_revision,
            backdate=workflow.Backdate(day(2026, 1, 1), NONE),
        )
        article.refresh_from_db()
        assert warnings(self.saved(client, article)) == []

    def test_whoever_may_not_move_it_is_left_alone(self, client):
        reporter = factories.user(Role.REPORTER)
        article = factories.published(by=reporter, tags=[factories.province("30@pre")])
        client.force_login(reporter)
        factories.AuthorFactory(name="Trung Kiên", account=reporter)
        factories.require_review()
        answer = self.saved(client, article)
        assert answer.status_code == 200
        assert warnings(answer) == []
