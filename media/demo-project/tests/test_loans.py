from datetime import date

from shelf.fines import fine
from shelf.loans import Loan, days_late

LENT = date(2024, 3, 1)


def test_a_loan_is_due_after_three_weeks():
    assert Loan("Emma", "Ada", LENT).due_on == date(2024, 3, 22)


def test_a_loan_is_open_until_the_book_is_back():
    loan = Loan("Emma", "Ada", LENT)
    assert loan.is_open
    loan.returned_on = date(2024, 3, 4)
    assert not loan.is_open


def test_nothing_is_late_on_the_due_day():
    assert days_late(Loan("Emma", "Ada", LENT), date(2024, 3, 22)) == 0


def test_a_late_book_costs_a_fine_for_each_day():
    assert fine(Loan("Emma", "Ada", LENT), date(2024, 3, 27)) == 50


def test_a_book_in_time_costs_nothing():
    assert fine(Loan("Emma", "Ada", LENT), date(2024, 3, 22)) == 0
