"""Only our own pages that have a state can be saved."""

from __future__ import annotations

from typing import Any

import pytest

from dashboard.errors import InputError
from dashboard.library.items import MAX_ADDRESS, Draft, checked_address


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("/?face=1:4217;Smiling=2.2&model=one-that-is-not-here", None),
        ("/", None),
        ("/latent-space?space=scores&sel=a:b", None),
        ("/directions/bias", None),
        ("/compare?faces=1:1!1:2#sheet", "/compare?faces=1:1!1:2"),
    ],
)
def test_an_address_is_kept_as_it_is_but_for_its_fragment(sent: str, kept: str | None) -> None:
    assert checked_address(sent) == (kept or sent)


@pytest.mark.parametrize(
    "sent",
    [
        "https://example.org/",
        "//example.org/?face=1:1",
        "/\\example.org",
        "javascript:alert(1)",
        "/faces/model@12345678/1:1.webp",
        "/models",
        "/directions/../models",
        "/?face=1:1\n",
        "/?" + "a=1&" * 65,
        "/?face=" + "1" * MAX_ADDRESS,
        "http://[",
        "",
        None,
        7,
    ],
)
def test_any_other_address_is_refused_with_a_sentence(sent: Any) -> None:
    with pytest.raises(InputError, match="Nothing was kept"):
        checked_address(sent)


def test_texts_are_bounded_and_tidied() -> None:
    draft = Draft("view", "/latent-space", "  Two \n words ", " a note\r\nof two lines ")
    assert (draft.title, draft.note) == ("Two words", "a note\nof two lines")
    for wrong in ({"kind": "poster"}, {"title": ""}, {"title": "x" * 201}, {"note": "x" * 4001}, {"note": "\x00"}):
        with pytest.raises(InputError, match="Nothing was kept"):
            Draft(**{"kind": "face", "address": "/", "title": "t", **wrong})  # type: ignore[arg-type]
