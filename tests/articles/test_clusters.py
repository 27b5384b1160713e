"""Members and years of a cluster: saving them, and beginning a year from the one before."""

import datetime as dt

import pytest

from articles import clusters
from articles.cluster_years import NextYear, exchanged, next_year
from articles.clusters import Joining, NewYear
from articles.models import ClusterMember, ClusterTerm, Province
from newsroom import stamps
from newsroom.models import Event
from newsroom.refusals import Conflict, NotAllowed, NotReady
from newsroom.roles import Role
from tests import factories
from tests.articles.test_workflow import bumped

pytestmark = pytest.mark.django_db


@pytest.fixture
def cluster():
    return factories.cluster()


@pytest.fixture
def administrator():
    return factories.user(Role.ADMINISTRATOR, full_name="Lê Minh Tùng")


def member(cluster, name="Hội Nông dân", unit_id="", since=2015, until=None):
    return ClusterMember.objects.create(
        cluster=cluster,
        name=name,
        province=factories.province(unit_id) if unit_id else None,
        valid_from=dt.date(since, 1, 1),
        valid_to=dt.date(until, 12, 31) if until else None,
    )


def term(cluster, year, **offices):
    return ClusterTerm.objects.create(cluster=cluster, year=year, **offices)


class TestRoster:
    def test_what_changed_is_logged_once(self, cluster, administrator):
        old = member(cluster, "Sở Y tế")
        old.valid_to = dt.date(2024, 12, 31)
        new = ClusterMember(name="Sở Tư pháp", valid_from=dt.date(2025, 1, 1))
        year = ClusterTerm(year=2024, chair=old)
        with bumped() as stamped:
            clusters.save_roster(
                actor=administrator, cluster=cluster, members=[old, new], terms=[year]
            )
        assert stamped.keys == {stamps.tag(cluster.pk)}
        event = Event.objects.latest("id")
        assert (event.verb, event.actor, event.object_id) == ("roster", administrator, cluster.pk)
        ended, added = event.data["members"]
        assert ended["changed"] == {"valid_to": [None, "2024-12-31"]}
        assert (added["id"], added["added"]["valid_from"]) == (new.pk, "2025-01-01")
        assert event.data["terms"][0]["added"]["chair_id"] == old.pk
        assert set(cluster.members.all()) == {old, new}

    def test_nothing_changed_is_nothing_logged(self, cluster, administrator):
        old, events = member(cluster), Event.objects.count()
        with bumped() as stamped:
            clusters.save_roster(actor=administrator, cluster=cluster, members=[old])
        assert stamped.keys == set()
        assert Event.objects.count() == events

    def test_a_leader_is_a_member_of_his_year(self, cluster, administrator):
        old = member(cluster, until=2022)
        late = ClusterTerm(year=2023, deputy=old)
        with pytest.raises(NotReady) as refused:
            clusters.save_roster(actor=administrator, cluster=cluster, terms=[late])
        assert refused.value.problems == {
            "deputy": "“Hội Nông dân” không phải thành viên năm 2023."
        }
        foreign = member(factories.cluster(number=2, number_printed="2"))
        with pytest.raises(NotReady):
            clusters.save_roster(
                actor=administrator, cluster=cluster, terms=[ClusterTerm(year=2020, host=foreign)]
            )
        assert not cluster.terms.exists()

    def test_a_leader_is_not_ended_before_his_year(self, cluster, administrator):
        old = member(cluster)
        term(cluster, 2023, chair=old)
        old.valid_to = dt.date(2022, 12, 31)
        with pytest.raises(NotReady):
            clusters.save_roster(actor=administrator, cluster=cluster, members=[old])
        assert cluster.members.get().valid_to is None

    def test_days_in_order(self, cluster, administrator):
        wrong = ClusterMember(
            name="X", valid_from=dt.date(2020, 1, 2), valid_to=dt.date(2020, 1, 1)
        )
        with pytest.raises(NotReady):
            clusters.save_roster(actor=administrator, cluster=cluster, members=[wrong])

    def test_a_year_somebody_else_added(self, cluster, administrator):
        term(cluster, 2023)
        with pytest.raises(Conflict):
            clusters.save_roster(
                actor=administrator, cluster=cluster, terms=[ClusterTerm(year=2023)]
            )

    def test_a_year_made_by_mistake_is_dropped_and_logged(self, cluster, administrator):
        wrong = term(cluster, 2032)
        clusters.save_roster(actor=administrator, cluster=cluster, dropped=[wrong])
        assert not cluster.terms.exists()
        assert Event.objects.latest("id").data["dropped"][0]["year"] == 2032

    @pytest.mark.parametrize("role", [Role.REPORTER, Role.EDITOR, Role.SECRETARY, Role.MODERATOR])
    def test_they_are_the_administrators(self, cluster, role):
        actor, events = factories.user(role), Event.objects.count()
        new = ClusterMember(name="X", valid_from=dt.date(2020, 1, 1))
        with pytest.raises(NotAllowed), bumped() as stamped:
            clusters.save_roster(actor=actor, cluster=cluster, members=[new])
        with pytest.raises(NotAllowed):
            clusters.copy_year(actor=actor, cluster=cluster, plan=NewYear(2024))
        assert stamped.keys == set()
        assert Event.objects.count() == events
        assert not cluster.members.exists()


class TestNextYear:
    def proposed(self, cluster, year):
        return NextYear(cluster, year, Province.objects.all())

    def test_merged_places_are_flagged_from_the_year_after(self, cluster):
        member(cluster, "Sở TN&MT tỉnh Hải Dương", "30@pre")
        member(cluster, "Sở TN&MT thành phố Hải Phòng", "31@pre")
        member(cluster, "Sở TN&MT thành phố Hà Nội", "01@pre")
        assert [one.flag for one in self.proposed(cluster, 2025).candidates] == ["", "", ""]
        proposed = self.proposed(cluster, 2026)
        assert {one.member.name[9:]: one.flag for one in proposed.candidates} == {
            "thành phố Hà Nội": "",
            "tỉnh Hải Dương": "Hải Dương đã sáp nhập vào Hải Phòng từ 1/7/2025",
            "thành phố Hải Phòng": "Hải Phòng là đơn vị mới, rộng hơn từ 1/7/2025",
        }
        (newcomer,) = proposed.newcomers
        assert newcomer.name == "Sở TN&MT thành phố Hải Phòng"
        assert newcomer.province.unit_id == "31@2025-07-01"
        assert len(newcomer.replaces) == 2

    def test_a_renamed_place(self, cluster):
        member(cluster, "Sở Y tế tỉnh Thừa Thiên Huế", "46@pre")
        (one,) = self.proposed(cluster, 2026).candidates
        assert one.flag == "Thừa Thiên Huế đã đổi tên thành Huế từ 1/1/2025"
        assert self.proposed(cluster, 2026).newcomers[0].name == "Sở Y tế thành phố Huế"

    def test_one_whose_place_has_a_member_already_is_not_doubled(self, cluster):
        member(cluster, "Cũ", "30@pre")
        member(cluster, "Mới", "31@2025-07-01", since=2025)
        old = next(c for c in self.proposed(cluster, 2026).candidates if c.member.name == "Cũ")
        assert old.flag
        assert not old.may_be_replaced
        assert self.proposed(cluster, 2026).newcomers == []

    def test_who_has_left_is_not_asked_about(self, cluster):
        member(cluster, "Đã rời", until=2023)
        member(cluster, "Ở lại", until=2024)
        found = self.proposed(cluster, 2024).candidates
        assert [one.member.name for one in found] == ["Ở lại"]

    def test_the_next_year(self, cluster):
        assert next_year(cluster, dt.date(2026, 11, 26)) == 2026
        term(cluster, 2022)
        assert next_year(cluster, dt.date(2026, 11, 26)) == 2023

    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("Sở Y tế tỉnh Hải Dương", "Sở Y tế thành phố Hải Phòng"),
            ("Báo Hải Dương", "Báo Hải Phòng"),
            ("Tỉnh Hải Dương", "Thành phố Hải Phòng"),
            ("Hội Cựu chiến binh", "Hội Cựu chiến binh"),
        ],
    )
    def test_names_exchanged(self, name, expected):
        units = (factories.province(unit_id) for unit_id in ("30@pre", "31@2025-07-01"))
        assert exchanged(name, *units) == expected


class TestCopyYear:
    def test_several_become_one_and_keep_their_office(self, cluster, administrator):
        stays = member(cluster, "Hội Cựu chiến binh")
        leaves = member(cluster, "Hội Làm vườn")
        merged = [member(cluster, "A", "30@pre"), member(cluster, "B", "31@pre")]
        term(cluster, 2025, chair=merged[0], deputy=stays)
        unit = factories.province("31@2025-07-01")
        plan = NewYear(
            2026,
            leaving=frozenset({leaves.pk}),
            joining=(Joining("A và B", unit, frozenset(one.pk for one in merged)),),
            offices={"chair": merged[0].pk, "deputy": stays.pk, "host": None},
        )
        with bumped() as stamped:
            made = clusters.copy_year(actor=administrator, cluster=cluster, plan=plan)
        new = cluster.members.get(name="A và B")
        assert (new.province, new.valid_from, new.valid_to) == (unit, dt.date(2026, 1, 1), None)
        ended = cluster.members.filter(valid_to=dt.date(2025, 12, 31))
        assert set(ended) == {leaves, *merged}
        assert (made.chair, made.deputy, made.host) == (new, stays, None)
        assert made.pledged_on is None
        assert stamped.keys == {stamps.tag(cluster.pk)}
        event = Event.objects.latest("id")
        assert (event.verb, event.data["year"]) == ("copy_year", 2026)
        assert event.data["left"] == sorted(one.pk for one in (leaves, *merged))
        assert event.data["joined"][0]["id"] == new.pk

    def test_a_year_that_is_there_names_who_was_faster(self, cluster, administrator):
        member(cluster)
        clusters.copy_year(actor=administrator, cluster=cluster, plan=NewYear(2026))
        events = Event.objects.count()
        with pytest.raises(Conflict, match="Năm 2026 .* đã có. Lê Minh Tùng đã mở năm mới"):
            clusters.copy_year(actor=administrator, cluster=cluster, plan=NewYear(2026))
        assert cluster.terms.count() == 1
        assert Event.objects.count() == events

    def test_a_member_ended_meanwhile_is_a_conflict(self, cluster, administrator):
        gone = member(cluster, until=2024)
        plan = NewYear(2026, leaving=frozenset({gone.pk}))
        with pytest.raises(Conflict):
            clusters.copy_year(actor=administrator, cluster=cluster, plan=plan)
        assert cluster.members.get().valid_to == dt.date(2024, 12, 31)
        assert not cluster.terms.exists()

    def test_a_leader_who_leaves_is_refused_whole(self, cluster, administrator):
        one = member(cluster)
        plan = NewYear(2026, leaving=frozenset({one.pk}), offices={"chair": one.pk})
        with pytest.raises(NotReady):
            clusters.copy_year(actor=administrator, cluster=cluster, plan=plan)
        assert cluster.members.get().valid_to is None
        assert not cluster.terms.exists()

    def test_ending_nobody_who_leads_later(self, cluster, administrator):
        one = member(cluster)
        term(cluster, 2027, chair=one)
        with pytest.raises(NotReady):
            clusters.copy_year(
                actor=administrator, cluster=cluster, plan=NewYear(2026, frozenset({one.pk}))
            )
