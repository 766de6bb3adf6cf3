import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dashboard.errors import FaceError
from dashboard.faces.face import MAX_LENGTH, Average, Demo, Face, Mix, Seed, Stored, is_name, parse, quantise
from dashboard.synthesis.stylegan.options import PLAIN, DrawingOptions

HASH = "0123456789abcdef0123456789abcdef"
ALPHABET = "0123456789abmixvglatentdemoSmiling.,;=()~:-_+eE% \n\u0663psicutoffnoisetranslaterotatelabel"

seeds = st.builds(Seed, st.integers(0, 2**32 - 1), st.just(0) | st.integers(0, 19_999))
stored = st.builds(Stored, st.text("0123456789abcdef", min_size=32, max_size=32))
features = st.dictionaries(
    st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,15}", fullmatch=True), st.integers(0, 100), max_size=5
)
demos = st.builds(lambda chosen: Demo(tuple(chosen.items())), features)
parts = st.floats(0, 1) | st.sampled_from([0.0, 0.25, 0.5, 1.0])
bases = st.recursive(
    seeds | stored | demos,
    lambda inner: st.builds(Mix, inner, inner, parts) | st.lists(inner, min_size=2, max_size=3).map(tuple).map(Average),
    max_leaves=5,
)
names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,15}|(pc|sefa)~[A-Za-z0-9._-]{1,12}|own~[0-9a-f]{32}", fullmatch=True)
pins = st.dictionaries(names, st.floats(-4, 4), max_size=4).map(lambda chosen: tuple(chosen.items()))
numbers = st.floats(-1, 1) | st.sampled_from([0.0, 0.5, -0.25, 1.0])
options = st.builds(
    DrawingOptions,
    psi=st.floats(-4, 4) | st.just(1.0),
    cutoff=st.none() | st.integers(0, 20),
    noise=st.sampled_from(["const", "none"]) | st.integers(0, 2**32 - 1),
    shift=st.tuples(numbers, numbers),
    degrees=st.floats(-360, 360) | st.just(0.0),
    label=st.none() | st.integers(0, 9),
)
ranges = st.sampled_from(["all", "coarse", "middle", "fine", "0", "3-17", "09-9"])
layers = st.dictionaries(names, ranges, max_size=3).map(lambda chosen: tuple(chosen.items()))
faces = st.builds(Face, bases, pins, st.just(PLAIN) | options, layers)


@given(faces)
def test_what_is_written_is_read_back(face):
    assert parse(str(face)) == face
    assert len(str(face)) <= MAX_LENGTH


@given(bases, pins, st.randoms(use_true_random=False))
def test_equal_faces_have_equal_strings(base, chosen, random):
    shuffled = list(chosen)
    random.shuffle(shuffled)
    face, other = Face(base, chosen), Face(base, tuple(shuffled))
    assert face == other
    assert str(face) == str(other)


@given(bases, bases, parts)
def test_a_mix_has_one_string_from_either_end(first, second, t):
    t = quantise(t)
    try:
        forth = Face(Mix(first, second, t))
    except FaceError:
        return  # nested too deep
    assert forth == Face(Mix(second, first, 1 - t))


@given(st.text(ALPHABET, max_size=40) | st.text(max_size=20))
@example("1:")
@example("1:" + "mix(" * 249)
@example("1:" + "avg(1," * 100 + ")" * 100)
@example("1:4;" * 250)
@example("psi:0.7;psi:0.7")
@example("noise:\u0664")
@example("translate:1,,1;rotate:1e3")
@example("label:99999;cutoff:-1")
@example("1:4;a=" + "9" * 900)
def test_junk_raises_nothing_but_face_errors(text):
    for candidate in (text, "1:" + text, "1:4217;" + text, f"1:mix({text},4,0.5)"):
        try:
            face = parse(candidate)
        except FaceError:
            continue
        assert parse(str(face)) == face


@given(faces, st.integers(0, 200), st.sampled_from(ALPHABET))
def test_a_damaged_string_is_refused_or_read_as_some_face(face, index, character):
    text = str(face)
    damaged = text[:index] + character + text[index + 1 :]
    try:
        read = parse(damaged)
    except FaceError:
        return
    assert parse(str(read)) == read


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("1:4217", "1:4217"),
        ("1:4217.0", "1:4217"),
        ("1:004217.007", "1:4217.7"),
        ("1:1000.83;Smiling=2.20;Male=-0.0", "1:1000.83;Male=0;Smiling=2.2"),
        ("1:4;b=1.23456;a=-0.00004", "1:4;a=0;b=1.2346"),
        ("1:4;a=0.00005;b=-0.00005", "1:4;a=0.0001;b=-0.0001"),
        ("1:mix(7,3,0.25)", "1:mix(3,7,0.75)"),
        ("1:mix(3,7,0)", "1:3"),
        ("1:mix(3,7,1)", "1:7"),
        ("1:mix(3,3,0.4)", "1:3"),
        ("1:avg(9,3,3)", "1:avg(3,3,9)"),
        ("1:avg(5,5.0)", "1:5"),
        ("1:4;psi:0.70", "1:4;psi:0.7"),
        ("1:4;psi:1.00001", "1:4"),
        ("1:4;cutoff:4", "1:4"),
        ("1:4;noise:007;psi:-0;cutoff:04", "1:4;psi:0;cutoff:4;noise:7"),
        ("1:4;rotate:-0;translate:0,-0.00", "1:4"),
        (
            "1:4;rotate:15;Smiling=1;translate:0.5,0;label:3;noise:none",
            "1:4;Smiling=1;label:3;noise:none;translate:0.5,0;rotate:15",
        ),
        ("1:avg(mix(2,1,1),1)", "1:1"),
        (f"1:latent~{HASH}", f"1:latent~{HASH}"),
        ("1:demo(Young=075,Male=5)", "1:demo(Male=5,Young=75)"),
        ("1:demo()", "1:demo()"),
        ("1:mix(demo(B=1,A=2),avg(2,demo()),0.5);Young=1", "1:mix(avg(2,demo()),demo(A=2,B=1),0.5);Young=1"),
        (f"1:mix(latent~{HASH},avg(2,1),0.5)", f"1:mix(avg(1,2),latent~{HASH},0.5)"),
        (f"1:4;pc~block4.3=1;own~{HASH}=2;sefa~0=-4", f"1:4;own~{HASH}=2;pc~block4.3=1;sefa~0=-4"),
        ("1:4294967295.19999;5_o_Clock_Shadow=4", "1:4294967295.19999;5_o_Clock_Shadow=4"),
    ],
)
def test_the_canonical_form(text, canonical):
    assert str(parse(text)) == canonical


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Expected a face such as 1:4217;Smiling=2.2. Received: nothing."),
        ("4217", "Expected a face such as 1:4217"),
        ("2:4217", "Expected a face of version 1. Received: version 2."),
        ("1:", "Expected a base: SEED"),
        ("1:4294967296", "Expected a seed from 0 to 4294967295"),
        ("1:4.20000", "Expected a row from 0 to 19999"),
        ("1:-4", "Expected a base"),
        ("1:4.", "Expected a base"),
        ("1:\u0664", "Expected a base"),
        ("1:latent~ABC", "Expected latent~ and 32 digits"),
        ("1:mix(1,2)", r"Expected mix\(base,base,t\)"),
        ("1:mix(1,2,1.5)", "Expected a mix between 0 and 1"),
        ("1:mix(1,2,-0.1)", "Expected a mix between 0 and 1"),
        ("1:mix(1,2,0.5", "Expected a base"),
        ("1:avg(1)", "Expected two bases or more"),
        ("1:avg(1,)", "Expected a base"),
        ("1:avg(" + ",".join(["1"] * 17) + ")", "Expected at most 16 bases"),
        ("1:avg(1,avg(2,avg(3,avg(4,avg(5,6)))))", "at most 4 deep"),
        ("1:demo(Young=101)", "Expected a feature from 0 to 100"),
        ("1:demo(Young=-5)", "Expected a feature from 0 to 100"),
        ("1:demo(Young=7.5)", "Expected a feature from 0 to 100"),
        ("1:demo(Young)", "Expected a feature from 0 to 100"),
        ("1:demo(Young=50,)", "Expected a feature from 0 to 100"),
        ("1:demo(,)", "Expected a feature from 0 to 100"),
        ("1:demo(Young=50,Young=60)", "Expected every feature once. Received: Young twice"),
        ("1:demo(pc~1=50)", "Expected a feature from 0 to 100"),
        ("1:demo(Young=50", "Expected a base"),
        ("1:4;", "Expected a pin such as Smiling=2.2"),
        ("1:4;Smiling", "Expected a pin such as"),
        ("1:4;Smiling=", "Expected a number such as"),
        ("1:4;Smiling=+1", "Expected a number such as"),
        ("1:4;Smiling=1e0", "Expected a number such as"),
        ("1:4;Smiling=nan", "Expected a number such as"),
        ("1:4;Smiling=4.0001", "Expected Smiling from -4 to 4. Received: 4.0001"),
        ("1:4;Smiling=1;Smiling=1", "Expected every attribute once. Received: Smiling twice"),
        ("1:4;Smi ling=1", "Expected an attribute's name"),
        ("1:4;_a=1", "Expected an attribute's name"),
        ("1:4;own~1=1", "Expected an attribute's name"),
        ("1:4;psi:0.7;psi:0.7", "Expected every option once. Received: psi twice"),
        ("1:4;phi:1", "Expected an option of: label, psi"),
        ("1:4;psi:4.1", "Expected a psi from -4 to 4. Received: 4.1"),
        ("1:4;psi:", "Expected a number such as"),
        ("1:4;cutoff:-1", "Expected a cutoff from 0 to 8192"),
        ("1:4;label:9999", "Expected a label from 0 to 8192"),
        ("1:4;noise:random", "Expected the noise const, none, or a seed"),
        ("1:4;noise:4294967296", "Expected a seed of the noise from 0 to"),
        ("1:4;translate:0.1", "Expected a translation such as"),
        ("1:4;translate:2,0", "Expected shifts from -1 to 1. Received: 2,0"),
        ("1:4;rotate:361", "Expected a rotation of at most 360 degrees"),
        ("1:4;layers:", "Expected layers such as Smiling=coarse. Received: nothing"),
        ("1:4;layers:Smiling", "Expected layers such as Smiling=coarse. Received: Smiling"),
        ("1:4;layers:Smiling=", "Expected layers: all, coarse, middle, fine, or numbers such as 0-3"),
        ("1:4;layers:Smiling=Coarse", "Expected layers: all, coarse"),
        ("1:4;layers:Smiling=3-2", "Expected layers: all, coarse"),
        ("1:4;layers:Smiling=0-3,", "Expected layers such as Smiling=coarse. Received: nothing"),
        ("1:4;layers:Smiling=0-3,Smiling=all", "Expected every attribute's layers once. Received: Smiling twice"),
        ("1:4;layers:_a=0-3", "Expected an attribute's name"),
        ("1:4;layers:a=1;layers:b=1", "Expected every option once. Received: layers twice"),
        ("1:4" + ";a=1" * 300, "Expected a face of at most 1000 characters. Received: 1203 characters"),
    ],
)
def test_broken_faces_are_refused_with_a_sentence(text, sentence):
    with pytest.raises(FaceError, match=sentence):
        parse(text)


def test_what_is_received_is_shown_short_and_printable():
    with pytest.raises(FaceError) as caught:
        parse("1:\n\x1b[31m" + "x" * 500)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 250


def test_unknown_attributes_are_refused_with_the_nearest_one():
    allowed = ("Smiling", "Male")
    assert parse("1:4;Smiling=1", allowed) == parse("1:4;Smiling=1")
    with pytest.raises(FaceError, match=r"Received: Smilng\. Did you mean Smiling\?"):
        parse("1:4;Smilng=1", allowed)
    with pytest.raises(FaceError, match=r"Received: Bald\. See the sliders"):
        parse("1:4;Bald=1", allowed)


def test_a_face_made_by_hand_is_canonical_and_checked():
    face = Face(Mix(Seed(7), Seed(3), 0.25), (("Smiling", 2.20001), ("Male", -0.0)))
    assert str(face) == "1:mix(3,7,0.75);Male=0;Smiling=2.2"
    assert (face.names, face.values) == (("Male", "Smiling"), (0.0, 2.2))
    for wrong in (
        lambda: Seed(-1),
        lambda: Stored("x"),
        lambda: Average((Seed(1),)),
        lambda: Face(Seed(1), (("Smiling", float("nan")),)),
        lambda: Face(Seed(1), (("Smiling", float("inf")),)),
        lambda: Face(Seed(1), tuple((f"{'a' * 60}{index}", 1.0) for index in range(16))),
    ):
        with pytest.raises(FaceError):
            wrong()


@given(st.floats(-1e6, 1e6))
def test_quantising_twice_is_quantising_once(value):
    once = quantise(value)
    assert quantise(once) == once
    assert abs(once - value) <= 0.50001e-4
    assert str(once) != "-0.0"


@pytest.mark.parametrize(
    ("text", "is_one"), [("Smiling", True), ("pc~0.1", True), ("own~" + HASH, True), ("a=b", False)]
)
def test_names(text, is_one):
    assert is_name(text) is is_one
