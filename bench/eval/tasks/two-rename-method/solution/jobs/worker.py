"""Works off a queue; what fails is queued again, once."""


def work_off(queue, run):
    failed = set()
    done = []
    while len(queue):
        job = queue.take()
        if run(job):
            done.append(job)
        elif job not in failed:
            failed.add(job)
            queue.put(job)
    return done
