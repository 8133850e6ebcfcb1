"""The whole ship."""

from fleet.group_0 import group_0_weight
from fleet.group_1 import group_1_weight
from fleet.group_2 import group_2_weight
from fleet.group_3 import group_3_weight
from fleet.group_4 import group_4_weight


def ship_weight(load):
    return (
        group_0_weight(load)
        + group_1_weight(load)
        + group_2_weight(load)
        + group_3_weight(load)
        + group_4_weight(load)
    )
