from levels import greeting, longest, parse_level


def test_levels():
    assert parse_level("3") == 3
    assert parse_level("three") is None
    assert greeting() == "Welcome"
    assert longest(["a", "abc", "ab"]) == "abc"
