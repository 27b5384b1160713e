"""The thirty attacks on reader comments, as far as no other test proves them wholly."""

import ast
import datetime as dt
import re
import unicodedata
from pathlib import Path
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

import pytest
from captcha.models import CaptchaStore
from django.utils import timezone

from comments import captcha, likes, moderation, pressure, tickets
from comments.limits import Limit
from comments.models import MAX_TEXT, Comment
from newsroom.refusals import NotReady
from tests import factories
from tests.comments import disguises, makers
from tests.comments.desk import QUEUE, decide, many, names, page_of, text_of, ticks, url
from tests.comments.reader import address, fails, fill, values_in
from tests.comments.test_form_token import reopened

ROOT = Path(__file__).resolve().parents[2]
NEIGHBOUR = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture
def article(db):
    return factories.published(headline="Cầu mới thông xe")


def send(client, article, **fields):
    """Send a comment by the form and return it."""
    response = client.post(address(article), fill(client, article, **fields))
    assert response.status_code == 303
    return Comment.objects.latest("pk")


def approve(comment, actor=None):
    return moderation.approve(actor=actor or makers.moderator(), comment=comment)


def fresh(comment):
    return Comment.objects.get(pk=comment.pk)


def test_each_of_the_thirty_is_tried_on_both_databases():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    once = re.search(r"^ONCE := .*?\n(?!\t)", makefile, re.DOTALL | re.MULTILINE)[0]
    elsewhere = re.findall(r"[\w/]+\.py", once)
    assert "comments/test_sound.py" in elsewhere
    proven = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        name = path.relative_to(ROOT / "tests").as_posix()
        if name not in elsewhere and "browser" not in name:
            proven |= attacks_in(path)
    assert proven == set(range(1, 31))


def attacks_in(path):
    """The numbers of the attacks that tests of a file are marked with."""
    code = path.read_text("utf-8")
    if "mark.attack(" not in code:
        return set()
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    return {call.args[0].value for call in calls if ast.unparse(call.func) == "pytest.mark.attack"}


@pytest.mark.attack(5)
def test_after_31_minutes_of_writing_only_the_code_is_new(client, article, clock):
    sent = fill(client, article, text="Một bài dài.")
    clock(timezone.now() + dt.timedelta(minutes=31))
    response = client.post(address(article), sent)
    fails(response, "mã xác nhận đã hết hạn")
    assert values_in(response)["text"] == "Một bài dài."
    again = reopened(response, text="Một bài dài.")
    assert client.post(address(article), again).status_code == 303


@pytest.mark.attack(7)
@pytest.mark.parametrize("action", ["refresh", "renew", "clear", "send"])
def test_no_way_to_a_new_code_is_without_end(client, article, monkeypatch, clock, action):
    clock(timezone.now())
    for name in ("OPENED", "RENEWED"):
        monkeypatch.setattr(pressure, name, Limit(name.lower(), 8, 600))
    monkeypatch.setattr(pressure, "LONGER", {})
    monkeypatch.setattr(captcha, "LIVE_OF_NETWORK", 5)
    monkeypatch.setattr(pressure.Pressure, "digits", captcha.DIGITS)
    sent = fill(client, article) | {"action": action, "token": ""}
    statuses = [client.post(address(article), sent).status_code for _ in range(12)]
    assert statuses[0] in (200, 422)
    assert statuses[-4:] == [429] * 4
    assert CaptchaStore.objects.count() == 5
    assert client.post(address(article), sent, **NEIGHBOUR).status_code == statuses[0]


@pytest.mark.attack(8)
def test_a_crawler_that_follows_every_link_makes_no_captcha(client, article):
    comment = makers.shown(article)
    makers.shown(article, answered=comment)
    robots = RobotFileParser()
    robots.parse(client.get("/robots.txt").content.decode().splitlines())
    assert not robots.can_fetch("*", address(article))
    assert not robots.can_fetch("*", f"{address(article)}?tra-loi={comment.pk}")
    waiting, seen, barred = ["/"], set(), set()
    while waiting:
        path = waiting.pop()
        seen.add(path)
        response = client.get(path)
        assert not response.cookies
        found = {urlsplit(to) for to in re.findall(r'<a[^>]* href="([^"#]+)', page_of(response))}
        for to in {to.path for to in found if to.netloc in ("", "testserver")} - seen:
            allowed = robots.can_fetch("*", to)
            barred |= set() if allowed else {to}
            waiting += [to] if allowed and to not in waiting else []
    assert article.get_absolute_url() in seen
    assert address(article) in barred
    assert not CaptchaStore.objects.exists()


@pytest.mark.attack(11)
@pytest.mark.parametrize("missing", ["captcha_key", "token", "answer", "name", "text"])
def test_a_form_without_one_of_its_fields_comes_back(client, article, missing):
    sent = fill(client, article)
    del sent[missing]
    response = client.post(address(article), sent)
    fails(response, "chưa có" if missing in ("name", "text") else "mã xác nhận")


@pytest.mark.attack(11)
@pytest.mark.attack(17)
@pytest.mark.parametrize("body", [b"%ED%A0%80", b"%00", b"%FF%FE"])
def test_bytes_that_are_no_text_end_in_a_form(client, article, body):
    kind = "application/x-www-form-urlencoded"
    sent = b"&".join(name + b"=" + body for name in (b"answer", b"captcha_key", b"token", b"text"))
    response = client.post(address(article), sent, content_type=kind)
    fails(response, "mã xác nhận")


@pytest.mark.attack(12)
@pytest.mark.parametrize("blank", ["\u200b\u2060", "\u3164\u115f", "\u2800\u2800", "\u202e\ufe0f"])
def test_what_cannot_be_seen_is_no_comment(client, article, blank):
    fails(client.post(address(article), fill(client, article, text=blank)), "chưa có nội dung")


@pytest.mark.attack(13)
def test_zalgo_stays_within_its_line(client, article):
    pile = "a" + "\u0301\u0316\u033d\u0489" * 125
    comment = send(client, article, name=f"L{pile}", text=f"Hay {pile} quá")
    shown = page_of(client.get(approve(comment).article.get_absolute_url()))
    assert f"Hay {unicodedata.normalize('NFC', pile)[0]}" in shown
    marks = "[\u0300-\u036f\u0489]"
    assert re.search(marks, shown)
    assert not re.search(marks + "{4,}", unicodedata.normalize("NFD", shown))


@pytest.mark.attack(14)
@pytest.mark.parametrize("field", ["name", "text"])
def test_what_turns_text_around_is_stripped_and_shown_to_the_desk(
    client, article, moderator, field
):
    hidden = "\u202e\u2066\u2069\U000e0041"
    comment = send(client, article, **{field: f"Lợi{hidden} gnốhc"})
    assert "U+202E, U+2066, U+2069, U+E0041" in page_of(client.get(url(comment)))
    approve(fresh(comment), moderator)
    for path in (article.get_absolute_url(), f"/binh-luan/y-kien/{comment.pk}/"):
        shown = page_of(client.get(path))
        assert "Lợi gnốhc" in shown
        assert not set(hidden) & set(shown)


@pytest.mark.attack(16)
@pytest.mark.parametrize("sign", ["x", "👍", unicodedata.normalize("NFD", "ộ"), "\u200bư"])
def test_2000_characters_are_taken_and_one_more_is_not(client, article, sign):
    sent = fill(client, article, text=sign * (MAX_TEXT + 1))
    fails(client.post(address(article), sent), "2001 ký tự")
    sent["text"] = sign * MAX_TEXT
    assert client.post(address(article), sent).status_code == 303
    assert len(Comment.objects.get().text) == MAX_TEXT


@pytest.mark.attack(18)
def test_text_typed_in_parts_is_found_compared_and_weighed_alike(client, article, moderator):
    long = "Đúng là đồ ngu, đường này ngập suốt ba năm mà không ai chịu làm gì cả."
    whole, parts = (unicodedata.normalize(form, long) for form in ("NFC", "NFD"))
    assert whole != parts
    first, second = send(client, article, text=whole), send(client, article, text=parts)
    assert first.text == second.text == whole
    assert first.text_hash == second.text_hash
    words = [[hit for hit in row.hits if hit["rule"] == "word"] for row in (first, second)]
    assert words[0] == words[1] != []
    assert "same_text" in [hit["rule"] for hit in second.hits]
    Comment.objects.update(suspect=False)
    for typed in (whole[:20], parts[:20]):
        assert len(names(client.get(QUEUE, {"q": typed}))) == 2


@pytest.mark.attack(19)
def test_every_disguise_of_an_insult_is_marked_at_the_desk(client, article, moderator):
    insult = "Viết thế thì đúng là [đồ ngu] thật"
    typed = [disguise(insult) for disguise in disguises.DISGUISES.values()]
    typed.append("Viết thế thì đúng là đồ n\u200bg\u200bu thật")
    for text in typed:
        comment = moderation.submit(article=article, name="Lợi", text=text)
        assert comment.score >= 15, text
        assert re.search(r"<mark[^>]*>\s*\S", page_of(client.get(url(comment)))), text


@pytest.mark.attack(21)
def test_ways_out_of_the_page_are_suspect_and_nowhere_links(client, article, moderator):
    for text in (
        "Xem https://a.com, b.com và www.c.com",
        "Vào abc . com nhé",
        "Vào hxxp://abc.com/x",
        "Vào https://xn--bo-hja.vn/x",
        "Vào t.me/nhomkin và zalo.me/0912345678",
        "Gọi 0912 345 678 nhé",
    ):
        comment = moderation.submit(article=article, name="Lợi", text=text)
        assert (comment.suspect, comment.state) == (True, "pending"), text
        desk = client.get(url(comment) + "?state=suspect")
        approve(fresh(comment), moderator)
        for page in (desk, client.get(article.get_absolute_url())):
            led = " ".join(re.findall(r'href="([^"]+)"', page_of(page)))
            assert not re.search(r"\b(a|b|c|abc)\.com|xn--|t\.me|zalo\.me/\d|0912|tel:", led)


@pytest.mark.attack(22)
def test_a_flood_of_one_text_is_one_decision(client, moderator):
    text = "Nhà tôi cần bán gấp lô đất mặt tiền gần chợ, sổ đỏ chính chủ, giá rẻ nhất vùng này."
    places = [factories.published() for _ in range(5)]
    rows = [
        moderation.submit(article=places[number % 5], name=f"Người {number}", text=text)
        for number in range(30)
    ]
    near = moderation.submit(
        article=places[0], name="Khác", text=text.replace("rẻ nhất", "mềm nhất")
    )
    assert rows[0].hits == []
    assert {row.hits[0]["rule"] for row in rows[1:]} == {"same_text"}
    assert [hit["rule"] for hit in near.hits] == ["near_text"]
    listed = client.get(QUEUE, {"state": "suspect", "text_of": rows[1].pk, "tick": 1})
    assert ticks(listed) == {str(row.pk) for row in rows[1:]}
    assert names(client.get(QUEUE, {"state": "suspect", "rule": "near_text"})) == ["Khác"]
    many(client, rows[1:], "mark_spam", f"?state=suspect&text_of={rows[1].pk}")
    assert {row.state for row in Comment.objects.exclude(pk__in=[rows[0].pk, near.pk])} == {"spam"}
    assert fresh(rows[0]).state == "pending"


@pytest.mark.attack(28)
def test_staff_see_how_many_likes_a_burst_brought(client, article, moderator):
    comment = makers.shown(article)
    for each in range(2 * likes.BURST):
        prefix = f"mạng {each % 3}"
        at = comment.submitted_at
        likes.give(comment_id=comment.pk, device=f"{each:032}", prefix=prefix, at=at)
    shown = text_of(client.get(url(comment)))
    assert f"{likes.BURST} được tính, {2 * likes.BURST} đã bấm" in shown
    assert "tạm dừng" in shown


STATES = (factories.draft, factories.in_review, factories.approved, factories.scheduled)


@pytest.mark.attack(29)
@pytest.mark.parametrize("make", [*STATES, factories.withdrawn, factories.published])
def test_a_comment_under_what_takes_none_is_not_stored(client, article, make):
    other = make(headline="Chưa ai được biết")
    sent = fill(client, article)
    where = address(other)
    if make is factories.published:
        type(other).objects.filter(pk=other.pk).update(comments_open=False)
    for action in ("send", "mail", "refresh"):
        response = client.post(where, sent | {"action": action})
        closed, gone = make is factories.published, make is factories.withdrawn
        assert response.status_code == (200 if closed else 410 if gone else 404)
        assert ("đã khóa bình luận" in page_of(response)) == closed
        assert ("Chưa ai được biết" in page_of(response)) == closed
    assert not Comment.objects.exists()


@pytest.mark.attack(29)
def test_an_article_there_is_not_takes_none(client, article):
    sent = fill(client, article)
    for number in (article.pk + 1, 0, "9" * 18, "9" * 30, "-1"):
        assert client.post(f"/binh-luan/{number}/", sent).status_code == 404


@pytest.mark.attack(29)
def test_the_deepest_reply_stands_under_its_root(client, article):
    root = last = makers.shown(article)
    for _level in range(4):
        where = f"{address(article)}?tra-loi={last.pk}"
        client.post(where, reopened(client.get(where)))
        last = Comment.objects.latest("pk")
        assert (last.thread, last.answered_id is not None) == (root, True)
        last = approve(last)


@pytest.mark.attack(29)
@pytest.mark.parametrize("parent", ["pending", "foreign"])
def test_no_verb_puts_a_reply_where_readers_see_none(article, parent):
    answered = makers.pending(article) if parent == "pending" else makers.shown()
    with pytest.raises(NotReady):
        makers.pending(article, answered=answered)


@pytest.mark.attack(30)
def test_words_of_a_comment_and_addresses_of_the_desk_decide_nothing(client, article, moderator):
    comment = send(client, article, text="approved=true&state=approved; verb=approve")
    asked_for = {"action": "approve", "_selected_action": comment.pk, "verb": "approve"}
    for path in (QUEUE, url(comment), tickets.url_of(comment)):
        client.get(path, asked_for)
    assert client.get(f"{QUEUE}undo/").status_code == 405
    assert fresh(comment).state == "pending"


@pytest.mark.attack(30)
def test_a_stale_version_decides_nothing_alone_or_among_others(client, article, moderator):
    stale, other = (makers.pending(article) for _ in range(2))
    shown = fresh(stale)
    moderation.edit(comment=stale, text="Câu khác hẳn.")
    decide(client, shown, "approve")
    many(client, [shown, other], "approve")
    assert (fresh(stale).state, fresh(other).state) == ("pending", "approved")
