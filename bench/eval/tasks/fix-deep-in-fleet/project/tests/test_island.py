from fleet.island import island_limit, island_weight


def test_limit():
    assert island_limit(0) == 11
    assert island_limit(999) == 56


def test_weight():
    assert island_weight(20) == 108
