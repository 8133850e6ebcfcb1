from query import parse_query


def test_pairs():
    assert parse_query("a=1&b=two") == {"a": ["1"], "b": ["two"]}


def test_repeated():
    assert parse_query("a=1&a=2") == {"a": ["1", "2"]}


def test_question_mark_and_spaces():
    assert parse_query("?q=a+b%21") == {"q": ["a b!"]}


def test_empty():
    assert parse_query("") == {}
