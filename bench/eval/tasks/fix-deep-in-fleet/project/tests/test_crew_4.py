from fleet.crew_4 import watch_4


def test_watch():
    assert watch_4(17)
    assert not watch_4(0)
