"""Who comes to the party."""


def coming(guests):
    answer = []
    for guest in guests:
        if guest.get("declined"):
            continue
        if guest.get("name") is not None:
            answer.append(guest["name"])
    return answer


def without_answer(guests):
    return [guest["name"] for guest in guests if guest.get("declined") is None]


def has_seat(guest, seats):
    return guest not in seats
