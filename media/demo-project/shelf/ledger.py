"""Who has which book."""

from shelf.loans import Loan

MOST_LOANS = 3


class Ledger:
    def __init__(self, catalogue):
        self._catalogue = catalogue
        self._loans = []

    def open_loans(self, friend):
        return [loan for loan in self._loans if loan.is_open and loan.friend == friend]

    def may_borrow(self, friend):
        """A friend holds at most MOST_LOANS books at a time."""
        return len(self.open_loans(friend)) <= MOST_LOANS

    def is_out(self, title):
        return any(loan.is_open and loan.title == title for loan in self._loans)

    def lend(self, title, friend, today):
        if self._catalogue.find(title) is None:
            raise KeyError(title)
        if self.is_out(title):
            raise ValueError(f"{title} is out")
        if not self.may_borrow(friend):
            raise ValueError(f"{friend} has {MOST_LOANS} books already")
        loan = Loan(title, friend, today)
        self._loans.append(loan)
        return loan

    def take_back(self, title, today):
        for loan in self._loans:
            if loan.is_open and loan.title == title:
                loan.returned_on = today
                return loan
        raise KeyError(title)
