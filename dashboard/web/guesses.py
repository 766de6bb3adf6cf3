"""Limit of wrong secrets: ten a minute from one visitor are checked, further ones are refused unread."""

from __future__ import annotations

import math

from flask import Flask, current_app

from dashboard.stores.ports import Quotas
from dashboard.stores.quotas import LimitsQuotas

MOST, SECONDS = 10, 60
"""Wrong secrets that a visitor may send in a minute."""

EXTENSION = "likeness-guesses"


class Guesses:
    """Wrong guesses of each visitor.

    Args:
        quotas: where they are counted.
    """

    def __init__(self, quotas: Quotas) -> None:
        self._quotas = quotas

    def wait(self, visitor: str) -> int:
        """Return the seconds until a visitor may try again; 0 for now."""
        return math.ceil(self._quotas.wait("guesses", visitor, MOST, SECONDS))

    def note(self, visitor: str) -> None:
        """Count a wrong guess of a visitor."""
        self._quotas.hit("guesses", visitor, MOST, SECONDS)


def limit_guesses(server: Flask, quotas: Quotas) -> None:
    """Set where an application counts wrong guesses."""
    server.extensions[EXTENSION] = Guesses(quotas)


def guesses() -> Guesses:
    """Return the guesses of the application that answers this request."""
    kept = current_app.extensions
    return kept[EXTENSION] if EXTENSION in kept else kept.setdefault(EXTENSION, Guesses(LimitsQuotas()))
