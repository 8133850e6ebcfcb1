from fleet.harbor import harbor_limit, harbor_weight


def test_limit():
    assert harbor_limit(0) == 10
    assert harbor_limit(999) == 54


def test_weight():
    assert harbor_weight(20) == 87
