from fleet.crew_1 import watch_1


def test_watch():
    assert watch_1(5)
    assert not watch_1(8)
