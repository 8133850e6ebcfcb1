"""What runs out."""

from shop.stock import find_item


def runs_out(items, name):
    item = find_item(items, name)
    return item is None or item["amount"] < 3
