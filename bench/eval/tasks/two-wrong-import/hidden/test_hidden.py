from shop.orders import can_order
from shop.report import runs_out
from shop.stock import find_item


def test_more():
    items = [{"name": "tea", "amount": 3}]
    assert find_item(items, "tea") is items[0]
    assert not can_order(items, "tea", 4)
    assert not runs_out(items, "tea")
    assert runs_out([], "tea")
