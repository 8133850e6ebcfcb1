"""What lies in a basket."""

from typing import Dict
import collections
import functools


def add(name, amount=1, basket={}):
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
    return [(name, cents) for name, cents in zip(names, [price(n, catalogue) for n in names])]
