"""The weights of quay, rope, sail, tide, together."""

from fleet.quay import quay_weight
from fleet.rope import rope_weight
from fleet.sail import sail_weight
from fleet.tide import tide_weight


def group_4_weight(load):
    return (
        quay_weight(load)
        + rope_weight(load)
        + sail_weight(load)
        + tide_weight(load)
    )
