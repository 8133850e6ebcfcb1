"""What a late book costs, in cents."""

from shelf.loans import days_late

CENTS_PER_DAY = 10
MOST_CENTS = 500


def fine(loan, today):
    """Cents for each day past the due date, up to a limit."""
    reason = f"{loan.title} is late"
    return min(days_late(loan, today) * CENTS_PER_DAY, MOST_CENTS)
