"""Merging and renaming units in the admin: asked, shown, confirmed, taken back."""

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.mergers import merge_units, preview
from articles.models import ClusterMember, Province
from newsroom.models import Event
from newsroom.roles import Role
from tests import factories
from tests.articles import units
from tests.articles.reader import day, links, listed, main, open_page, page, part, words

pytestmark = pytest.mark.django_db
MERGE = "/admin/articles/province/merge/"
BAC_NINH, HUNG_YEN, HAI_PHONG = "24@2025-07-01", "33@2025-07-01", "31@2025-07-01"


@pytest.fixture
def administrator(client):
    person = factories.user(Role.ADMINISTRATOR, full_name="Quản Trị")
    client.force_login(person)
    return person


def typed(*unit_ids, **fields):
    values = {
        "name": "Kinh Bắc",
        "code": "90",
        "slug": "",
        "unit_type": "province",
        "region": "",
        "day": "1/7/2027",
        "basis": "15/2027/QH16",
    }
    return {"units": units.numbers(*unit_ids), **values, **fields}


def hidden(markup):
    """What the hidden fields of a page hold, as the browser would send it."""
    sent = {}
    for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", markup):
        name, value = (re.search(rf'{key}="([^"]*)"', tag) for key in ("name", "value"))
        if name[1] != "csrfmiddlewaretoken":
            sent.setdefault(name[1], []).append(html.unescape(value[1]) if value else "")
    return sent


def shown(client, data):
    answer = client.post(MERGE, data | {"step": "preview"})
    assert answer.status_code == 200, words(answer.content.decode())
    return answer.content.decode()


def confirmed(client, markup):
    return client.post(MERGE, hidden(markup) | {"step": "confirm"}, follow=True)


def errors(answer):
    found = re.findall(r'<p class="desk-error"[^>]*>(.*?)</p>', answer.content.decode())
    return [html.unescape(text) for text in found]


class TestAsking:
    def test_the_units_of_today_are_offered_and_no_others(self, client, administrator):
        markup = client.get(MERGE).content.decode()
        offered = re.findall(r'name="units" value="(\d+)"', markup)
        assert len(offered) == 34
        assert "Hải Dương (30)" not in markup

    def test_whoever_keeps_the_places_finds_the_way_there(self, client, administrator):
        assert MERGE in client.get("/admin/articles/province/").content.decode()
        client.force_login(factories.user(Role.SECRETARY))
        assert MERGE not in client.get("/admin/articles/province/").content.decode()

    def test_what_is_wrong_stands_beside_its_field_with_all_that_was_typed(
        self, client, administrator
    ):
        data = typed(BAC_NINH, code="31", day="31/2/2027", region="Miền lạ")
        answer = client.post(MERGE, data)
        assert answer.status_code == 422
        data = typed(BAC_NINH, code="31", region="Miền lạ")
        answer = client.post(MERGE, data)
        assert errors(answer) == ["Hải Phòng đang mang mã số này và còn giữ mã số."]
        markup = answer.content.decode()
        assert 'value="Miền lạ"' in markup
        assert re.search(rf'value="{data["units"][0]}"[^>]*checked', markup)

    def test_nothing_at_all_is_answered_with_what_is_missing(self, client, administrator):
        answer = client.post(MERGE, {"units": ["x", "9" * 30]})
        assert answer.status_code == 422
        assert len(errors(answer)) == 6

    def test_above_the_form_each_mistake_leads_to_its_field(self, client, administrator):
        answer = client.post(MERGE, typed(name="N" * 250, code="123", day="31/2/2027"))
        told = part(answer.content.decode(), 'tabindex="-1" data-focus>', "</div>")
        assert "Chưa lưu được." in words(told)
        found = re.findall(r'href="#([^"]+)">(.*?)</a>', told)
        assert [(place, html.unescape(text)) for place, text in found] == [
            ("id_units_0", "Đơn vị cũ: Hãy chọn ít nhất một đơn vị cũ."),
            ("id_name", "Tên đơn vị mới: Dài quá 200 ký tự (đang có 250)."),
            ("id_code", "Mã số: Mã số gồm hai chữ số."),
            (
                "id_day",
                "Ngày đầu tiên của đơn vị mới: "
                "Không có ngày này. Gõ ngày/tháng/năm, ví dụ 1/7/2027.",
            ),
        ]
        for place, _text in found:
            assert f'id="{place}"' in answer.content.decode()

    @pytest.mark.parametrize("role", [Role.SECRETARY, Role.EDITOR, Role.MODERATOR])
    def test_nobody_else_may(self, client, role):
        client.force_login(factories.user(role))
        before = units.table()
        assert client.post(MERGE, typed(BAC_NINH) | {"step": "confirm"}).status_code == 403
        assert units.table() == before


class TestShowing:
    def test_it_changes_nothing_and_says_what_would(self, client, administrator):
        before, rows = units.table(), Event.objects.count()
        markup = shown(client, typed(BAC_NINH, HUNG_YEN, name="Bắc Ninh", code="24"))
        assert (units.table(), Event.objects.count()) == (before, rows)
        table = words(part(markup, "<tbody>", "</tbody>"))
        for line in (
            "/dia-phuong/bac-ninh/ và RSS /dia-phuong/bac-ninh/rss.xml "
            "Bắc Ninh (từ 1/7/2025) Bắc Ninh (từ 1/7/2027)",
            "/dia-phuong/bac-ninh-den-2027-06-30/ và RSS "
            "/dia-phuong/bac-ninh-den-2027-06-30/rss.xml dẫn tới /dia-phuong/bac-ninh/ "
            "Bắc Ninh (đến 30/6/2027), sau đó thuộc Bắc Ninh",
            "Hưng Yên (từ 1/7/2025) Hưng Yên (đến 30/6/2027), sau đó thuộc Bắc Ninh",
            "Thái Bình (đến 30/6/2025), dẫn tới Hưng Yên (từ 1/7/2025) "
            "Thái Bình (đến 30/6/2025), dẫn tới Bắc Ninh (từ 1/7/2027)",
        ):
            assert line in table
        assert "Địa chỉ đổi ngay." in words(markup)

    def test_every_article_of_the_old_units_is_counted_and_linked(
        self, client, administrator, monkeypatch
    ):
        monkeypatch.setattr(preview, "SHOWN", 2)
        tag = factories.province(BAC_NINH)
        made = [factories.draft(tags=[tag], headline=f"Bài {n}") for n in range(3)]
        factories.draft(tags=[factories.province("27@pre")], headline="Bài của đơn vị cũ")
        markup = shown(client, typed(BAC_NINH, HUNG_YEN))
        assert "Bắc Ninh: 3 bài" in words(markup)
        assert "Hưng Yên: 0 bài" in words(markup)
        assert "và 1 bài cũ hơn, không liệt kê ở đây" in words(markup)
        found = links(markup, r"/admin/articles/article/\d+/change/")
        assert found == [f"/admin/articles/article/{made[n].pk}/change/" for n in (2, 1)]

    def test_articles_of_the_new_units_time_are_pointed_out(self, client, administrator):
        tag = factories.province(BAC_NINH)
        for moment in (day(2026, 6, 30, 23, 59), day(2026, 7, 1), day(2026, 7, 2)):
            factories.published(at=moment, tags=[tag])
        factories.draft(tags=[tag], headline="Bài cũ, thẻ mới")
        markup = words(shown(client, typed(BAC_NINH, day="1/7/2026")))
        assert "2 bài trong số này đăng từ ngày 1/7/2026 trở đi" in markup
        assert re.search(r"2/7/2026.*1/7/2026.*Bài cũ, thẻ mới", markup)
        later = words(shown(client, typed(BAC_NINH, day="3/7/2026")))
        assert "trong số này" not in later

    def test_members_of_clusters_that_go_on_are_named(self, client, administrator):
        cluster = factories.cluster()
        for name, last in (("Sở đi tiếp", None), ("Sở đã thôi", "2026-01-01")):
            ClusterMember.objects.create(
                cluster=cluster,
                name=name,
                province=factories.province(BAC_NINH),
                valid_from="2025-07-01",
                valid_to=last,
            )
        markup = shown(client, typed(BAC_NINH))
        assert "Sở đi tiếp (Bắc Ninh)" in words(markup)
        assert "Sở đã thôi" not in markup

    def test_many_articles_and_members_cost_what_one_costs(self, client, administrator):
        costs = []
        for _round in range(2):
            for _number in range(5):
                factories.draft(tags=[factories.province(BAC_NINH)])
                ClusterMember.objects.create(
                    cluster=factories.cluster(),
                    name="Sở",
                    province=factories.province(BAC_NINH),
                    valid_from="2025-07-01",
                )
            with CaptureQueriesContext(connection) as queries:
                shown(client, typed(BAC_NINH))
            costs.append(len(queries))
        assert costs[0] == costs[1]

    def test_from_there_one_may_go_back_and_change_what_was_typed(self, client, administrator):
        markup = shown(client, typed(BAC_NINH, region="Vùng thử"))
        answer = client.post(MERGE, hidden(markup) | {"step": "edit"})
        assert answer.status_code == 200
        assert 'value="Vùng thử"' in answer.content.decode()
        assert errors(answer) == []


class TestConfirming:
    def test_it_is_done_and_readers_see_it(self, client, administrator, clock):
        clock(day(2027, 6, 30, 12))
        client.force_login(administrator)
        article = factories.published(
            at=day(2026, 7, 1), tags=[factories.province(HUNG_YEN)], headline="Chuyện cũ"
        )
        answer = confirmed(client, shown(client, typed(BAC_NINH, HUNG_YEN)))
        assert "Đã xong: từ 1/7/2027, Bắc Ninh, Hưng Yên → Kinh Bắc." in words(
            answer.content.decode()
        )
        assert "đến 30/6/2027; sau đó thuộc Kinh Bắc" in main("/dia-phuong/hung-yen/")
        assert "sẽ gồm Bắc Ninh, Hưng Yên; trang này có cả bài" in main("/dia-phuong/kinh-bac/")
        clock(day(2027, 7, 1))
        assert "nay thuộc Kinh Bắc" in main("/dia-phuong/hung-yen/")
        assert listed(page("/dia-phuong/kinh-bac/")) == [article.pk]
        assert "Hưng Yên (nay thuộc Kinh Bắc)" in main("/dia-phuong/kinh-bac/")

    def test_a_renaming_says_so(self, client, administrator, clock):
        clock(day(2027, 7, 1))
        client.force_login(administrator)
        confirmed(client, shown(client, typed(BAC_NINH)))
        assert "nay là Kinh Bắc" in main("/dia-phuong/bac-ninh/")

    def test_what_was_not_shown_is_not_done(self, client, administrator):
        before = units.table()
        answer = client.post(MERGE, typed(BAC_NINH) | {"step": "confirm"})
        assert answer.status_code == 409
        assert units.table() == before

    def test_whoever_comes_second_is_told_who_was_first_and_loses_nothing(
        self, client, administrator
    ):
        markup = shown(client, typed(BAC_NINH, HUNG_YEN, region="Vùng thử"))
        first = factories.user(Role.ADMINISTRATOR, full_name="Người Nhanh")
        merge_units(
            actor=first, change=units.plain_change(HUNG_YEN, HAI_PHONG, name="Lạ", code="99")
        )
        before = units.table()
        answer = client.post(MERGE, hidden(markup) | {"step": "confirm"})
        assert answer.status_code == 409
        assert units.table() == before
        text = answer.content.decode()
        assert "Người Nhanh đã đổi các đơn vị này lúc" in words(text)
        assert errors(answer) == ["Hưng Yên có ngày cuối là 31/12/2026, sau đó thuộc Lạ."]
        assert 'value="Vùng thử"' in text
        for pk in units.numbers(BAC_NINH, HUNG_YEN):
            assert re.search(rf'value="{pk}"[^>]*checked', text)

    def test_the_changes_since_2020_through_the_forms(self, client, administrator):
        expected = units.table()
        units.as_of_2020()
        days = set()
        for old, new in units.changes():
            change = units.change(old, new)
            if change.day in days:
                merge_units(actor=administrator, change=change)
                continue
            days.add(change.day)
            data = typed(
                *old,
                name=change.new.name,
                code=change.new.code,
                unit_type=change.new.unit_type,
                day=f"{change.day.day}/{change.day.month}/{change.day.year}",
            )
            confirmed(client, shown(client, data))
        assert len(days) == 3
        assert units.table() == expected


class TestUndoing:
    @pytest.fixture
    def merged(self, administrator):
        change = units.plain_change(BAC_NINH, HUNG_YEN, name="Bắc Ninh", code="24")
        return merge_units(actor=administrator, change=change)

    def at(self, unit, end="undo"):
        return f"/admin/articles/province/{unit.pk}/{end}/"

    def test_it_says_what_comes_back_and_then_brings_it_back(self, client, merged):
        before = units.table()
        assert self.at(merged) in client.get(self.at(merged, "change")).content.decode()
        markup = client.get(self.at(merged)).content.decode()
        assert "Bắc Ninh (từ 1/1/2027) sẽ bị xóa" in words(markup)
        assert "Bắc Ninh – /dia-phuong/bac-ninh/" in words(markup)
        assert units.table() == before
        answer = client.post(self.at(merged), follow=True)
        assert "Các đơn vị trước kia lại như cũ: Bắc Ninh, Hưng Yên." in words(
            answer.content.decode()
        )
        assert not Province.objects.filter(pk=merged.pk).exists()
        assert factories.province(BAC_NINH).slug == "bac-ninh"
        assert client.post(self.at(merged)).status_code == 302

    def test_what_stands_in_the_way_is_named_and_nothing_is_done(self, client, merged):
        factories.draft(tags=[merged], headline="Ngày đầu")
        for ask in (client.get, client.post):
            answer = ask(self.at(merged))
            assert "“Ngày đầu”" in words(answer.content.decode())
            assert "button--take" not in answer.content.decode()
        assert answer.status_code == 409
        assert Province.objects.filter(pk=merged.pk).exists()

    def test_a_unit_of_the_timeline_offers_no_undoing(self, client, administrator):
        unit = factories.province(HAI_PHONG)
        assert self.at(unit) not in client.get(self.at(unit, "change")).content.decode()
        assert "không phải do một lần sáp nhập" in words(client.get(self.at(unit)).content.decode())

    def test_nobody_else_may(self, client, merged):
        client.force_login(factories.user(Role.SECRETARY))
        assert self.at(merged) not in client.get(self.at(merged, "change")).content.decode()
        assert client.post(self.at(merged)).status_code == 403
        assert Province.objects.filter(pk=merged.pk).exists()

    def test_its_old_address_leads_on(self, client, merged):
        dated = "/dia-phuong/bac-ninh-den-2026-12-31/"
        assert open_page(dated).status_code == 200
        client.post(self.at(merged))
        assert open_page(dated).headers["Location"] == "/dia-phuong/bac-ninh/"
