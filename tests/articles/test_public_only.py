"""What readers may see is asked in one way: no page goes round `public(at)`."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import articles

ROOT = Path(articles.__file__).parent
# Models whose rows say something about texts, and the ways from one to another.
MANAGERS = {"Article", "ArticleTag", "Byline", "Publication", "Revision", "RevisionPhoto"}
RELATED = {
    "articles",
    "bylines",
    "newest_of",
    "newest_revision",
    "publications",
    "revisions",
    "taggings",
}
# Asked only within a query that stands on public(), and only there.
PARTS = {"ArticleTag", "Byline", "RevisionPhoto"}
PUBLIC = "public"


def sources() -> list[Path]:
    """Every module that answers readers."""
    single = ["feeds.py", "sitemaps.py", "listing.py", "ranges.py"]
    single += [f"search/{name}.py" for name in ("filters", "finding", "names", "suggesting")]
    folders = ("views", "templatetags")
    return [
        *(ROOT / name for name in single),
        *(path for folder in folders for path in sorted((ROOT / folder).glob("**/*.py"))),
    ]


def trespasses(code: str, *, may: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield what goes round public(): `Model.objects` or a relation followed by anything else.

    `may` are names of models that this code may ask in other ways.
    """
    tree = ast.parse(code)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute):
            continue
        if node.attr in ("objects", "_default_manager", "_base_manager"):
            model = node.value.id if isinstance(node.value, ast.Name) else "?"
            asked = model in MANAGERS - may or model == "?"
        else:
            model, asked = ast.unparse(node.value), node.attr in RELATED
        after = parents.get(node)
        if asked and not (isinstance(after, ast.Attribute) and after.attr == PUBLIC):
            yield f"line {node.lineno}: {model}.{node.attr}"


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.name)
def test_no_module_goes_round_public(path):
    if path.name != "listing.py":
        may = frozenset(PARTS) if path.name == "ranges.py" else frozenset()
        assert list(trespasses(path.read_text(), may=may)) == []


def test_only_one_question_of_listing_knows_more_than_what_is_public():
    code = (ROOT / "listing.py").read_text()
    found = list(trespasses(code, may=frozenset(PARTS)))
    assert len(found) == 1
    line = int(found[0].split()[1].rstrip(":"))
    assert "Publication.objects.begun(at)" in code.splitlines()[line - 1]
    inside = next(
        node
        for node in ast.parse(code).body
        if isinstance(node, ast.FunctionDef) and node.lineno < line <= node.end_lineno
    )
    assert inside.name == "was_public"


@pytest.mark.parametrize(
    "code",
    [
        "Publication.objects.filter(article=1)",
        "Article.objects.all()",
        "models.Article.objects.all()",
        "Revision.objects.get(pk=1).headline",
        "rows = Article.objects",
        "article.publications.in_force()",
        "article.revisions.last()",
        "article.newest_revision.headline",
        "tag.articles.count()",
        "Article._default_manager.all()",
        "ArticleTag.objects.filter(tag=1)",
    ],
)
def test_the_check_can_fail(code):
    assert len(list(trespasses(code))) == 1


@pytest.mark.parametrize(
    "code",
    [
        "Publication.objects.public(at).filter(article=1)",
        "article.publications.public(at)",
        "Section.objects.all()",
    ],
)
def test_the_check_lets_pass_what_is_right(code):
    assert list(trespasses(code)) == []


def test_it_looks_at_every_module():
    names = {path.name for path in sources()}
    assert {"front.py", "story.py", "listing.py", "feeds.py", "articles_tags.py"} <= names
