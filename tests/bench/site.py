"""A site to measure: a temporary SQLite database filled by the newsroom's own import."""

import json
import random
from pathlib import Path

from django.core.management import call_command
from django.test import Client

from articles.models import Article
from comments import moderation
from newsroom.administration import save_account
from newsroom.models import User
from newsroom.roles import Role

from . import texts

COMMENTS = 50


def build(folder: Path, articles: int, seed: int) -> list[str]:
    """Fill the empty database; return the addresses of all articles, the commented one first."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    lines = folder / "articles.jsonl"
    with lines.open("w") as file:
        file.writelines(json.dumps(article) + "\n" for article in texts.articles(articles, seed))
    with (folder / "import.log").open("w") as log:
        call_command("import_articles", str(lines), stdout=log, stderr=log)
    rows = list(Article.objects.select_related("section").order_by("-first_public_at"))
    if len(rows) != articles:
        raise RuntimeError(f"{len(rows)} of {articles} articles were made: see {log.name}")
    _comment(rows[0], seed)
    return [row.get_absolute_url() for row in rows]


def _comment(article: Article, seed: int) -> None:
    chance = random.Random(seed)
    moderator = User(username="kiemduyet")
    save_account(actor=None, account=moderator, roles=[Role.MODERATOR])
    for _ in range(COMMENTS):
        name = chance.choice(texts.NAMES)
        comment = moderation.submit(article=article, name=name, text=texts.paragraph(chance))
        moderation.approve(actor=moderator, comment=comment)


def page(path: str) -> bytes:
    """Return the bytes of a page as readers get it."""
    response = Client(SERVER_NAME="127.0.0.1").get(path)
    if response.status_code != 200:
        raise RuntimeError(f"{path} answers {response.status_code}")
    return response.content
