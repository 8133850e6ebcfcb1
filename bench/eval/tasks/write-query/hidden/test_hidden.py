from query import parse_query


def test_more():
    assert parse_query("?") == {}
    assert parse_query("a=") == {"a": [""]}
    assert parse_query("x=1&y=%3D&x=3") == {"x": ["1", "3"], "y": ["="]}
