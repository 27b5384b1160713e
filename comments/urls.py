"""Addresses of the comments: what readers see of them and do with them, and the form."""

from django.urls import path, re_path

from .views import captcha, likes, reports, rules, threads, tickets, writing

ARTICLE = r"^binh-luan/(?P<article_id>[0-9]{1,18})/"  # as many digits as a number column takes
COMMENT = r"^binh-luan/y-kien/(?P<comment_id>[0-9]{1,18})/"

app_name = "comments"
urlpatterns = [
    re_path(ARTICLE + "y-kien/$", threads.all_of_article, name="list"),
    re_path(COMMENT + "$", threads.thread, name="thread"),
    re_path(COMMENT + "thich/$", likes.like, name="like"),
    re_path(COMMENT + "bao-cao/$", reports.report, name="report"),
    path("binh-luan/phieu/<str:token>/", tickets.ticket, name="ticket"),
    path("binh-luan/quy-tac/", rules.rules, name="rules"),
    re_path(ARTICLE + "$", writing.write, name="write"),
    path("binh-luan/ma/<slug:key>.png", captcha.image, name="captcha"),
    path("binh-luan/ma/<slug:key>.wav", captcha.audio, name="captcha-audio"),
]
