from __future__ import annotations

import pytest

from dashboard.errors import InputError
from dashboard.exports.export_request import read_export
from dashboard.synthesis.model_folder import Model

SWEEP = {"faces": "1:7!1:8", "words": {"on": "Male"}}


def test_what_makes_no_difference_to_the_file_is_left_out(tiny_model: Model) -> None:
    same = [
        read_export({**SWEEP, "form": "png", "rate": rate, "site": "http://[::1]:80"}, tiny_model).params
        for rate in (5, 9)
    ]
    assert same[0] == same[1]
    assert read_export({"form": "csv", "what": "faces", "faces": "1:7"}, tiny_model).params == {
        "form": "csv",
        "what": "faces",
        "faces": "1:7",
    }


@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        ({"form": "gif"}, "Expected form to be one of png, csv, html, webp, mp4. Received: gif."),
        ({"form": "mp4", "rate": 60}, "Expected rate from 5 to 30. Received: 60."),
        ({"form": "mp4", "seconds": "4"}, "Expected seconds from 0.5 to 30. Received: 4."),
        ({"size": True}, "Expected size to be one of 64, 128, 256, 512, 1024. Received: True."),
        ({"size": 1024, "words": {"steps": "13"}}, "Expected at most 40,000,000 pixels. Received: 54,525,952."),
        ({"form": "mp4", "seconds": 30, "rate": 30}, "Expected at most 3,000 faces. Received: 3,600."),
        ({"form": "mp4", "size": 1024, "words": {"runs": "both"}}, "Expected at most 4,000,000 pixels in a frame."),
        ({"form": "webp", "what": "faces", "faces": "1:7"}, "Expected two faces for an animation."),
        ({"site": "javascript:alert(1)"}, "Expected the address of this site."),
        ({"words": {"on": "Nose"}}, "Received: Nose."),
        ({"words": []}, "Expected the parameters of a sheet by name."),
        ({"faces": ""}, "Expected 1 to 6 faces. Received: 0."),
        ({"faces": "1:" + "9" * 2000}, "Expected a face of at most 1000 characters."),
    ],
)
def test_what_is_wrong_or_too_much_is_refused_with_a_sentence(tiny_model: Model, params, sentence) -> None:
    with pytest.raises(InputError) as refused:
        read_export({**SWEEP, **params}, tiny_model)
    assert sentence in str(refused.value)
