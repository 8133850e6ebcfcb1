from jobs.queue import Queue
from jobs.worker import work_off


def test_the_old_name_is_gone():
    assert not hasattr(Queue(), "push")


def test_twice_failed_is_dropped():
    queue = Queue()
    queue.put("a")
    assert work_off(queue, lambda job: False) == []
    assert len(queue) == 0
