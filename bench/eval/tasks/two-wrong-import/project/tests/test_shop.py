from shop.orders import can_order
from shop.report import runs_out

ITEMS = [{"name": "tea", "amount": 5}, {"name": "milk", "amount": 1}]


def test_orders():
    assert can_order(ITEMS, "tea", 5)
    assert not can_order(ITEMS, "sugar", 1)


def test_report():
    assert runs_out(ITEMS, "milk")
    assert not runs_out(ITEMS, "tea")
