from mathx import add, multiply


def test_all():
    assert add(2, 3) == 5
    assert add(-1, 1) == 0
    assert multiply(4, 5) == 20
    assert multiply(0, 9) == 0
