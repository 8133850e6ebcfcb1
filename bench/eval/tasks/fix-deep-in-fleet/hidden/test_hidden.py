from fleet.group_3 import group_3_weight
from fleet.net import net_limit, net_weight
from fleet.ship import ship_weight


def test_parts():
    assert net_weight(20) == 113
    assert net_weight(0) == 93
    assert net_limit(0) == 16
    assert group_3_weight(20) == 394
    assert ship_weight(0) == 1230
