"""The score of a comment among others: doubles, senders, networks, and what weighing costs."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments import moderation, spam, watching
from comments.models import Comment, Sketch, WatchedWord
from comments.senders import Sender
from comments.spam import doubles
from newsroom.refusals import NotReady
from tests import factories
from tests.comments import makers

pytestmark = pytest.mark.django_db

LONG = (
    "Mong tòa soạn tìm hiểu thêm vì sao tuyến đường qua xã tôi ba năm nay vẫn chưa làm xong, "
    "người dân đi lại rất khó khăn mỗi khi trời mưa lớn."
)
SENDER = Sender("a" * 32, "b" * 32)


@pytest.fixture
def article():
    return factories.published()


def sent(article, text=LONG, **fields):
    """A comment as a reader sends it."""
    return moderation.submit(article=article, name="Lợi", text=text, **fields)


def codes(comment):
    """The rules stored with it."""
    return [hit["rule"] for hit in Comment.objects.get(pk=comment.pk).hits]


def earlier(comment, **span):
    """Let it have been sent before."""
    at = timezone.now() - dt.timedelta(**span)
    Comment.objects.filter(pk=comment.pk).update(submitted_at=at, queued_at=at)
    comment.sketch.update(at=at)


class TestWatchedWords:
    def test_a_hit_says_where_it_stands(self, article):
        comment = sent(article, "Viết thế này thì đúng là đồ ngu, đồ ngu thật.")
        first, second = comment.hits
        assert comment.text[first["start"] : first["end"]] == "đồ ngu"
        assert (first["rule"], first["found"], first["points"]) == ("word", "đồ ngu", 30)
        assert second["points"] == 0, "one phrase counts once"
        assert comment.suspect

    def test_a_name_is_looked_at_too(self, article):
        comment = moderation.submit(article=article, name="Đồ Ngu", text="Bài hay.")
        assert [(hit["rule"], hit["start"]) for hit in comment.hits] == [("name", None)]

    def test_a_new_word_counts_from_the_next_comment_on(self, article):
        assert codes(sent(article, "Bài này toàn chuyện rổ rá.")) == []
        word = watching.save_word(actor=None, word=WatchedWord(phrase="Rổ Rá", points=15))
        assert codes(sent(article, "Lại là chuyện rổ rá.")) == ["word"]
        word.is_active = False
        watching.save_word(actor=None, word=word)
        assert codes(sent(article, "Vẫn là chuyện rổ rá thôi.")) == []

    def test_the_list_is_not_loaded_over_what_a_newsroom_made_of_it(self):
        from importlib import import_module

        from django.apps import apps

        WatchedWord.objects.filter(phrase="đồ ngu").update(points=1, is_active=False)
        before = WatchedWord.objects.count()
        import_module("comments.migrations.0006_watched_words").load(apps, None)
        kept = WatchedWord.objects.get(phrase="đồ ngu")
        assert (kept.points, kept.is_active, WatchedWord.objects.count()) == (1, False, before)


class TestSending:
    @pytest.mark.attack(26)
    @pytest.mark.attack(27)
    def test_trap_and_haste_are_noted_and_stay_after_an_edit(self, article):
        circumstances = spam.Circumstances(seconds=0.5, trapped=True)
        comment = sent(article, "Bài hay.", circumstances=circumstances)
        assert codes(comment) == ["trap", "fast"]
        assert comment.state == "pending"
        assert comment.suspect
        moderation.edit(comment=comment, text="Bài rất hay.")
        assert codes(comment) == ["trap", "fast"]

    def test_what_cleaning_took_away_is_told(self, article):
        raw = "đúng là ng\u200bu\u202e"
        comment = sent(article, raw, circumstances=spam.Circumstances(raw=raw))
        assert "\u200b" not in comment.text
        (unseen,) = [hit for hit in comment.hits if hit["rule"] == "unseen"]
        assert unseen["found"] == "U+200B, U+202E"

    @pytest.mark.attack(12)
    @pytest.mark.parametrize("blank", ["\u200b\u2060", "\u3164", "\u2800\u2800", "\u115f", " \n"])
    def test_blank_text_is_none(self, article, blank):
        with pytest.raises(NotReady) as refused:
            sent(article, blank)
        assert list(refused.value.problems) == ["text"]


@pytest.mark.attack(22)
class TestDoubles:
    def test_the_same_text_under_another_article(self, article):
        first = sent(article)
        again = sent(factories.published(), LONG.upper().replace(",", " -"))
        assert codes(first) == []
        hit = next(hit for hit in again.hits if hit["rule"] == "same_text")
        assert hit["found"] == "1"
        assert again.suspect
        assert again.text_hash == first.text_hash

    def test_one_word_changed(self, article):
        first = sent(article)
        near = sent(article, LONG.replace("khó khăn", "vất vả"))
        assert [(hit["rule"], hit["found"]) for hit in near.hits] == [("near_text", str(first.pk))]
        assert not near.sketch.exists(), "a flood leaves one sketch"

    @pytest.mark.parametrize("number", range(8))
    def test_any_one_word_changed_is_found(self, article, number):
        words = "tôi thấy nhà văn hóa xã mình xây xong rồi bỏ không suốt hai năm".split()
        first = sent(article, " ".join(words))
        words[2 * number - 1] = "khác"
        assert [hit["found"] for hit in sent(article, " ".join(words)).hits] == [str(first.pk)]

    def test_other_texts_are_none(self, article):
        sent(article)
        other = "Tuyến đường này cần làm sớm, tôi cảm ơn tòa soạn đã nói giúp tiếng nói của dân."
        assert codes(sent(article, other)) == []

    def test_short_praise_is_everybodys(self, article):
        sent(article, "Bài viết rất hay!")
        assert codes(sent(article, "Bài viết rất hay.")) == []

    def test_after_thirty_days_a_text_is_new(self, article):
        earlier(sent(article), days=31)
        assert codes(sent(article, LONG)) == []
        assert codes(sent(article, LONG.replace("khó khăn", "vất vả"))) == ["near_text"]

    def test_what_its_writer_took_back_may_be_sent_again(self, article):
        moderation.withdraw(comment=sent(article))
        assert codes(sent(article)) == []

    def test_an_edited_text_is_compared_anew(self, article):
        sent(article)
        comment = sent(article, "Bài hay, cảm ơn tòa soạn đã nói lên tiếng nói của người dân quê.")
        moderation.edit(comment=comment, text=LONG)
        assert codes(comment) == ["same_text"]
        assert not comment.sketch.exists()

    def test_old_sketches_are_swept(self, article):
        old = sent(article)
        earlier(old, days=31)
        assert old.sketch.count() == doubles.BANDS
        sent(article, LONG.replace("tuyến đường", "cây cầu").replace("ba năm", "bốn năm"))
        assert not old.sketch.exists()

    def test_a_long_text_makes_no_more_rows(self, article):
        words = " ".join(f"từ{number}" for number in range(300))
        sent(article, words)
        assert Sketch.objects.count() == doubles.BANDS


class TestSenders:
    @pytest.mark.parametrize("kind", ["address", "prefix", "email"])
    def test_a_blocked_sender_is_suspect_until_the_day(self, article, kind):
        mine = {"sender": SENDER, "email": "Toi@example.com"}
        watching.block_sender(actor=None, comment=sent(article, **mine), kind=kind, days=7)
        again = sent(article, "Bài hay.", sender=SENDER, email="toi@example.com")
        assert codes(again) == ["blocked"]
        assert again.suspect
        assert again.state == "pending", "nothing is refused"
        assert codes(sent(article, "Bài hay.", email="khac@example.com")) == []
        from comments.models import BlockedSender

        BlockedSender.objects.update(until=timezone.now())
        assert codes(sent(article, "Bài hay.", **mine)) == []

    def test_a_network_most_of_which_was_refused(self, article):
        for number in range(5):
            bad = sent(article, f"Xấu {number}", sender=SENDER)
            moderation.mark_spam(actor=None, comment=bad)
            earlier(bad, hours=1)
        comment = sent(article, "Bài hay.", sender=SENDER)
        assert [(hit["rule"], hit["found"]) for hit in comment.hits] == [("reputation", "5/5")]
        assert not comment.suspect, "a network alone makes nobody suspect"

    def test_a_big_network_with_mostly_good_readers_is_not_punished(self, article):
        self.history(article, good=24, bad=5)
        assert codes(sent(article, "Bài hay.", sender=SENDER)) == []

    def test_many_within_minutes_from_an_unknown_network(self, article):
        self.history(article, waiting=8)
        assert codes(sent(article, "Bài hay.", sender=SENDER)) == ["burst"]

    def test_a_crowded_article(self, article):
        self.history(article, waiting=60, sender=Sender())
        assert codes(sent(article, "Bài hay.")) == ["crowd"]

    def history(self, article, good=0, bad=0, waiting=0, sender=SENDER):
        """Comments of a network, stored at once: how they were decided is what counts."""
        now = timezone.now()
        states = ["approved"] * good + ["rejected"] * bad + ["pending"] * waiting
        moderator = makers.moderator()
        Comment.objects.bulk_create(
            Comment(
                article=article,
                name="A",
                text="Hay.",
                state=state,
                is_shown=state == "approved",
                decided_by=moderator,
                decided_at=now,
                submitted_at=now,
                queued_at=now,
                prefix_hash=sender.prefix_hash,
            )
            for state in states
        )


def queries_of(article, **fields):
    comment = Comment(article=article, name="Lợi", text=LONG, email="a@example.com", **fields)
    with CaptureQueriesContext(connection) as captured:
        spam.weigh(comment, spam.Circumstances())
    return captured


def test_weighing_costs_at_most_seven_queries_whatever_there_is(article):
    hashes = {"address_hash": SENDER.address_hash, "prefix_hash": SENDER.prefix_hash}
    sent(article, sender=SENDER)  # what a process asks once
    few = queries_of(article, **hashes)
    for number in range(12):
        comment = sent(article, f"{LONG} {number}", sender=SENDER, email="a@example.com")
        moderation.mark_spam(actor=None, comment=comment)
        watching.block_sender(actor=None, comment=comment, kind="email", days=number + 1)
    spam.weigh(comment, spam.Circumstances())
    many = queries_of(article, **hashes)
    assert len(few) <= len(many) <= 7


def test_near_texts_are_found_by_their_index(article):
    sent(article)
    near = Comment(article=article, name="A", text=LONG.replace("khó khăn", "vất vả"))
    with CaptureQueriesContext(connection) as captured:
        spam.weigh(near, spam.Circumstances())
    (look_up,) = [query["sql"] for query in captured if "comments_sketch" in query["sql"]]
    assert len(captured) <= 5
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {look_up}")
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {look_up}")
        plan = "\n".join(str(row) for row in cursor.fetchall())
    assert "sketch_by_band" in plan
    assert "Seq Scan" not in plan
