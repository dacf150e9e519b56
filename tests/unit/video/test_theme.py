"""The default theme is sound, and every fault of a theme is named with its file, its key and the mend."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import pyvips

from triviareel.errors import ThemeError
from triviareel.video import svg, theme
from triviareel.video.canvas import Canvas, Format

DEFAULT = theme.load("limelight")
MARGIN = f"margin = {DEFAULT.margin:g}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the default theme, to be broken."""
    return Path(shutil.copytree(DEFAULT.folder, tmp_path / "mine"))


def edited(folder: Path, old: str, new: str, name: str = "theme.toml") -> Path:
    path = folder / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return folder


def test_themes_that_come_along_load() -> None:
    assert "limelight" in theme.names()
    for name in theme.names():
        assert theme.load(name).name


def test_a_folder_is_a_theme_and_its_digest_follows_every_byte(folder: Path) -> None:
    assert theme.load(folder).digest == DEFAULT.digest
    piece = folder / "badge.svg"
    piece.write_text(piece.read_text() + "\n")
    assert theme.load(folder).digest != DEFAULT.digest


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (MARGIN, "", r"theme\.toml: margin is missing; add it"),
        (MARGIN, "margn = 14", r"theme\.toml: margin is missing; is it spelt margn\?"),
        (MARGIN, "margin = true", r"margin is True; write a number"),
        (MARGIN, "margin = nan", r"margin is nan; write a number"),
        (MARGIN, "margin = 400", r"margin is 400; choose 0 to 40"),
        ("leading = 1.2\n", "leadng = 1.2\n", r"type\.question\.leadng means nothing here; did you mean leading\?"),
        (
            f'edge = "{DEFAULT.colours["edge"]}"',
            'edge = "violet"',
            r"colours\.edge is 'violet'; write a colour as #RRGGBB",
        ),
        ('colour = "text"', 'colour = "txt"', r"type\.question\.colour is 'txt'; choose one of .*text"),
        ('weight = "bold"', 'weight = "boldest"', r"type\.question\.weight is 'boldest'; choose one of .*bold"),
        (
            f"display = {json.dumps(DEFAULT.styles['question'].families)}",
            'display = ["Comic"]',
            r"fonts\.display names 'Comic', which no font has",
        ),
        ('progress = "{number} / {count}"', 'progress = "{n}"', r"words\.progress is '{n}'; fill in nothing but"),
        ('letters = ["A", "B", "C", "D"]', 'letters = ["A"]', r"words\.letters has 1 entries; it takes 4"),
        ('enter_from = "bottom"', 'enter_from = "below"', r"motion\.title\.enter_from is 'below'; choose one of left"),
        (
            "x = 96, y = 54, width = 1728",
            "x = 400, y = 54, width = 1728",
            r"landscape\.question reaches 2128 × 512, out",
        ),
        ("height = 250 }", "height = 460 }", r"landscape\.question_text reaches .*, out of question of 1728 × 458"),
        ("y = 534, width = 852", "y = 534, width = 850", r"landscape\.option_b differs in size from option_a"),
        ("question = [82, 38]", "question = [38, 82]", r"landscape\.sizes\.question is .*: the largest is below"),
        ("question = [82, 38]", "question = 68", r"landscape\.sizes\.question is 68; write two numbers"),
        ("[square]", "[sqare]", r"square\.question is missing; add it"),
        (MARGIN, f"{MARGIN}\nlandscape = 3", r"theme\.toml: not TOML: Cannot overwrite"),
        ("[pace]", "[tempo]", r"theme\.toml: pace is missing; add it"),
        (f"intro = {float(DEFAULT.pace.intro_s)}", "intro = -3.0", r"pace\.intro is -3\.0; choose 0\.1 to 30"),
        ("[colours]", "[colours", r"theme\.toml: not TOML"),
    ],
)
def test_a_fault_in_the_toml_is_named(folder: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(ThemeError, match=message) as caught:
        theme.load(edited(folder, old, new))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "<title>",
            '<image href="http://example.org/a.png"/><title>',
            r"<image> refers to 'http://example\.org/a\.png'",
        ),
        (
            "<title>",
            '<use xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="other.svg#a"/><title>',
            r"badge\.svg: <use> refers to 'other\.svg#a'",
        ),
        ("<title>", '<rect style="fill:url(file:///etc/a)"/><title>', r"refers to 'file:///etc/a'"),
        ("<title>", "<style>@import 'a.css';</style><title>", r"refers to another style sheet"),
        ("<title>", "<script>1</script><title>", r"has a <script> element; remove it"),
        ("<svg", "<!DOCTYPE svg [<!ENTITY a 'b'>]><svg", r"declares a document type"),
        ("</svg>", "", r"badge\.svg: not well-formed XML"),
        ("http://www.w3.org/2000/svg", "http://example.org/", r"its root is .*, not an svg element"),
    ],
)
def test_a_piece_that_is_broken_or_reaches_outside_is_refused(folder: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(ThemeError, match=message):
        theme.load(edited(folder, old, new, "badge.svg"))


def test_a_missing_piece_or_theme_is_named(folder: Path, tmp_path: Path) -> None:
    (folder / "track.svg").unlink()
    with pytest.raises(ThemeError, match=r"track\.svg: missing; every theme needs this piece"):
        theme.load(folder)
    with pytest.raises(ThemeError, match=f"neither one of {', '.join(theme.names())} nor a folder"):
        theme.load("limelite")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ThemeError, match=r"theme\.toml: missing; a theme is a folder"):
        theme.load(tmp_path / "empty")


@pytest.mark.parametrize("name", theme.PIECES)
def test_each_piece_opens_on_its_own(name: str) -> None:
    image = pyvips.Image.new_from_file(str(DEFAULT.folder / f"{name}.svg"))
    assert image.width > 0
    assert image.extract_band(3).max() > 200


def test_corners_keep_their_shape_at_any_size() -> None:
    piece, css = DEFAULT.pieces["option"], DEFAULT.stylesheet()
    small, large = (piece.draw(width, 156, 14, 1.0, css).numpy()[:, :60, 3] for width in (300, 1200))
    assert np.array_equal(small, large)


def test_colours_of_the_toml_reach_the_pieces(folder: Path) -> None:
    mine = theme.load(edited(folder, f'accent = "{DEFAULT.colours["accent"]}"', 'accent = "#00FF00"'))
    image = mine.pieces["topic"].draw(200, 56, 0, 1.0, mine.stylesheet())
    assert image(100, 28) == [0, 255, 0, 255]


def test_a_piece_may_be_as_odd_as_svg_allows(tmp_path: Path) -> None:
    path = tmp_path / "odd.svg"
    path.write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="10" height="10"/></svg>')
    assert svg.read(path).draw(40, 40, 2, 1.0, "").width == 44


@pytest.mark.parametrize("shape", Format)
def test_cards_lie_in_the_safe_area_and_apart(shape: Format) -> None:
    layout, (width, height) = DEFAULT.layouts[shape], Canvas(shape).design_size
    cards = [layout.boxes[name] for name in ("question", *theme.OPTIONS, "explanation")]
    upper, lower = (200, 360) if shape is Format.PORTRAIT else (0.05 * height, 0.05 * height)
    for card in cards:
        assert card.x >= 0.05 * width
        assert card.x + card.width <= 0.95 * width
        assert card.y >= upper
        assert card.y + card.height <= height - lower
    for one in range(len(cards)):
        for two in range(one + 1, len(cards)):
            a, b = cards[one], cards[two]
            beside = a.x + a.width <= b.x or b.x + b.width <= a.x
            assert beside or a.y + a.height <= b.y or b.y + b.height <= a.y
