"""The weights of island, jetty, keel, ladder, together."""

from fleet.island import island_weight
from fleet.jetty import jetty_weight
from fleet.keel import keel_weight
from fleet.ladder import ladder_weight


def group_2_weight(load):
    return (
        island_weight(load)
        + jetty_weight(load)
        + keel_weight(load)
        + ladder_weight(load)
    )
