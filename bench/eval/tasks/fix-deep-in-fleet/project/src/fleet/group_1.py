"""The weights of engine, flag, galley, harbor, together."""

from fleet.engine import engine_weight
from fleet.flag import flag_weight
from fleet.galley import galley_weight
from fleet.harbor import harbor_weight


def group_1_weight(load):
    return (
        engine_weight(load)
        + flag_weight(load)
        + galley_weight(load)
        + harbor_weight(load)
    )
