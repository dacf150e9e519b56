"""The map of `triviareel.jobs` names every module that there is."""

import re
from pathlib import Path

from triviareel import jobs


def test_the_map_is_whole() -> None:
    modules = {path.stem for path in Path(jobs.__file__).parent.glob("*.py")} - {"__init__"}
    assert modules - set(re.findall(r"\w+", jobs.__doc__ or "")) == set()
