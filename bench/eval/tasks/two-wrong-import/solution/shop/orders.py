"""Orders."""

from shop.stock import find_item


def can_order(items, name, amount):
    item = find_item(items, name)
    return item is not None and item["amount"] >= amount
