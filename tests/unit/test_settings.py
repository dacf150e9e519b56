"""What the environment says, as far as it is more than a path."""

from __future__ import annotations

import pytest

from triviareel import settings
from triviareel.errors import InputError


def test_the_memory_for_assets_is_given_in_megabytes() -> None:
    assert settings.read({}).asset_ram == 1 << 30
    assert settings.read({"TRIVIAREEL_ASSET_RAM": "64"}).asset_ram == 64 << 20


@pytest.mark.parametrize("text", ["1 GB", "-1", "1.5", "much"])
def test_what_is_no_number_is_told(text: str) -> None:
    with pytest.raises(InputError, match=r"TRIVIAREEL_ASSET_RAM=.* is no whole number of megabytes: set one such as"):
        settings.read({"TRIVIAREEL_ASSET_RAM": text})
