"""JSON, read so that nothing of it is lost."""

import json
from decimal import Decimal


class Number(str):
    """A number by its digits."""


class Members(tuple):
    """The names and values of an object in their order, repeated ones too."""

    def get(self, name):
        return next((value for key, value in self if key == name), None)

    def __contains__(self, name):
        return any(key == name for key, _ in self)


def refuse(constant):
    raise ValueError(constant)


def read(content):
    """Reads JSON in bytes; ValueError for whatever is not well-formed in UTF-8."""
    value = json.loads(
        content.decode(),
        object_pairs_hook=Members,
        parse_int=Number,
        parse_float=Number,
        parse_constant=refuse,
    )
    for text in strings(value):
        text.encode()
    return value


def strings(value):
    match value:
        case str():
            yield value
        case tuple() | list():
            for part in value:
                yield from strings(part)


def repeats_a_name(value):
    match value:
        case Members():
            names = [name for name, _ in value]
            return len(set(names)) < len(names) or any(repeats_a_name(v) for _, v in value)
        case list():
            return any(repeats_a_name(v) for v in value)
        case _:
            return False


def same(one, other):
    """Whether two values are equal: numbers by value, objects in any order."""
    match one, other:
        case Number(), Number():
            return Decimal(one) == Decimal(other)
        case Number(), _:
            return False
        case Members(), Members():
            return len(one) == len(other) and all(
                name in other and same(value, other.get(name)) for name, value in one
            )
        case list(), list():
            return len(one) == len(other) and all(map(same, one, other))
        case _:
            return type(one) is type(other) and one == other
