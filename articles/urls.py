"""Addresses of the reader site. What stands first here is reserved in addresses.py."""

from django.urls import path, register_converter
from django.urls.converters import IntConverter

from . import feeds, sitemaps
from .addresses import AUTHOR, CLUSTER, PROVINCE, TOPIC
from .models import Tag
from .views import authors, clusters, crawlers, front, photos, search, sections, story, tags


class ArticleNumber(IntConverter):
    """A number a database can hold: with a longer one there is no article to ask for."""

    regex = "[0-9]{1,18}"


register_converter(ArticleNumber, "number")

urlpatterns = [
    path("", front.front, name="front"),
    path("rss.xml", feeds.site, name="feed"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("robots.txt", crawlers.robots, name="robots"),
    path("favicon.svg", crawlers.favicon, name="favicon"),
    path("tim-kiem/", search.results, name="search"),
    path("anh/<slug:token>-<int:width>.webp", photos.photo, name="photo"),
    path(f"{PROVINCE}/<slug:slug>/", tags.province, name="province"),
    path(f"{PROVINCE}/<slug:slug>/rss.xml", feeds.province, name="province-feed"),
    path(f"{CLUSTER}/<slug:slug>/", clusters.cluster, name="cluster"),
    path(
        f"{CLUSTER}/<slug:slug>/rss.xml",
        feeds.tag,
        {"kind": Tag.Kind.CLUSTER},
        name="cluster-feed",
    ),
    path(f"{TOPIC}/<slug:slug>/", tags.topic, name="topic"),
    path(f"{TOPIC}/<slug:slug>/rss.xml", feeds.tag, {"kind": Tag.Kind.TOPIC}, name="topic-feed"),
    path(f"{AUTHOR}/<slug:slug>/", authors.author, name="author"),
    path(f"{AUTHOR}/<slug:slug>/rss.xml", feeds.author, name="author-feed"),
    path("<slug:slug>/", sections.section, name="section"),
    path("<slug:slug>/rss.xml", feeds.section, name="section-feed"),
    path("<slug:section>/<str:slug>-<number:pk>.html", story.article, name="article"),
]
