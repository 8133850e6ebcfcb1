from fleet.deck import deck_limit, deck_weight


def test_limit():
    assert deck_limit(0) == 6
    assert deck_limit(999) == 46


def test_weight():
    assert deck_weight(20) == 103
