from stats import mean, median


def test_mean():
    assert mean([1, 2, 6]) == 3


def test_median_of_odd():
    assert median([5, 1, 3]) == 3


def test_median_of_even():
    assert median([4, 1, 3, 2]) == 2.5
