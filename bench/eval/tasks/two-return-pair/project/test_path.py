from path import length
from points import parse


def test_parse():
    assert parse("3, 4") == (3, 4)
    assert parse("-1,12") == (-1, 12)


def test_length():
    assert length(["0,0", "3,4"]) == 7
    assert length(["0,0", "10,0", "10,-5"]) == 15
