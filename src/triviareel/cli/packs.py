"""The command that makes an asset pack."""

from __future__ import annotations

import shlex

from triviareel import settings
from triviareel.cli.screen import Screen
from triviareel.errors import AssetError
from triviareel.jobs import studio
from triviareel.storage import open_store
from triviareel.video import assets


def build(to: str, channel: str, *, as_json: bool) -> int:
    """Make an asset pack; returns the exit code."""
    with Screen(as_json=as_json) as screen:
        screen.stage("assets", "drawing backgrounds, timer bar and ding")
        store, place = open_store(to), studio.pack_place(channel)
        names = {file: f"{place}/{file}" for file in assets.FILES}
        if there := [store.uri(name) for name in names.values() if store.stat(name)]:
            raise AssetError(f"{there[0]}: already there; remove it, or choose another folder or channel")
        made = assets.default_pack(settings.read().cache)
        files = [store.write(name, (made / file).read_bytes(), expect=0).uri for file, name in names.items()]
    if as_json:
        screen.emit({"assets": to, "channel": channel, "files": files})
    screen.say(f"{store.uri(place)}  (use it with --assets {shlex.quote(to)} --channel {channel})")
    return 0
