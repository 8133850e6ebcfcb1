from fleet.ladder import ladder_limit, ladder_weight


def test_limit():
    assert ladder_limit(0) == 14
    assert ladder_limit(999) == 62


def test_weight():
    assert ladder_weight(20) == 71
