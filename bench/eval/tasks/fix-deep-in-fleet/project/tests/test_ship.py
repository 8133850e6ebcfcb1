from fleet.ship import ship_weight


def test_weight_of_the_ship():
    assert ship_weight(20) == 1807
