"""Addresses of the comments: the form, its captcha's picture and sound, the page after sending."""

from django.urls import path, re_path

from .views import captcha, writing

ARTICLE = r"^binh-luan/(?P<article_id>[0-9]{1,18})/"  # as many digits as a number column takes

app_name = "comments"
urlpatterns = [
    re_path(ARTICLE + "$", writing.write, name="write"),
    path("binh-luan/ma/<slug:key>.png", captcha.image, name="captcha"),
    path("binh-luan/ma/<slug:key>.wav", captcha.audio, name="captcha-audio"),
    # Stands in until the reader's own page of his comment is there.
    path("binh-luan/phieu/<str:token>/", writing.received, name="ticket"),
]
