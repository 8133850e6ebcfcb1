"""The weights of mast, net, oar, pier, together."""

from fleet.mast import mast_weight
from fleet.net import net_weight
from fleet.oar import oar_weight
from fleet.pier import pier_weight


def group_3_weight(load):
    return (
        mast_weight(load)
        + net_weight(load)
        + oar_weight(load)
        + pier_weight(load)
    )
