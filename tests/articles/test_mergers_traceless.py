"""A merger undone leaves no trace but in the log, and no address breaks at any time."""

import gzip
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from articles.mergers import merge_units, undo_merger
from articles.models import Article, ArticleTag, Province
from newsroom.roles import Role
from tests import factories
from tests.articles import units
from tests.articles.reader import day, open_page

pytestmark = pytest.mark.django_db
EXCEPT = {"newsroom_event", "newsroom_stamp", "sqlite_sequence"}
BAC_NINH, HUNG_YEN, HAI_PHONG = "24@2025-07-01", "33@2025-07-01", "31@2025-07-01"
CHANGES = {
    "renamed": ([BAC_NINH], {"name": "Kinh Bắc"}),
    "another type": ([BAC_NINH], {"name": "Bắc Ninh", "code": "24", "unit_type": "city"}),
    "merged": ([BAC_NINH, HUNG_YEN, HAI_PHONG], {"name": "Hải Phòng", "code": "31"}),
    "an old name again": ([BAC_NINH, HAI_PHONG], {"name": "Hải Dương", "code": "30"}),
}


def dump():
    """Every row of every table but the log, the stamps and the sequences."""
    names = sorted(set(connection.introspection.table_names()) - EXCEPT)
    assert "articles_province" in names
    with connection.cursor() as cursor:
        return {name: rows(cursor, name) for name in names}


def rows(cursor, name):
    cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")
    return sorted(repr([plain(value) for value in row]) for row in cursor.fetchall())


def plain(value):
    return bytes(value) if isinstance(value, memoryview) else value


def addresses(places):
    """The pages and feeds of these places, and every article readers see."""
    paths = [unit.get_absolute_url() for unit in places]
    stories = Article.objects.exclude(first_public_at=None).select_related("section")
    return [
        "/",
        "/sitemap.xml",
        *paths,
        *(f"{path}rss.xml" for path in paths),
        *(article.get_absolute_url() for article in stories),
    ]


def broken(paths):
    """What of the addresses leads to no page."""
    found = set()
    for path in paths:
        answer = open_page(path)
        if answer.status_code == 301:
            answer = open_page(answer.headers["Location"])
        if answer.status_code != 200:
            found.add(path)
    return found


def check_traceless(unit_ids, fields, places):
    """Merge and undo; `places` asks for the units whose addresses are tried."""
    actor = factories.user(Role.ADMINISTRATOR)
    before, answering = dump(), addresses(places())
    assert broken(answering) == set()
    new = merge_units(actor=actor, change=units.plain_change(*unit_ids, **fields))
    assert dump() != before
    between = addresses([*places(), new])
    assert broken({*answering, *between}) == set()
    undo_merger(actor=actor, unit=new)
    assert dump() == before
    # What stood under a last day leads back; only an address the undone unit brought is gone.
    brought = {f"/dia-phuong/{new.slug}/{end}" for end in ("", "rss.xml")} - set(answering)
    assert broken({*answering, *between}) == brought


@pytest.mark.parametrize("name", CHANGES)
def test_on_a_newsroom_of_our_own(clock, name):
    clock(day(2026, 11, 26, 12))
    unit_ids, fields = CHANGES[name]
    involved = (*unit_ids, "30@pre", "27@pre", "01@pre")
    for unit_id in involved:
        factories.published(at=day(2026, 7, 1), tags=[factories.province(unit_id)])
    check_traceless(unit_ids, fields, lambda: Province.objects.filter(unit_id__in=involved))


def check_on_real_articles(folder, tmp_path, every):
    """Load every so-manieth of the real articles, the first few under a unit that is merged."""
    with gzip.open(folder / "news_vi_sample.jsonl.gz") as packed:
        lines = packed.readlines()[::every]
    path = tmp_path / "sample.jsonl"
    seed = (folder / "seed_article.jsonl").read_bytes().rstrip()
    path.write_bytes(b"\n".join([seed, *lines]))
    call_command("import_articles", str(path), verbosity=0, stdout=StringIO())
    assert Article.objects.count() == len(lines) + 1
    bac_ninh = factories.province(BAC_NINH)
    for article in Article.objects.order_by("-pk")[:5]:
        taggings = {"tag": bac_ninh, "first_public_at": article.first_public_at}
        ArticleTag.objects.create(article=article, **taggings)
    with connection.cursor() as cursor:
        # No other process sees these rows yet, so that nobody else keeps the statistics true.
        cursor.execute("ANALYZE")
    check_traceless(*CHANGES["merged"], Province.objects.all)


def test_on_real_articles(sample_data, tmp_path, clock):
    clock(day(2026, 11, 26, 12))
    check_on_real_articles(sample_data, tmp_path, every=400)


@pytest.mark.long
def test_on_all_real_articles(sample_data, tmp_path, clock):
    clock(day(2026, 11, 26, 12))
    check_on_real_articles(sample_data, tmp_path, every=1)
