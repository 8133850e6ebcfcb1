from find import position


def test_in_the_middle():
    assert position([1, 3, 5, 7, 9], 5) == 2


def test_at_the_end():
    assert position([1, 3, 5, 7, 9], 9) == 4


def test_missing():
    assert position([1, 3], 2) == -1
