"""Money as text."""


def price_text(cents, currency="EUR"):
    return f"{cents / 100:.2f} {currency}"
