"""assets/js/pins.js compared with its Python counterpart."""

from pathlib import Path

import numpy as np
import pytest

from dashboard.analysis.feasibility import feasible_range, reach_range, require_feasible
from dashboard.analysis.pins import apply_pins, coordinates, coordinates_from_gram, on_sphere, spare_vector
from dashboard.errors import FaceError, PinError
from dashboard.faces.attribute_layers import apply_layered_pins, layer_weights, layered_coordinates, mixed_layers
from dashboard.faces.face import Face, parse, quantise
from dashboard.faces.layer_ranges import named_ranges
from dashboard.faces.option_grammar import mixed_options

SCRIPT = Path(__file__).parents[2] / "assets" / "js" / "pins.js"


@pytest.fixture(scope="module")
def js(browser):
    """Return a function that calls one of the script's with every list of arguments."""
    page = browser.new_page()
    page.add_script_tag(path=SCRIPT)

    def call(function, cases):
        calls = """([name, cases]) => cases.map((each) => {
            try { return {value: JSON.parse(JSON.stringify(likenessPins[name](...each),
                (_, x) => x instanceof Float64Array ? [...x] : x)) }; }
            catch (error) { return {error: error.message}; }
        })"""
        return page.evaluate(calls, [function, cases])

    yield call
    page.close()


def a_case(seed, size=None, normalised=True):
    """Return (directions, model, base latent, base, idx, values); directions from independent to nearly parallel."""
    random = np.random.RandomState(seed)
    size = size or [8, 64, 512][seed % 3]
    shared = [0.0, 1.0, 4.0, 12.0][seed % 4]
    columns = random.randn(size, 6) + shared * random.randn(size, 1)
    directions = columns / np.linalg.norm(columns, axis=0)
    if seed % 5 == 0:
        directions[:, 3] = directions[:, 1]
    z0 = random.randn(size)
    if normalised:
        z0 = on_sphere(z0)
    model = {
        "gram": (directions.T @ directions).tolist(),
        "latent_size": size,
        "normalised": normalised,
        "spare": coordinates(spare_vector(size), directions).tolist(),
    }
    idx = random.permutation(6)[: random.randint(0, 5)].tolist()
    values = random.uniform(-2, 2, len(idx)).round(2).tolist()
    if seed % 10 == 0 and {1, 3} <= set(idx):
        values[idx.index(3)] = values[idx.index(1)]
    return directions, model, z0, base_of(z0, directions), idx, values


def base_of(z0, directions):
    return {"coordinates": coordinates(z0, directions).tolist(), "norm2": float(z0 @ z0)}


@pytest.mark.parametrize("normalised", [True, False])
def test_coordinates_are_those_of_the_latent(js, normalised):
    cases = [a_case(seed, normalised=normalised) for seed in range(200)]
    answers = js("coordinates", [case[1:2] + case[3:] for case in cases])
    feasible = 0
    for (directions, _, z0, _, idx, values), answer in zip(cases, answers, strict=True):
        found = answer["value"]
        if found["feasible"]:
            feasible += 1
            z = apply_pins(z0, directions[:, idx], values, normalised)
            np.testing.assert_allclose(found["s"], coordinates(z, directions), atol=1e-5)
            continue
        with pytest.raises(PinError) as caught:
            apply_pins(z0, directions[:, idx], values, normalised)
        assert found["s"] is None
        assert {f"pin {idx.index(index) + 1}" for index in found["pins"]} == set(caught.value.pins)
        assert found["limit"] == pytest.approx(caught.value.limit, abs=2e-4)
        assert f"pin {idx.index(found['limitOf']) + 1} at " in str(caught.value)
    assert 50 < feasible < 200, "both kinds have to occur"


def test_coordinates_lean_as_python_finds_them_a_step_further(js):
    cases = [case for case in map(a_case, range(1, 60)) if case[4] and 0 not in case[4]]
    answers = js("lean", [[*case[1:2], *case[3:], 0] for case in cases])
    compared = 0
    for (directions, _, z0, _, idx, values), answer in zip(cases, answers, strict=True):
        try:
            now = coordinates(apply_pins(z0, directions[:, idx], values, True), directions)
            further = apply_pins(z0, directions[:, [*idx, 0]], [*values, now[0] + 0.05], True)
        except PinError:
            continue
        slopes = (coordinates(further, directions) - now) / 0.05
        np.testing.assert_allclose(answer["value"], slopes, atol=1e-3)
        np.testing.assert_allclose(np.asarray(answer["value"])[idx], 0, atol=1e-3)
        compared += 1
    assert compared > 10


def test_a_base_without_a_remainder_takes_the_models_spare_vector(js):
    directions, model, *_ = a_case(1, 64)
    for z0 in (np.zeros(64), on_sphere(directions[:, :2] @ [1.0, 2.0])):
        (answer,) = js("coordinates", [[model, base_of(z0, directions), [0, 1], [1, -1]]])
        expected = coordinates(apply_pins(z0, directions[:, :2], [1.0, -1.0]), directions)
        np.testing.assert_allclose(answer["value"]["s"], expected, atol=1e-6)


def test_a_base_as_drawn_is_put_on_the_sphere(js):
    directions, model, *_ = a_case(2)
    drawn = np.random.RandomState(3).randn(512)
    (free,) = js("coordinates", [[model, base_of(drawn, directions), [], []]])
    np.testing.assert_allclose(free["value"]["s"], coordinates(on_sphere(drawn), directions), atol=1e-12)
    (locked,) = js(
        "coordinates", [[model, base_of(drawn, directions), [0, 2], [free["value"]["s"][k] for k in (0, 2)]]]
    )
    np.testing.assert_allclose(locked["value"]["s"], free["value"]["s"], atol=1e-9)


@pytest.mark.parametrize("normalised", [True, False])
def test_ranges_are_those_of_the_python(js, normalised):
    cases = [a_case(seed, normalised=normalised) for seed in range(200)]
    all_ranges = js("ranges", [case[1:2] + case[3:] for case in cases])
    one_range = js("range", [[*case[1:2], *case[3:], 4] for case in cases])
    absent = 0
    for (directions, _, z0, _, idx, values), several, one in zip(cases, all_ranges, one_range, strict=True):
        sphere = len(z0) if normalised else None
        for k, found in enumerate(several["value"]):
            expected = feasible_range(directions.T @ directions, idx, values, k, sphere)
            absent += expected is None
            # JSON has no infinity: it says null for each end.
            shown = list(expected) if expected and np.isfinite(expected).all() else expected and [None, None]
            assert found == (pytest.approx(shown, abs=1e-4) if shown and shown[0] is not None else shown)
            if k == 4:
                assert one["value"] == (pytest.approx(found, abs=1e-4) if found and found[0] is not None else found)
    assert absent > 0


def test_the_drift_is_explained_in_full(js):
    cases = [case for case in map(a_case, range(60)) if holds(case)]
    assert len(cases) > 20
    answers = js("drift", [[case[1], *case[3:], 5] for case in cases])
    for (directions, _, z0, _, idx, values), answer in zip(cases, answers, strict=True):
        found = answer["value"]
        z = apply_pins(z0, directions[:, idx], values)
        assert found["total"] == pytest.approx((z - z0) @ directions[:, 5], abs=1e-6)
        assert found["rest"] + sum(part["amount"] for part in found["parts"]) == pytest.approx(found["total"], abs=1e-9)
        # A part is what the pin moved along its own direction, seen from attribute 5.
        pinned = directions[:, idx]
        moved = np.linalg.pinv(pinned.T @ pinned, rcond=1e-6) @ (np.array(values) - z0 @ pinned)
        amounts = dict(zip(idx, directions[:, 5] @ pinned * moved, strict=True))
        assert {part["index"]: part["amount"] for part in found["parts"]} == pytest.approx(amounts, abs=1e-5)
        sizes = [abs(part["amount"]) for part in found["parts"]]
        assert sizes == sorted(sizes, reverse=True)


def holds(case):
    try:
        require_feasible(
            np.array(case[1]["gram"])[np.ix_(case[4], case[4])], np.array(case[5]), case[1]["latent_size"], None
        )
    except PinError:
        return False
    return True


def test_a_lock_alone_explains_no_drift(js):
    _, model, _, base, *_ = a_case(7)
    (answer,) = js("drift", [[model, base, [0, 2], [base["coordinates"][k] for k in (0, 2)], 5]])
    assert answer["value"]["total"] == pytest.approx(0, abs=1e-9)
    assert [part["amount"] for part in answer["value"]["parts"]] == pytest.approx([0, 0], abs=1e-9)


def test_numbers_are_rounded_as_in_python(js):
    random = np.random.RandomState(4)
    values = [*random.uniform(-4, 4, 300), *(random.randint(-40000, 40000, 300) + 0.5) / 1e4, 0.03125, -0.03125, -1e-9]
    assert [answer["value"] for answer in js("quantise", [[value] for value in values])] == [
        quantise(v) for v in values
    ]
    texts = [answer["value"] for answer in js("formatFace", [["4217", {"Smiling": value}] for value in values])]
    assert texts == [str(parse(f"1:4217;Smiling={value:.17f}")) for value in values]


@pytest.mark.parametrize(
    "text",
    [
        "1:4217",
        "1:4217.0;b=1.23456;a=-0.00004",
        "1:004.007;Smiling=-4;5_o=2.50",
        "1:mix(3,7,0.25);pc~block4.3=1;Male=0.5",
        "1:demo(Male=70,Young=75)",
        "1:mix(avg(2,3),demo(5_o-Clock=0),0.5);Male=0.5",
        "1:4;rotate:15.00;Male=1;translate:0.5,-0.25;label:03;noise:none;psi:-0.5;cutoff:004",
        "1:4;psi:1.00;cutoff:4;noise:const;translate:0,-0;rotate:0.00001",
        "1:4;noise:0004294967",
        "1:4;layers:b=0-3,a=coarse,c=all,pc~w.2=07-7;b=1;psi:0.5",
        "1:4;layers:a=all",
        "1:latent~0123456789abcdef0123456789abcdef;own~0123456789abcdef0123456789abcdef=1",
    ],
)
def test_faces_are_read_and_written_as_in_python(js, text):
    (read,) = js("parseFace", [[text]])
    (written,) = js("formatFace", [[read["value"]["base"], read["value"]["pins"], read["value"]["options"]]])
    assert written["value"] == str(parse(text))


def test_what_python_refuses_is_refused_with_a_sentence(js):
    texts = ["", "4217", "2:4217", "1:", "1:<b>", "1:4;", "1:4;a", "1:4;a=+1", "1:4;a=1e0", "1:4;a=1.", "1:4;a=nan"]
    texts += ["1:demo(A=<b>)", "1:Demo(A=1)", "1:4A"]
    texts += ["1:4;psi:5", "1:4;psi:.5", "1:4;psi:1;psi:1", "1:4;phi:1", "1:4;noise:random", "1:4;noise:4294967296"]
    texts += ["1:4;label:-1", "1:4;cutoff:9000", "1:4;translate:1", "1:4;translate:1,2", "1:4;rotate:361", "1:4;psi:"]
    texts += [
        "1:4;layers:",
        "1:4;layers:a",
        "1:4;layers:a=Fine",
        "1:4;layers:a=3-2",
        "1:4;layers:a=1,",
        "1:4;layers:a=100",
    ]
    texts += ["1:4;layers:a=1,a=all", "1:4;layers:a=1;layers:b=1", "1:4;layers:=1", "1:4;layers:a=1-2-3"]
    texts += ["1:4;a=4.0001", "1:4;a=1;a=1", "1:4;é=1", "1:4" + ";a=1" * 300]
    for text, answer in zip(texts, js("parseFace", [[text] for text in texts]), strict=True):
        with pytest.raises(FaceError):
            parse(text)
        assert answer["error"].startswith("Expected ")
        assert "Received: " in answer["error"]


def test_coordinates_in_layers_are_those_of_the_rows(js):
    """The browser never sees a row: it has the Gram matrix of the attributes in their layers."""
    count, names, cases, wanted = 7, tuple("abcdef"), [], []
    for seed in range(1, 120):
        directions, model, z0, base, idx, values = a_case(seed, normalised=False)
        random = np.random.RandomState(seed)
        texts = random.choice(["all", "coarse", "middle", "fine", "0", "6", "2-4", "0-6"], len(names))
        layers = tuple((name, text) for name, text in zip(names, texts, strict=True) if text != "all")
        weights = layer_weights(names, layers, count)
        try:
            rows = apply_layered_pins(z0, directions[:, idx], values, weights[:, idx], [names[k] for k in idx])
        except PinError:
            continue
        model |= {"attributes": [{"name": name} for name in names], "layers": count}
        model |= {"layer_ranges": {name: list(rows) for name, rows in named_ranges(count).items()}}
        options = {"layers": ",".join(f"{name}={text}" for name, text in layers)}
        cases.append((model, options, base, idx, values))
        wanted.append(layered_coordinates(rows, directions, weights))
    models = [answer["value"] for answer in js("layered", [case[:2] for case in cases])]
    answers = js("coordinates", [(model, *case[2:]) for model, case in zip(models, cases, strict=True)])
    for answer, expected in zip(answers, wanted, strict=True):
        np.testing.assert_allclose(answer["value"]["s"], expected, atol=1e-5)
    assert len(wanted) > 80
    (same,) = js("layered", [[cases[0][0], {}]])
    assert same["value"]["gram"] == cases[0][0]["gram"]


def test_the_reach_in_w_is_that_of_python(js):
    cases, wanted = [], []
    for seed in range(1, 120):
        directions, model, z0, base, idx, values = a_case(seed, normalised=False)
        reach2 = float(np.random.RandomState(seed).uniform(0.5, 2) * len(z0))
        model |= {"reach2": reach2}
        cases.append([model, base, idx, values])
        given = (model["gram"], base["coordinates"], base["norm2"], idx, values)
        wanted.append([reach_range(*given, k, reach2) for k in range(directions.shape[1])])
    for answer, expected in zip(js("ranges", cases), wanted, strict=True):
        for found, reached in zip(answer["value"], expected, strict=True):
            assert (found is None) == (reached is None)
            if found is not None:
                assert found == pytest.approx(reached, abs=1e-4, rel=1e-4)


def test_options_are_mixed_as_in_python(js):
    texts = ["", ";psi:0.5;cutoff:3;noise:none", ";label:2;translate:0.5,0.1;rotate:-90", ";noise:7;psi:-1.2345"]
    texts += [";layers:a=coarse,b=2", ";psi:0.5;layers:a=0-3,c=fine"]
    cases = [(parse(f"1:4{a}"), parse(f"1:4{b}"), t) for a in texts for b in texts for t in (0, 0.3, 0.5, 0.7351, 1)]
    read = {str(face): js("parseFace", [[str(face)]])[0]["value"]["options"] for face, *_ in cases}
    mixed = js("mixOptions", [[read[str(a)], read[str(b)], t] for a, b, t in cases])
    written = js("formatFace", [["4", [], answer["value"]] for answer in mixed])
    wanted = [
        str(Face(a.base, (), mixed_options(a.options, b.options, t), mixed_layers(a.layers, b.layers, t)))
        for a, b, t in cases
    ]
    assert [answer["value"] for answer in written] == wanted


def test_the_python_of_the_same_numbers_agrees_with_itself():
    """The reference that the browser follows is the latent itself, whichever way it is computed."""
    directions, model, z0, base, *_ = a_case(8)
    found = coordinates_from_gram(model["gram"], base["coordinates"], base["norm2"], [2], [1.0], 512, model["spare"])
    np.testing.assert_allclose(found, coordinates(apply_pins(z0, directions[:, [2]], [1.0]), directions), atol=1e-9)
