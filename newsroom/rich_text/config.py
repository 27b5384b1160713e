"""How the editor is set up: few buttons, no guest from other hosts, text stored as typed."""

from typing import Any

from django.utils.translation import gettext_lazy as _

LANGUAGE = "vi"
PLUGIN = "newsphoto"
PICKER_URL = "/admin/articles/photo/pick/"
THUMBNAIL_URL = "/admin/anh/id/{id}/"

# The first group talks to other hosts when used, the second lets in what the sanitiser drops.
_REMOVED = [
    "exportpdf",
    "scayt",
    "wsc",
    "uploadimage",
    "iframe",
    "flash",
    "forms",
    "smiley",
    "save",
    "newpage",
    "print",
    "preview",
    "elementspath",
    "templates",
    "colorbutton",
    "colordialog",
    "font",
    "bidi",
    "div",
    "about",
    "language",
    "pagebreak",
    "showblocks",
    "sourcearea",
    "stylescombo",
    "copyformatting",
    "justify",
    "image",
    "liststyle",
]

_TOOLBAR = [
    ["Format"],
    ["Bold", "Italic"],
    ["Link", "Unlink"],
    ["BulletedList", "NumberedList", "Blockquote"],
    ["Table"],
    ["NewsPhoto"],
    ["Undo", "Redo"],
    ["RemoveFormat", "Maximize"],
]

# The same list as the sanitiser's; the last three are the picture as the editor alone shows it.
_ALLOWED = (
    "p h2 h3 h4 blockquote ul ol li hr br strong em s sub sup table thead tbody tr;"
    "td th[colspan,rowspan];"
    "a[!href,title];"
    "figure(!newsphoto);"
    "img(!newsphoto__img)[!src,alt];"
    "figcaption(!newsphoto__caption)"
)


def editor_config() -> dict[str, Any]:
    """Return a fresh configuration; the widget adds the addresses of its static files."""
    return {
        **_what_is_kept(),
        **_how_it_looks(),
        **_what_our_plugin_asks(),
        **_what_is_pasted(),
    }


def _what_is_kept() -> dict[str, Any]:
    return {
        "allowedContent": _ALLOWED,
        "removePlugins": ",".join(_REMOVED),
        "extraPlugins": f"autogrow,{PLUGIN}",
        # Otherwise "Đài" is stored as "Đ&agrave;i" and no search finds it.
        "entities": False,
        "entities_latin": False,
        "entities_greek": False,
        "entities_additional": "",
        "customConfig": "",
        "stylesSet": False,
        "versionCheck": False,
    }


def _how_it_looks() -> dict[str, Any]:
    return {
        "toolbar": _TOOLBAR,
        "title": _("Body text"),
        "contentsLanguage": LANGUAGE,
        "defaultLanguage": LANGUAGE,
        "skin": "moono-lisa",
        "width": "100%",
        "height": 420,
        "autoGrow_minHeight": 420,
        "autoGrow_maxHeight": 900,
        "autoGrow_onStartup": True,
        "disableNativeSpellChecker": False,
        "removeDialogTabs": "link:target;link:advanced;table:advanced",
        "linkDefaultProtocol": "https://",
        "linkShowAdvancedTab": False,
        "linkShowTargetTab": False,
        "format_tags": "p;h2;h3;h4",
    }


def _what_our_plugin_asks() -> dict[str, Any]:
    return {
        "newsphotoFormats": {
            "p": _("Paragraph"),
            "h2": _("Crosshead"),
            "h3": _("Small crosshead"),
            "h4": _("Smallest crosshead"),
        },
        "newsphotoUrl": PICKER_URL,
        "newsphotoThumbnail": THUMBNAIL_URL,
        "newsphotoLabel": _("Insert photo"),
        "newsphotoName": _("Photo {id}"),
    }


def _what_is_pasted() -> dict[str, Any]:
    return {
        "clipboard_handleImages": False,
        "pasteFromWord_inlineImages": False,
        "pasteFromWordPromptCleanup": False,
        "pasteFromWordRemoveFontStyles": True,
        "pasteFromWordRemoveStyles": True,
        "forcePasteAsPlainText": False,
    }
