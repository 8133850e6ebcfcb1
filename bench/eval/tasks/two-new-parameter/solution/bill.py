"""A bill."""

from money import price_text


def bill(lines, currency="EUR"):
    """One line for each (name, cents), and the sum, all in one currency."""
    rows = [f"{name}: {price_text(cents, currency)}" for name, cents in lines]
    total = sum(cents for _, cents in lines)
    rows.append(f"sum: {price_text(total, currency)}")
    return rows
