"""Who comes to the party."""


def coming(guests):
    answer = []
    for guest in guests:
        if guest.get("declined") == True:
            continue
        if guest.get("name") != None:
            answer.append(guest["name"])
    return answer


def without_answer(guests):
    number = len(guests)
    return [guest["name"] for guest in guests if guest.get("declined") == None]


def has_seat(guest, seats):
    return not guest in seats
