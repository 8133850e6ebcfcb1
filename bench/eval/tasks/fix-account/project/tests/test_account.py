import pytest
from bank.account import Account, NotEnough


def test_deposit():
    account = Account()
    account.deposit(100)
    assert account.cents == 100


def test_a_refused_withdrawal_changes_nothing():
    account = Account(50)
    with pytest.raises(NotEnough):
        account.withdraw(51)
    assert account.cents == 50
    assert account.moves == []
