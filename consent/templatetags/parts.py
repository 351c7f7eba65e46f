"""The tag that caches a part of a page (see consent.web.parts)."""

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString

from consent.web.parts import part

register = template.Library()


class _Kept(Node):
    child_nodelists = ("inside",)

    def __init__(self, name: str, key: list[FilterExpression], inside: NodeList) -> None:
        self.name, self.key, self.inside = name, key, inside

    def render(self, context: Context) -> SafeString:
        key = tuple(expression.resolve(context) for expression in self.key)
        return part(self.name, key, lambda: self.inside.render(context))


@register.tag
def kept(parser: Parser, token: Token) -> Node:
    """Render the content once and cache it: {% kept histogram query %} … {% endkept %}.

    The arguments after the name are the key: they must include everything in the content that
    differs between pages.
    """
    _tag, name, *key = token.split_contents()
    inside = parser.parse(("endkept",))
    parser.delete_first_token()
    return _Kept(name, [parser.compile_filter(each) for each in key], inside)
