from fleet.keel import keel_limit, keel_weight


def test_limit():
    assert keel_limit(0) == 13
    assert keel_limit(999) == 60


def test_weight():
    assert keel_weight(20) == 50
