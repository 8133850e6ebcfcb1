import statistics
from stats import median


def test_medians():
    for values in ([1], [1, 2], [9, 7, 8], [3, 3, 1, 1], [10, 2, 38, 23, 38, 23]):
        assert median(values) == statistics.median(values)


def test_input_is_left_alone():
    values = [3, 1, 2]
    median(values)
    assert values == [3, 1, 2]
