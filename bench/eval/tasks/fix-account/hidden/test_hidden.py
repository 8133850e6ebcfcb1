import pytest
from bank.account import Account, NotEnough


def test_all_of_it():
    account = Account(50)
    account.withdraw(50)
    assert account.cents == 0
    assert account.moves == [-50]
    with pytest.raises(NotEnough):
        account.withdraw(1)
    assert account.moves == [-50]
    assert account.cents == 0
