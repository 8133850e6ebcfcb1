from path import length
from points import parse


def test_more():
    assert parse(" 7 ,8 ") == (7, 8)
    assert length([]) == 0
    assert length(["5,5"]) == 0
    assert length(["-10,100", "10,-100"]) == 220
