from intervals import merge


def test_more():
    assert merge([]) == []
    assert merge([(1, 10), (2, 3)]) == [(1, 10)]
    given = [(5, 6), (1, 4), (3, 5)]
    assert merge(given) == [(1, 6)]
    assert given == [(5, 6), (1, 4), (3, 5)]
