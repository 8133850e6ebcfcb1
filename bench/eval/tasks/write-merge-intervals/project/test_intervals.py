from intervals import length, merge


def test_overlapping():
    assert merge([(1, 3), (2, 5)]) == [(1, 5)]


def test_touching():
    assert merge([(1, 2), (2, 3)]) == [(1, 3)]


def test_apart_and_unsorted():
    assert merge([(8, 9), (1, 2)]) == [(1, 2), (8, 9)]


def test_length():
    assert length(merge([(0, 2), (1, 4)])) == 4
