"""The weights of anchor, barrel, cabin, deck, together."""

from fleet.anchor import anchor_weight
from fleet.barrel import barrel_weight
from fleet.cabin import cabin_weight
from fleet.deck import deck_weight


def group_0_weight(load):
    return (
        anchor_weight(load)
        + barrel_weight(load)
        + cabin_weight(load)
        + deck_weight(load)
    )
