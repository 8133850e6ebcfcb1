from weather.summary import mean, warmest

LINES = ["Bern 21.5", "Zug 19.0", "Chur 9.5"]


def test_warmest():
    assert warmest(LINES) == "Bern"
    assert warmest([]) is None


def test_mean():
    assert mean(["a 10", "b 20"]) == 15
