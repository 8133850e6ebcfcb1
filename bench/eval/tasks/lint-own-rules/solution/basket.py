"""What lies in a basket."""

import collections
import functools
from typing import Dict


def add(name, amount=1, basket=None):
    if basket is None:
        basket = {}
    basket[name] = basket.get(name, 0) + amount
    return basket


def count(names) -> Dict[str, int]:
    return dict(collections.Counter(names))


@functools.lru_cache(maxsize=None)
def price(name, catalogue):
    for known, cents in catalogue:
        if known == name:
            return cents
    raise KeyError(name)


def prices(names, catalogue):
    return [(name, price(name, catalogue)) for name in names]
