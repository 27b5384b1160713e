"""The forms of a page as a browser would send them, so that anybody can send them again."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from tests import factories

Pairs = list[tuple[str, str]]
_NEVER_SENT = {"submit", "button", "image", "reset"}
_BOXES = {"checkbox", "radio"}
_TYPED = {"", "text", "search", "email", "url", "tel", "number", "date", "time"}
_SAME_AS_SAVE = {"_addanother", "_continue", "unset-password"}


@dataclass
class Form:
    """One form: where it goes, what it holds, which buttons send it."""

    action: str
    fields: Pairs = field(default_factory=list)
    buttons: Pairs = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    texts: set[str] = field(default_factory=set)  # what one types into
    idle: set[tuple[str, str]] = field(default_factory=set)  # buttons that send nothing
    offered: set[str] = field(default_factory=set)  # also what is empty or not ticked

    def bodies(self):
        """Yield what each of its buttons would send, with the empty fields filled in."""
        pressed = [each for each in dict.fromkeys(self.buttons) if each[0] not in _SAME_AS_SAVE]
        for name, value in pressed or [("", "")]:
            body: dict = {}
            for key, held in [*self.fields, *([(name, value)] if name else [])]:
                body.setdefault(key, []).append(filled(key, held))
            yield body


class _Reader(HTMLParser):
    """Collects the forms, with fields outside that name their form by id; `searches` are those
    whose method is not post."""

    def __init__(self):
        super().__init__()
        self.forms: list[Form] = []
        self.searches: list[Form] = []
        self.typed: list[str] = []  # what stands wherever one may type, or copy what one typed
        self.by_id: dict[str, Form] = {}
        self.open: Form | None = None
        self.text: tuple[str, list[str]] | None = None
        self.select: tuple[str, list[str]] | None = None
        self.loose: list[tuple[str, str, str, str]] = []

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        has = {name for name, _value in attrs}
        if self.open and "disabled" not in has:
            self.open.offered.add(given.get("name", ""))
        if tag == "form":
            self._begin(given)
        elif tag == "textarea":
            self.text = (given.get("name", ""), [])
        elif tag == "select":
            self.select = (given.get("name", ""), [])
        elif tag == "option" and self.select:
            self._option(given, has)
        elif tag in ("input", "button"):
            self._input(tag, given, has)

    def _begin(self, given):
        posts = given.get("method", "").lower() == "post"
        self.open = Form(given.get("action", ""))
        (self.forms if posts else self.searches).append(self.open)
        self.by_id[given.get("id", "")] = self.open

    def _option(self, given, has):
        name, values = self.select
        if "selected" in has:
            values.append(given.get("value", ""))
        elif given.get("value") and not values:
            values.append("?" + given["value"])  # the first there is, should none be chosen

    def _input(self, tag, given, has):
        name, kind = given.get("name", ""), given.get("type", "submit" if tag == "button" else "")
        if kind in _TYPED | {"hidden"}:
            self.typed.append(given.get("value", ""))
        if not name or "disabled" in has:
            return
        if self.open and (given.get("formmethod") == "dialog" or kind == "button"):
            self.open.idle.add((name, given.get("value", "")))
        ticked = kind not in _BOXES or "checked" in has or name == "_selected_action"
        place = "buttons" if kind in _NEVER_SENT else "files" if kind == "file" else "fields"
        if ticked:
            plain = "on" if kind in _BOXES else ""
            self._add(given.get("form"), place, name, given.get("value", plain))
        if kind in _TYPED:
            self._types(given.get("form"), name)

    def _add(self, form_id, place, name, value):
        form = self.by_id.get(form_id) if form_id else self.open
        if form is None:
            return
        getattr(form, place).append(name if place == "files" else (name, value))

    def _types(self, form_id, name):
        form = self.by_id.get(form_id) if form_id else self.open
        if form is not None:
            form.texts.add(name)

    def handle_data(self, data):
        if self.text:
            self.text[1].append(data)

    def handle_endtag(self, tag):
        if tag == "textarea" and self.text:
            name, parts = self.text
            self.typed.append("".join(parts))
            self._add(None, "fields", name, "".join(parts).removeprefix("\n"))
            self._types(None, name)
            self.text = None
        elif tag == "select" and self.select:
            self._choose()
        elif tag == "form":
            self.open = None

    def _choose(self):
        name, values = self.select
        self.select = None
        chosen = [value for value in values if not value.startswith("?")]
        for value in chosen or [value[1:] for value in values[:1]]:
            self._add(None, "fields", name, value)


# What a person would type into what is empty, by the name of the field; the rest stays empty.
TYPED = {
    "username": "phongvienmoi",
    "password1": "mot-chuoi-dai-7",
    "password2": "mot-chuoi-dai-7",
    "old_password": factories.PASSWORD,
    "new_password1": "mot-chuoi-dai-7",
    "new_password2": "mot-chuoi-dai-7",
    "headline": "Tít của người khác",
    "reason": "Vì một lý do.",
    "note": "Ghi chú.",
    "alt": "Cảnh",
    "credit": "BP",
    "sender": "Công an huyện",
    "demand": "Gỡ.",
    "phrase": "từ lạ",
    "owner": "Bộ Lạ",
    "name": "Tên lạ",
    "kind": "always",
    "sector": "Môi trường",
    "number": "7",
    "number_printed": "7",
    "days": "3",
    "sentence": "Đã đóng.",
    "text": "Một câu.",
    "answer": "Đã gỡ.",
}
# Fields that hold something already and are changed, so that saving does something.
CHANGED = {"full_name", "bio", "headline", "alt", "caption", "tagline", "demand", "text", "name"}


def filled(name: str, value: str) -> str:
    """Return what is sent: typed where it was empty, changed where that does something."""
    if not value:
        return TYPED.get(name, "")
    return f"{value} x" if name in CHANGED else value


def forms_of(response) -> list[Form]:
    """Return the forms on a page that change something, each with the address it goes to."""
    page = response.request["PATH_INFO"]
    query = response.request.get("QUERY_STRING", "")
    reader = _Reader()
    reader.feed(response.content.decode())
    for form in reader.forms:
        form.action = urljoin(f"{page}?{query}", form.action) if form.action else f"{page}?{query}"
        form.action = form.action.rstrip("?")
    return [form for form in reader.forms if urlsplit(form.action).path != "/admin/logout/"]


def searches_of(response) -> list[Form]:
    """Return the forms on a page that only ask for something."""
    reader = _Reader()
    reader.feed(response.content.decode())
    for form in reader.searches:
        form.action = urljoin(response.request["PATH_INFO"], form.action)
    return reader.searches


def typed_on(response) -> list[str]:
    """Return what stands in the fields of a page, to be sent again or to be copied."""
    reader = _Reader()
    reader.feed(response.content.decode())
    return reader.typed
