"""All addresses of the site; the articles' come last because a section may have any first part."""

from django.contrib import admin
from django.urls import include, path

from .health import healthz
from .security_txt import security_txt

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path(".well-known/security.txt", security_txt, name="security-txt"),
    path("admin/", admin.site.urls),
    path("binh-luan/", include("comments.urls")),  # one look where it is none of them
    path("", include("articles.urls")),
]

handler400 = "articles.views.errors.bad_request"
handler403 = "articles.views.errors.forbidden"
handler404 = "articles.views.errors.not_found"
handler500 = "articles.views.errors.server_error"
