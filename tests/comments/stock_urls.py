"""The site with the captcha package's own addresses, as its manual tells to mount them."""

from django.urls import include, path

urlpatterns = [
    path("captcha/", include("captcha.urls")),
    path("", include("newsroom.urls")),
]
