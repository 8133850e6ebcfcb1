from jobs.queue import Queue
from jobs.worker import work_off


def test_in_order():
    queue = Queue()
    queue.put("a")
    queue.put("b")
    assert work_off(queue, lambda job: True) == ["a", "b"]


def test_failed_jobs_come_again():
    queue = Queue()
    queue.put("a")
    answers = iter([False, True])
    assert work_off(queue, lambda job: next(answers)) == ["a"]
