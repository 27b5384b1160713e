"""What a client gets from a finished page, and when a page is no longer handed out."""

import datetime as dt
import gzip
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import brotli
import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from articles import catalogue, workflow
from articles.models import Article
from comments.models import ClosingRule
from newsroom import stamps
from newsroom.gate.answers import REFUSED
from newsroom.gate.few import few_at_work
from newsroom.models import Stamp
from newsroom.page_cache import pages
from tests import factories
from tests.comments import makers
from tests.page_cache import kept
from tests.page_cache.clusters import cut_listeners
from tests.page_cache.kept import MEGABYTE, elsewhere, until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site():
    with kept.site() as made:
        yield made


@pytest.fixture
def article():
    return factories.published()


class TestAnswer:
    def test_the_second_reader_gets_the_bytes_of_the_first_without_django(self, site, article):
        path = article.get_absolute_url()
        first, second = site.get(path), site.get(path)
        assert (first.status, first.body) == (200, second.body)
        assert "Cầu mới thông xe" in second.text
        assert site.rendered == [path]

    def test_it_is_what_django_answers(self, site, article):
        site.get("/")
        kept_page, fresh = site.get("/"), site.fresh("/")
        assert kept_page.body == fresh.body
        assert fresh.headers.items() <= kept_page.headers.items()

    def test_who_has_it_is_told_so_in_304(self, site):
        page = site.get("/")
        etag = page.headers["etag"]
        for sent in (etag, f"W/{etag}", f'"x", {etag}', "*"):
            same = site.get("/", if_none_match=sent)
            assert (same.status, same.body) == (304, b"")
            assert same.headers["etag"] == etag
            assert same.headers["cache-control"] == "no-cache"
        assert site.get("/", if_none_match='"other"').status == 200

    def test_a_304_says_no_more_than_it_must(self, site):
        etag = site.get("/").headers["etag"]
        for sent in (etag, f"W/{etag}"):
            same = site.get("/", if_none_match=sent)
            assert sorted(same.headers) == ["cache-control", "etag", "vary"]

    def test_a_policy_that_has_changed_reaches_who_has_the_same_body(self, site, settings):
        before = site.get("/")
        settings.SECURE_REFERRER_POLICY = "no-referrer"
        with kept.site() as changed:
            after = changed.get("/", if_none_match=before.headers["etag"])
        assert (after.status, after.body) == (200, before.body)
        assert after.headers["referrer-policy"] == "no-referrer"

    def test_each_that_is_answered_without_django_is_counted(self, site):
        etag = site.get("/").headers["etag"]
        site.get("/khong-co/")
        assert site.hits.value() == 0
        site.get("/")
        site.get("/", if_none_match=etag)
        site.get("/", if_none_match='"another"')
        site.get("/", method="HEAD")
        site.get("/khong-co/")
        site.get("/", method="POST")
        assert site.hits.value() == 5

    def test_head_is_the_head_of_get(self, site):
        head, page = site.get("/", method="HEAD"), site.get("/")
        assert head.body == b""
        assert head.headers == page.headers
        assert head.headers["content-length"] == str(len(page.body))
        assert len(site.rendered) == 1

    @pytest.mark.parametrize(
        ("accepted", "encoding", "unpacked"),
        [
            ("gzip, deflate, br", "br", brotli.decompress),
            ("gzip", "gzip", gzip.decompress),
            ("br;q=0, gzip;q=0.5", "gzip", gzip.decompress),
            ("identity", None, bytes),
            ("", None, bytes),
        ],
    )
    def test_encodings(self, site, accepted, encoding, unpacked):
        page = site.get("/", accept_encoding=accepted)
        assert page.headers.get("content-encoding") == encoding
        assert page.headers["content-length"] == str(len(page.body))
        assert page.headers["vary"] == "Accept-Encoding"
        assert unpacked(page.body) == site.fresh("/").body

    def test_each_encoding_has_a_tag_of_its_own(self, site):
        plain, packed = site.get("/"), site.get("/", accept_encoding="br")
        assert plain.headers["etag"] != packed.headers["etag"]
        same = site.get("/", accept_encoding="br", if_none_match=packed.headers["etag"])
        assert same.status == 304

    def test_behind_a_proxy_it_is_told_to_ask_each_time(self, site, settings):
        assert "x-accel-expires" not in site.get("/").headers
        settings.TRUSTED_PROXIES = ["127.0.0.1"]
        with kept.site() as behind:
            assert behind.get("/").headers["x-accel-expires"] == "@1"

    def test_a_range_is_passed_over(self, site):
        page = site.get("/", range="bytes=0-10")
        assert page.status == 200
        assert page.body == site.fresh("/").body


class TestWhatIsKept:
    def test_301_404_and_410_of_public_pages(self, site, article):
        gone = factories.withdrawn().get_absolute_url()
        for path, status in (
            (f"/x/y-{article.pk}.html", 301),
            (gone, 410),
            ("/khong-co/", 404),
        ):
            assert [site.get(path).status for _time in range(2)] == [status, status]
            assert site.rendered.count(path) == 1, path

    def test_parameters_a_page_does_not_read_are_as_if_they_were_not_there(self, site, article):
        path = article.section.get_absolute_url()
        plain = site.get(path)
        assert site.get(f"{path}?utm_source=zalo&fbclid=zqmark").body == plain.body
        assert site.get(f"{path}?truoc=&utm_source=zqmark").body
        assert site.rendered == [path, path]  # truoc= is read

    def test_one_way_of_writing_a_query_is_as_good_as_another(self, site, article):
        pages = [
            site.get("/tim-kiem/", query=query)
            for query in ("q=cầu&sap-xep=moi", "sap-xep=moi&q=c%E1%BA%A7u", "q=x&sap-xep=moi&q=cầu")
        ]
        assert len({page.body for page in pages}) == 1
        assert "Cầu mới thông xe" in pages[0].text.replace("<mark>", "").replace("</mark>", "")
        assert site.rendered == ["/tim-kiem/"]

    @pytest.mark.parametrize(
        "path",
        ["/admin/", "/admin/login/", "/healthz", "/binh-luan/{pk}/", "/binh-luan/du-lieu/yeu-cau/"],
    )
    def test_no_form_and_nothing_of_the_desk(self, site, article, path):
        path = path.format(pk=article.pk)
        for _time in range(2):
            site.get(path)
        assert site.rendered == [path, path]
        assert not site.cache.shelf.pages

    def test_photos_are_not(self, site):
        photo = factories.photo()
        factories.published(photo=photo, photo_alt="Cảnh", photo_credit="BP")
        path = f"/anh/{photo.token}-564.webp"
        assert site.get(path).body
        assert not site.cache.shelf.pages

    @pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "", "a b", "[::1"])
    def test_hosts_that_are_not_ours_are_refused_as_ever(self, site, host):
        site.get("/")
        assert site.get("/", host=host).status == 400
        assert len(site.cache.shelf.pages) == 1

    def test_ports_and_capitals_of_a_host_are_one_page(self, site):
        for host in ("testserver", "TESTSERVER", "testserver:8000", "testserver:1"):
            assert site.get("/", host=host).status == 200
        assert site.rendered == ["/"]

    def test_a_post_is_told_that_it_is_not_allowed(self, site):
        site.get("/")
        assert site.get("/", method="POST").status == 405

    def test_on_a_site_of_https_plain_requests_are_led_there(self, settings):
        settings.SECURE_SSL_REDIRECT = True
        settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        with kept.site() as site:
            assert site.get("/", x_forwarded_proto="https").status == 200
            assert site.get("/").status == 301
            assert site.get("/", x_forwarded_proto="https").status == 200
            assert site.rendered == ["/", "/"]

    def test_comments_that_are_still_to_come(self, site, article):
        comment = makers.pending(article)
        later = f"/binh-luan/y-kien/{comment.pk + 1}/"
        assert site.get(later).status == 404
        shown = makers.shown(article)
        assert shown.pk == comment.pk + 1
        until(lambda: site.get(later).status == 200)


class TestGoing:
    def test_a_withdrawn_article(self, site, article, clock):
        comment = makers.shown(article)
        number, path = article.pk, article.get_absolute_url()
        own = [path, f"/binh-luan/{number}/y-kien/", f"/binh-luan/y-kien/{comment.pk}/"]
        lists = ["/", "/rss.xml", "/sitemap.xml", article.section.get_absolute_url()]
        for _twice in range(2):
            assert [site.get(one).status for one in own] == [200, 200, 200]
            assert [one for one in lists if path not in site.get(one).text] == []
        elsewhere(lambda: workflow.withdraw(actor=None, article=article, reason="Sai."))
        until(lambda: site.get(path).status == 410)
        for later in (0, 10):
            clock(timezone.now() + dt.timedelta(minutes=later))
            assert [site.get(one).status for one in own] == [410, 410, 410]
            assert [one for one in lists if path in site.get(one).text] == []

    def test_one_at_hand_is_not_found_before_it_is_asked_whether_all_is_heard(self, site, article):
        path, cache = article.get_absolute_url(), site.cache
        for _twice in range(2):
            assert site.get(path).status == 200

        class AnotherLooksMeanwhile(dict):
            def get(self, words):
                found = super().get(words)
                cache.hearing.state()
                return found

        cache.shelf.at_hand = AnotherLooksMeanwhile(cache.shelf.at_hand)
        elsewhere(lambda: workflow.withdraw(actor=None, article=article, reason="Sai."))
        time.sleep(0.3)
        assert site.get(path).status == 410

    def test_a_change_that_is_rolled_back_drops_nothing(self, site, article):
        path = article.get_absolute_url()
        site.get(path)

        def change_and_think_again():
            with transaction.atomic():
                workflow.withdraw(actor=None, article=article, reason="Sai.")
                transaction.set_rollback(True)

        elsewhere(change_and_think_again)
        time.sleep(0.3)
        assert site.get(path).status == 200
        assert site.rendered == [path]

    def test_other_writes_drop_nothing(self, site, article):
        path = article.get_absolute_url()
        site.get(path)
        for _time in range(3):
            elsewhere(lambda: makers.pending(article))
        time.sleep(0.3)
        site.get(path)
        assert site.rendered == [path]

    def test_a_schedule_begins_to_the_second(self, site, article):
        begins = timezone.now() + dt.timedelta(seconds=1.2)
        waiting = factories.scheduled(at=begins, headline="Hẹn giờ")
        for path in ("/", waiting.get_absolute_url()):
            assert "Hẹn giờ" not in site.get(path).text
        while timezone.now() < begins:
            time.sleep(0.02)
        for path in ("/", waiting.get_absolute_url()):
            assert "Hẹn giờ" in site.get(path).text

    def test_one_scheduled_meanwhile_begins_too(self, site, article):
        assert "Hẹn giờ" not in site.get("/").text
        begins = timezone.now() + dt.timedelta(seconds=1)
        elsewhere(lambda: factories.scheduled(at=begins, headline="Hẹn giờ"))
        time.sleep(1.1)
        assert "Hẹn giờ" in site.get("/").text

    def test_what_was_seen_by_a_clock_that_ran_ahead_goes_when_it_is_right_again(
        self, site, article, monkeypatch
    ):
        waiting = factories.scheduled(headline="Hẹn giờ")
        paths = ("/", waiting.get_absolute_url(), "/chua-ai-xem/")
        with monkeypatch.context() as ahead:
            now, seconds = timezone.now, time.time
            ahead.setattr(timezone, "now", lambda: now() + dt.timedelta(days=2))
            ahead.setattr(time, "time", lambda: seconds() + 2 * 86_400)
            for _time in range(2):  # the second one is found at once
                assert "Hẹn giờ" in site.get("/").text
                assert [site.get(path).status for path in paths] == [200, 200, 404]
        assert "Hẹn giờ" not in site.get("/").text
        assert [site.get(path).status for path in paths] == [200, 404, 404]
        assert site.rendered == [*paths, *paths]

    def test_one_begun_while_the_clock_ran_ahead_is_shown_to_nobody_else(
        self, site, article, monkeypatch
    ):
        factories.scheduled(headline="Hẹn giờ")
        django, now, seconds = site.django, timezone.now, time.time
        with monkeypatch.context() as ahead:
            ahead.setattr(timezone, "now", lambda: now() + dt.timedelta(days=2))
            ahead.setattr(time, "time", lambda: seconds() + 2 * 86_400)

            def set_right_meanwhile(*asked):
                response = django(*asked)
                ahead.undo()
                return response

            site.django = set_right_meanwhile
            assert "Hẹn giờ" in site.get("/").text
        site.django = django
        assert "Hẹn giờ" not in site.get("/").text

    def test_comments_close_to_the_second(self, site, article):
        ClosingRule.objects.create(kind="age", days=1, sentence="Bài đã cũ.")
        began = timezone.now() - dt.timedelta(days=1) + dt.timedelta(seconds=1)
        Article.objects.filter(pk=article.pk).update(first_public_at=began)
        path = article.get_absolute_url()
        assert "Bài đã cũ." not in site.get(path).text
        time.sleep(1.1)
        assert "Bài đã cũ." in site.get(path).text

    def test_a_page_with_numbers_is_made_anew_after_a_minute(self, site, article, monkeypatch):
        comment = makers.shown(article)
        path = article.get_absolute_url()
        site.get(path)
        type(comment).objects.filter(pk=comment.pk).update(likes=7)
        monkeypatch.setattr(time, "time", lambda now=time.time: now() + 59)
        site.get(path)
        assert site.rendered == [path]
        monkeypatch.setattr(time, "time", lambda now=time.time: now() + 2)
        assert ">7<" in site.get(path).text.replace(" ", "")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="how SQLite is looked at")
def test_a_page_made_while_the_file_could_not_be_read_is_not_trusted(article, monkeypatch):
    """The first look of a process may fail: somebody restores, or cleans up."""
    path = article.get_absolute_url()
    cache = kept.Site()
    look = cache.cache.hearing._connected

    def locked():
        raise sqlite3.OperationalError("database is locked")

    monkeypatch.setattr(cache.cache.hearing, "_connected", locked)
    assert cache.get(path).status == 200
    elsewhere(lambda: workflow.withdraw(actor=None, article=article, reason="Sai."))
    monkeypatch.setattr(cache.cache.hearing, "_connected", look)
    assert [cache.get(path).status for _time in range(2)] == [410, 410]
    cache.close()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="how PostgreSQL is listened to")
def test_a_database_that_comes_back_older_than_it_was_is_believed(article):
    """As after a change-over to a server that was behind."""
    path, cache = article.get_absolute_url(), kept.Site()
    hearing = cache.cache.hearing

    def kept_and_current():
        cache.get(path)
        return time.monotonic() < hearing.current_until and cache.cache.shelf.pages

    until(kept_and_current)
    made = len(cache.rendered)
    Stamp.objects.filter(key=f"article:{article.pk}").update(version=F("version") - 1)
    cut_at = time.monotonic()
    assert cut_listeners()
    until(lambda: hearing.current_until > cut_at + 1)
    assert cache.get(path).status == 200
    assert len(cache.rendered) == made + 1
    cache.close()


class Halted:
    """An application that is halted after it has made its answer, before that is handed over."""

    def __init__(self, application):
        self.application = application
        self.made, self.go_on = threading.Event(), threading.Event()

    def __call__(self, environ, start_response):
        response = self.application(environ, start_response)
        self.made.set()
        assert self.go_on.wait(10)
        return response


class TestWhileAPageIsMade:
    @pytest.mark.parametrize("is_heard", [True, False], ids=["heard", "unheard"])
    def test_one_overtaken_by_a_change_is_never_seen_again(self, site, article, is_heard):
        path = article.get_absolute_url()
        site.get("/")  # so that it listens
        site.cache.application = halted = Halted(site.cache.application)
        with ThreadPoolExecutor(1) as pool:
            old = pool.submit(lambda: _and_close(lambda: site.get(path)))
            assert halted.made.wait(10)
            elsewhere(lambda: workflow.withdraw(actor=None, article=article, reason="Sai."))
            time.sleep(0.3)
            if is_heard:
                site.cache.hearing.state()
            halted.go_on.set()
            assert old.result().status == 200, "it was asked for before the change"
        assert [site.get(path).status for _time in range(3)] == [410] * 3

    def test_a_page_is_of_one_moment_whatever_is_committed_while_it_is_made(
        self, site, article, monkeypatch
    ):
        """The name of a section stands in the menu and in the crumbs: two queries."""
        from articles import listing

        section, tags = article.section, listing.tags

        def renamed_meanwhile(publication):
            section.name = "Tên mới"
            elsewhere(lambda: catalogue.save_section(actor=None, section=section))
            return tags(publication)

        old_name = section.name
        monkeypatch.setattr(listing, "tags", renamed_meanwhile)
        page = site.get(article.get_absolute_url()).text
        assert old_name in page
        assert "Tên mới" not in page
        monkeypatch.setattr(listing, "tags", tags)
        until(lambda: "Tên mới" in site.get(article.get_absolute_url()).text)
        assert old_name not in site.get(article.get_absolute_url()).text

    def test_two_hundred_at_once_have_it_made_once(self, site, article):
        path = article.get_absolute_url()
        start = threading.Barrier(200)

        def ask():
            start.wait()
            return site.get(path)

        with ThreadPoolExecutor(200) as pool:
            answers = list(pool.map(lambda _number: _and_close(ask), range(200)))
        assert {answer.body for answer in answers} == {site.fresh(path).body}
        assert site.rendered == [path]

    def test_the_desk_is_answered_while_readers_wait_for_many_pages(self, site):
        django = site.cache.application
        halted = Halted(django)

        def slow(environ, start_response):
            way = django if environ["PATH_INFO"].startswith("/admin/") else halted
            return _and_close(lambda: way(environ, start_response))

        site.cache.application = few_at_work(slow, settings.THREADS)
        with ThreadPoolExecutor(9) as pool:

            def ask(path):
                return pool.submit(lambda: _and_close(lambda: site.get(path)))

            pages = [ask(f"/tim-kiem/?q=cau{number}") for number in range(8)]
            assert halted.made.wait(10)
            time.sleep(0.3)  # so that all that can be made are
            try:
                assert ask("/admin/login/").result(timeout=5).status == 200
            finally:
                halted.go_on.set()
            assert {page.result().status for page in pages} == {200}

    def test_who_gets_no_place_is_told_so_and_holds_no_thread(self, site, article, monkeypatch):
        for name in ("SECONDS", "SECONDS_FOR_THE_SWIFT"):
            monkeypatch.setattr(f"newsroom.page_cache.lanes.{name}", 0.1)
        path, lanes = article.get_absolute_url(), site.cache._lanes
        with lanes.swift, lanes.other:
            answer = site.get(path)
        assert answer.status == 503
        assert "Cùng lúc có quá nhiều người truy cập" in answer.text
        assert answer.headers["retry-after"]
        assert site.get(path).status == 200

    def test_who_gets_no_place_is_shown_the_page_there_is(self, site, article, monkeypatch):
        monkeypatch.setattr("newsroom.page_cache.lanes.SECONDS", 0.1)
        monkeypatch.setattr("newsroom.page_cache.lanes.SECONDS_FOR_THE_SWIFT", 0.1)
        path, lanes = article.get_absolute_url(), site.cache._lanes
        body = site.get(path).body
        (page,) = [page for key, page in site.cache.shelf.pages.items() if key.path == path]
        page.renew_at = page.ends = time.time()  # its likes have been counted long ago
        with lanes.swift, lanes.other:
            assert (site.get(path).status, site.get(path).body) == (200, body)
        assert site.rendered == [path]
        assert site.get(path).status == 200
        assert site.rendered == [path, path]

    def test_however_many_wait_threads_are_left_for_others(self, site, article):
        path, plain = article.get_absolute_url(), site.cache.application
        site.get(path)
        halted = Halted(plain)

        def slow(environ, start_response):
            return (plain if REFUSED in environ else halted)(environ, start_response)

        site.cache.application = slow
        threads = settings.WAITING_THREADS - settings.PLACES_FOR_BODIES
        with ThreadPoolExecutor(threads) as pool:
            storm = [
                pool.submit(lambda n: _and_close(lambda: site.get(f"/tim-kiem/?q=c{n}")), number)
                for number in range(4 * threads)
            ]
            try:
                until(lambda: sum(page.done() for page in storm) > 2 * threads)
                assert pool.submit(lambda: site.get(path)).result(timeout=5).status == 200
            finally:
                halted.go_on.set()
            statuses = [page.result().status for page in storm]
        assert set(statuses) == {200, 503}

    def test_of_all_who_waited_behind_other_pages_few_make_it(self, site, article, monkeypatch):
        monkeypatch.setattr("newsroom.page_cache.SECONDS_TO_WAIT", 0.1)
        path, plain = article.get_absolute_url(), site.cache.application
        site.cache.application = halted = Halted(plain)
        with ThreadPoolExecutor(20) as pool:

            def ask(path):
                return pool.submit(lambda: _and_close(lambda: site.get(path)))

            others = [ask("/tim-kiem/?q=cau"), ask("/")]
            until(lambda: len(site.rendered) == len(others))
            readers = [ask(path) for _reader in range(10)]
            time.sleep(0.5)
            halted.go_on.set()
            assert {page.result().status for page in [*others, *readers]} == {200}
        assert site.rendered.count(path) <= 2

    def test_who_waits_too_long_makes_it_himself(self, site, article, monkeypatch):
        monkeypatch.setattr("newsroom.page_cache.SECONDS_TO_WAIT", 0.2)
        path, plain = article.get_absolute_url(), site.cache.application
        site.cache.application = halted = Halted(plain)
        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(lambda: _and_close(lambda: site.get(path)))
            assert halted.made.wait(10)
            site.cache.application = plain
            assert site.get(path).status == 200
            halted.go_on.set()
            assert first.result().status == 200

    def test_writing_is_refused(self, article, monkeypatch):
        """PostgreSQL refuses it, SQLite forgets it."""
        from django.db import Error

        from newsroom.snapshots import snapshot

        try:
            with snapshot():
                Article.objects.update(comments_open=False)
        except Error:
            assert connection.vendor == "postgresql"
        assert Article.objects.get().comments_open


def _and_close(work):
    try:
        return work()
    finally:
        connection.close()


class TestRoom:
    def test_it_is_bounded_and_what_is_used_stays(self, article):
        with kept.site(limit=MEGABYTE // 4) as site:
            path = article.get_absolute_url()
            for number in range(30):
                site.get("/tim-kiem/", query=f"q=cầu {number}", accept_encoding="br")
                site.get(path)
                assert site.cache.shelf.bytes <= MEGABYTE // 4
            assert site.rendered.count(path) == 1
            assert len(site.cache.shelf.pages) < 20

    def test_addresses_that_do_not_exist_drive_out_no_page(self, article):
        with kept.site(limit=MEGABYTE // 4) as site:
            site.get("/")
            for number in range(20):
                site.get(f"/khong-co-{number}/")
            site.get("/")
            assert site.rendered.count("/") == 1

    def test_what_goes_is_forgotten_whole(self, site, article):
        for _twice in range(2):
            site.get("/", accept_encoding="br")
            site.get(article.get_absolute_url())
        assert len(site.cache.shelf.at_hand) == 2
        everything = [key for page in site.cache.shelf.pages.values() for key in page.versions]
        elsewhere(lambda: _bump(everything))
        until(lambda: site.cache.hearing.state() and not site.cache.shelf.pages)
        assert site.cache.shelf.bytes == 0
        assert site.cache.shelf.stamps() == []
        assert site.cache.shelf.at_hand == {}


def _bump(keys):
    with transaction.atomic():
        stamps.bump(keys)


class TestMemoryForNothing:
    """Whoever sends long or ever new headers fills no table."""

    def test_long_paths_hosts_queries_and_encodings(self, site, article):
        path = article.section.get_absolute_url()
        for number in range(3):
            site.get(path, accept_encoding=f"gzip, x{number:0>200}")
        assert site.cache.shelf.at_hand == {}
        for number in range(40):
            site.get(path, accept_encoding=f"gzip, x{number}")
        for number in range(3):
            site.get(path, query=f"truoc={number:0>3000}")
            site.get(f"/{'x' * 600}{number}/")
            site.get("/", host=f"{'a' * 300}{number}")
        (page,) = (page for key, page in site.cache.shelf.pages.items() if key.path == path)
        assert len(page.words) <= 32
        assert len(site.cache.shelf.pages) <= 2

    def test_addresses_at_hand(self, site, article, monkeypatch):
        monkeypatch.setattr("newsroom.page_cache.shelf.MAX_AT_HAND", 10)
        for number in range(40):
            assert site.get("/", host=f"testserver:{number}").status == 200
            site.get(article.get_absolute_url(), host=f"testserver:{number % 3}")
        shelf = site.cache.shelf
        assert 0 < len(shelf.at_hand) <= 10
        assert {words for page in shelf.pages.values() for words in page.words} == set(
            shelf.at_hand
        )

    def test_those_who_ask_for_an_encoding_at_once_get_one_body(self, site, monkeypatch):
        site.get("/")
        (page,) = site.cache.shelf.pages.values()
        both = threading.Barrier(2, timeout=10)
        pack = pages._compressed
        monkeypatch.setattr(pages, "_compressed", lambda *asked: (both.wait(), pack(*asked))[1])
        with ThreadPoolExecutor(2) as pool:
            one, other = pool.map(page.encoded, ["gzip"] * 2)
        assert one is other is page.forms["gzip"]
