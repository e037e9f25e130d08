"""In place of IPython's shell: it chooses the formats of a value and publishes them."""

import base64
import io
import sys
import traceback
from collections.abc import Callable, Collection
from typing import Any, Self

from IPython.lib.pretty import pretty

METHODS = {
    "text/html": "_repr_html_",
    "text/markdown": "_repr_markdown_",
    "image/svg+xml": "_repr_svg_",
    "image/png": "_repr_png_",
    "image/jpeg": "_repr_jpeg_",
    "text/latex": "_repr_latex_",
}


class DisplayFormatter:
    """The formats of a value, by its own methods."""

    def format(
        self,
        value: Any,
        include: Collection[str] | None = None,
        exclude: Collection[str] | None = None,
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the value in each of its formats, and what is to be known of them."""
        if own := method(value, "_ipython_display_"):
            own()
            return {}, {}
        data, metadata = {"text/plain": pretty(value)}, {}
        makers = {kind: method(value, name) for kind, name in METHODS.items()}
        if is_figure(value):
            makers["image/png"] = lambda: png(value)
        for kind, make in makers.items():
            if make and (found := attempted(make)) is not None:
                content, about = found if isinstance(found, tuple) else (found, None)
                data[kind] = text(content)
                if about:
                    metadata[kind] = about
        if bundle := method(value, "_repr_mimebundle_"):
            found = attempted(lambda: bundle(include=include, exclude=exclude)) or {}
            more, about = found if isinstance(found, tuple) else (found, {})
            data |= more
            metadata |= about
        wanted = (set(include) if include else set(data)) - set(exclude or ())
        return {kind: data[kind] for kind in data if kind in wanted}, metadata


class DisplayPublisher:
    """Where displayed data goes."""

    emit: Callable[[dict[str, Any]], None]

    def publish(
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        *,
        transient: dict[str, Any] | None = None,
        update: bool = False,
        **_: Any,
    ) -> None:
        """Hand over the data as an output, or as the new content of an earlier one."""
        kind = "update_display_data" if update else "display_data"
        output = {"output_type": kind, "data": data, "metadata": metadata or {}}
        self.emit(output | ({"transient": transient} if transient else {}))

    def clear_output(self, wait: bool = False) -> None:
        """Ask for the cell's outputs to be cleared, now or before the next."""
        self.emit({"output_type": "clear_output", "wait": wait})


class InteractiveShell:
    """The one shell of the page."""

    current: Self | None = None

    def __init__(self) -> None:
        self.display_formatter = DisplayFormatter()
        self.display_pub = DisplayPublisher()

    @classmethod
    def instance(cls) -> Self:
        """Return the shell, which begins when it is first asked for."""
        if cls.current is None:
            cls.current = cls()
        return cls.current

    @classmethod
    def initialized(cls) -> bool:
        """Tell whether the shell has begun."""
        return cls.current is not None


def method(value: Any, name: str) -> Callable[..., Any] | None:
    """Return the method, of an object and not of a class, that the value really has."""
    if isinstance(value, type) or hasattr(value, "_ipython_canary_method_should_not_exist_"):
        return None
    found = getattr(value, name, None)
    return found if callable(found) else None


def attempted(make: Callable[[], Any]) -> Any:
    """Return one format, or None after printing why it could not be made."""
    try:
        return make()
    except Exception:
        traceback.print_exc()
        return None


def text(content: Any) -> Any:
    """Return bytes, of pictures, as the text that stands for them in a notebook."""
    return base64.b64encode(content).decode() if isinstance(content, bytes) else content


def is_figure(value: Any) -> bool:
    """Tell whether the value is a figure of matplotlib, if that has been loaded at all."""
    figure = sys.modules.get("matplotlib.figure")
    return figure is not None and isinstance(value, figure.Figure)


def png(figure: Any) -> bytes:
    """Return the figure as a picture with two pixels for each of the page's."""
    file = io.BytesIO()
    figure.savefig(file, format="png", bbox_inches="tight", dpi=2 * figure.dpi)
    return file.getvalue()
