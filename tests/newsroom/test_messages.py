"""The catalogue: every string asked for is found, and no translation is lost or wrong."""

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from newsroom.messages import catalogue, collecting
from newsroom.messages.collecting import Message, NotConstant, of_python, of_template


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("from django.utils.translation import gettext as _\n_('A')", Message("A")),
        ("from django.utils.translation import gettext_lazy as _\n_('A')", Message("A")),
        ("from django.utils.translation import gettext as _now\n_now('A')", Message("A")),
        ("from django.utils.translation import gettext\ngettext('A' 'B')", Message("AB")),
        (
            "from django.utils.translation import ngettext\nngettext('1 A', '%s A', n) % n",
            Message("1 A", "%s A"),
        ),
        (
            "from django.utils.translation import pgettext_lazy\npgettext_lazy('menu', 'A')",
            Message("A", context="menu"),
        ),
        (
            "from django.utils.translation import npgettext as n\nn('c', 'A', 'As', 2)",
            Message("A", "As", "c"),
        ),
        ("from django.utils import translation\ntranslation.gettext('A')", Message("A")),
        ("from django.utils import translation as t\nt.gettext_lazy('A')", Message("A")),
    ],
)
def test_a_call_in_python_is_found_under_any_name(source, expected):
    assert of_python(source, "x.py") == [expected]


def test_what_only_looks_like_gettext_is_no_message():
    assert of_python("_ = print\n_('A')\nother.gettext('B')\nfor _ in (): pass", "x.py") == []


def test_a_computed_text_is_refused_with_its_line():
    source = "from django.utils.translation import gettext as _\n\n_(f'{name} saved')"
    with pytest.raises(NotConstant, match="x.py:3"):
        of_python(source, "x.py")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('{% translate "A" %}', Message("A")),
        ("{% trans 'A' %}", Message("A")),
        ('{% translate "A" as title %}', Message("A")),
        ('<a title="{% translate "A" %}">', Message("A")),
        ('{% translate "A" context "menu" %}', Message("A", context="menu")),
        ('{{ _("A") }}', Message("A")),
        ('{% include "x.html" with label=_("A") only %}', Message("A")),
        ("{% blocktranslate %}A {{ n }} b{% endblocktranslate %}", Message("A %(n)s b")),
        (
            "{% blocktranslate trimmed with n=row.n %}\n  A\n  {{ n }}\n{% endblocktranslate %}",
            Message("A %(n)s"),
        ),
        (
            '{% blocktranslate trimmed context "list" count n=rows %}{{ n }} row{% plural %}'
            "{{ n }} rows{% endblocktranslate %}",
            Message("%(n)s row", "%(n)s rows", "list"),
        ),
        ("{% blocktranslate %}It's “so” (A){% endblocktranslate %}", Message("It's “so” (A)")),
    ],
)
def test_a_string_of_a_template_is_found(source, expected):
    assert of_template(f"<p>chữ (\n{source} {{# _( #}} gettext</p>", "x.html") == [expected]


def test_the_code_is_collected_with_its_places():
    found = collecting.collect()
    assert found[Message("published", context="did")] == ["newsroom/events.py"]
    assert "templates/410.html" in found[Message("To the front page")]


@pytest.fixture
def own_catalogue(tmp_path, monkeypatch):
    """A copy to write to."""
    copy = tmp_path / "django.po"
    shutil.copy(catalogue.PO, copy)
    monkeypatch.setattr(catalogue, "PO", copy)
    monkeypatch.setattr(catalogue, "MO", copy.with_suffix(".mo"))
    return copy


@pytest.fixture
def only(monkeypatch):
    """Let the code consist of these messages."""

    def use(*messages):
        found = {message: ["x.py"] for message in messages}
        monkeypatch.setattr("newsroom.management.commands.messages.collect", lambda: found)

    return use


def run(**options):
    out, errors = StringIO(), StringIO()
    call_command("messages", stdout=out, stderr=errors, **options)
    return out.getvalue() + errors.getvalue()


def test_what_is_translated_stays_and_what_nobody_asks_for_goes(own_catalogue, only):
    only(Message("Newer"))
    run()
    assert catalogue.read(own_catalogue) == {Message("Newer"): "Tin mới hơn"}


def test_what_is_missing_is_named_and_the_command_fails(own_catalogue, only, capsys):
    only(Message("Newer"), Message("Never seen", context="place"))
    errors = StringIO()
    with pytest.raises(CommandError):
        call_command("messages", stderr=errors)
    assert "'Never seen' (place) has no translation" in errors.getvalue()
    assert catalogue.read(own_catalogue) == {Message("Newer"): "Tin mới hơn"}


def test_a_translation_may_name_no_other_placeholder(own_catalogue, only, tmp_path):
    only(Message("%(n)s articles"))
    wrong = fragment(tmp_path / "a.po", 'msgid "%(n)s articles"\nmsgstr "%(m)s bài"\n')
    errors = StringIO()
    with pytest.raises(CommandError):
        call_command("messages", merge=[wrong], stderr=errors)
    assert "another placeholder" in errors.getvalue()


def fragment(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_other_files_fill_gaps_and_never_overwrite(own_catalogue, only, tmp_path):
    only(Message("Newer"), Message("New one"), Message("row", "rows"), Message("A", context="c"))
    first = fragment(
        tmp_path / "a.po",
        'msgid "Newer"\nmsgstr "Khác"\n\nmsgid "New one"\nmsgstr "Cái mới"\n\n'
        'msgid "row"\nmsgid_plural "rows"\nmsgstr[0] "dòng"\n',
    )
    second = fragment(
        tmp_path / "b.po",
        'msgid "New one"\nmsgstr "Mới"\n\nmsgctxt "c"\nmsgid "A"\nmsgstr "Â"\n',
    )
    said = run(merge=[first, second])
    assert catalogue.read(own_catalogue) == {
        Message("Newer"): "Tin mới hơn",
        Message("New one"): "Cái mới",
        Message("row", "rows"): "dòng",
        Message("A", context="c"): "Â",
    }
    assert "a.po: 'Newer': 'Khác' is not taken" in said
    assert "b.po: 'New one': 'Mới' is not taken" in said


def test_a_file_that_is_no_catalogue_ends_in_one_sentence(own_catalogue, tmp_path):
    with pytest.raises(CommandError):
        call_command("messages", merge=[tmp_path / "none.po"])


def test_people_read_vietnamese_and_english_needs_no_catalogue():
    with translation.override("vi"):
        assert translation.gettext("Newer") == "Tin mới hơn"
        assert translation.ngettext("%(n)s comment", "%(n)s comments", 2) == "%(n)s ý kiến"
    with translation.override("en"):
        assert translation.gettext("Newer") == "Newer"
        assert translation.ngettext("%(n)s comment", "%(n)s comments", 1) == "%(n)s comment"
        assert translation.ngettext("%(n)s comment", "%(n)s comments", 2) == "%(n)s comments"
