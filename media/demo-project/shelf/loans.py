"""One book, lent to one friend for some days."""

from dataclasses import dataclass
from datetime import date, timedelta

LOAN_DAYS = 21


@dataclass
class Loan:
    title: str
    friend: str
    lent_on: date
    returned_on: date = None

    @property
    def due_on(self):
        return self.lent_on + timedelta(days=LOAN_DAYS)

    @property
    def is_open(self):
        return self.returned_on == None


def days_late(loan, today):
    """Whole days past the due date; 0 for a loan that is in time."""
    late = (loan.due_on - today).days
    return max(late, 0)
