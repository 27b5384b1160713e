"""What search engines are told about an article: schema.org NewsArticle."""

from typing import Any

from ..models import Byline
from .frame import Page, absolute
from .story_text import Story


def news_article(page: Page, story: Story, section: str) -> dict[str, Any]:
    """Return the description of an article; what is unknown is left out, never guessed."""
    publisher = {"@type": "NewsMediaOrganization", "name": page.site.name, "url": absolute("/")}
    facts = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": page.canonical,
        "headline": story.headline,
        "description": page.description,
        "inLanguage": "vi",
        "articleSection": section,
        "datePublished": story.iso,
        "dateModified": story.iso and (story.updated_iso or story.iso),
        "image": [page.image] if page.image else [],
        "author": _authors(story) or [publisher],
        "publisher": publisher,
    }
    return {name: value for name, value in facts.items() if value}


def _authors(story: Story) -> list[dict[str, str]]:
    """Return who wrote or made it; an agency it is taken from is no author of ours."""
    return [
        {"@type": "Person", "name": name.name, "url": absolute(name.url)}
        for name in story.byline
        if name.part != Byline.Part.SOURCE
    ]
