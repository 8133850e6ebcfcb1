"""An account in whole cents."""


class NotEnough(Exception):
    pass


class Account:
    def __init__(self, cents=0):
        self.cents = cents
        self.moves = []

    def deposit(self, cents):
        if cents <= 0:
            raise ValueError("a deposit is more than nothing")
        self.cents += cents
        self.moves.append(cents)

    def withdraw(self, cents):
        if cents > self.cents:
            raise NotEnough(cents)
        self.cents -= cents
        self.moves.append(-cents)
