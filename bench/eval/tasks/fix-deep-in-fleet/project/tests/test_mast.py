from fleet.mast import mast_limit, mast_weight


def test_limit():
    assert mast_limit(0) == 15
    assert mast_limit(999) == 64


def test_weight():
    assert mast_weight(20) == 92
