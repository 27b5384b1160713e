"""What a browser does with Vietnamese at the desk: addresses while one types, dates, old text."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from articles.models import (
    Article,
    Author,
    Cluster,
    ClusterMember,
    ClusterTerm,
    Publication,
    Section,
    Topic,
)
from newsroom import vietnamese
from newsroom.roles import Role
from newsroom.vietnamese import encodings
from tests import factories
from tests.newsroom.test_old_encodings import HEADLINE, typed_in
from tests.newsroom.test_vietnamese_golden import ROWS

pytestmark = pytest.mark.django_db(transaction=True)

ADD = "/admin/articles/article/add/"
TENTH_OF_JULY = dt.date(2020, 7, 10)
PASTE = """(field, text) => {
  const data = new DataTransfer();
  data.setData('text/plain', text);
  field.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true}));
}"""


@pytest.fixture
def desk(page, live_server):
    """A function that logs somebody in and opens a path."""

    def open_path(path, role=Role.SECRETARY):
        page.goto(f"{live_server.url}/admin/")
        if page.locator("#login-form").count():
            page.locator("[name=username]").fill(factories.user(role).username)
            page.locator("[name=password]").fill(factories.PASSWORD)
            page.locator("#login-form [type=submit]").click()
        page.goto(f"{live_server.url}{path}")
        return page

    return open_path


def editor(page):
    frame = page.frame_locator("iframe.cke_wysiwyg_frame").locator("body")
    expect(frame).to_be_visible()
    return frame


def slug_in(page):
    return page.locator("#id_slug")


def test_scripts_make_the_addresses_the_server_makes(desk):
    page = desk(ADD)
    for kind, given, expected in ROWS:
        if kind == "slug":
            assert page.evaluate("text => newsroomSlug(text)", given) == expected
    texts = [given for _kind, given, _expected in ROWS]
    for length in (5, 54, 114):
        made = page.evaluate("([all, n]) => all.map(one => newsroomSlug(one, n))", [texts, length])
        assert made == [vietnamese.slug(text, length) for text in texts]


def test_scripts_know_the_old_encodings(desk):
    page = desk(ADD)
    texts = [given for _kind, given, _expected in ROWS] + [HEADLINE, f"một\n{HEADLINE}\nhai"]
    texts += [typed_in(encoding, text) for encoding in encodings.OldEncoding for text in texts]
    found = page.evaluate("all => all.map(newsroomOldEncoding)", texts)
    assert found == [vietnamese.old_encoding(text) or "" for text in texts]
    assert set(found) == {"", *encodings.OldEncoding}


def test_the_address_follows_the_headline(desk):
    page = desk(ADD)
    page.locator("#id_headline").press_sequentially("Nhà đất Cần Thơ")
    expect(slug_in(page)).to_have_value("nha-dat-can-tho")
    expect(page.locator("[data-slug-shown]")).to_have_text("nha-dat-can-tho")
    page.locator("#id_headline").fill("")
    expect(slug_in(page)).to_have_value("")
    page.locator("#id_headline").fill("Nghị quyết 18-NQ/TW")
    page.locator("[data-save]").click()
    expect(page.locator(".messagelist")).to_be_visible()
    assert Article.objects.get().slug == "nghi-quyet-18-nq-tw"
    # Nobody has typed an address by hand, so it goes on following.
    page.locator("#id_headline").fill("Cầu mới")
    expect(slug_in(page)).to_have_value("cau-moi")


def test_an_address_typed_by_hand_stays(desk):
    page = desk(ADD)
    page.locator("summary", has_text="Địa chỉ").click()
    slug_in(page).fill("cau-so-mot")
    page.locator("#id_headline").fill("Cầu mới thông xe")
    expect(slug_in(page)).to_have_value("cau-so-mot")
    slug_in(page).fill("")
    page.locator("#id_headline").fill("Cầu mới")
    expect(slug_in(page)).to_have_value("cau-moi")


@pytest.mark.parametrize("make", [factories.scheduled, factories.published])
def test_an_address_readers_may_know_stays(desk, make):
    article = make(headline="Cầu mới")
    page = desk(f"/admin/articles/article/{article.pk}/change/")
    page.locator("#id_headline").fill("Cầu cũ")
    expect(slug_in(page)).to_have_value("cau-moi")


@pytest.mark.parametrize(
    ("model", "role"),
    [(Section, Role.ADMINISTRATOR), (Topic, Role.EDITOR), (Author, Role.REPORTER)],
)
def test_the_address_follows_a_name(desk, model, role):
    model.objects.filter(slug="nha-dat-can-tho").delete()
    page = desk(f"/admin/articles/{model._meta.model_name}/add/", role)
    page.locator("#id_name").press_sequentially("Nhà đất Cần Thơ")
    expect(slug_in(page)).to_have_value("nha-dat-can-tho")
    page.locator("[name=_save]").click()
    expect(page.locator(".messagelist")).to_be_visible()
    assert model.objects.get(name="Nhà đất Cần Thơ").slug == "nha-dat-can-tho"


def test_the_address_follows_a_clusters_words(desk):
    page = desk("/admin/articles/cluster/add/", Role.ADMINISTRATOR)
    page.locator("#id_owner").fill("Bộ Tài nguyên & Môi trường")
    expect(slug_in(page)).to_have_value("cum-thi-dua-bo-tai-nguyen-moi-truong")
    page.locator("#id_number_printed").fill("1")
    page.locator("#id_form").select_option("khối")
    expect(slug_in(page)).to_have_value("khoi-thi-dua-so-1-bo-tai-nguyen-moi-truong")
    page.locator("[name=_save]").click()
    expect(page.locator(".messagelist")).to_be_visible()
    assert Cluster.objects.get().slug == "khoi-thi-dua-so-1-bo-tai-nguyen-moi-truong"


@pytest.mark.parametrize("encoding", encodings.OldEncoding)
def test_pasted_old_text_is_named_at_once(desk, encoding):
    page = desk(ADD)
    old, warnings = (
        typed_in(encoding, HEADLINE),
        page.get_by_role("alert").filter(has_text="bảng mã cũ"),
    )
    for name in ("headline", "standfirst"):
        page.locator(f"#id_{name}").evaluate(PASTE, old)
        expect(warnings).to_contain_text(encoding)
        page.locator(f"#id_{name}").fill("Chữ Unicode")
        expect(warnings).to_have_count(0)
    page.locator("#id_headline").fill(old)
    page.locator("#id_headline").press("Control+a")
    page.locator("#id_headline").press("Control+x")
    editor(page).click()
    page.keyboard.press("Control+v")
    expect(warnings).to_contain_text(encoding)
    page.locator("#id_headline").fill("Tít")
    page.locator("[data-save]").click()
    notice = page.get_by_role("alert").filter(has_text="chưa phải Unicode")
    expect(notice).to_contain_text(f"Chính văn: bảng mã cũ {encoding}")


def test_the_tenth_of_july_in_the_form_of_an_article(desk):
    page = desk(ADD)
    page.locator("#id_publish_time").fill("16:30")
    page.locator("#id_publish_date").fill("10/7/2020")
    expect(page.locator("button[value=schedule]")).to_contain_text("16:30 thứ sáu 10/7/2020")


def test_an_article_goes_out_on_the_tenth_of_july(desk):
    article = factories.draft()
    page = desk(f"/admin/articles/article/{article.pk}/change/")
    page.locator("#id_publish_time").fill("16h30")
    page.locator("#id_publish_date").fill("10/7/2090")
    page.locator("button[value=schedule]").click()
    expect(page.locator(".messagelist")).to_contain_text("16:30")
    starts_at = Publication.objects.get().starts_at
    assert starts_at == dt.datetime(2090, 7, 10, 16, 30, tzinfo=vietnamese.ZONE)


def test_the_tenth_of_july_in_the_form_of_a_cluster(desk):
    cluster = factories.cluster()
    since = dt.date(2019, 1, 1)
    ClusterMember.objects.create(cluster=cluster, name="Sở A", valid_from=since)
    page = desk(f"/admin/articles/cluster/{cluster.pk}/change/", Role.ADMINISTRATOR)
    page.locator("#id_members-0-valid_to").fill("10/7/2020")
    page.locator("#id_members-1-name").fill("Sở B")
    page.locator("#id_members-1-valid_from").fill("10-07-2020")
    page.locator("#id_terms-0-year").fill("2020")
    page.locator("#id_terms-0-pledged_on").fill("10/7/20")
    page.locator("[name=_continue]").click()
    expect(page.locator(".messagelist")).to_be_visible()
    old, new = ClusterMember.objects.order_by("pk")
    assert old.valid_to == new.valid_from == TENTH_OF_JULY
    assert ClusterTerm.objects.get().pledged_on == TENTH_OF_JULY
    expect(page.locator("#id_members-0-valid_to")).to_have_value("10/07/2020")


def test_the_calendar_begins_on_monday_in_vietnamese(desk):
    page = desk("/admin/articles/cluster/add/", Role.ADMINISTRATOR)
    field = page.locator("#id_members-0-valid_from")
    field.fill("10/7/2020")
    page.locator(".field-valid_from .datetimeshortcuts a:has(.date-icon)").first.click()
    calendar = page.locator(".calendarbox").first
    expect(calendar.locator("caption")).to_have_text("Tháng Bảy 2020", ignore_case=True)
    assert calendar.locator("th").all_inner_texts() == ["2", "3", "4", "5", "6", "7", "CN"]
    expect(calendar.locator("td.selected")).to_have_text("10")
    calendar.get_by_role("link", name="3", exact=True).click()
    expect(field).to_have_value("03/07/2020")
