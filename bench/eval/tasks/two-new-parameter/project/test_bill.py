from bill import bill
from money import price_text


def test_price_text():
    assert price_text(1250, "USD") == "12.50 USD"


def test_bill_in_another_currency():
    lines = [("tea", 300), ("milk", 120)]
    assert bill(lines, "CHF") == ["tea: 3.00 CHF", "milk: 1.20 CHF", "sum: 4.20 CHF"]


def test_bill_as_before():
    assert bill([("tea", 300)]) == ["tea: 3.00 EUR", "sum: 3.00 EUR"]
