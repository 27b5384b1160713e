"""The catalogue on disk: django.po for people who translate, django.mo for the program."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import polib
from django.conf import settings

from .collecting import Message

PO = Path(settings.LOCALE_PATHS[0]) / "vi" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")

METADATA = {
    "Project-Id-Version": "newsroom",
    "Language": "vi",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}
_PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sdr]")

Translations = dict[Message, str]


def read(path: Path) -> Translations:
    """Return what a .po file translates; fuzzy and empty entries are no translations.

    Raises OSError, also for a file that is not in the format.
    """
    entries = polib.pofile(str(path), encoding="utf-8")
    return {_key(entry): _text(entry) for entry in entries if entry.translated()}


def _key(entry: polib.POEntry) -> Message:
    return Message(entry.msgid, entry.msgid_plural or "", entry.msgctxt or "")


def _text(entry: polib.POEntry) -> str:
    return entry.msgstr_plural[0] if entry.msgid_plural else entry.msgstr


def merged(files: Iterable[Path]) -> tuple[Translations, list[str]]:
    """Return what several files translate together, and a sentence where they disagree.

    The first file that has a message counts.
    """
    found: Translations = {}
    differences = []
    for path in files:
        for message, text in read(path).items():
            if found.setdefault(message, text) != text:
                differences.append(f"{path.name}: {message.singular!r}: {text!r} is not taken.")
    return found, differences


def build(messages: Iterable[Message], known: Mapping[Message, str]) -> polib.POFile:
    """Return the catalogue of exactly these messages, sorted; what is not known stays empty."""
    catalogue = polib.POFile()
    catalogue.metadata = dict(METADATA)
    catalogue.extend(_entry(message, known.get(message, "")) for message in sorted(messages))
    return catalogue


def _entry(message: Message, text: str) -> polib.POEntry:
    plural = {"msgid_plural": message.plural, "msgstr_plural": {0: text}}
    flags = ["python-format"] if _PLACEHOLDER.search(message.singular) else []
    return polib.POEntry(
        msgctxt=message.context or None,
        msgid=message.singular,
        flags=flags,
        **(plural if message.plural else {"msgstr": text}),
    )


def missing(catalogue: polib.POFile) -> list[Message]:
    """Return the messages without a translation."""
    return [_key(entry) for entry in catalogue.untranslated_entries()]


def faulty(catalogue: polib.POFile) -> list[Message]:
    """Return the messages whose translation names another placeholder than they do."""
    return [
        _key(entry)
        for entry in catalogue.translated_entries()
        if "python-format" in entry.flags and not _placeholders_agree(entry)
    ]


def _placeholders_agree(entry: polib.POEntry) -> bool:
    asked = _PLACEHOLDER.findall(f"{entry.msgid} {entry.msgid_plural}")
    return set(_PLACEHOLDER.findall(_text(entry))) <= set(asked)


def write(catalogue: polib.POFile) -> None:
    """Store the catalogue in both forms."""
    catalogue.save(str(PO))
    catalogue.save_as_mofile(str(MO))
