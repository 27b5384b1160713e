"""Which strings the program asks translations for: read from Python and from templates."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation.template import templatize

PACKAGES = ("newsroom", "articles", "comments")
TEMPLATE_SUFFIXES = (".html", ".txt", ".xml", ".svg")

# What each function is given, in order: c is the context, s the singular, p the plural.
_ARGUMENTS = {
    "gettext": "s",
    "gettext_noop": "s",
    "ngettext": "sp",
    "pgettext": "cs",
    "npgettext": "csp",
}
_MODULE = "django.utils.translation"
_CALL = re.compile(r"(?<!\w)(?:_|n?p?gettext)\(")


@dataclass(frozen=True, order=True)
class Message:
    """One string to be translated, as gettext knows it. Empty: no plural, no context."""

    singular: str
    plural: str = ""
    context: str = ""


class NotConstant(ValueError):
    """A call whose text is computed: no catalogue can hold it."""


def collect(root: Path = settings.BASE_DIR) -> dict[Message, list[str]]:
    """Return every message of the code and the files it stands in, both sorted.

    Raises NotConstant, naming file and line, and SyntaxError.
    """
    found: dict[Message, list[str]] = {}
    for path, messages in _files(root):
        for message in messages:
            places = found.setdefault(message, [])
            places += [] if path in places else [path]
    return dict(sorted(found.items()))


def _files(root: Path) -> Iterator[tuple[str, list[Message]]]:
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield _relative(path, root), of_python(_read(path), _relative(path, root))
    for path in sorted((root / "templates").rglob("*")):
        if path.suffix in TEMPLATE_SUFFIXES:
            yield _relative(path, root), of_template(_read(path), _relative(path, root))


def _relative(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def of_python(source: str, name: str) -> list[Message]:
    """Return the messages of one module, whatever it calls gettext."""
    tree = ast.parse(source, name)
    functions = _functions(tree)
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    found = ((call, _function(call, functions)) for call in calls)
    return [_message(call, kind, name) for call, kind in found if kind]


def of_template(source: str, name: str) -> list[Message]:
    """Return the messages of one template: its tags and its _("…") alike."""
    text = templatize(source, origin=name)
    calls = (_balanced(text[match.start() :]) for match in _CALL.finditer(text))
    functions = {"_": "gettext", **{kind: kind for kind in _ARGUMENTS}}
    parsed = (ast.parse(call, name, "eval").body for call in calls)
    return [_message(call, functions[call.func.id], name) for call in parsed]


def _functions(tree: ast.AST) -> dict[str, str]:
    """Return the local names of gettext functions, "translation" for their module."""
    known: dict[str, str] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom):
            continue
        for alias in node.names:
            kind = alias.name.removesuffix("_lazy")
            if node.module == _MODULE and kind in _ARGUMENTS:
                known[alias.asname or alias.name] = kind
            elif f"{node.module}.{alias.name}" == _MODULE:
                known[alias.asname or alias.name] = "translation"
    return known


def _function(call: ast.Call, known: dict[str, str]) -> str:
    """Return which gettext function is called, "" for any other."""
    match call.func:
        case ast.Name(id=name):
            return known.get(name, "")
        case ast.Attribute(value=ast.Name(id=name), attr=attribute):
            kind = attribute.removesuffix("_lazy")
            return kind if known.get(name) == "translation" and kind in _ARGUMENTS else ""
    return ""


def _message(call: ast.Call, kind: str, name: str) -> Message:
    texts = {}
    for part, argument in zip(_ARGUMENTS[kind], call.args, strict=False):
        if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
            raise NotConstant(f"{name}:{call.lineno}: the text of {kind} is not a constant")
        texts[part] = argument.value
    return Message(texts["s"], texts.get("p", ""), texts.get("c", ""))


def _balanced(text: str) -> str:
    """Return the call `text` begins with, up to its closing bracket."""
    depth = 0
    for token in tokenize.generate_tokens(io.StringIO(text.split("\n")[0]).readline):
        depth += {"(": 1, ")": -1}.get(token.string, 0)
        if token.string == ")" and not depth:
            return text[: token.end[1]]
    raise SyntaxError(text[:80])
