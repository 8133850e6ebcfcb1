from fleet.crew_2 import watch_2


def test_watch():
    assert watch_2(9)
    assert not watch_2(12)
