from wrapping import wrap


def test_short():
    assert wrap("a b", 10) == ["a b"]
    assert wrap("", 10) == []


def test_no_line_is_too_long():
    assert wrap("aaaa bbbb cccc", 8) == ["aaaa", "bbbb", "cccc"]
