"""Addresses below binh-luan/: what readers see of comments and do with them, and the form."""

from django.urls import path, re_path

from .views import (
    captcha,
    consent,
    likes,
    mail,
    own_data,
    reports,
    rules,
    threads,
    tickets,
    writing,
)

ARTICLE = r"^(?P<article_id>[0-9]{1,18})/"  # as many digits as a number column takes
COMMENT = r"^y-kien/(?P<comment_id>[0-9]{1,18})/"

app_name = "comments"
urlpatterns = [
    re_path(ARTICLE + "y-kien/$", threads.all_of_article, name="list"),
    re_path(COMMENT + "$", threads.thread, name="thread"),
    re_path(COMMENT + "thich/$", likes.like, name="like"),
    re_path(COMMENT + "bao-cao/$", reports.report, name="report"),
    path("phieu/<str:token>/", tickets.ticket, name="ticket"),
    path("quy-tac/", rules.rules, name="rules"),
    re_path(ARTICLE + "$", writing.write, name="write"),
    path("ma/<slug:key>.png", captcha.image, name="captcha"),
    path("ma/<slug:key>.wav", captcha.audio, name="captcha-audio"),
    # What readers' own data has: see views/mail.py, own_data.py, consent.py.
    *(
        path(f"thu/{way}/<slug:token>/", mail.door, {"purpose": to}, f"mail_{to}")
        for way, to in mail.WAYS.items()
    ),
    path("phieu/<slug:token>/tai-ve/", own_data.export_one, name="export"),
    path("phieu/<slug:token>/xoa/", own_data.erase_one, name="erase"),
    path("du-lieu/", consent.policy, name="policy"),
    path("du-lieu/yeu-cau/", own_data.request_link, name="own_data_request"),
    path("du-lieu/yeu-cau/da-nhan/", own_data.asked, name="own_data_asked"),
    path("du-lieu/thu/<slug:token>/", own_data.address, name="address"),
    path("du-lieu/thu/<slug:token>/tai-ve/", own_data.export_address, name="export_all"),
    path("du-lieu/thu/<slug:token>/xoa/", own_data.erase_address, name="erase_all"),
]
