"""Which stories a provider can play: those that are for it, with cards that it has."""

from __future__ import annotations

from badgateway.providers import DIALECTS
from badgateway.scenario.model import Scenario


def is_for(story: Scenario, provider: str) -> bool:
    """Say whether a story may be played with a provider; one with a route, only with the first of it."""
    routes = {case.world.route for case in story.cases if case.world.route}
    if routes:
        return all(route[0] == provider for route in routes)
    return not story.providers or provider in story.providers


def has_cards(story: Scenario, provider: str) -> bool:
    """Say whether a provider has every card of a story; a word that is nobody's is told by the compiler."""
    cases = story.cases
    said = {card for case in cases for card in (case.world.card, *(one.card for one in case.each_step()))}
    missing = {card for card in said if card is not None and card not in DIALECTS[provider].cards}
    return not any(card in one.cards for card in missing for one in DIALECTS)
