"""A theme: a folder of SVG pieces and one theme.toml that a designer can edit.

Lengths are design units, in which the shorter side of the frame is 1080.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from pathlib import Path

from triviareel.errors import ThemeError
from triviareel.video import fonts, svg, themefile
from triviareel.video.canvas import Canvas, Format
from triviareel.video.layers import Side
from triviareel.video.storyboard import Pace

PIECES = (
    *("question", "track", "timer", "topic", "pip", "pip_off"),
    *("option", "option_right", "option_dim", "badge", "badge_right", "badge_dim"),
    *("explanation", "title"),
)
"""Names of the SVG files."""
ROLES = ("question", "option", "letter", "topic", "difficulty", "progress", "explanation", "heading", "subtitle")
"""What texts there are."""
OPTIONS = ("option_a", "option_b", "option_c", "option_d")
MOVING = ("title", "question", *OPTIONS, "explanation")
"""Names of the layers, bottom to top."""

_INSIDE = {
    "question": ("question_text", "topic", "difficulty", "progress", "timer"),
    "option_a": ("badge", "option_text"),
    "explanation": ("explanation_text",),
    "intro": ("heading", "subtitle", "marks"),
}
"""Boxes that are counted from the upper left corner of another, which holds them."""
_WEIGHTS = ("thin", "light", "normal", "medium", "semi-bold", "bold", "ultra-bold", "heavy")
_HOME = Path(__file__).parent / "themes"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in design units."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Style:
    """How texts of one role are set."""

    families: tuple[str, ...]
    weight: str
    """As Pango names it."""
    colour: str
    """#RRGGBB."""
    leading: float
    """Distance between lines, in ems."""
    tracking: float
    """Extra space between letters, in ems."""
    capitals: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things are in one format, and how large texts may be."""

    boxes: Mapping[str, Box]
    sizes: Mapping[str, tuple[float, float]]
    """For each role the largest and the smallest legible size, in design units an em."""


@dataclass(frozen=True, slots=True)
class Travel:
    """Where a layer comes from and where it goes."""

    enter_from: Side
    leave_to: Side


@dataclass(frozen=True, slots=True)
class Theme:
    """Everything that decides how a video looks."""

    name: str
    folder: Path
    digest: str
    """SHA-256 over the folder's files: their names and their bytes."""
    colours: Mapping[str, str]
    styles: Mapping[str, Style]
    reveal: Mapping[str, Mapping[str, str]]
    """Text colours by state ("right", "dim") and role; the right option's letter gives way to a check mark."""
    words: Mapping[str, str]
    letters: tuple[str, ...]
    margin: float
    """Room around every card, in design units."""
    enter_s: Fraction
    travels: Mapping[str, Travel]
    pace: Pace
    layouts: Mapping[Format, Layout]
    pieces: Mapping[str, svg.Piece]

    @property
    def own_fonts(self) -> Path | None:
        """The folder of the theme's own fonts, if it brings any."""
        folder = self.folder / "fonts"
        return folder if folder.is_dir() else None

    def layout(self, canvas: Canvas) -> Layout:
        """The layout for a canvas's format."""
        return self.layouts[canvas.format]

    def stylesheet(self) -> str:
        """CSS that colours the pieces."""
        rules = (("fill", "fill"), ("stroke", "stroke"), ("stop", "stop-color"))
        return "\n".join(
            f".{prefix}-{name}{{{prop}:{colour}}}" for name, colour in self.colours.items() for prefix, prop in rules
        )


def names() -> tuple[str, ...]:
    """The themes that come with triviareel."""
    return tuple(sorted(path.parent.name for path in _HOME.glob("*/theme.toml")))


def load(name_or_path: str | Path) -> Theme:
    """Read a theme by its name or from its folder; ThemeError names the file, the key, the fault and the mend."""
    given = str(name_or_path)
    folder = _HOME / given if given in names() else Path(given)
    if not given or not folder.is_dir():
        raise ThemeError(
            f"theme {given!r}: neither one of {', '.join(names())} nor a folder; name one, or the folder of yours"
        )
    root = themefile.read(folder / "theme.toml")
    own = folder / "fonts" if (folder / "fonts").is_dir() else None
    colours = _colours(root.table("colours"))
    words, letters = _words(root.table("words"))
    motion = root.table("motion")
    theme = Theme(
        name=root.text("title"),
        folder=folder,
        digest=digest(folder),
        colours=colours,
        styles=_styles(root, colours, own),
        reveal=_reveal(root.table("reveal"), colours),
        words=words,
        letters=letters,
        margin=root.number("margin", 0, 40),
        enter_s=_seconds(motion, "enter_seconds", 0.1, 2),
        travels=_travels(motion),
        pace=_pace(root.table("pace")),
        layouts={shape: _layout(root.table(shape), shape) for shape in Format},
        pieces={name: svg.read(folder / f"{name}.svg") for name in PIECES},
    )
    root.done()
    return theme


def digest(folder: Path) -> str:
    """SHA-256 over a theme's files: relative names and bytes, hidden files left out."""
    total = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")):
        data = path.read_bytes()
        total.update(f"{path.relative_to(folder).as_posix()}\0{len(data)}\0".encode() + data)
    return total.hexdigest()


def _colours(table: themefile.Table) -> dict[str, str]:
    return {name: table.colour(name) for name in table.keys()}  # noqa: SIM118 - a Table is not a mapping


def _named_colour(table: themefile.Table, key: str, colours: Mapping[str, str]) -> str:
    """The colour that a key names, without opacity: texts are opaque."""
    return colours[table.text(key, tuple(colours))][:7]


def _styles(root: themefile.Table, colours: Mapping[str, str], own: Path | None) -> dict[str, Style]:
    known = fonts.coverage(own)
    table, styles = root.table("fonts"), {}
    families = {use: table.texts(use) for use in ("display", "text")}
    for use, chain in families.items():
        for family in chain:
            if family not in known:
                table.fail(use, f"names {family!r}, which no font has; choose from {', '.join(known)}")
    table.done()
    kinds = root.table("type")
    for role in ROLES:
        kind = kinds.table(role)
        styles[role] = Style(
            families=families[kind.text("font", tuple(families))],
            weight=kind.text("weight", _WEIGHTS),
            colour=_named_colour(kind, "colour", colours),
            leading=kind.number("leading", 0.8, 2.5, 1.2),
            tracking=kind.number("tracking", -0.1, 0.5, 0.0),
            capitals=kind.flag("capitals", False),
        )
        kind.done()
    kinds.done()
    return styles


def _reveal(table: themefile.Table, colours: Mapping[str, str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for state, roles in (("right", ("option",)), ("dim", ("option", "letter"))):
        part = table.table(state)
        found[state] = {role: _named_colour(part, role, colours) for role in roles}
        part.done()
    table.done()
    return found


def _words(table: themefile.Table) -> tuple[dict[str, str], tuple[str, ...]]:
    words = {key: table.text(key) for key in ("easy", "medium", "hard", "progress")}
    try:
        words["progress"].format(number=1, count=2)
    except (KeyError, IndexError, ValueError, AttributeError):
        table.fail("progress", f"is {words['progress']!r}; fill in nothing but {{number}} and {{count}}")
    letters = table.texts("letters", 4, 4)
    table.done()
    return words, letters


def _travels(table: themefile.Table) -> dict[str, Travel]:
    sides = tuple(side.value for side in Side)
    found: dict[str, Travel] = {}
    for name in MOVING:
        part = table.table(name)
        found[name] = Travel(Side(part.text("enter_from", sides)), Side(part.text("leave_to", sides)))
        part.done()
    table.done()
    return found


def _pace(table: themefile.Table) -> Pace:
    values = {
        field.name: _seconds(table, field.name.removesuffix("_s"), 0.1, 30)
        for field in fields(Pace)
        if field.name != "reading_rate"
    }
    rate = table.number("reading_rate", 5, 40)
    table.done()
    return Pace(**values, reading_rate=int(rate))


def _seconds(table: themefile.Table, key: str, low: float, high: float) -> Fraction:
    return Fraction(table.number(key, low, high)).limit_denominator(1000)


def _layout(table: themefile.Table, shape: Format) -> Layout:
    boxes: dict[str, Box] = {}
    outer = ("question", *OPTIONS, "explanation", "intro")
    frame = Canvas(shape).design_size
    for name in outer:
        boxes[name] = _box(table, name, frame, "the frame")
    for holder, inner in _INSIDE.items():
        size = boxes[holder].width, boxes[holder].height
        for name in inner:
            boxes[name] = _box(table, name, size, holder)
    for name in OPTIONS[1:]:
        if (boxes[name].width, boxes[name].height) != (boxes["option_a"].width, boxes["option_a"].height):
            table.fail(name, "differs in size from option_a; make all four alike")
    sizes_table = table.table("sizes")
    sizes = {role: sizes_table.pair(role, 12, 400) for role in ROLES}
    sizes_table.done()
    table.done()
    return Layout(boxes, sizes)


def _box(table: themefile.Table, key: str, room: tuple[float, float], holder: str) -> Box:
    part = table.table(key)
    x, y = part.number("x", 0, room[0]), part.number("y", 0, room[1])
    box = Box(x, y, part.number("width", 8, 4000), part.number("height", 8, 4000))
    part.done()
    if x + box.width > room[0] or y + box.height > room[1]:
        table.fail(key, f"reaches {x + box.width:g} × {y + box.height:g}, out of {holder} of {room[0]:g} × {room[1]:g}")
    return box
