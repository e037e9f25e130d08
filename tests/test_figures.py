"""The drawings: their text, their ink, their ids, and what they refuse."""

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from mlp_lib.equations.numpy_code.names import numpy_name
from mlp_lib.equations.tables import question
from mlp_lib.figures import (
    NODES,
    Box,
    Link,
    chain_map,
    confusion_matrix,
    curves,
    heat_map,
    heat_maps,
    images,
    in_lines,
    network_graph,
    own_ids,
    rgb,
    rounded,
    shapes,
    tensor_slices,
    text_width,
)

M = np.array([[0.5, 0.0, -1.25], [2.0, 0.25, 0.0]])
T = np.einsum("i,kj->kij", np.array([0.5, -1.5, 2.0]), np.eye(4))
X = np.array([0.001, 0.01, 0.1])
COUNTS = np.array([[25.0, 3.0], [0.0, 31.0]])
ROOT = Path(__file__).parents[1]

DRAWINGS = {
    "shapes": lambda: shapes(
        Box("$z_1$", ("1", "H")), "·", Box("$T$", ("H", "D_x", "H"), "stacked"), alt="a & b"
    ),
    "network_graph": lambda: network_graph(("z1", "W1"), alt="a & b"),
    "chain_map": lambda: chain_map({}, alt="a & b"),
    "heat_map": lambda: heat_map(M, "$M$", "D_x", "H", alt="a & b"),
    "heat_maps": lambda: heat_maps({"right": M, "wrong": M.T}, alt="a & b"),
    "tensor_slices": lambda: tensor_slices(T, "$T$", ("k", "i", "j"), alt="a & b"),
    "images": lambda: images([("one", M), ("other", -M)], 2, alt="a & b"),
    "confusion_matrix": lambda: confusion_matrix(COUNTS, "01", alt="a & b"),
    "curves": lambda: curves(X, {"a": X, "b": X**2}, "step", "error", "a & b", log=("x", "y")),
}
every_drawing = pytest.mark.parametrize("name", DRAWINGS)


@cache
def drawn(name):
    """Draw it once for all tests; that it is drawn the same again, another process shows."""
    return DRAWINGS[name]()


@every_drawing
def test_the_picture_carries_its_text(name):
    drawing = drawn(name)
    assert repr(drawing) == drawing.alt == "a & b"
    assert "<title>a &amp; b</title>" in drawing.svg
    assert 'role="img" aria-label="a &amp; b"' in drawing.svg


@every_drawing
def test_ink_is_the_page_s_and_nothing_is_black(name):
    svg = drawn(name).svg
    assert "currentColor" in svg
    assert not re.search(r"#000\b|#000000|#010203|black|<image", svg)


@every_drawing
def test_it_is_inline_and_small(name):
    page = drawn(name)._repr_html_()
    assert page.startswith('<figure class="drawing"><svg ')
    assert page.endswith("</svg></figure>")
    assert not re.search(r"<\?xml|<!DOCTYPE|<metadata|<style|<!--", page)
    assert len(page) < 60_000


def test_a_wide_drawing_is_scrolled_before_its_letters_are_too_small():
    widths = re.compile(r"min-width:([\d.]+)pt;max-width:([\d.]+)pt")
    kept, drawn = map(float, widths.search(network_graph(alt="a").svg).groups())
    assert 9 * kept / drawn > 6  # points: the shapes above the graph's nodes
    wider = shapes(*[Box("$a$", ("H", "N"))] * 9, alt="a").svg
    assert float(widths.search(wider)[1]) == 480
    assert "min-width" not in curves(X, {"a": X}, "x", "y", "a").svg


@pytest.mark.parametrize("count", range(1, 12, 2))
@pytest.mark.parametrize(
    ("letters", "draw"),
    [
        (8, lambda count: heat_maps({"a": np.ones((2, count))}, "a")),
        (8, lambda count: tensor_slices(np.ones((count, 2, 2)), "T", ("k", "i", "j"), alt="a")),
        (9, lambda count: shapes(*[Box("$a$", ("1", "N"), "a note")] * count, alt="a")),
        (10, lambda count: heat_map(np.ones((8, 3 * count + 5)), "a", "i", "j", "a")),
        (9, lambda count: images([("a", M)] * count, count, "a")),
    ],
    ids=["heat_maps", "tensor_slices", "shapes", "heat_map", "images"],
)
def test_the_smallest_letters_are_read_on_a_telephone(letters, draw, count):
    drawn = draw(count)
    whole = width(drawn)
    least = re.search(r"min-width:([\d.]+)pt", drawn.svg)
    if least is None:
        assert min(1, 246 / whole) * letters >= 6  # 8 pixels
    elif float(least[1]) < 480:
        assert float(least[1]) / whole * letters == pytest.approx(6.48, rel=1e-4)
        assert 246 / whole * letters < 6


def figure_of(monkeypatch, *args, **options):
    """Return the figure that `curves` draws, laid out."""
    drawn = []

    def keep(draw, size, alt, caption):
        figure = Figure(figsize=size)
        draw(figure)
        figure.draw_without_rendering()
        drawn.append(figure)

    with monkeypatch.context() as patch:
        patch.setattr("mlp_lib.figures.drawing", keep)
        curves(*args, **options)
    return drawn[0]


def labels(axis):
    """Return the labels that are within the axis."""
    low, high = axis.get_view_interval()
    ticks = axis.get_major_ticks()
    return [each.label1.get_text() for each in ticks if low <= each.get_loc() <= high]


def test_a_logarithmic_axis_has_labels_enough(monkeypatch):
    x = np.array([3.0, 4.0, 40.0])
    (axes,) = figure_of(monkeypatch, x, {"a": x * 1e-3}, "x", "y", "a", log="xy").axes
    assert labels(axes.xaxis) == ["5", "10", "20"]
    assert labels(axes.yaxis) == ["0.005", "0.01", "0.02"]
    (axes,) = figure_of(monkeypatch, X, {"a": X}, "x", "y", "a", log="x").axes
    assert labels(axes.xaxis) == [rf"$\mathdefault{{10^{{{n}}}}}$" for n in (-3, -2, -1)]


def test_whole_numbers_are_counted_in_whole_steps(monkeypatch):
    (axes,) = figure_of(monkeypatch, np.arange(4.0), {"a": np.ones(4)}, "x", "y", "a").axes
    assert labels(axes.xaxis) == ["0", "1", "2", "3"]
    (axes,) = figure_of(monkeypatch, np.arange(4) + 0.25, {"a": np.ones(4)}, "x", "y", "a").axes
    assert "0.5" in labels(axes.xaxis)


@pytest.mark.parametrize("number", [1, 4, 5])
def test_the_names_of_lines_are_not_cut_off_nor_crossed_where_they_are_many(monkeypatch, number):
    falling = {f"a name that is {n}": -n * np.arange(9.0) for n in range(number)}
    figure = figure_of(monkeypatch, np.arange(9.0), falling, "x", "y", "a")
    (axes,) = figure.axes
    (legend,) = [*figure.legends, *filter(None, [axes.get_legend()])]
    assert [each.get_text() for each in legend.get_texts()] == list(falling)
    names, whole = legend.get_window_extent(), figure.bbox
    assert whole.x0 <= names.x0 < names.x1 <= whole.x1
    assert whole.y0 <= names.y0 < names.y1 <= whole.y1
    assert (names.y0 >= axes.bbox.y1) == (number > 4)


@every_drawing
def test_each_id_is_referred_to_and_each_reference_has_its_id(name):
    svg = drawn(name).svg
    ids = re.findall(r' id="([^"]+)"', svg)
    assert len(ids) == len(set(ids))
    assert set(ids) == set(re.findall(r'(?:href="#|url\(#)([^")]+)', svg)) != set()


@every_drawing
def test_coordinates_have_two_decimals(name):
    coordinates = re.findall(r' (?:d|x|y)="([^"]*)"', drawn(name).svg)
    assert coordinates
    assert not re.search(r"\.\d{3}", " ".join(coordinates))


def test_two_drawings_share_no_id():
    ids = [set(re.findall(r' id="([^"]+)"', drawn(name).svg)) for name in DRAWINGS]
    assert len(set.union(*ids)) == sum(map(len, ids))


def test_the_last_digits_of_numbers_make_no_other_ids():
    svg = '<clipPath id="{0}"/><path clip-path="url(#{0})"/><use href="#{1}"/><g id="{1}"/>'
    first = own_ids(svg.format("p0123456789", "m0123456789"))
    assert own_ids(svg.format("pabcdef0123", "m00000000ff")) == first
    assert own_ids(svg.format("p0123456789", "x0123456789")) != first
    assert len(set(re.findall(r'id="([^"]*)"', first))) == 2


def test_another_process_draws_the_same():
    program = (
        "from tests.test_figures import DRAWINGS\n"
        "for draw in DRAWINGS.values(): print(draw()._repr_html_())"
    )
    command = [sys.executable, "-c", program]
    there = subprocess.run(command, capture_output=True, encoding="utf-8", check=True, cwd=ROOT)
    assert there.stdout == "".join(f"{draw()._repr_html_()}\n" for draw in DRAWINGS.values())


@pytest.mark.parametrize(
    "pair",
    [
        lambda: (shapes(Box("$a$", ("H",)), alt="a"), shapes(Box("$a$", ("N",)), alt="a")),
        lambda: (network_graph(("h",), alt="a"), network_graph(("x",), alt="a")),
        lambda: (
            chain_map({"h": Link("a", "b")}, alt="a"),
            chain_map({"x": Link("a", "b")}, alt="a"),
        ),
        lambda: (heat_map(M, "M", "H", "N", "a"), heat_map(-M, "M", "H", "N", "a")),
        lambda: (
            tensor_slices(T, "T", tuple("kij"), "a"),
            tensor_slices(-T, "T", tuple("kij"), "a"),
        ),
        lambda: (images([("M", M)], 1, "a"), images([("M", np.abs(M))], 1, "a")),
        lambda: (confusion_matrix(COUNTS, "01", "a"), confusion_matrix(COUNTS.T, "01", "a")),
        lambda: (curves(X, {"a": X}, "x", "y", "a"), curves(X, {"a": X**2}, "x", "y", "a")),
    ],
    ids=[name for name in DRAWINGS if name != "heat_maps"],
)
def test_other_data_is_another_picture(pair):
    one, other = pair()
    assert one.svg != other.svg


def test_the_graph_has_the_shapes_of_the_table():
    shapes_of = {numpy_name(entry.name): entry.shape for entry in question().entries}
    assert {name: axes for name, (_, _, axes) in NODES.items()} == shapes_of


def test_a_linked_part_is_named_by_what_it_shows_and_where_it_leads():
    links = {
        "dz1_dW1": Link("tensor.html?a&b", "The <tensor>"),
        "dJ_dyhat": Link("softmax.html", "Softmax"),
        "J": Link("cost.html", "Cost"),
    }
    svg = chain_map(links, alt="a").svg
    assert re.findall('<a href="([^"]*)" aria-label="([^"]*)">', svg) == [
        ("tensor.html?a&amp;b", "∂z1/∂W1, H by D_x by H: The &lt;tensor&gt;"),
        ("softmax.html", "∂J/∂ŷ, 1 by D_y: Softmax"),
        ("cost.html", "J: Cost"),
    ]
    # In a picture a screen reader would pass over the links.
    assert ' role="group" ' in svg
    assert ' role="img" ' in chain_map({}, alt="a").svg


def test_an_area_lies_over_its_node():
    x, y, width, height = (
        float(number)
        for number in re.search(
            r'<rect x="([^"]*)" y="([^"]*)" width="([^"]*)" height="([^"]*)" rx',
            chain_map({"x": Link("a", "b")}, alt="a").svg,
        ).groups()
    )
    # The first node stands at the top of the picture, 22 points below its edge.
    assert (x + width / 2, y + height / 2) == (142, 22)


def test_a_zero_stays_empty_and_signs_differ():
    def colours(value):
        drawing = heat_map(np.full((1, 2), value), "M", "", "", "a")
        return set(re.findall("fill: (#[0-9a-f]{6})", drawing.svg))

    assert (colours(1.0), colours(-1.0), colours(0.0)) == ({"#0072b2"}, {"#d55e00"}, set())


def luminance(colour):
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in colour]
    return sum(weight * v for weight, v in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


# The page's ground and its letters, on a light page and on a dark one.
PAGES = [("#ffffff", "#222832"), ("#121212", "#ced6dd")]


@pytest.mark.parametrize(("ground", "letters"), PAGES, ids=["light", "dark"])
@pytest.mark.parametrize(
    "draw",
    [
        lambda: heat_maps({"a": np.array([[1.0, 1e-3, 0.0], [-1.0, -1e-3, 0.0]])}, "a"),
        lambda: confusion_matrix(np.array([[1e3, 1.0, 1e3], [0, 1.0, 0], [0, 0, 0]]), "012", "a"),
    ],
    ids=["heat_maps", "confusion_matrix"],
)
def test_a_small_value_is_told_from_none_and_numbers_are_read(draw, ground, letters):
    pattern = r"fill: (#\w{6}); fill-opacity: ([\d.]+); stroke: (#\w{6}); stroke-width: 1.2"
    cells = re.findall(pattern, draw().svg)
    assert len(cells) == 4
    assert {float(depth) for _, depth, _ in cells} == {0.15, 0.65}
    for fill, depth, frame in cells:
        assert contrast(rgb(frame), rgb(ground)) >= 3
        mixed = [
            float(depth) * above + (1 - float(depth)) * below
            for above, below in zip(rgb(fill), rgb(ground), strict=True)
        ]
        assert contrast(mixed, rgb(letters)) >= 4.5


def test_room_follows_the_drawn_letters_and_not_their_source():
    assert text_width(r"$\partial$", 12) < text_width("abc", 12) < text_width("abcd", 12)
    short, long = (heat_maps({name: M}, "a") for name in (r"$\hat{y}$", "a very long name of M"))
    assert width(short) < width(long)
    assert width(heat_maps({"M": M}, "a")) == width(short)


def test_matrices_that_do_not_fit_beside_each_other_go_on_in_the_next_line():
    assert in_lines([2.0, 3.0, 4.0, 9.0, 1.0], 6.0) == [(0, 0), (2, 0), (0, 1), (0, 2), (0, 3)]
    wide = np.ones((3, 20))
    assert width(heat_maps({"a": wide, "b": wide}, "a")) == width(heat_maps({"a": wide}, "a"))


def width(drawing):
    return float(re.search(r'viewBox="0 0 ([\d.]+) ', drawing.svg)[1])


def strokes(drawing):
    """Return the colour, depth and number of lines of each thick path of a drawing."""
    pattern = (
        r'<path d="([^"]*)" [^>]*style="fill: none; stroke: ([^;"]+)[^"]*stroke-width: 7[^"]*"'
    )
    found = re.findall(pattern, drawing.svg)
    return {(colour, path.count("M"), path.count("L")) for path, colour in found}


def test_pictures_are_ink_unless_a_value_is_negative_and_runs_are_one_line():
    picture = np.array([[1.0, 1.0, 0.0, 1.0], [0.0, 0.0, 0.0, 0.0]])
    assert strokes(images([("a", picture)], 1, "a")) == {("currentColor", 2, 2)}
    assert strokes(images([("a", -picture)], 1, "a")) == {("#d55e00", 2, 2)}
    both = images([("a", picture), ("b", -picture)], 1, "a")
    assert strokes(both) == {("#0072b2", 2, 2), ("#d55e00", 2, 2)}
    assert strokes(images([("a", 0 * picture)], 1, "a")) == set()


def test_pictures_share_one_scale():
    def depths(*values):
        drawing = images([(f"{v}", np.full((2, 2), v)) for v in values], 2, "a")
        return set(re.findall(r"stroke-opacity: ([\d.]+)", drawing.svg))

    assert depths(1.0, 4.0) == {"0.25"}
    assert depths(1.0, 1.0) == set()


def test_right_counts_are_blue_wrong_ones_vermillion_and_none_is_empty():
    def colours(counts):
        drawing = confusion_matrix(np.array(counts), "01", "a")
        return re.findall("fill: (#[0-9a-f]{6})", drawing.svg)

    assert colours([[5.0, 0.0], [0.0, 5.0]]) == ["#0072b2"] * 2
    assert colours([[0.0, 5.0], [0.0, 0.0]]) == ["#d55e00"]
    assert colours([[0.0, 0.0], [0.0, 0.0]]) == []


def test_the_caption_is_escaped():
    page = network_graph(alt="a", caption="<1>")._repr_html_()
    assert page.endswith("<figcaption>&lt;1&gt;</figcaption></figure>")


def test_rounding_leaves_no_minus_zero():
    assert rounded("M -0.001 1.239 -7.5", 2) == "M 0 1.24 -7.5"


@pytest.mark.parametrize(
    ("error", "text", "wrong"),
    [
        (ValueError, "1 to 3 axis names", lambda: Box("$a$", ())),
        (ValueError, "1 to 3 axis names", lambda: Box("$a$", "H")),
        (ValueError, "the axis 'Q'", lambda: Box("$a$", ("Q",))),
        (ValueError, "got no items", lambda: shapes(alt="a")),
        (TypeError, "an item is int", lambda: shapes(3, alt="a")),
        (ValueError, "alt is ''", lambda: network_graph(alt="")),
        (ValueError, "here is 'z1'", lambda: network_graph("z1", alt="a")),
        (ValueError, "W3", lambda: network_graph(("W3",), alt="a")),
        (ValueError, "links has dz1_dz2", lambda: chain_map({"dz1_dz2": Link("", "")}, alt="a")),
        (ValueError, "links has dJ_dy,", lambda: chain_map({"dJ_dy": Link("", "")}, alt="a")),
        (ValueError, "expected 2 axes", lambda: heat_map(X, "M", "H", "N", "a")),
        (TypeError, "list", lambda: heat_map([[1.0]], "M", "H", "N", "a")),
        (ValueError, "at least one entry", lambda: heat_map(M[:0], "M", "H", "N", "a")),
        (ValueError, "got no arrays", lambda: heat_maps({}, "a")),
        (ValueError, "expected 3 axes", lambda: tensor_slices(M, "T", ("k", "i", "j"), "a")),
        (ValueError, "three names", lambda: tensor_slices(T, "T", ("k", "i"), "a")),
        (ValueError, "no size is 0", lambda: tensor_slices(T, "T", ("D_y", "H", "D_y"), "a")),
        (ValueError, "got 0 pictures", lambda: images([], 2, "a")),
        (ValueError, "0 across", lambda: images([("M", M)], 0, "a")),
        (ValueError, "first picture's shape", lambda: images([("M", M), ("T", M.T)], 2, "a")),
        (TypeError, "M is dtype int64", lambda: images([("M", np.ones((2, 2), int))], 2, "a")),
        (ValueError, "expected (3, 3)", lambda: confusion_matrix(COUNTS, "012", "a")),
        (TypeError, "counts is list", lambda: confusion_matrix([[1.0]], "0", "a")),
        (ValueError, "got 0 lines", lambda: curves(X, {}, "x", "y", "a")),
        (ValueError, "log is", lambda: curves(X, {"a": X}, "x", "y", "a", log=("z",))),
        (ValueError, "x's shape", lambda: curves(X, {"a": X[:2]}, "x", "y", "a")),
        (ValueError, "y has a value of 0", lambda: curves(X, {"a": -X}, "x", "y", "a", log="y")),
    ],
)
def test_wrong_arguments_are_refused(error, text, wrong):
    with pytest.raises(error, match=re.escape(text)):
        wrong()


def test_without_matplotlib_the_error_says_what_to_install():
    program = "import sys; sys.modules['matplotlib'] = None; import mlp_lib.figures"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert run.returncode != 0
    assert "figures need matplotlib: pip install matplotlib" in run.stderr
