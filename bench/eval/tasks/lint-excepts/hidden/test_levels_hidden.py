import pytest
from levels import greeting, longest, parse_level


@pytest.mark.parametrize("text, level", [("7", 7), (" 8 ", 8), ("x", None), ("", None)])
def test_parse(text, level):
    assert parse_level(text) == level


def test_rest():
    assert greeting() == "Welcome"
    assert longest([]) == ""
    assert longest(["bb", "aa"]) == "bb"
