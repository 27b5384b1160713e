"""Mergers of provincial units: what they make, what they refuse, and how they are undone."""

import datetime as dt

import pytest

from articles.mergers import Plan, Undoing, merge_units, undo_merger
from articles.models import ClusterMember, Province
from articles.succession import Units
from newsroom import events, stamps
from newsroom.models import Event
from newsroom.refusals import Conflict, NotAllowed, NotReady
from newsroom.roles import Role
from tests import factories
from tests.articles import units
from tests.articles.test_workflow import bumped

pytestmark = pytest.mark.django_db
BAC_NINH, HUNG_YEN, HAI_PHONG = "24@2025-07-01", "33@2025-07-01", "31@2025-07-01"
NEW_YEAR = dt.date(2027, 1, 1)


@pytest.fixture
def administrator():
    return factories.user(Role.ADMINISTRATOR, full_name="Lan Chi")


def merged(*unit_ids, **fields):
    return merge_units(actor=None, change=units.plain_change(*unit_ids, **fields))


def all_units():
    return Units(Province.objects.all())


class TestTimeline:
    def test_the_changes_since_2020_make_the_rows_the_migration_loaded(self, administrator):
        expected = units.table()
        units.as_of_2020()
        assert len(units.table()) == 63
        for old, new in units.changes():
            merge_units(actor=administrator, change=units.change(old, new))
        assert units.table() == expected

    def test_and_undone_in_turn_they_leave_the_units_of_2020(self, administrator):
        units.as_of_2020()
        before = units.table()
        made = [
            merge_units(actor=administrator, change=units.change(old, new))
            for old, new in units.changes()
        ]
        for unit in reversed(made):
            undo_merger(actor=administrator, unit=unit)
        assert units.table() == before


class TestMerging:
    def test_the_new_unit_and_the_last_day_of_the_old(self, administrator):
        change = units.plain_change(BAC_NINH, HUNG_YEN, region="Đồng bằng sông Hồng")
        new = Province.objects.get(pk=merge_units(actor=administrator, change=change).pk)
        assert (new.unit_id, new.name, new.slug) == ("90@2027-01-01", "Kinh Bắc", "kinh-bac")
        assert (new.valid_from, new.valid_to, new.successor) == (NEW_YEAR, None, None)
        assert (new.region, new.basis) == ("Đồng bằng sông Hồng", "Nghị quyết 1/2027/QH16")
        for unit in map(factories.province, (BAC_NINH, HUNG_YEN)):
            assert (unit.successor, unit.valid_to) == (new, dt.date(2026, 12, 31))
        assert factories.province(BAC_NINH).slug == "bac-ninh"

    def test_who_takes_the_name_takes_the_address(self):
        new = merged(BAC_NINH, HUNG_YEN, name="Bắc Ninh")
        assert new.slug == "bac-ninh"
        assert factories.province(BAC_NINH).slug == "bac-ninh-den-2026-12-31"
        assert factories.province("27@pre").slug == "bac-ninh-den-2025-06-30"
        assert factories.province(HUNG_YEN).slug == "hung-yen"

    def test_a_name_that_went_before_may_come_back(self):
        new = merged(HAI_PHONG, name="Hải Dương", code="30")
        assert new.slug == "hai-duong"
        assert factories.province("30@pre").slug == "hai-duong-den-2025-06-30"

    def test_it_is_logged_with_every_unit(self, administrator):
        new = merge_units(actor=administrator, change=units.plain_change(BAC_NINH, HUNG_YEN))
        for unit in (new, *map(factories.province, (BAC_NINH, HUNG_YEN))):
            event = events.latest(unit)
            assert (event.actor, event.verb) == (administrator, "merge_units")
            assert event.reason == "Nghị quyết 1/2027/QH16"

    def test_every_page_that_names_a_unit_concerned_is_made_anew(self):
        cluster = factories.cluster()
        ClusterMember.objects.create(
            cluster=cluster,
            name="Sở",
            province=factories.province("27@pre"),
            valid_from=dt.date(2020, 1, 1),
        )
        with bumped() as stamped:
            new = merged(BAC_NINH)
        concerned = {new.pk, cluster.pk, *units.numbers(BAC_NINH, "24@pre", "27@pre")}
        assert stamped.keys == {stamps.FRONT, stamps.NAMES, *map(stamps.tag, concerned)}
        with bumped() as stamped:
            undo_merger(actor=None, unit=new)
        assert stamped.keys == {stamps.FRONT, stamps.NAMES, *map(stamps.tag, concerned)}

    @pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
    def test_only_the_administrator_may(self, role):
        new, before = merged(HUNG_YEN), units.table()
        actor, rows = factories.user(role), Event.objects.count()
        with pytest.raises(NotAllowed):
            merge_units(actor=actor, change=units.plain_change(BAC_NINH, code="99"))
        with pytest.raises(NotAllowed):
            undo_merger(actor=actor, unit=new)
        assert (units.table(), Event.objects.count()) == (before, rows)


class TestRefusals:
    """What the form's field is told; nothing has changed."""

    def refused(self, change):
        before, rows = units.table(), Event.objects.count()
        with pytest.raises(NotReady) as refused:
            merge_units(actor=None, change=change)
        assert (units.table(), Event.objects.count()) == (before, rows)
        return refused.value.problems

    @pytest.mark.parametrize(
        ("fields", "problem"),
        [
            ({"code": "31"}, {"code": "Hải Phòng đang mang mã số này và còn giữ mã số."}),
            ({"code": "9"}, {"code": "Mã số gồm hai chữ số."}),
            ({"code": "٣٤"}, {"code": "Mã số gồm hai chữ số."}),
            (
                {"slug": "hai-phong"},
                {"slug": "Hải Phòng đang ở địa chỉ này và còn giữ địa chỉ."},
            ),
            (
                {"slug": "hai-duong"},
                {
                    "slug": "Địa chỉ này là của Hải Dương, "
                    "không phải đơn vị cũ đã chọn hay đơn vị đã nhập vào đó."
                },
            ),
            (
                {"slug": "bac-ninh-den-2025-06-30"},
                {"slug": "Địa chỉ chỉ gồm chữ thường, chữ số và gạch nối, không kèm ngày."},
            ),
            (
                {"slug": "Bắc Ninh"},
                {"slug": "Địa chỉ chỉ gồm chữ thường, chữ số và gạch nối, không kèm ngày."},
            ),
            (
                {"day": dt.date(2025, 7, 1)},
                {"day": "Bắc Ninh chỉ có từ 1/7/2025: hãy chọn ngày muộn hơn."},
            ),
            ({"name": "!!!"}, {"name": "Tên phải có chữ cái."}),
            ({"name": "Tỉnh Kinh Bắc"}, {"name": "Bỏ chữ “Tỉnh” ở đầu tên."}),
            (
                {"name": "Bắc Ninh", "code": "24", "unit_type": "province"},
                {"units": "Không có gì thay đổi: tên, cấp và mã số vẫn như cũ."},
            ),
            ({"day": dt.date.min}, {"day": "Hãy chọn một ngày từ năm 1945 đến năm 2100."}),
        ],
    )
    def test_what_cannot_be(self, fields, problem):
        assert self.refused(units.plain_change(BAC_NINH, **fields)) == problem

    def test_a_name_is_needed_and_a_type_there_is(self):
        problems = self.refused(units.plain_change(BAC_NINH, name="", slug="x", unit_type="bang"))
        assert set(problems) == {"name", "unit_type"}

    def test_a_unit_that_has_ended_or_is_going_to(self):
        assert self.refused(units.plain_change("30@pre")) == {
            "units": "Hải Dương có ngày cuối là 30/6/2025, sau đó thuộc Hải Phòng."
        }
        merged(BAC_NINH, day=dt.date(2028, 1, 1))
        assert "units" in self.refused(units.plain_change(BAC_NINH, code="99", name="Lạ"))

    def test_no_unit_at_all(self):
        assert set(self.refused(units.plain_change())) == {"units"}


class TestFaster:
    """What was confirmed is what was shown, or nothing is done."""

    def seen(self, change):
        return Plan(change, all_units()).fingerprint

    def test_another_was_faster_and_is_named(self, administrator):
        change = units.plain_change(BAC_NINH, HUNG_YEN)
        seen = self.seen(change)
        other = units.plain_change(HUNG_YEN, "31@2025-07-01", name="Lạ", code="99")
        merge_units(actor=administrator, change=other)
        before = units.table()
        with pytest.raises(Conflict, match="^Lan Chi đã đổi các đơn vị này lúc "):
            merge_units(actor=None, change=change, seen=seen)
        assert units.table() == before

    def test_also_who_took_the_address(self, administrator):
        change = units.plain_change(BAC_NINH)
        seen = self.seen(change)
        other = units.plain_change(HUNG_YEN, code="99")
        merge_units(actor=administrator, change=other)
        with pytest.raises(Conflict):
            merge_units(actor=None, change=change, seen=seen)

    def test_something_else_was_typed_than_was_shown(self):
        seen = self.seen(units.plain_change(BAC_NINH))
        with pytest.raises(Conflict):
            merge_units(actor=None, change=units.plain_change(BAC_NINH, name="Khác"), seen=seen)

    def test_new_articles_and_other_units_are_no_hindrance(self):
        change = units.plain_change(BAC_NINH)
        seen = self.seen(change)
        factories.published(tags=[factories.province(BAC_NINH)])
        merged(HUNG_YEN, name="Lạ", code="99")
        assert merge_units(actor=None, change=change, seen=seen).name == "Kinh Bắc"


class TestUndoing:
    def test_one_makes_room_for_another(self):
        merged(BAC_NINH, name="Bắc Ninh", code="24", unit_type="city")
        new = factories.province("24@2027-01-01")
        undo_merger(actor=None, unit=new)
        again = merged(BAC_NINH, HUNG_YEN, name="Bắc Ninh", code="24")
        assert again.unit_id == "24@2027-01-01"

    def refused(self, unit):
        before, rows = units.table(), Event.objects.count()
        with pytest.raises(Conflict) as refused:
            undo_merger(actor=None, unit=unit)
        assert (units.table(), Event.objects.count()) == (before, rows)
        return str(refused.value)

    def test_not_while_an_article_bears_the_new_unit(self):
        new = merged(BAC_NINH)
        factories.draft(tags=[new], headline="Ngày đầu")
        factories.published(tags=[new])
        assert self.refused(new) == (
            "Có 2 bài mang thẻ Kinh Bắc, trong đó có “Ngày đầu”. Hãy đổi địa phương của bài trước."
        )

    def test_not_after_it_went_into_another_itself(self):
        new = merged(BAC_NINH)
        merged("90@2027-01-01", day=dt.date(2028, 1, 1), name="Lạ", code="99")
        assert self.refused(new) == "Chính Kinh Bắc đã nhập vào Lạ: hãy hoàn tác việc ấy trước."

    def test_not_while_a_member_of_a_cluster_names_it(self):
        new = merged(BAC_NINH)
        ClusterMember.objects.create(
            cluster=factories.cluster(), name="Sở Y tế", province=new, valid_from=NEW_YEAR
        )
        assert self.refused(new) == (
            "“Sở Y tế” trong “Cụm thi đua số 1 – Bộ Tài nguyên & Môi trường” thuộc Kinh Bắc: "
            "hãy sửa thành viên ấy trước."
        )

    def test_not_after_an_old_unit_was_changed(self):
        new = merged(BAC_NINH, HUNG_YEN)
        Province.objects.filter(unit_id=HUNG_YEN).update(valid_to=dt.date(2026, 6, 1))
        assert self.refused(new) == "Hưng Yên đã được sửa sau lần sáp nhập."

    def test_not_what_was_never_entered_here(self):
        assert self.refused(factories.province(BAC_NINH)) == (
            "Bắc Ninh không phải do một lần sáp nhập nhập ở đây tạo ra."
        )

    def test_not_twice(self):
        new = merged(BAC_NINH)
        undo_merger(actor=None, unit=Province.objects.get(pk=new.pk))
        assert self.refused(new) == "Việc sáp nhập này đã được hoàn tác rồi."

    def test_it_is_logged_with_every_unit(self, administrator):
        new = merged(BAC_NINH)
        number = new.pk
        undo_merger(actor=administrator, unit=new)
        logged = Event.objects.filter(verb="undo_merger", actor=administrator)
        numbers = set(logged.values_list("object_id", flat=True))
        assert numbers == {number, *units.numbers(BAC_NINH)}

    def test_it_says_beforehand_what_comes_back(self):
        new = merged(BAC_NINH, name="Bắc Ninh")
        undoing = Undoing(Province.objects.get(pk=new.pk), all_units())
        assert undoing.obstacles == []
        (old,) = undoing.touched
        assert (old.unit_id, undoing.slug_before(old)) == (BAC_NINH, "bac-ninh")
