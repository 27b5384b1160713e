"""Partials that are filled instead of rendered; see skeletons.py."""

from django import template
from django.template import Context
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.utils.safestring import SafeString

from ..skeletons import fill

register = template.Library()


class Filled(template.Node):
    """Stands for a partial with values of its own."""

    def __init__(self, name: str, values: dict[str, FilterExpression]):
        self.name = name
        self.values = values

    def render(self, context: Context) -> SafeString:
        """Return the partial filled with the values."""
        return fill(
            self.name, **{name: value.resolve(context) for name, value in self.values.items()}
        )


@register.tag
def filled(parser: Parser, token: Token) -> Filled:
    """Show a partial as `{% include "…" with a=b only %}` does, by its skeleton.

    {% filled "_item.html" card=card %}
    """
    _tag, name, *words = token.split_contents()
    values = token_kwargs(words, parser)
    if words or name[0] != name[-1] or name[0] not in "\"'":
        raise template.TemplateSyntaxError("filled takes a quoted name and name=value pairs")
    return Filled(name[1:-1], values)
