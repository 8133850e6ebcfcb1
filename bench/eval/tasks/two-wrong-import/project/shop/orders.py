"""Orders."""

from shop.stock import lookup


def can_order(items, name, amount):
    item = lookup(items, name)
    return item is not None and item["amount"] >= amount
