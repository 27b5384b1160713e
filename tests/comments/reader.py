"""What a reader without any script does at the form, and what he sees of it."""

import html
import re

from comments import captcha
from comments.models import Comment
from tests.comments import makers

NASTY = "Dòng \"một\" & <b>hai</b>\r\n\r\n<script>alert(1)</script> {{ 7 }} 👩‍🌾 'ba'"


def address(article):
    return f"/binh-luan/{article.pk}/"


def text_of(response):
    """What a reader reads, tags away."""
    body = html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode()))
    return " ".join(body.split())


def values_in(response):
    """What stands in the fields of the form."""
    page = response.content.decode()
    found = {
        name: html.unescape(re.search(rf'name="{name}"(?:[^>]*? value="([^"]*)")?', page)[1] or "")
        for name in ("name", "email", "answer")
    }
    area = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)[1]
    return found | {"text": html.unescape(area)}


def fill(client, article, *, right=True, **fields):
    """What a reader sends after opening the form."""
    page = client.get(address(article)).content.decode()
    return makers.sent_by(page, right=right, **{"email": "ngu@example.com"} | fields)


def fails(response, phrase, status=422):
    """The form came back: with the reason on top, and its captcha alive."""
    assert response.status_code == status
    shown = text_of(response)
    assert "Bình luận chưa gửi được" in shown
    assert "Nội dung bạn viết vẫn còn nguyên." in shown
    assert phrase in shown
    key = makers.key_in(response.content.decode())
    assert captcha.is_live(key)
    assert not Comment.objects.exists()
    return key


def late_text_in(response):
    """What stands in the field of a text that came too late."""
    page = response.content.decode()
    return html.unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)[1])
