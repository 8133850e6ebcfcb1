from fleet.anchor import anchor_limit, anchor_weight


def test_limit():
    assert anchor_limit(0) == 3
    assert anchor_limit(999) == 40


def test_weight():
    assert anchor_weight(20) == 40
