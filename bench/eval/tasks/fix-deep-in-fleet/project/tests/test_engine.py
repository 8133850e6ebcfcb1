from fleet.engine import engine_limit, engine_weight


def test_limit():
    assert engine_limit(0) == 7
    assert engine_limit(999) == 48


def test_weight():
    assert engine_weight(20) == 124
