"""What something may offer beside the rest, looked up once for each class."""

from typing import Protocol, runtime_checkable

from badgateway.ground.ability import Ability


@runtime_checkable
class Sings(Protocol, metaclass=Ability):
    """What a bird may offer."""

    def sing(self):
        """Sing."""


@runtime_checkable
class Swims(Protocol, metaclass=Ability):
    """What another bird may offer."""

    def swim(self):
        """Swim."""


class Lark:
    def sing(self):
        return "tirra"


class Duck:
    def swim(self):
        return None


def test_only_who_has_its_members_offers_an_ability():
    assert isinstance(Lark(), Sings)
    assert not isinstance(Duck(), Sings)
    assert isinstance(Duck(), Swims)
    assert not isinstance(Lark(), Swims)


def test_the_answer_is_the_same_the_second_time():
    assert [isinstance(Lark(), Sings) for _ in range(2)] == [True, True]
    assert [isinstance(Duck(), Sings) for _ in range(2)] == [False, False]
