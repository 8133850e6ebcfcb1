from fleet.jetty import jetty_limit, jetty_weight


def test_limit():
    assert jetty_limit(0) == 12
    assert jetty_limit(999) == 58


def test_weight():
    assert jetty_weight(20) == 129
