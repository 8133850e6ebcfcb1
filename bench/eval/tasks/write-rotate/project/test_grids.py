from grids import rotate, show


def test_square():
    assert rotate([[1, 2], [3, 4]]) == [[3, 1], [4, 2]]


def test_wide():
    assert rotate([[1, 2, 3]]) == [[1], [2], [3]]


def test_show():
    assert show(rotate([[1, 2], [3, 4]])) == "3 1\n4 2"
