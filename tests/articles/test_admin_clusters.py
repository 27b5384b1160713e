"""Clusters at the desk: the form with its members and years, and the page of a new year."""

import datetime as dt
import html
import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles import clusters
from articles.models import Cluster, ClusterTerm
from newsroom.models import Event
from newsroom.roles import Role
from tests import factories
from tests.articles.test_clusters import member, term

pytestmark = pytest.mark.django_db


@pytest.fixture
def cluster():
    return factories.cluster()


@pytest.fixture
def desk(client):
    client.force_login(factories.user(Role.ADMINISTRATOR))
    return client


def change(cluster):
    return reverse("admin:articles_cluster_change", args=[cluster.pk])


def year_of(cluster):
    return reverse("admin:articles_cluster_year", args=[cluster.pk])


def shown(answer):
    return html.unescape(answer.content.decode())


def typed(cluster, members=(), terms=()):
    """The form of a cluster as a browser sends it: rows are dicts, with an id when stored."""
    data = {"form": cluster.form, "number": 1, "number_printed": "1", "owner": cluster.owner}
    for prefix, rows in (("members", members), ("terms", terms)):
        stored = [row for row in rows if row.get("id")]
        data |= {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": len(stored)}
        for number, row in enumerate(rows):
            data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
            data[f"{prefix}-{number}-cluster"] = cluster.pk
    return data


class TestForm:
    def test_members_and_years_are_saved_by_their_verb(self, desk, cluster):
        old = member(cluster, "Sở Y tế", "30@pre")
        members = [
            {"id": old.pk, "name": "Sở Y tế", "province": old.province_id}
            | {"valid_from": "1/1/2015", "valid_to": "31/12/2024"},
            {"name": "Sở Tư pháp", "valid_from": "1/1/2025"},
        ]
        years = [{"year": 2024, "chair": old.pk, "pledged_on": "17/3/2024"}]
        answer = desk.post(change(cluster), typed(cluster, members, years))
        assert answer.status_code == 302
        old.refresh_from_db()
        assert old.valid_to == dt.date(2024, 12, 31)
        assert cluster.terms.get().chair == old
        assert Event.objects.latest("id").verb == "roster"

    def test_a_form_older_than_what_somebody_saved_overwrites_nothing(self, desk, cluster):
        old = member(cluster, "Sở Y tế")
        term(cluster, 2024)
        row = {"id": old.pk, "name": "Sở Y tế", "valid_from": "1/1/2015", "valid_to": ""}
        seen = re.search('name="seen" value="([0-9]+)"', shown(desk.get(change(cluster))))[1]
        faster = factories.user(Role.ADMINISTRATOR, full_name="Lê Minh Tùng")
        plan = clusters.NewYear(2025, leaving=frozenset({old.pk}))
        clusters.copy_year(actor=faster, cluster=cluster, plan=plan)
        answer = desk.post(change(cluster), typed(cluster, [row]) | {"seen": seen})
        assert answer.status_code == 200
        assert "Lê Minh Tùng đã mở năm mới" in shown(answer)
        old.refresh_from_db()
        assert old.valid_to == dt.date(2024, 12, 31)
        again = re.search('name="seen" value="([0-9]+)"', shown(answer))[1]
        assert (
            desk.post(change(cluster), typed(cluster, [row]) | {"seen": again}).status_code == 302
        )

    def test_a_leader_who_is_no_member_then_is_said_beside_the_office(self, desk, cluster):
        old = member(cluster, "Sở Y tế")
        row = {"id": old.pk, "name": "Sở Y tế", "valid_from": "1/1/2015"}
        rows = [row | {"valid_to": "31/12/2022"}]
        answer = desk.post(change(cluster), typed(cluster, rows, [{"year": 2023, "host": old.pk}]))
        assert answer.status_code == 200
        assert "“Sở Y tế” không phải thành viên năm 2023." in shown(answer)
        old.refresh_from_db()
        assert old.valid_to is None
        assert not cluster.terms.exists()

    def test_a_new_cluster_with_its_members(self, desk):
        data = {"form": "khối", "number": 2, "number_printed": "II", "owner": "Tỉnh"}
        data |= {"members-TOTAL_FORMS": 1, "members-INITIAL_FORMS": 0}
        data |= {"members-0-name": "Tỉnh đoàn", "members-0-valid_from": "1/7/2025"}
        answer = desk.post(reverse("admin:articles_cluster_add"), data)
        assert answer.status_code == 302
        assert [event.verb for event in Event.objects.order_by("-id")[:2]] == ["roster", "add"]

    def test_a_second_one_of_the_same_name_is_refused_beside_its_owner(self, desk, cluster):
        same = {name: getattr(cluster, name) for name in ("form", "number", "owner")}
        data = {**same, "number_printed": cluster.number_printed, "members-TOTAL_FORMS": 0}
        data |= {"members-INITIAL_FORMS": 0}
        answer = desk.post(reverse("admin:articles_cluster_add"), data)
        assert answer.context["adminform"].form.errors.keys() == {"owner"}
        assert Cluster.objects.count() == 1

    def test_a_bloc_is_called_a_bloc(self, desk, cluster):
        bloc = factories.cluster(form="khối", owner="Tỉnh")
        assert "<h1>Sửa khối thi đua</h1>" in shown(desk.get(change(bloc)))
        assert "<h1>Sửa cụm thi đua</h1>" in shown(desk.get(change(cluster)))

    def test_the_button_of_the_members_reads_as_one_sentence(self, desk, cluster):
        told = re.findall(
            r'data-inline-formset="([^"]*)"', desk.get(change(cluster)).content.decode()
        )
        texts = [json.loads(html.unescape(one))["options"]["addText"] for one in told]
        assert texts == ["Thêm đơn vị thành viên", "Thêm năm"]

    @pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.REPORTER])
    def test_twelve_members_cost_what_one_costs(self, client, cluster, role):
        client.force_login(factories.user(role))
        costs = []
        for number in range(12):
            one = member(cluster, f"Sở {number}", "30@pre")
            term(cluster, 2015 + number, chair=one, deputy=one, host=one)
            if number in (0, 11):
                client.get(change(cluster))
                with CaptureQueriesContext(connection) as queries:
                    answer = client.get(change(cluster))
                costs.append(len(queries))
        assert shown(answer).count("Sở 11") > 0
        assert costs[0] == costs[1]

    def test_the_place_of_a_member_says_until_when_it_was(self, desk, cluster):
        member(cluster, "Sở Y tế", "30@pre")
        assert "Hải Dương – tỉnh, đến 30/6/2025</option>" in shown(desk.get(change(cluster)))

    def test_the_list_is_filtered_by_kind(self, desk, cluster):
        bloc = factories.cluster(form="khối", owner="Tỉnh")
        answer = desk.get(reverse("admin:articles_cluster_changelist"), {"form__exact": "khối"})
        assert list(answer.context["cl"].result_list) == [bloc]


class TestNewYear:
    @pytest.fixture
    def pair(self, cluster):
        hai_duong = member(cluster, "Sở Y tế tỉnh Hải Dương", "30@pre")
        hai_phong = member(cluster, "Sở Y tế thành phố Hải Phòng", "31@pre")
        term(cluster, 2025, chair=hai_duong, deputy=hai_phong)
        return hai_duong, hai_phong

    def decided(self, pair, **choices):
        unit = factories.province("31@2025-07-01")
        data = {f"choice_{one.pk}": "replaced" for one in pair}
        data |= {f"name_{unit.pk}": "Sở Y tế thành phố Hải Phòng", "year": 2026}
        return data | {"chair": pair[0].pk, "deputy": "", "host": ""} | choices

    def test_what_is_proposed(self, desk, cluster, pair):
        stays = member(cluster, "Hội Chữ thập đỏ")
        assert f'href="{year_of(cluster)}"' in shown(desk.get(change(cluster)))
        answer = desk.get(year_of(cluster))
        page = shown(answer)
        assert "Hải Dương đã sáp nhập vào Hải Phòng từ 1/7/2025" in page
        assert 'value="Sở Y tế thành phố Hải Phòng"' in page
        assert "Thay cho 2 đơn vị: Sở Y tế thành phố Hải Phòng; Sở Y tế tỉnh Hải Dương" in page
        form = answer.context["form"]
        assert [form[f"choice_{one.pk}"].value() for one in (*pair, stays)] == [
            "replaced",
            "replaced",
            "stays",
        ]
        assert form["chair"].value() == pair[0].pk
        assert form["deputy"].value() == pair[1].pk

    def test_it_is_begun(self, desk, cluster, pair):
        answer = desk.post(year_of(cluster), self.decided(pair), follow=True)
        assert "Đã mở năm 2026." in shown(answer)
        new = cluster.members.get(valid_from=dt.date(2026, 1, 1))
        assert cluster.terms.get(year=2026).chair == new
        assert cluster.members.count() == 3

    def test_the_second_one_hears_of_the_first(self, desk, cluster, pair):
        desk.post(year_of(cluster), self.decided(pair))
        answer = desk.post(year_of(cluster), self.decided(pair))
        assert answer.status_code == 409
        assert "Năm 2026 của cụm, khối này đã có." in shown(answer)
        assert cluster.members.count() == 3
        assert "đã có" in shown(desk.get(year_of(cluster), {"year": 2026}))
        assert answer.context["year"] == 2026

    def test_a_leader_who_leaves_is_asked_about_again(self, desk, cluster, pair):
        choices = {f"choice_{pair[0].pk}": "leaves"}
        answer = desk.post(year_of(cluster), self.decided(pair, **choices))
        assert "Đơn vị này rời cụm, khối. Chọn đơn vị khác." in shown(answer)
        assert ClusterTerm.objects.count() == 1

    def test_a_new_member_needs_a_name(self, desk, cluster, pair):
        unit = factories.province("31@2025-07-01")
        answer = desk.post(year_of(cluster), self.decided(pair, **{f"name_{unit.pk}": " "}))
        assert "Chưa có tên của thành viên mới." in shown(answer)
        assert ClusterTerm.objects.count() == 1

    @pytest.mark.parametrize("asked", ["abc", "0", "99999", "9" * 30, "²"])
    def test_an_impossible_year_is_the_next_one(self, desk, cluster, pair, asked):
        assert desk.get(year_of(cluster), {"year": asked}).context["year"] == 2026

    def test_others_may_not(self, client, cluster, pair):
        client.force_login(factories.user(Role.SECRETARY))
        assert client.post(year_of(cluster), self.decided(pair)).status_code == 403
        assert year_of(cluster) not in shown(client.get(change(cluster)))

    def test_members_cost_no_queries(self, desk, cluster):
        costs = []
        for number in range(12):
            member(cluster, f"Sở {number}", "30@pre")
            if number in (0, 11):
                desk.get(year_of(cluster))
                with CaptureQueriesContext(connection) as queries:
                    desk.get(year_of(cluster))
                costs.append(len(queries))
        assert costs[0] == costs[1]
