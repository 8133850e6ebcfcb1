"""Query strings, such as a=1&b=2."""

from urllib.parse import parse_qs


def parse_query(text):
    return parse_qs(text.removeprefix("?"), keep_blank_values=True)
