from fleet.crew_3 import watch_3


def test_watch():
    assert watch_3(13)
    assert not watch_3(16)
