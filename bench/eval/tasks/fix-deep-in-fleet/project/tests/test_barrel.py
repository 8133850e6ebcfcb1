from fleet.barrel import barrel_limit, barrel_weight


def test_limit():
    assert barrel_limit(0) == 4
    assert barrel_limit(999) == 42


def test_weight():
    assert barrel_weight(20) == 61
