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
    """Put the default asset pack into a folder or bucket, where it can be changed; returns the exit code."""
    with Screen(as_json=as_json) as screen:
        store, place = open_store(to), studio.pack_place(channel)
        names = {file: f"{place}/{file}" for file in assets.FILES}
        if there := [store.uri(name) for name in names.values() if store.stat(name)]:
            raise AssetError(f"{there[0]}: already there; remove it, or choose another folder or channel")
        made = studio.default_pack(settings.read().cache, screen.note)
        files = [store.write(name, (made / file).read_bytes(), expect=0).uri for file, name in names.items()]
    if as_json:
        screen.emit({"assets": to, "channel": channel, "files": files})
    screen.say(f"{store.uri(place)}  (use it with --assets {shlex.quote(to)} --channel {channel})")
    return 0
