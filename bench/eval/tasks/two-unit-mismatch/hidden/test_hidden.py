from weather.station import read_all
from weather.summary import mean, warmest


def test_more():
    assert read_all(["x -3.5"]) == [("x", -3.5)]
    assert warmest(["a 9", "b 10"]) == "b"
    assert warmest(["a -1", "b -2"]) == "a"
    assert mean(["a -1", "b 2"]) == 0.5
