from fleet.galley import galley_limit, galley_weight


def test_limit():
    assert galley_limit(0) == 9
    assert galley_limit(999) == 52


def test_weight():
    assert galley_weight(20) == 66
