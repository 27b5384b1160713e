"""The one door for HTML: the editor's field, the sanitiser and the way stored HTML is shown.

No other module may import the editor or the sanitiser's library, or mark HTML as safe.
"""

from .editor import EditorWidget, RichTextField, RichTextFormField
from .rendering import photo_ids, plain_text, render, rough_text, safe
from .sanitiser import MAX_BODY_CHARS, MAX_NESTING, BadBody, BodyTooLong, sanitise

__all__ = [
    "MAX_BODY_CHARS",
    "MAX_NESTING",
    "BadBody",
    "BodyTooLong",
    "EditorWidget",
    "RichTextField",
    "RichTextFormField",
    "photo_ids",
    "plain_text",
    "render",
    "rough_text",
    "safe",
    "sanitise",
]
