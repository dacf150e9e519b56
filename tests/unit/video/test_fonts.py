"""Fonts are found, their glyphs known, and nothing happens before the first text."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from triviareel.errors import ThemeError
from triviareel.video import fonts


@pytest.mark.parametrize(
    "text",
    [
        "Žluťoučký kůň, àéîõü ß Æ ø ł ğ",
        "Thủ đô của Việt Nam",
        "Ωμέγα, Ποια είναι;",
        "Какая река? Ґ Ї Ў",
        "ما هي عاصمة مصر؟ ۱۲۳",
        "מהי בירת ישראל?",
        "भारत की राजधानी",
        "ভারতের রাজধানী தமிழ் తెలుగు ไทย ქართული Հայերեն",
        "CO₂, H₂O, ½ ¼ ° € £ ¥ π √ ∞ ≈ × ÷ − – — “” ‘’ … → ♯ ♭",
        "🎉 😀 🇫🇷 👨‍👩‍👧 ❤️",
        "e\u0301",  # decomposed: composed before it is looked for
        "\u200fשלום\u200e a\u200db",
    ],
)
def test_scripts_and_signs_have_glyphs(text: str) -> None:
    assert fonts.missing(text) == []


def test_a_glyph_that_no_font_has_is_named_with_its_code_point() -> None:
    assert fonts.missing("a𓀀b𓀀") == ["𓀀 U+13000 egyptian hieroglyph a001"]
    assert fonts.missing("中") == ["中 U+4E2D cjk unified ideograph-4e2d"]
    assert fonts.missing("a\0\x1b") == ["U+0000 control character", "U+001B control character"]


def test_a_theme_brings_fonts_of_its_own(tmp_path: Path) -> None:
    source = next(path for path in fonts.files(fonts.folders()[1]) if "Georgian" in path.name)
    shutil.copy(source, tmp_path / "own.ttf")
    assert next(iter(fonts.coverage(tmp_path))) == "Noto Sans Georgian"
    assert next(iter(fonts.coverage())) == "Montserrat"
    fonts.prepare(tmp_path)


def test_a_file_that_is_no_font_is_named(tmp_path: Path) -> None:
    (tmp_path / "bad.ttf").write_bytes(b"not a font at all")
    with pytest.raises(ThemeError, match=r"bad\.ttf: not a font that can be read"):
        fonts.coverage(tmp_path)


def test_setting_up_is_done_once_whoever_asks() -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: fonts.prepare(), range(32)))
    path = Path(os.environ["FONTCONFIG_FILE"])
    assert "fontpkg_montserrat" in path.read_text()


def test_nothing_happens_at_import() -> None:
    code = "import os, triviareel.video.cards; print('FONTCONFIG_FILE' in os.environ)"
    environment = {key: value for key, value in os.environ.items() if key != "FONTCONFIG_FILE"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_home_that_cannot_be_written_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code = "import os; from triviareel.video import fonts; fonts.prepare(); print(os.environ['FONTCONFIG_FILE'])"
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "file"), "TMPDIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert Path(done.stdout.strip()).is_relative_to(tmp_path)
