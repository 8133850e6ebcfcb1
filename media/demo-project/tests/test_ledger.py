from datetime import date

import pytest

from shelf.books import Book, Catalogue
from shelf.ledger import Ledger

TODAY = date(2024, 3, 1)


@pytest.fixture
def ledger():
    catalogue = Catalogue()
    for title in ["Emma", "Ulysses", "Dune", "Momo"]:
        catalogue.add(Book(title, "somebody"))
    return Ledger(catalogue)


def test_a_lent_book_is_out_until_it_is_back(ledger):
    ledger.lend("Emma", "Ada", TODAY)
    assert ledger.is_out("Emma")
    ledger.take_back("Emma", TODAY)
    assert not ledger.is_out("Emma")


def test_a_book_that_is_out_cannot_be_lent(ledger):
    ledger.lend("Emma", "Ada", TODAY)
    with pytest.raises(ValueError):
        ledger.lend("Emma", "Grace", TODAY)


def test_a_friend_holds_three_books_at_most(ledger):
    for title in ["Emma", "Ulysses", "Dune"]:
        ledger.lend(title, "Ada", TODAY)
    with pytest.raises(ValueError):
        ledger.lend("Momo", "Ada", TODAY)


def test_unknown_books_cannot_be_lent(ledger):
    with pytest.raises(KeyError):
        ledger.lend("Faust", "Ada", TODAY)
