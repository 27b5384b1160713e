"""What the repository promises of itself: style, imports, migrations, translations, honesty.

Needs no database; `make test` runs it once, with the suite on SQLite.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import polib
import pytest
from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunPython, RunSQL
from django.db.migrations.state import ProjectState
from django.template.base import Lexer, TokenType
from django.utils import translation

from newsroom.messages import catalogue, collecting

ROOT = Path(__file__).resolve().parent.parent
OURS = ("newsroom", "articles", "comments")
MAX_FUNCTION_LINES = 45
MAX_FILE_LINES = 350
TEXT = {
    *".py .md .toml .txt .html .css .js .json .sh .po .svg .csv .tsv .yml .yaml .example".split(),
    "",
}
OTHER_LOCKS = {"uv.lock", "poetry.lock", "Pipfile.lock", "pylock.toml", "package-lock.json"}


def tracked() -> list[Path]:
    """The files of the repository, new ones included; without git, all that is not made."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0:
        found = {ROOT / name for name in listed.stdout.split("\0") if name}
    else:
        made = re.compile(r"\.(?!ci$|e)|var$|__pycache__$")
        found = {
            path
            for path in ROOT.rglob("*")
            if not any(made.match(part) for part in path.relative_to(ROOT).parts)
        }
    return sorted(path for path in found if path.is_file())


FILES = tracked()
PYTHON = [path for path in FILES if path.suffix == ".py"]
CODE = [path for path in PYTHON if path.relative_to(ROOT).parts[0] in OURS]
TEMPLATES = [path for path in FILES if path.is_relative_to(ROOT / "templates")]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def parsed(path: Path) -> ast.Module:
    return ast.parse(read(path), name_of(path))


def run(*command: str) -> str:
    """What a failing program says; "" when all is well."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr if done.returncode else ""


# Style, imports, size


@pytest.mark.parametrize("check", [("check",), ("format", "--check")])
def test_the_code_is_as_ruff_wants_it(check):
    assert run(sys.executable, "-m", "ruff", *check, ".") == ""


def test_imports_run_one_way():
    program = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"
    assert run(sys.executable, "-c", program) == ""


def test_functions_are_short():
    long = [
        f"{name_of(path)}:{node.lineno} {node.name}: {node.end_lineno - node.lineno + 1} lines"
        for path in CODE
        if "migrations" not in path.parts
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno >= MAX_FUNCTION_LINES
    ]
    assert long == []


def test_files_are_short():
    long = [
        f"{name_of(path)}: {lines} lines"
        for path in CODE
        if "migrations" not in path.parts and (lines := read(path).count("\n")) > MAX_FILE_LINES
    ]
    assert long == []


# Migrations


def test_no_migration_is_missing():
    loader = MigrationLoader(None)
    with translation.override(None):
        detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
        missing = detector.changes(graph=loader.graph)
    assert {app: found for app, found in missing.items() if app in OURS} == {}


def test_every_migration_can_be_taken_back():
    one_way = [
        f"{app}.{name}: {operation}"
        for (app, name), migration in MigrationLoader(None).disk_migrations.items()
        if app in OURS
        for operation in migration.operations
        if isinstance(operation, RunPython | RunSQL) and not operation.reversible
    ]
    assert one_way == []


# Translations


def entries(file) -> dict[tuple, str]:
    return {
        (entry.msgctxt, entry.msgid, entry.msgid_plural): entry.msgstr_plural or entry.msgstr
        for entry in file
        if entry.msgid
    }


@pytest.fixture(scope="module")
def vietnamese():
    return polib.pofile(str(catalogue.PO))


def test_every_string_is_translated(vietnamese):
    known = catalogue.read(catalogue.PO)
    untranslated = [message for message in collecting.collect() if message not in known]
    assert untranslated == [], "run make messages"
    assert [entry.msgid for entry in vietnamese if entry.fuzzy or entry.obsolete] == []
    assert catalogue.faulty(vietnamese) == []


def test_the_catalogue_is_as_make_messages_writes_it(vietnamese):
    built = catalogue.build(collecting.collect(), catalogue.read(catalogue.PO))
    assert str(built) == str(vietnamese), "run make messages"


def test_the_compiled_catalogue_says_what_the_readable_one_says(vietnamese):
    assert entries(polib.mofile(str(catalogue.MO))) == entries(vietnamese), "run make messages"


WORD = re.compile(r"[^\W\d_]{2,}")
SPOKEN = ("alt", "title", "placeholder", "aria-label", "label")
# Names that are the same in every language.
NAMES = re.compile(r"\b(?:RSS|GMT|Newsroom|px|webp)\b")


class Visible(HTMLParser):
    """Collects what a person would read or hear of a page."""

    def __init__(self):
        super().__init__()
        self.texts, self.silent = [], 0

    def handle_starttag(self, tag, attributes):
        self.silent += tag in ("script", "style", "svg")
        self.texts += [value for name, value in attributes if name in SPOKEN and value]

    def handle_endtag(self, tag):
        self.silent -= tag in ("script", "style", "svg")

    def handle_data(self, data):
        if not self.silent:
            self.texts.append(data)


def outside_of_tags(source: str) -> str:
    """A template without its tags and without what they translate."""
    kept, skipping = [], ""
    for token in Lexer(source).tokenize():
        words = token.split_contents()[:1] if token.token_type == TokenType.BLOCK else [""]
        command = words[0] if words else ""
        if command in ("blocktranslate", "blocktrans", "comment"):
            skipping = f"end{command}"
        elif command == skipping:
            skipping = ""
        elif token.token_type == TokenType.TEXT and not skipping:
            kept.append(token.contents)
    return "".join(kept)


def test_templates_hold_no_words_of_their_own():
    untranslated = []
    for path in TEMPLATES:
        if path.suffix != ".html":
            continue
        reader = Visible()
        reader.feed(outside_of_tags(read(path)))
        said = [text.strip() for text in reader.texts if WORD.search(NAMES.sub("", text))]
        untranslated += [f"{name_of(path)}: {text[:60]}" for text in said]
    assert untranslated == []


# Settings

READERS = ("os.environ.get", "os.environ.setdefault", "_names")


def settings_read(path: Path) -> Iterator[str]:
    """The variables of the environment that a module asks for by name."""
    for node in ast.walk(parsed(path)):
        match node:
            case ast.Call(func=function, args=[ast.Constant(value=str(name)), *_]):
                asked = ast.unparse(function)
                if re.fullmatch(r"env\.\w+", asked) or asked in READERS:
                    yield name
            case ast.Subscript(value=asked, slice=ast.Constant(value=str(name))):
                if ast.unparse(asked) == "os.environ":
                    yield name


def test_the_example_of_settings_is_complete_and_true():
    asked = {name for path in CODE for name in settings_read(path)} - {"DJANGO_SETTINGS_MODULE"}
    explained = re.findall(r"^#([A-Z_]+)=", read(ROOT / ".env.example"), re.MULTILINE)
    assert asked == set(explained)
    assert len(explained) == len(set(explained))


# Safety and honesty


def opening(node: ast.AST) -> str:
    """What a call or a name begins with: "mark_safe", "SafeString("."""
    match node:
        case ast.Call(func=function):
            return f"{ast.unparse(function)}("
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.alias(name=name):
            return name
    return ""


def test_only_rich_text_marks_html_as_safe():
    door = ROOT / "newsroom" / "rich_text"
    marked = [
        f"{name_of(path)}:{node.lineno}"
        for path in CODE
        if not path.is_relative_to(door)
        for node in ast.walk(parsed(path))
        if re.search(r"\bmark_safe$|\bSafe(?:String|Text|Data)\($", opening(node))
    ]
    past_it = re.compile(r"\|\s*safe\b|\|\s*safeseq\b|autoescape\s+off")
    marked += [name_of(path) for path in TEMPLATES if past_it.search(read(path))]
    assert marked == []


def test_locks_name_hashes_and_no_address():
    assert [path.name for path in FILES if path.name in OTHER_LOCKS] == []
    for lock in ("requirements.txt", "requirements-test.txt"):
        text = read(ROOT / lock)
        assert "://" not in text
        assert "index-url" not in text
        pinned = re.findall(r"^[A-Za-z0-9][\w.\[\]-]*==", text, re.MULTILINE)
        assert text.count("--hash=sha256:") >= len(pinned) > 10


def test_no_file_names_a_machine_or_a_registry():
    # Put together here, so that this very file names none.
    registries = ("py" + "pi.org", "python" + "hosted.org", "registry." + "npm", "deb." + "debian")
    homes = (f"{ROOT}/", f"{Path.home()}/", "/ho" + "me/", "/Us" + "ers/")
    found = [
        f"{name_of(path)}: {needle}"
        for path in FILES
        if path.suffix in TEXT
        for needle in (*registries, *homes)
        if needle in read(path)
    ]
    assert found == []
