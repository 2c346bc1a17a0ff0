"""What a body says without card numbers and codes; a card that the file knows comes back as itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from badgateway.ground.redact import HIDDEN, is_card_number, redact
from badgateway.providers.declared.model import Spec

_SALT = "written down"  # the same in every process: what was hidden yesterday is hidden alike today


def hidden(said: Any, spec: Spec, name: str = "") -> Any:
    """Give what a body says without card numbers and codes: the same for the same body, in every process."""
    match said:
        case Mapping():
            return {key: hidden(part, spec, key) for key, part in said.items()}
        case list():
            return [hidden(part, spec, name) for part in said]
        case str():
            word = next((word for word, token in spec.cards.items() if token == said), None)
            if word is not None:
                return f"[{word}]" if is_card_number(said) else said
            is_code = redact(f"{name}: {said}") != f"{name}: {redact(said)}"
            return HIDDEN if is_code else redact(said, salt=_SALT)
        case int() if not isinstance(said, bool) and hidden(str(said), spec, name) != str(said):
            return hidden(str(said), spec, name)
    return said


def revealed(said: Any, spec: Spec) -> Any:
    """Give what a hidden body said, as far as it was of the cards that the file knows."""
    match said:
        case Mapping():
            return {key: revealed(part, spec) for key, part in said.items()}
        case list():
            return [revealed(part, spec) for part in said]
        case str():
            return next((token for word, token in spec.cards.items() if said == f"[{word}]"), said)
    return said
