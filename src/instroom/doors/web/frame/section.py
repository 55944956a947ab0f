"""Where a page stands in the navigation: each says so in its block `section`, which `base.html` captures to compare."""

from django import template
from django.template.base import NodeList, Parser, Token
from django.template.context import Context


class Capture(template.Node):
    """Keeps what is between the tags in the context, under a name, instead of showing it."""

    def __init__(self, name: str, nodelist: NodeList) -> None:
        self._name = name
        self.nodelist = nodelist  # so called, Django finds the blocks in it

    def render(self, context: Context) -> str:
        """Nothing is shown."""
        context[self._name] = self.nodelist.render(context)
        return ""


def capture(parser: Parser, token: Token) -> Capture:
    """`{% capture NAME %}…{% endcapture %}`."""
    _, name = token.split_contents()
    nodelist = parser.parse(("endcapture",))
    parser.delete_first_token()
    return Capture(name, nodelist)
