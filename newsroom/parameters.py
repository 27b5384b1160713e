"""The parameters a page reads from its address; all others are as if they were not there."""

from collections.abc import Callable, Iterable
from urllib.parse import parse_qsl, urlencode

# A longer query is no link anybody shares: the page is made for it alone.
MAX_QUERY = 2_048

View = Callable[..., object]


def reads(*names: str) -> Callable[[View], View]:
    """Say which parameters a public page reads."""

    def said(view: View) -> View:
        view.parameters = names  # type: ignore[attr-defined]
        return view

    return said


def read(query: str, names: Iterable[str]) -> str:
    """Return the part of a query that a page of these parameters reads, each way of writing alike.

    Of a parameter that comes twice the last one counts, as everywhere in Django.
    """
    pairs = parse_qsl(_decoded(query), keep_blank_values=True) if query else []
    return urlencode(sorted({name: value for name, value in pairs if name in names}.items()))


def _decoded(query: str) -> str:
    """Return the query as text: a server hands over its bytes, each as one character."""
    try:
        return query.encode("latin-1").decode()
    except UnicodeError:
        return query
