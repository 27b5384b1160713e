"""Importing: what a file says stands on the site, once, and a bad line harms nobody else."""

import datetime as dt
import gzip
import json
import unicodedata
from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from articles import catalogue, workflow
from articles.importing import lines, loading
from articles.importing.directory import key
from articles.mergers import merge_units
from articles.models import Article, Author, Cluster, Publication, Revision, Section, Topic
from newsroom import vietnamese
from newsroom.administration import save_site_settings
from newsroom.models import Event, SiteSettings, Stamp
from newsroom.roles import Role
from tests import factories
from tests.articles import signing
from tests.articles.units import plain_change

pytestmark = pytest.mark.django_db


def line(number=1, **changes):
    return {
        "source_id": f"a-{number}",
        "title": f"Cầu mới thông xe {number}",
        "lead": "Hai xã gần nhau hơn.",
        "body_paragraphs": ["Đoạn một.", "Đoạn hai."],
        "byline": "Trung Kiên – Bá Phúc",
    } | changes


@pytest.fixture
def load(tmp_path):
    """Write records (or raw bytes) to a file, import it, return what the command said."""

    def run(*records, **options):
        raw = [part if isinstance(part, bytes) else json.dumps(part).encode() for part in records]
        path = tmp_path / "bai.jsonl"
        path.write_bytes(b"\n".join(raw))
        return run_file(path, **options)

    return run


def run_file(path, **options):
    out = StringIO()
    call_command("import_articles", str(path), stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def only_article():
    return Article.objects.get()


def public_text(article):
    return article.publications.public(timezone.now()).get().revision


def numbers(said):
    """Created, updated, unchanged, refused: the four numbers of the last sentence."""
    last = said.strip().splitlines()[-1]
    return [int(word.rstrip(",")) for word in last.split() if word.rstrip(",").isdigit()]


def everything():
    """All that a second run must not change."""
    models = (Article, Revision, Publication, Event, Author, Section, Topic)
    return {
        **{model.__name__: model.objects.count() for model in models},
        "stamps": dict(Stamp.objects.values_list("key", "version")),
    }


class TestOneLine:
    def test_it_becomes_a_public_article(self, load, client):
        assert numbers(load(line())) == [1, 0, 0, 0]
        article = only_article()
        assert article.source_id == "a-1"
        text = public_text(article)
        assert text.body == "<p>Đoạn một.</p>\n<p>Đoạn hai.</p>"
        assert list(text.byline.values_list("name", flat=True)) == ["Trung Kiên", "Bá Phúc"]
        page = client.get(article.get_absolute_url())
        assert page.status_code == 200
        assert "Hai xã gần nhau hơn." in page.content.decode()

    def test_without_a_section_it_goes_to_the_general_one_or_where_one_says(self, load):
        load(line(1), line(2, section="Xã hội"))
        load(line(3), section="Kho cũ")
        placed = dict(Article.objects.values_list("source_id", "section__name"))
        assert placed == {"a-1": "Tin tổng hợp", "a-2": "Xã hội", "a-3": "Kho cũ"}

    def test_a_section_is_found_in_either_style_of_tones_and_new_ones_stand_last(self, load):
        there = factories.SectionFactory(name="Văn hóa", position=7)
        load(line(1, section="Văn hoá"), line(2, section="Mới"))
        assert Article.objects.get(source_id="a-1").section == there
        assert Section.objects.get(name="Mới").position == 8

    def test_html_and_photo_tokens_in_a_paragraph_are_only_text(self, load, client):
        photo = factories.photo()
        hostile = f"<b>x</b> & [[photo:{photo.pk}]] [[[photo:{photo.pk}]]]"
        load(line(body_paragraphs=[hostile, "Hai\ndòng"]))
        text = public_text(only_article())
        assert text.body_photos.count() == 0
        assert "&lt;b&gt;x&lt;/b&gt; &amp; [photo:" in text.body
        assert "<p>Hai<br>dòng</p>" in text.body
        assert photo.token not in client.get(only_article().get_absolute_url()).content.decode()

    @pytest.mark.parametrize("lead", ["(BTV) Chiều 10/7", "(BTV) - Chiều 10/7", "(BTV)–Chiều 10/7"])
    def test_the_dateline_of_the_site_is_not_stored(self, load, lead):
        load(line(lead=lead))
        assert public_text(only_article()).standfirst == "Chiều 10/7"

    def test_another_bracket_before_the_standfirst_stays(self, load):
        load(line(lead="(TTXVN) Chiều 10/7"))
        assert public_text(only_article()).standfirst == "(TTXVN) Chiều 10/7"

    @pytest.mark.parametrize(
        ("given", "starts_at", "precision"),
        [
            ("2020-07-10", "2020-07-10T00:00:00+07:00", vietnamese.DAY),
            ("2020-07-10T16:30:00+07:00", "2020-07-10T16:30:00+07:00", vietnamese.TIME),
        ],
    )
    def test_a_date_is_kept_as_precise_as_it_is(self, load, given, starts_at, precision):
        load(line(published_at=given))
        publication = Publication.objects.get()
        assert publication.starts_at == dt.datetime.fromisoformat(starts_at)
        assert publication.date_precision == precision
        assert only_article().first_public_at == publication.starts_at

    def test_a_byline_keeps_parts_and_the_source(self, load):
        load(line(byline="Lan (tổng hợp) – Ảnh: Bá Phúc (Theo AFP)"))
        text = public_text(only_article())
        printed = list(text.byline.order_by("position").values_list("name", "part"))
        assert printed == [("Lan", "compiled"), ("Bá Phúc", "photo")]
        assert text.source_line == "Theo AFP"

    def test_an_author_is_known_again_by_the_printed_name(self, load):
        there = factories.AuthorFactory(name="Bá Phúc")
        load(line(1), line(2, byline="bá phúc"))
        first, second = Article.objects.order_by("source_id")
        assert there.bylines.get().revision == public_text(first)
        assert public_text(second).byline.get().author != there

    def test_without_a_byline_there_is_none(self, load):
        load(line(byline=None))
        assert not public_text(only_article()).byline.exists()


class TestTags:
    def test_places_are_those_of_the_articles_day(self, load):
        names = {"province": ["Hải Dương", "Tỉnh Bắc Ninh", "TP. Hải Phòng", "Thanh Hoá"]}
        load(
            line(1, tags=names, published_at="2020-07-10"),
            line(2, tags=names, published_at="2025-08-01"),
            line(3, tags=names),
        )
        units = {
            article.source_id: {tag.province.unit_id for tag in article.tags.all()}
            for article in Article.objects.all()
        }
        assert units["a-1"] == {"30@pre", "27@pre", "31@pre", "38@pre"}
        now = {"30@pre", "24@2025-07-01", "31@2025-07-01", "38@pre"}
        assert units["a-2"] == units["a-3"] == now

    def test_a_unit_to_come_is_not_meant_yet(self, load):
        change = plain_change("24@2025-07-01", day=dt.date(2090, 1, 1), name="Bắc Ninh")
        merge_units(actor=None, change=change)
        assert numbers(load(line(tags={"province": ["Bắc Ninh"]}))) == [1, 0, 0, 0]
        assert only_article().tags.get().province.unit_id == "24@2025-07-01"

    def test_a_place_nobody_knows_refuses_the_line(self, load):
        said = load(line(tags={"province": ["Hà Lội"]}))
        assert numbers(said) == [0, 0, 0, 1]
        assert "Hà Lội" in said

    def test_a_cluster_is_known_by_form_number_and_owner(self, load):
        there = factories.cluster()
        same = {"number": 1, "number_printed": "I", "owner": "Bộ Tài nguyên & Môi trường"}
        bloc = {**same, "form": "khối"}
        load(line(1, tags={"cluster": [same]}), line(2, tags={"cluster": [bloc]}))
        assert Article.objects.get(source_id="a-1").tags.get() == there.tag_ptr
        made = Cluster.objects.get(form="khối")
        assert made.name == "Khối thi đua số I – Bộ Tài nguyên & Môi trường"

    def test_topics_are_found_or_made(self, load):
        there = factories.TopicFactory(name="Đất đai", slug="dat-dai")
        load(line(tags={"topic": ["đất đai", "Lúa", "Lụa"]}))
        assert only_article().tags.filter(pk=there.pk).exists()
        assert Topic.objects.count() == 3

    def test_spellings_meet_and_words_do_not(self):
        assert key("VĂN HOÁ –  Xã hội") == key("văn hóa - xã hội")
        assert key("lúa") != key("lụa")
        assert key("Quý") == key("quý")


class TestWithoutADate:
    def test_undated_articles_stand_before_all_dated_ones_in_the_order_of_the_file(self, load):
        load(line(1), line(2), line(3, published_at="1901-02-03"))
        listed = Article.objects.order_by("first_public_at").values_list("source_id", flat=True)
        assert list(listed) == ["a-1", "a-2", "a-3"]
        assert Publication.objects.filter(date_precision=vietnamese.NONE).count() == 2

    def test_a_later_file_goes_on_where_the_earlier_one_ended(self, load):
        load(line(1), line(2))
        load(line(3), line(1))
        listed = Article.objects.order_by("first_public_at").values_list("source_id", flat=True)
        assert list(listed) == ["a-1", "a-2", "a-3"]

    def test_no_page_shows_the_invented_day(self, load, client):
        load(line())
        assert "1900" not in client.get(only_article().get_absolute_url()).content.decode()


class TestAgain:
    def test_the_same_file_changes_nothing(self, load):
        records = [line(n, tags={"topic": ["Cầu"]}, section="Giao thông") for n in range(5)]
        load(*records)
        before = everything()
        assert numbers(load(*records)) == [0, 0, 5, 0]
        assert everything() == before

    def test_a_changed_text_is_published_now_as_a_new_revision(self, load, client):
        load(line(published_at="2020-07-10"))
        assert numbers(load(line(title="Tít đã sửa", published_at="2020-07-10"))) == [0, 1, 0, 0]
        article = only_article()
        assert public_text(article).headline == "Tít đã sửa"
        assert article.revisions.count() == 2
        first, second = article.publications.order_by("starts_at")
        assert first.ends_at == second.starts_at
        assert timezone.now() - second.starts_at < dt.timedelta(minutes=1)
        assert article.first_public_at == first.starts_at
        assert "Tít đã sửa" in client.get(article.get_absolute_url()).content.decode()

    def test_a_changed_byline_counts_as_a_changed_text(self, load):
        load(line())
        assert numbers(load(line(byline="Bá Phúc – Trung Kiên"))) == [0, 1, 0, 0]

    def test_a_pen_name_lists_what_stands_under_it(self, load):
        load(*(line(n, published_at=f"2020-07-{n}") for n in range(10, 15)), line(1))
        load(line(11, byline="Bá Phúc"), line(12, title="Tít đã sửa"), line(1, byline="Lan"))
        signing.check(timezone.now())
        signing.check_dates()
        authors = Author.objects.all()
        found = {each.name: len(signing.plainly(each, timezone.now())) for each in authors}
        assert found == {"Trung Kiên": 4, "Bá Phúc": 5, "Lan": 1}

    def test_where_the_newsroom_put_it_stays(self, load):
        load(line())
        home = factories.SectionFactory()
        workflow.place(
            actor=None, article=only_article(), placement=workflow.Placement(section=home)
        )
        load(line(title="Tít đã sửa", section="Khác", tags={"topic": ["Cầu"]}))
        assert only_article().section == home
        assert not only_article().tags.exists()

    def test_what_a_person_edited_here_is_never_overwritten(self, load):
        load(line())
        editor = factories.user(Role.SECRETARY, full_name="Lan Chi")
        factories.edited(only_article(), by=editor, headline="Của tòa soạn")
        assert numbers(load(line())) == [0, 0, 1, 0]
        said = load(line(title="Của tệp"))
        assert numbers(said) == [0, 0, 0, 1]
        assert "Lan Chi" in said
        assert only_article().newest_revision.headline == "Của tòa soạn"

    def test_what_was_withdrawn_here_does_not_come_back(self, load, client):
        load(line())
        workflow.withdraw(actor=None, article=only_article(), reason="Sai.")
        assert numbers(load(line())) == [0, 0, 1, 0]
        assert numbers(load(line(title="Tít đã sửa"))) == [0, 0, 0, 1]
        assert client.get(only_article().get_absolute_url()).status_code == 410


class TestCorrectedAtTheDesk:
    """What the newsroom set right on purpose is not turned back by the same file again."""

    RECORD = {"section": "Xã hội", "lead": "(BTV) Hai xã gần nhau hơn."}
    TAGS = {"topic": ["Cầu"], "cluster": [{"number": 1, "owner": "Bộ Tài nguyên"}]}

    @pytest.fixture
    def record(self, load):
        """A line that was imported once."""
        record = line(tags=self.TAGS, **self.RECORD)
        load(record)
        return record

    def rename(self, name, new):
        author = Author.objects.get(name=name)
        author.name = new
        catalogue.save_author(actor=None, author=author)
        return author

    def names(self, article):
        return list(public_text(article).byline.order_by("position").values_list("name", flat=True))

    def test_a_pen_name(self, load, record):
        self.rename("Trung Kiên", "Trần Trung Kiên")
        before = everything()
        assert numbers(load(record)) == [0, 0, 1, 0]
        assert everything() == before

    def test_a_text_that_changes_later_is_printed_under_the_corrected_name(self, load, record):
        self.rename("Trung Kiên", "Trần Trung Kiên")
        changed = record | {"title": "Tít đã sửa"}
        assert numbers(load(changed)) == [0, 1, 0, 0]
        assert self.names(only_article()) == ["Trần Trung Kiên", "Bá Phúc"]
        assert numbers(load(changed)) == [0, 0, 1, 0]
        assert Author.objects.count() == 2

    def test_a_new_article_under_the_old_spelling_goes_to_the_same_author(self, load, record):
        author = self.rename("Trung Kiên", "Trần Trung Kiên")
        load(line(2, byline="Trung Kiên"))
        byline = public_text(Article.objects.get(source_id="a-2")).byline.get()
        assert (byline.author, byline.name) == (author, "Trần Trung Kiên")

    def test_a_name_two_authors_had_becomes_a_third(self, load, record):
        self.rename("Trung Kiên", "Trần Trung Kiên")
        load(line(2, byline="Khác"))
        self.rename("Khác", "Trung Kiên")
        load(line(3, byline="Trung Kiên"))
        self.rename("Trung Kiên", "Lê Trung Kiên")
        load(line(4, byline="Trung Kiên"))
        byline = public_text(Article.objects.get(source_id="a-4")).byline.get()
        assert byline.author == Author.objects.get(name="Trung Kiên")
        assert numbers(load(record)) == [0, 0, 1, 0]

    @pytest.mark.parametrize("dateline", ["(PTTH)", ""])
    def test_the_dateline_of_the_site(self, load, record, dateline):
        site = SiteSettings.load()
        site.dateline = dateline
        save_site_settings(actor=None, settings=site)
        assert numbers(load(record)) == [0, 0, 1, 0]
        assert numbers(load(record | {"title": "Tít đã sửa"})) == [0, 1, 0, 0]
        assert public_text(only_article()).standfirst == "Hai xã gần nhau hơn."

    def test_a_dateline_that_was_none_yet(self, load, record):
        other = line(2, lead="(PTTH) Hai xã gần nhau hơn.")
        load(other)
        site = SiteSettings.load()
        site.dateline = "(PTTH)"
        save_site_settings(actor=None, settings=site)
        assert numbers(load(record, other)) == [0, 0, 2, 0]

    def test_another_agency_before_the_standfirst_is_a_change(self, load):
        load(line(lead="(TTXVN) Chiều 10/7"))
        assert numbers(load(line(lead="(AFP) Chiều 10/7"))) == [0, 1, 0, 0]

    def test_a_section(self, load, record):
        section = Section.objects.get(name="Xã hội")
        section.name = "Đời sống"
        catalogue.save_section(actor=None, section=section)
        self.comes_back(load, record, Section)
        assert set(section.articles.values_list("source_id", flat=True)) == {"a-1", "a-2"}

    def test_a_section_with_a_new_address(self, load, record):
        section = Section.objects.get(name="Xã hội")
        section.name, section.slug = "Đời sống", "doi-song"
        catalogue.save_section(actor=None, section=section)
        self.comes_back(load, record, Section)

    def test_a_topic(self, load, record):
        topic = Topic.objects.get()
        topic.name = "Cầu đường"
        catalogue.save_tag(actor=None, tag=topic)
        self.comes_back(load, record, Topic)

    def test_the_owner_of_a_cluster(self, load, record):
        cluster = Cluster.objects.get()
        cluster.owner = "Bộ Nông nghiệp và Môi trường"
        catalogue.save_cluster(actor=None, cluster=cluster)
        self.comes_back(load, record, Cluster)

    def comes_back(self, load, record, model):
        """The same line changes nothing, and a new one under the old name makes no second."""
        before = everything()
        assert numbers(load(record)) == [0, 0, 1, 0]
        assert everything() == before
        load(record | {"source_id": "a-2"})
        assert model.objects.count() == 1

    def test_sections_that_only_share_an_address_stay_two(self, load):
        load(line(1, section="Lúa"), line(2, section="Lụa"))
        assert Section.objects.count() == 2


class TestBadLines:
    def test_each_refusal_names_its_line_and_reason_and_the_rest_goes_in(self, load):
        too_long = line(4, tags={"cluster": [{"owner": "Bộ " * 50}]})
        said = load(
            line(1), b"{not json", line(3, title=""), too_long, b"", line(6, byline="Mới"), line(7)
        )
        assert numbers(said) == [3, 0, 0, 4]
        assert set(Article.objects.values_list("source_id", flat=True)) == {"a-1", "a-6", "a-7"}
        refusals = said.splitlines()[:4]
        for number, sentence in zip((2, 3, 4, 5), refusals, strict=True):
            assert f" {number} " in sentence
        assert "a-3" in refusals[1]
        assert "title" in refusals[1]
        assert "tags.cluster.owner" in refusals[2]

    def test_what_a_refused_line_had_made_is_made_again_for_the_next_one(self, load):
        tags = {"topic": ["Cầu"], "province": ["Hà Lội"]}
        refused = line(1, tags=tags, section="Mới", byline="Người Mới")
        kept = line(2, tags={"topic": ["Cầu"]}, section="Mới", byline="Người Mới")
        assert numbers(load(refused, kept)) == [1, 0, 0, 1]
        assert Topic.objects.get().articles.get().source_id == "a-2"
        assert Section.objects.get(name="Mới").articles.count() == 1
        assert Author.objects.get().bylines.count() == 1

    def test_a_body_that_is_too_long_is_refused(self, load):
        assert numbers(load(line(body_paragraphs=["chữ " * 150_000]), line(2))) == [1, 0, 0, 1]

    def test_a_source_id_that_comes_twice_counts_once(self, load):
        records = [line(1), line(1, title="Khác"), line(1)]
        said = load(*records)
        assert numbers(said) == [1, 0, 0, 2]
        before = everything()
        load(*records)
        assert everything() == before

    def test_a_file_that_cannot_be_read_fails(self, tmp_path):
        with pytest.raises(CommandError):
            run_file(tmp_path / "none.jsonl")

    def test_a_packed_file_that_breaks_off_gives_what_it_has(self, tmp_path):
        raw = b"\n".join(json.dumps(line(n)).encode() for n in range(60))
        path = tmp_path / "bai.jsonl.gz"
        path.write_bytes(gzip.compress(raw)[:-9])
        created, _updated, _unchanged, refused = numbers(run_file(path))
        assert created >= 50
        assert refused >= 1
        assert Article.objects.count() == created


class TestDryRun:
    def test_it_says_what_would_happen_and_writes_nothing(self, load, monkeypatch):
        monkeypatch.setattr(loading, "BATCH", 2)
        load(line(1))
        before = everything()
        records = [line(1, title="Khác"), *(line(n, section="Mới") for n in range(2, 7)), b"x"]
        said = load(*records, dry_run=True)
        assert numbers("\n".join(said.splitlines()[:-1])) == [5, 1, 0, 1]
        assert everything() == before
        assert numbers(load(*records)) == [5, 1, 0, 1]


def test_batches_are_committed_one_by_one(load, monkeypatch):
    monkeypatch.setattr(loading, "BATCH", 2)
    assert numbers(load(*(line(n) for n in range(5)))) == [5, 0, 0, 0]
    assert Article.objects.count() == 5


# The real articles


def test_the_article_the_project_grew_from(sample_data, client):
    assert numbers(run_file(sample_data / "seed_article.jsonl")) == [1, 0, 0, 0]
    article = only_article()
    text = public_text(article)
    assert text.standfirst.startswith("Chiều 10/7, Cụm Thi đua số 1")
    names = text.byline.order_by("position").values_list("name", flat=True)
    assert list(names) == ["Trung Kiên", "Bá Phúc"]
    units = [tag.province for tag in article.tags.filter(kind="province")]
    assert len(units) == 10
    assert all(unit.valid_on(dt.date(2020, 7, 10)) for unit in units)
    cluster = article.tags.get(kind="cluster")
    assert cluster.name == "Cụm thi đua số 1 – Bộ Tài nguyên & Môi trường"
    publication = article.publications.get()
    shown = vietnamese.long_date(publication.starts_at, publication.date_precision)
    assert shown == "Thứ sáu, 10/7/2020"
    page = client.get(article.get_absolute_url()).content.decode()
    assert "Thứ sáu, 10/7/2020" in page
    assert "00:00" not in page
    assert page.count("(BTV)") == 1
    assert numbers(run_file(sample_data / "seed_article.jsonl")) == [0, 0, 1, 0]


def sample(folder, tmp_path, every):
    """Every so-manieth of the real articles as a file of its own."""
    with gzip.open(folder / "news_vi_sample.jsonl.gz") as packed:
        chosen = packed.readlines()[::every]
    path = tmp_path / "sample.jsonl"
    path.write_bytes(b"".join(chosen))
    return path, len(chosen)


def check_real_articles(path, count, client):
    assert numbers(run_file(path)) == [count, 0, 0, 0]
    before = everything()
    assert numbers(run_file(path)) == [0, 0, count, 0]
    assert everything() == before
    assert not_composed() == []
    with connection.cursor() as cursor:
        # No other process sees these rows yet, so that nobody else keeps the statistics true.
        cursor.execute("ANALYZE")
    answers = Counter(
        client.get(article.get_absolute_url()).status_code
        for article in Article.objects.select_related("section")
    )
    assert answers == {200: count}


def not_composed():
    """What of the stored texts is not in NFC."""
    found = []
    for model in (Revision, Author, Section, Topic, Event):
        names = [field.name for field in model._meta.fields if field.get_internal_type() in TEXTS]
        for row in model.objects.values_list(*names):
            found += [text for text in row if text and not unicodedata.is_normalized("NFC", text)]
    return found


TEXTS = ("CharField", "TextField", "SlugField")


def test_real_articles_load_and_are_read(sample_data, tmp_path, client):
    check_real_articles(*sample(sample_data, tmp_path, every=50), client)


@pytest.mark.long
def test_all_real_articles_load_and_are_read(sample_data, tmp_path, client):
    check_real_articles(*sample(sample_data, tmp_path, every=1), client)


def test_the_limits_of_a_line_fit_the_columns():
    for name, model, limit in [
        ("headline", Revision, lines.MAX_HEADLINE_CHARS),
        ("standfirst", Revision, lines.MAX_STANDFIRST_CHARS),
        ("source_id", Article, lines.MAX_NAME_CHARS),
        ("name", Topic, lines.MAX_NAME_CHARS),
    ]:
        assert model._meta.get_field(name).max_length >= limit
