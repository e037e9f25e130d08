"""Drawings for the chapters: boxes to scale, the graph, heat maps and curves, as inline SVG.

A drawing takes its lines and text from the page's own colour, so it reads on a light page, on a
dark one and in print. The same arguments give the same text in every process, so a stored drawing
can be compared with a new one.
"""

import hashlib
import html
import io
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import ceil, floor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mlp_lib.arguments import Array, check_array, expect

try:
    from matplotlib import style
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, PathPatch, Rectangle
    from matplotlib.path import Path
    from matplotlib.text import Text
    from matplotlib.textpath import TextPath
    from matplotlib.ticker import LogLocator
except ImportError as error:
    raise ImportError("figures need matplotlib: pip install matplotlib") from error

# A colour that nothing else has: it stands for the page's own and is replaced by currentColor.
INK = "#010203"
# Okabe and Ito's palette, told apart with every common kind of colour vision.
BLUE, VERMILLION, GREEN, ORANGE, SKY = "#0072B2", "#D55E00", "#009E73", "#E69F00", "#56B4E9"
DASHES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)))
STYLE = {
    "svg.fonttype": "path",
    "svg.hashsalt": "mlp_lib",
    "mathtext.fontset": "dejavusans",
    "font.size": 11,
    **dict.fromkeys(
        ("text.color", "axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color"), INK
    ),
}
# How wide and high `curves` are, in inches: a telephone shows them at two thirds of that.
CURVES = (5, 3.3)
# So many lines leave a place for their names between them; the names of more stand above.
MOST_WITHIN = 4
# How large a pixel of `images` is, in points.
PIXEL = 7
# How long each axis is drawn, in cells: the sizes that the book's examples have.
SIZES = {"1": 1, "D_y": 3, "D_x": 4, "H": 5, "H_1": 5, "H_2": 6, "N": 7}
# The frame of a cell that isn't 0: its width, in points, and how far inside the cell it is drawn.
FRAME, FRAME_INSET = 1.2, 0.06
# The side of a cell of `shapes`, in inches, and the letters below its boxes, in points.
BOX_CELL, NAME_SIZE, NOTE_SIZE = 0.2, 12, 9
# Matrices that together are wider, in inches, go on in the next line: on a telephone they would
# be drawn too small to read.
WIDEST = 6.2
# How wide a telephone's column is, in points. A drawing whose smallest letters would have fewer
# than LEAST_READ points in it is scrolled, and they keep LEAST_KEPT. None is kept wider than a
# printed sheet.
TELEPHONE, LEAST_READ, LEAST_KEPT, WIDEST_KEPT = 246, 6, 0.72 * NOTE_SIZE, 480
# The graph's nodes: name, label, place, and the axes for one example.
NODES: dict[str, tuple[str, tuple[float, float], tuple[str, ...]]] = {
    "x": ("$x$", (0, 1), ("1", "D_x")),
    "z1": ("$z_1$", (1, 1), ("1", "H")),
    "h": ("$h$", (2, 1), ("1", "H")),
    "z2": ("$z_2$", (3, 1), ("1", "D_y")),
    "yhat": (r"$\hat{y}$", (4, 1), ("1", "D_y")),
    "J": ("$J$", (5, 1), ()),
    "W1": ("$W_1$", (0.6, 0), ("D_x", "H")),
    "b1": ("$b_1$", (1.4, 0), ("1", "H")),
    "W2": ("$W_2$", (2.6, 0), ("H", "D_y")),
    "b2": ("$b_2$", (3.4, 0), ("1", "D_y")),
    "y": ("$y$", (5, 0), ("1", "D_y")),
}
EDGES = (
    *zip(("x", "z1", "h", "z2", "yhat"), ("z1", "h", "z2", "yhat", "J"), strict=True),
    ("W1", "z1"), ("b1", "z1"), ("W2", "z2"), ("b2", "z2"), ("y", "J"),
)  # fmt: skip
# The places in `chain_map`, in points: the chain goes down, what enters it stands on the left.
CHAIN_X, ENTRY_X, ROW = 142, 40, 78
MAP_PLACES = {
    **{name: (CHAIN_X, -ROW * row) for row, name in enumerate(("x", "z1", "h", "z2", "yhat", "J"))},
    "W1": (ENTRY_X, -0.68 * ROW),
    "b1": (ENTRY_X, -1.32 * ROW),
    "W2": (ENTRY_X, -2.68 * ROW),
    "b2": (ENTRY_X, -3.32 * ROW),
    "y": (ENTRY_X, -5 * ROW),
}


class Link(NamedTuple):
    """Where a part of a drawing leads: the address and the title of what is there."""

    address: str
    title: str


class Area(NamedTuple):
    """A part of a drawing that is a link: its name, address, and left, bottom, width, height."""

    name: str
    address: str
    box: tuple[float, float, float, float]


@dataclass(frozen=True, repr=False)
class Drawing:
    """An SVG picture with the text that stands for it where it cannot be seen."""

    svg: str
    alt: str
    caption: str = ""

    def __repr__(self) -> str:
        return self.alt

    def _repr_html_(self) -> str:
        caption = f"<figcaption>{html.escape(self.caption)}</figcaption>" if self.caption else ""
        return f'<figure class="drawing">{self.svg}{caption}</figure>'


@dataclass(frozen=True)
class Box:
    """An array in `shapes`: its name, the names of its one to three axes, and a note below."""

    name: str
    shape: tuple[str, ...]
    note: str = ""

    def __post_init__(self) -> None:
        if isinstance(self.shape, str) or not 1 <= len(self.shape) <= 3:
            raise ValueError(
                f"Box: shape is {self.shape!r}, expected a tuple of 1 to 3 axis names, because "
                "each axis is one side of the box"
            )
        for axis in self.shape:
            if axis not in SIZES:
                raise ValueError(
                    f"Box: shape has the axis {axis!r}, expected one of {', '.join(SIZES)}, "
                    "because a box is drawn to the scale of the book's sizes"
                )

    @property
    def cells(self) -> tuple[int, int, int]:
        """How many slices, rows and columns are drawn; a vector is one row."""
        sizes = [SIZES[axis] for axis in self.shape]
        return tuple([1] * (3 - len(sizes)) + sizes)


def shapes(*items: Box | str, alt: str, caption: str = "") -> Drawing:
    """Draw boxes to scale in a row, their axis names on their sides, strings as operators between.

    A box with three axes is a stack of slices, the first axis counting them.
    Raises ValueError without items and TypeError for what is neither a Box nor a string.
    """
    if not items:
        raise ValueError("shapes: got no items, expected at least one Box, or nothing is drawn")
    for item in items:
        if not isinstance(item, Box | str):
            raise TypeError(
                f"shapes: an item is {type(item).__name__}, expected a Box or a string, because "
                "a string is drawn as the operator between two boxes"
            )
    widths = [box_width(item) if isinstance(item, Box) else 1.8 for item in items]
    tallest = max((box_height(item) for item in items if isinstance(item, Box)), default=1)

    def draw(axes: Axes) -> None:
        left = 0.0
        for item, width in zip(items, widths, strict=True):
            if isinstance(item, Box):
                draw_box(axes, item, left + width / 2)
            else:
                axes.text(left + width / 2, 0, item, ha="center", va="center", size=18)
            left += width

    below = max((below_box(item) for item in items if isinstance(item, Box)), default=0)
    bottom, top = -tallest / 2 - below, tallest / 2 + 1.8
    return drawing_in_cells(draw, (0, sum(widths)), (bottom, top), BOX_CELL, alt, caption)


def box_width(box: Box) -> float:
    """Return the width of a box with its side label, or of its name where that is wider."""
    slices, _, columns = box.cells
    letters = max(text_width(box.name, NAME_SIZE), text_width(box.note, NOTE_SIZE)) / BOX_CELL
    return max(columns + 0.4 * (slices - 1) + 3.4, letters + 1)


def box_height(box: Box) -> float:
    """Return the height of a box with the slices behind it."""
    slices, rows, _ = box.cells
    return rows + 0.4 * (slices - 1)


def below_box(box: Box) -> float:
    """Return the room for the name and the note; a name below a stack leaves room for its label."""
    return (2.8 if len(box.shape) == 3 else 2.2) + (1.4 if box.note else 0)


def draw_box(axes: Axes, box: Box, centre: float) -> None:
    """Draw one box around (centre, 0): the slices from back to front, side labels, name, note."""
    slices, rows, columns = box.cells
    shift = 0.4 * (slices - 1)
    left, bottom = centre - (columns + shift) / 2, -(rows + shift) / 2
    for k in reversed(range(slices)):
        corner = (left + 0.4 * k, bottom + 0.4 * k)
        axes.add_artist(Rectangle(corner, columns, rows, fc=(*rgb(BLUE), 0.22), ec=INK, lw=1))
    names = [f"${axis}$" for axis in box.shape]
    top = bottom + rows + shift
    axes.text(left + shift + columns / 2, top + 0.3, names[-1], ha="center", va="bottom", size=10)
    if len(names) > 1:
        axes.text(left - 0.3, bottom + rows / 2, names[-2], ha="right", va="center", size=10)
    if len(names) > 2:
        place = (left + columns + shift / 2 + 0.3, bottom + shift / 2 - 0.1)
        axes.text(*place, names[0], ha="left", va="top", size=10)
    below = bottom - (1.1 if len(names) > 2 else 0.5)
    axes.text(centre, below, box.name, ha="center", va="top", size=NAME_SIZE)
    axes.text(centre, below - 1.8, box.note, ha="center", va="top", size=NOTE_SIZE)


def network_graph(here: Collection[str] = (), *, alt: str, caption: str = "") -> Drawing:
    """Draw x → z1 → h → z2 → ŷ → J with parameters and labels; `here` names nodes to highlight.

    Raises ValueError for a name that is not a node.
    """
    if isinstance(here, str) or not set(here) <= set(NODES):
        raise ValueError(
            f"network_graph: here is {here!r}, expected a tuple of {', '.join(NODES)}, because "
            "these are the quantities of the network"
        )

    def draw(axes: Axes) -> None:
        for start, end in EDGES:
            axes.add_artist(
                FancyArrowPatch(
                    NODES[start][1], NODES[end][1], arrowstyle="-|>", mutation_scale=12,
                    shrinkA=15, shrinkB=16, color=INK, lw=1,
                )
            )  # fmt: skip
        for name, (label, (column, row), shape) in NODES.items():
            lit = name in here
            axes.add_artist(
                FancyBboxPatch(
                    (column - 0.13, row - 0.1), 0.26, 0.2, boxstyle="round,pad=0.05",
                    fc=(*rgb(ORANGE), 0.45) if lit else "none", ec=INK, lw=2.4 if lit else 1,
                )
            )  # fmt: skip
            axes.text(column, row, label, ha="center", va="center", size=13)
            axes.text(
                column, row + (0.24 if row else -0.24), times(shape),
                ha="center", va="bottom" if row else "top", size=9,
            )  # fmt: skip

    return drawing_in_cells(draw, (-0.5, 5.5), (-0.5, 1.5), 1.15, alt, caption)


def chain_map(links: Mapping[str, Link], *, alt: str, caption: str = "") -> Drawing:
    """Draw the graph downwards with each local Jacobian and its shape on its edge, as a map.

    `links` has a Link for nodes, by name, and for edges, by the name of their Jacobian such as
    "dh_dz1". A linked part can be reached by keyboard; its name is what it shows and the title.
    Raises ValueError for a name that is neither.
    """
    jacobians = {f"d{end}_d{start}": (start, end) for start, end in EDGES if start != "y"}
    if unknown := set(links) - set(NODES) - set(jacobians):
        raise ValueError(
            f"chain_map: links has {', '.join(sorted(unknown))}, expected names of "
            f"{', '.join([*NODES, *jacobians])}, because these are the parts of the map"
        )

    def draw(axes: Axes) -> None:
        for start, end in EDGES:
            axes.add_artist(
                FancyArrowPatch(
                    MAP_PLACES[start], MAP_PLACES[end], arrowstyle="-|>", mutation_scale=12,
                    shrinkA=14, shrinkB=14, color=INK, lw=1,
                )
            )  # fmt: skip
        for name, (label, _, shape) in NODES.items():
            x, y = MAP_PLACES[name]
            axes.add_artist(
                FancyBboxPatch(
                    (x - 10, y - 8), 20, 16, boxstyle="round,pad=4",
                    fc=(*rgb(ORANGE), 0.25) if name in links else "none", ec=INK, lw=1,
                )
            )  # fmt: skip
            axes.text(x, y, label, ha="center", va="center", size=13)
            on_chain = x == CHAIN_X
            align = "left" if on_chain else "center"
            place = (x + 19, y) if on_chain else (x, y + (20 if name[0] == "W" else -20))
            axes.text(*place, times(shape), ha=align, va="center", size=9)
        for name, (start, end) in jacobians.items():
            x, y, align = edge_label(start, end)
            top = jacobian_label(start, end)
            below = times(jacobian_axes(start, end))
            if align == "left":
                top, below = f"{top}   {below}", links[name].title if name in links else ""
            axes.text(x, y + 7, top, ha=align, va="center", size=11)
            axes.text(x, y - 8, below, ha=align, va="center", size=9)

    areas = []
    for name, (address, title) in links.items():
        if name in NODES:
            x, y = MAP_PLACES[name]
            shown, shape, box = NODES[name][0], NODES[name][2], (x - 15, y - 14, 30, 28)
        else:
            start, end = jacobians[name]
            x, y, align = edge_label(start, end)
            shown, shape = jacobian_label(start, end), jacobian_axes(start, end)
            box = (x - 4, y - 16, 180, 32) if align == "left" else (x - 36, y - 16, 72, 32)
        words = [spoken(shown), *([" by ".join(shape)] if shape else [])]
        areas.append(Area(f"{', '.join(words)}: {title}", address, box))
    limits = (0, 330), (MAP_PLACES["J"][1] - 30, 22)
    return drawing_in_cells(draw, *limits, 1 / 72, alt, caption, areas)


def edge_label(start: str, end: str) -> tuple[float, float, str]:
    """Return the middle of an edge's label in the map and how it is aligned there."""
    (x, y), (_, foot) = MAP_PLACES[start], MAP_PLACES[end]
    if x == CHAIN_X:
        return CHAIN_X + 14, (y + foot) / 2, "left"
    return (x + CHAIN_X) / 2, y + (20 if y > foot else -20), "center"


def jacobian_axes(start: str, end: str) -> tuple[str, ...]:
    """Return the axes of ∂end/∂start: the output's, then the input's, without their row axes."""
    axes = tuple(axis for name in (end, start) for axis in NODES[name][2] if axis != "1")
    return axes if len(axes) > 1 else ("1", *axes)


def jacobian_label(start: str, end: str) -> str:
    """Return ∂end/∂start in the letters of the nodes."""
    of, by = (NODES[name][0].strip("$") for name in (end, start))
    return rf"$\partial {of}/\partial {by}$"


def spoken(label: str) -> str:
    """Return a label's LaTeX as the letters that a screen reader says."""
    plain = label.strip("$").replace(r"\partial ", "∂").replace(r"\hat{y}", "ŷ")
    return plain.replace("_", "")


def times(axes: Sequence[str]) -> str:
    """Return a shape as the drawings write it; a number has none."""
    product = r" \times ".join(axes)
    return f"${product}$" if axes else ""


def heat_map(
    array: Array, name: str, rows: str, columns: str, alt: str, caption: str = ""
) -> Drawing:
    """Draw a matrix as cells: blue above 0, vermillion below, deeper the larger; a 0 stays empty.

    Raises TypeError or ValueError for what is not a finite matrix.
    """
    return matrices([(name, array)], rows, columns, alt, caption)


def heat_maps(arrays: Mapping[str, Array], alt: str, caption: str = "") -> Drawing:
    """Draw several matrices side by side in one scale of colour, as `heat_map` does."""
    return matrices(list(arrays.items()), "", "", alt, caption)


def tensor_slices(T: Array, name: str, axes: Sequence[str], alt: str, caption: str = "") -> Drawing:
    """Draw T[k, i, j] as one heat map for each k; `axes` has the three letters of the indices.

    Raises TypeError or ValueError for a T or axes that are not three, and for a size's name.
    """
    check_array("T", T, 3)
    if isinstance(axes, str) or len(axes) != 3:
        raise ValueError(
            f"tensor_slices: axes is {axes!r}, expected three names, because T has three axes"
        )
    for axis in axes:
        if axis in SIZES:
            raise ValueError(
                f"tensor_slices: axes has {axis!r}, expected the letter of an index, such as 'k', "
                "because a slice is titled k = 0, and no size is 0"
            )
    slices = [(f"{name}, slice ${axes[0]} = {k}$", T[k]) for k in range(len(T))]
    return matrices(slices, axes[1], axes[2], alt, caption)


def matrices(
    named: Sequence[tuple[str, Array]], rows: str, columns: str, alt: str, caption: str
) -> Drawing:
    """Draw named matrices in a row, each with its values while they are few."""
    if not named:
        raise ValueError("heat_maps: got no arrays, expected at least one, or nothing is drawn")
    for _, array in named:
        check_array("array", array, 2)
        expect("array", array, "at least one entry", array.size > 0, "nothing would be drawn")
    largest = max(float(np.abs(array).max()) for _, array in named) or 1.0
    few = sum(array.size for _, array in named) <= 50
    cell = 0.45 if few else 0.28
    spans = [max(array.shape[1], text_width(name, 11) / cell) + 1 for name, array in named]
    corners = in_lines(spans, max(WIDEST / cell, max(spans)))
    pitch = max(len(array) for _, array in named) + (2.4 if columns else 1.8)

    def draw(axes: Axes) -> None:
        for (name, array), span, (start, line) in zip(named, spans, corners, strict=True):
            left, top = start + (span - array.shape[1]) / 2, -line * pitch
            draw_cells(axes, array, left, top, largest, few)
            centre, middle = left + array.shape[1] / 2, top - len(array) / 2
            axes.text(centre, top + 0.3, name, ha="center", va="bottom", size=11)
            if columns:
                below = top - len(array) - 0.2
                axes.text(centre, below, f"${columns}$", ha="center", va="top", size=10)
            if rows and start == 0.0:
                axes.text(left - 0.2, middle, f"${rows}$", ha="right", va="center", size=10)

    right = max(start + span for (start, _), span in zip(corners, spans, strict=True))
    bottom = 1.4 - (corners[-1][1] + 1) * pitch
    return drawing_in_cells(draw, (-0.6 if rows else 0.0, right), (bottom, 1.2), cell, alt, caption)


def in_lines(spans: Sequence[float], widest: float) -> list[tuple[float, int]]:
    """Return where each span begins and in which line: one that doesn't fit opens a new line."""
    places, start, line = [], 0.0, 0
    for span in spans:
        if start + span > widest:
            start, line = 0.0, line + 1
        places.append((start, line))
        start += span
    return places


def draw_cells(
    axes: Axes, array: Array, left: float, top: float, largest: float, few: bool
) -> None:
    """Draw a matrix down from (left, top): its cells, an outline, and its values if few."""
    height, width = array.shape
    for (i, j), value in np.ndenumerate(array):
        if value != 0:
            colour = BLUE if value > 0 else VERMILLION
            draw_cell(axes, (left + j, top - i - 1), colour, abs(float(value)) / largest)
        if few:
            text = f"{float(value):.2f}" if value != 0 else "0"
            axes.text(left + j + 0.5, top - i - 0.5, text, ha="center", va="center", size=8)
    for i in range(height + 1):
        draw_line(axes, (left, left + width), (top - i,) * 2, 0.5 if 0 < i < height else 1)
    for j in range(width + 1):
        draw_line(axes, (left + j,) * 2, (top, top - height), 0.5 if 0 < j < width else 1)


def draw_cell(axes: Axes, corner: tuple[float, float], colour: str, depth: float) -> None:
    """Fill a cell, deeper the larger `depth` is, from 0 to 1, within a frame in the full colour.

    The frame tells a small value from none, on a light page and on a dark one.
    """
    x, y = corner
    face = (*rgb(colour), round(0.15 + 0.5 * depth, 2))
    side = 1 - 2 * FRAME_INSET
    axes.add_artist(
        Rectangle((x + FRAME_INSET, y + FRAME_INSET), side, side, fc=face, ec=colour, lw=FRAME)
    )


def draw_line(axes: Axes, x: tuple[float, float], y: tuple[float, float], width: float) -> None:
    """Draw a line of ink between two points: (x[0], y[0]) and (x[1], y[1])."""
    axes.add_artist(Line2D(x, y, color=INK, lw=width))


def images(
    pictures: Sequence[tuple[str, Array]], across: int, alt: str, caption: str = ""
) -> Drawing:
    """Draw small titled pictures, `across` in a row, in one scale of colour; a 0 stays empty.

    Ink, deeper the larger, where no picture has a negative value; else blue above 0 and vermillion
    below. Raises TypeError or ValueError for what is not at least one matrix, all of one shape.
    """
    if not pictures or across < 1:
        raise ValueError(
            f"images: got {len(pictures)} pictures, {across} across, expected at least one of "
            "each, or nothing is drawn"
        )
    shape = pictures[0][1].shape
    for name, array in pictures:
        check_array(name, array, 2)
        expect(
            name, array, f"the first picture's shape {shape}", array.shape == shape, "they line up"
        )
    height, width = shape
    values = np.array([array for _, array in pictures])
    above, below = (BLUE, VERMILLION) if (values < 0).any() else (INK, INK)
    # 16 depths are as many as are told apart, and one thick line a depth is short to write.
    levels = np.round(16 * values / (np.abs(values).max() or 1.0)).astype(int)

    def draw(axes: Axes) -> None:
        for n, (name, _) in enumerate(pictures):
            left, top = (n % across) * (width + 2) + 1, -(n // across) * (height + 4) - 3
            for level in sorted(set(levels[n].flat) - {0}):
                face = (*rgb(above if level > 0 else below), abs(level) / 16)
                runs = cell_runs(levels[n] == level, left, top)
                axes.add_artist(PathPatch(runs, fc="none", ec=face, lw=PIXEL, capstyle="butt"))
            axes.add_artist(
                Rectangle((left, top - height), width, height, fc="none", ec=INK, lw=0.5)
            )
            axes.text(left + width / 2, top + 0.5, name, ha="center", va="bottom", size=9)

    columns, rows = min(across, len(pictures)), -(-len(pictures) // across)
    limits = (0, columns * (width + 2)), (-rows * (height + 4), 0)
    return drawing_in_cells(draw, *limits, PIXEL / 72, alt, caption)


def cell_runs(where: NDArray[np.bool_], left: float, top: float) -> Path:
    """Return lines along the middle of every run of neighbours in a row of the matrix `where`."""
    edges = np.diff(where.astype(int), axis=1, prepend=0, append=0)
    rows, columns = np.nonzero(edges)
    ends = np.stack((left + columns, top - rows - 0.5), axis=1)
    return Path(ends, [Path.MOVETO, Path.LINETO] * (len(ends) // 2))


def confusion_matrix(counts: Array, names: Sequence[str], alt: str, caption: str = "") -> Drawing:
    """Draw counts[i, j], how many examples of class i were taken for class j, with the numbers.

    Blue on the diagonal, where both are the same, and vermillion off it; a 0 stays empty.
    Raises TypeError or ValueError for a matrix that is not square or has another size than names.
    """
    check_array("counts", counts, 2)
    wanted = (len(names), len(names))
    expect(
        "counts", counts, f"{wanted}", counts.shape == wanted, "each name has a row and a column"
    )
    right = np.eye(len(names), dtype=bool)
    largest = np.where(right, *(np.abs(counts[cells]).max(initial=1) for cells in (right, ~right)))

    def draw(axes: Axes) -> None:
        size = len(names)
        for (i, j), count in np.ndenumerate(counts):
            if count != 0:
                colour = BLUE if i == j else VERMILLION
                draw_cell(axes, (j, -i - 1), colour, float(count) / float(largest[i, j]))
                axes.text(j + 0.5, -i - 0.5, f"{count:g}", ha="center", va="center", size=10)
        for k in range(size + 1):
            draw_line(axes, (0, size), (-k, -k), 0.5 if 0 < k < size else 1)
            draw_line(axes, (k, k), (0, -size), 0.5 if 0 < k < size else 1)
        for k, name in enumerate(names):
            axes.text(k + 0.5, 0.2, name, ha="center", va="bottom", size=10)
            axes.text(-0.2, -k - 0.5, name, ha="right", va="center", size=10)
        axes.text(size / 2, 1.0, "predicted", ha="center", va="bottom", size=11)
        axes.text(-1.2, -size / 2, "written", ha="right", va="center", size=11, rotation=90)

    limits = (-2.0, len(names) + 0.2), (-len(names) - 0.2, 1.8)
    return drawing_in_cells(draw, *limits, 0.36, alt, caption)


def curves(
    x: Array,
    lines: Mapping[str, Array],
    xlabel: str,
    ylabel: str,
    alt: str,
    log: Collection[str] = (),
    caption: str = "",
) -> Drawing:
    """Draw each line over x (n,), told apart by dash and colour; `log` holds "x", "y" or both.

    Raises TypeError or ValueError for arrays of other shapes, for more than five lines, and for
    values that a logarithmic axis cannot hold.
    """
    check_array("x", x, 1)
    if not 1 <= len(lines) <= len(DASHES):
        raise ValueError(
            f"curves: got {len(lines)} lines, expected 1 to {len(DASHES)}, because each has a "
            "dash of its own"
        )
    if not set(log) <= {"x", "y"}:
        raise ValueError(f"curves: log is {log!r}, expected 'x' and 'y' only: the two axes")
    for label, y in lines.items():
        check_array(label, y, 1)
        expect(label, y, f"x's shape {x.shape}", y.shape == x.shape, "each x needs one value")
    for axis, arrays in {"x": [x], "y": lines.values()}.items():
        if axis in log and any((array <= 0).any() for array in arrays):
            raise ValueError(
                f"curves: {axis} has a value of 0 or less, expected values above 0, because "
                "its axis is logarithmic"
            )

    def draw(figure: Figure) -> None:
        above = len(lines) > MOST_WITHIN
        axes = figure.add_axes((0.15, 0.17, 0.82, 0.57 if above else 0.79))
        colours = (BLUE, VERMILLION, GREEN, ORANGE, SKY)
        for (label, y), dash, colour in zip(lines.items(), DASHES, colours, strict=False):
            axes.plot(x, y, ls=dash, color=colour, lw=2, label=label)
        axes.set(xlabel=xlabel, ylabel=ylabel, facecolor="none")
        axes.set(xscale="log" if "x" in log else "linear", yscale="log" if "y" in log else "linear")
        axes.spines[["top", "right"]].set_visible(False)
        axes.minorticks_off()
        for axis in (axes.xaxis, axes.yaxis):
            if axis.axis_name in log:
                label_within_decades(axis)
        if "x" not in log and (x == np.round(x)).all():
            axes.xaxis.get_major_locator().set_params(integer=True)
        if above:
            figure.legend(frameon=False, loc="upper center", ncols=2)
        else:
            axes.legend(frameon=False)

    return drawing(draw, CURVES, alt, caption)


def label_within_decades(axis: Axis) -> None:
    """Label 1, 2 and 5 in each decade, where fewer than two powers of ten are on the axis."""
    first, last = np.log10(sorted(axis.get_view_interval()))
    if floor(last) - ceil(first) < 1:
        axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.set_major_formatter(lambda value, _: f"{value:g}")


@cache
def text_width(text: str, size: float) -> float:
    """Return how wide the text is drawn, in inches."""
    if not text:
        return 0.0
    with style.context(["default", STYLE]):
        return float(TextPath((0, 0), text, size=size).get_extents().width) / 72


def drawing_in_cells(
    draw: Callable[[Axes], None],
    xlim: tuple[float, float],
    ylim: tuple[float, float],
    cell: float,
    alt: str,
    caption: str,
    areas: Sequence[Area] = (),
) -> Drawing:
    """Draw on axes without a frame whose unit is a cell of `cell` inches."""

    def fill(figure: Figure) -> None:
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=xlim, ylim=ylim)
        axes.set_axis_off()
        draw(axes)

    size = ((xlim[1] - xlim[0]) * cell, (ylim[1] - ylim[0]) * cell)
    anchors = [anchor(area, xlim[0], ylim[1], cell * 72) for area in areas]
    return drawing(fill, size, alt, caption, "".join(anchors))


def anchor(area: Area, left: float, top: float, unit: float) -> str:
    """Return a link over an area of the picture whose upper left corner is (left, top)."""
    x, y, width, height = area.box
    sides = (unit * (x - left), unit * (top - y - height), unit * width, unit * height)
    names = ("x", "y", "width", "height")
    place = " ".join(f'{name}="{side:g}"' for name, side in zip(names, sides, strict=True))
    name = html.escape(area.name)
    return (
        f'<a href="{html.escape(area.address)}" aria-label="{name}"><title>{name}</title>'
        f'<rect {place} rx="4" fill="transparent"/></a>\n'
    )


def drawing(
    draw: Callable[[Figure], None],
    size: tuple[float, float],
    alt: str,
    caption: str,
    anchors: str = "",
) -> Drawing:
    """Let `draw` fill a transparent figure of `size` inches and turn it into a Drawing."""
    if not isinstance(alt, str) or not alt.strip():
        raise ValueError(
            f"alt is {alt!r}, expected a sentence that says what the figure shows, because some "
            "readers hear it instead"
        )
    text = io.StringIO()
    with style.context(["default", STYLE]):
        figure = Figure(figsize=size)
        figure.patch.set_visible(False)
        canvas = FigureCanvasSVG(figure)
        draw(figure)
        canvas.print_svg(text, metadata={"Date": None})
        letters = min(each.get_fontsize() for each in figure.findobj(Text) if each.get_text())
    return Drawing(inline(text.getvalue(), alt, anchors, letters), alt, caption)


def inline(svg: str, alt: str, anchors: str, letters: float) -> str:
    """Make matplotlib's SVG fit to stand in a page: no prolog, own ids, few digits, page's ink.

    With links in it, it is a group for a screen reader: in a picture they would not be read.
    It is kept so wide that its smallest `letters`, whose size is given in points, can be read.
    """
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", "", svg, flags=re.S)
    svg = re.sub(r'( (?:d|x|y)="[^"]*"|translate\([^)]*\))', lambda m: rounded(m[0], 2), svg)
    svg = re.sub(r"scale\([^)]*\)", lambda m: rounded(m[0], 4), svg)
    svg = own_ids(svg)
    svg = re.sub(r"<defs>\s*</defs>", "", svg)
    svg = re.sub(r"\s*\n\s*", "\n", svg).replace(INK, "currentColor")
    width, box = re.search(r'<svg [^>]*?width="([\d.]+pt)" [^>]*?(viewBox="[^"]*")', svg).groups()
    words, role = html.escape(alt), "group" if anchors else "img"
    points = float(width.removesuffix("pt"))
    kept = min(points * LEAST_KEPT / letters, WIDEST_KEPT)
    scrolled = letters * TELEPHONE / points < LEAST_READ
    least = f"min-width:{kept:g}pt;" if scrolled else ""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'role="{role}" aria-label="{words}" {box} stroke-linejoin="round" '
        f'style="display:block;margin:auto;width:100%;{least}max-width:{width};height:auto">'
        f"<title>{words}</title>"
    )
    return head + svg[svg.index(">") + 1 :].strip().replace("</svg>", f"{anchors}</svg>")


def rounded(text: str, digits: int) -> str:
    """Round every number in text, so that another processor's last digit does not show."""
    return re.sub(r"-?\d+\.\d+", lambda m: f"{round(float(m[0]), digits) + 0.0:g}", text)


def own_ids(svg: str) -> str:
    """Drop ids that nothing refers to; begin the others with a digest of the whole drawing.

    Those that matplotlib makes from numbers with all their digits are counted instead.
    """
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', svg))
    svg = re.sub(r' id="([^"]+)"', lambda m: f' id="{m[1]}"' if m[1] in used else "", svg)
    hashed = dict.fromkeys(re.findall(r'(?<=[#"])[a-z][0-9a-f]{10}(?=[")])', svg))
    for number, name in enumerate(hashed, start=1):
        svg = svg.replace(name, f"{name[0]}{number}")
    digest = hashlib.sha256(svg.encode()).hexdigest()[:8]
    return re.sub(r'( id="|href="#|url\(#)', lambda m: f"{m[1]}d{digest}-", svg)


def rgb(colour: str) -> tuple[float, ...]:
    """Turn #rrggbb into three numbers from 0 to 1."""
    return tuple(int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
