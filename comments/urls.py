"""Addresses of the comments: the form, its captcha's picture, the page after sending."""

from django.urls import path, re_path

from .views import consent, mail, own_data, writing

ARTICLE = r"^binh-luan/(?P<article_id>[0-9]{1,18})/"  # as many digits as a number column takes

app_name = "comments"
urlpatterns = [
    re_path(ARTICLE + "$", writing.write, name="write"),
    re_path(ARTICLE + "da-gui/$", writing.sent, name="sent"),
    path("binh-luan/ma/<slug:key>.png", writing.captcha_image, name="captcha"),
    # What readers' own data has: see views/mail.py, own_data.py, consent.py.
    *(
        path(f"binh-luan/thu/{way}/<slug:token>/", mail.door, {"purpose": to}, f"mail_{to}")
        for way, to in mail.WAYS.items()
    ),
    path("binh-luan/phieu/<slug:token>/tai-ve/", own_data.export_one, name="export"),
    path("binh-luan/phieu/<slug:token>/xoa/", own_data.erase_one, name="erase"),
    path("binh-luan/du-lieu/", consent.policy, name="policy"),
    path("binh-luan/du-lieu/yeu-cau/", own_data.request_link, name="own_data_request"),
    path("binh-luan/du-lieu/yeu-cau/da-nhan/", own_data.asked, name="own_data_asked"),
    path("binh-luan/du-lieu/thu/<slug:token>/", own_data.address, name="address"),
    path("binh-luan/du-lieu/thu/<slug:token>/tai-ve/", own_data.export_address, name="export_all"),
    path("binh-luan/du-lieu/thu/<slug:token>/xoa/", own_data.erase_address, name="erase_all"),
]
