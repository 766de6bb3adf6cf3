"""What a collection's cards and slides show of a sweep, a grid, a mix and a view."""

import pytest
from dash import html
from support.application import runtime_of, tiny_app
from support.stylegan_models import imported_stylegan

from dashboard.library.collections import Item
from dashboard.library.item_contents import shown
from dashboard.library.items import Draft
from dashboard.library.slides import slides
from dashboard.library.snapshots import Still
from dashboard.pages.collections.cards import card
from dashboard.pages.present.presenter import presenter_view

SWEEP = "/compare?face=1:31&faces=1:4!*!1:7&ref=B&on=Smiling&steps=5"


@pytest.fixture(scope="module")
def runtime(tmp_path_factory):
    app = tiny_app(tmp_path_factory.mktemp("slides"))
    with app.server.app_context():
        yield runtime_of(app)
    runtime_of(app).close()


def test_a_sweep_is_laid_out_with_its_own_faces_the_reference_first(runtime):
    (slide,) = slides([Draft("sweep", SWEEP, "Smiling")], runtime)
    tiles = slide["tiles"]
    assert tiles["columns"] == ["−4", "−2", "0", "+2", "+4"]
    assert [(row["title"], row["note"]) for row in tiles["rows"]][:3] == [
        ("Seed 31", "everything free"),
        ("Seed 31", "others locked"),
        ("Seed 4", "everything free"),
    ]
    assert tiles["rows"][0]["cells"][3]["address"].endswith("/1:31;Smiling=2.webp")
    assert [picture["address"] for picture in slide["pictures"][:5]] == [
        cell["address"] for cell in tiles["rows"][0]["cells"]
    ]
    assert slide["opening"] is None


def test_a_sheet_that_is_too_large_for_the_stage_is_cut_where_it_makes_sense(runtime):
    many = "/compare?face=1:1&faces=*!1:2!1:3!1:4&on=Smiling&steps=3"
    grid = "/compare?face=1:1&on=Smiling&by=Young&sheet=grid&steps=9"
    mix = "/compare?face=1:1&faces=*!1:2&sheet=mix&steps=33&runs=free"
    sweeps = slides([Draft("sweep", many, "Four people")], runtime)
    assert [[row["title"] for row in slide["tiles"]["rows"]] for slide in sweeps] == [
        ["Seed 1", "Seed 1", "Seed 2", "Seed 2", "Seed 3", "Seed 3"],
        ["Seed 4", "Seed 4"],
    ]
    grids = slides([Draft("grid", grid, "A grid")], runtime)
    assert [{row["locked"] for row in slide["tiles"]["rows"]} for slide in grids] == [{False}, {True}]
    assert {len(slide["tiles"]["rows"]) for slide in grids} == {9}
    (slide,) = slides([Draft("mix", mix, "A way")], runtime)
    assert len(slide["tiles"]["columns"]) == 13
    assert (slide["tiles"]["columns"][0], slide["tiles"]["columns"][-1]) == ("0 %", "100 %")


def test_a_view_leads_to_its_page_and_shows_no_face_that_nobody_chose(runtime):
    plain, beside = slides(
        [Draft("view", "/latent-space?sel=x", "Where"), Draft("view", "/directions/bias-audit?face=1:7", "How")],
        runtime,
    )
    assert (plain["leads"], plain["opening"], plain["pictures"]) == ("Open latent space", None, [])
    assert (beside["leads"], beside["opening"]["asked"]) == ("Open directions, bias audit", "1:7")


def test_a_still_stands_for_its_view_on_the_stage_and_on_the_card(runtime):
    draft = Draft("view", "/latent-space?face=1:7", "Where")
    still = {"address": "/collections/c/items/1/still.webp?v=0a", "words": "PCA of scores: 20 faces", "figure": True}
    face, view = slides([Draft("face", "/?face=1:7", "A face"), draft], runtime, {1: still})
    assert (face["still"], face["rows"] != []) == (None, True)
    assert (view["still"], view["pictures"], view["opening"], view["leads"]) == (
        still,
        [still],
        None,
        "Open latent space",
    )
    item = Item(1, 1, draft, Still(still["words"], "0a"))
    laid = str(card("c", item, shown(draft, runtime), writable=False).to_plotly_json())
    assert still["address"] in laid
    assert "Open: PCA of scores: 20 faces" in laid
    assert "1:7.webp" not in laid


def test_only_saved_figures_follow_the_colour_scheme_never_a_face(runtime):
    still = Still("Words", "0a")
    view, gone = Draft("view", "/latent-space", "Where"), Draft("face", "/?face=1:7&model=gone", "Whom")
    cards = [
        str(card("c", Item(1, 1, each, still), shown(each, runtime), False).to_plotly_json()) for each in (view, gone)
    ]
    assert ["lk-saved-figure" in each for each in cards] == [True, False]
    assert all("still.webp" in each for each in cards)
    stills = {k: {"address": "/still.webp", "words": "Words", "figure": k == 0} for k in (0, 1)}
    made = slides([view, gone], runtime, stills)
    assert [each["still"]["figure"] for each in made] == [True, False]
    assert str(presenter_view(html.Div(), made, "c").to_plotly_json()).count("lk-saved-figure") == 1


def test_a_card_shows_some_of_a_sheet_from_end_to_end(runtime):
    draft = Draft("sweep", SWEEP, "Smiling")
    html = str(card("c", Item(1, 1, draft), shown(draft, runtime), writable=True).to_plotly_json())
    assert [html.count(f"/1:31;Smiling={value}.webp") for value in (-4, -2, 0, 2, 4)] == [1, 1, 1, 0, 1]
    assert "Sweep · Smiling from −4 to +4 · 30 faces" in html


@pytest.mark.parametrize(
    "address",
    ["/compare?face=1:1&on=Nothing", "/compare?face=1:1&sheet=mix", "/compare?face=1:1&faces=" + "!".join(["*"] * 9)],
)
def test_a_sheet_that_cannot_be_says_why(runtime, address):
    seen = shown(Draft("mix" if "mix" in address else "sweep", address, "x"), runtime)
    assert not seen.faces
    assert seen.problem.startswith("Expected")


def test_a_style_mix_is_a_slide_of_pictures_and_a_card_of_its_first_row(tmp_path):
    model = imported_stylegan("stylegan2", tmp_path)
    app = tiny_app(tmp_path, model=str(model.path))
    with app.server.app_context():
        draft = Draft("styles", "/compare?face=1:31&faces=1:4!*&ref=B&sheet=styles&layers=1-2", "Middle")
        (slide,) = slides([draft], runtime_of(app))
        addresses = [[cell["address"] for cell in row["cells"]] for row in slide["tiles"]["rows"]]
        ends = [[address.rpartition("/")[2] for address in row] for row in addresses]
        assert ends == [["1:31.webp", "1:4!1:31!1-2.webp"], ["1:31!1:4!1-2.webp", "1:4.webp"]]
        seen = shown(draft, runtime_of(app))
        assert [one.words for one in seen.faces][:2] == ["Face of seed 31", "Face of seed 4; layers 1 to 2 of seed 31"]
        assert seen.sheet is not None
    runtime_of(app).close()
