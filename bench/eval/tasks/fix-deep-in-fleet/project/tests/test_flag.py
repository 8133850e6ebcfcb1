from fleet.flag import flag_limit, flag_weight


def test_limit():
    assert flag_limit(0) == 8
    assert flag_limit(999) == 50


def test_weight():
    assert flag_weight(20) == 45
