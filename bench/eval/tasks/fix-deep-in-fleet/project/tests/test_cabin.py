from fleet.cabin import cabin_limit, cabin_weight


def test_limit():
    assert cabin_limit(0) == 5
    assert cabin_limit(999) == 44


def test_weight():
    assert cabin_weight(20) == 82
