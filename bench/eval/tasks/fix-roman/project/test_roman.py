from roman import to_number


def test_sums():
    assert to_number("VIII") == 8
    assert to_number("MDC") == 1600


def test_subtraction():
    assert to_number("IV") == 4
    assert to_number("XCIX") == 99
