"""Addresses of the comments: the form, its captcha's picture, the page after sending."""

from django.urls import path, re_path

from .views import mail, writing

ARTICLE = r"^binh-luan/(?P<article_id>[0-9]{1,18})/"  # as many digits as a number column takes

app_name = "comments"
urlpatterns = [
    re_path(ARTICLE + "$", writing.write, name="write"),
    re_path(ARTICLE + "da-gui/$", writing.sent, name="sent"),
    path("binh-luan/ma/<slug:key>.png", writing.captcha_image, name="captcha"),
    *(
        path(f"binh-luan/thu/{way}/<slug:token>/", mail.door, {"purpose": to}, f"mail_{to}")
        for way, to in mail.WAYS.items()
    ),
]
