"""The command that makes an asset pack."""

from __future__ import annotations

import shlex

from triviareel import settings
from triviareel.cli.screen import Screen
from triviareel.errors import AssetError
from triviareel.jobs import fingerprint, studio
from triviareel.storage import open_store
from triviareel.video import assets


def build(to: str, channel: str, *, as_json: bool) -> int:
    """Put the default asset pack into a folder or bucket, where it can be changed; returns the exit code."""
    with Screen(as_json=as_json) as screen:
        store, place = open_store(to), studio.pack_place(channel)
        names = {file: f"{place}/{file}" for file in assets.FILES}
        there = [file for file, name in names.items() if store.stat(name)]
        if len(there) == len(names):
            raise _taken(store.uri(names[there[0]]))
        made = studio.default_pack(settings.read().cache, screen.note)
        for file in there:  # a run that ended half-way leaves files of ours
            if store.sha256(names[file]) != fingerprint.of_file(made / file):
                raise _taken(store.uri(names[file]))
        for file in names.keys() - there:
            store.write(names[file], (made / file).read_bytes(), expect=0)
        files = [store.uri(name) for name in names.values()]
    if as_json:
        screen.emit({"assets": to, "channel": channel, "files": files})
    screen.say(f"{store.uri(place)}  (use it with --assets {shlex.quote(to)} --channel {channel})")
    return 0


def _taken(uri: str) -> AssetError:
    return AssetError(f"{uri}: already there; remove it, or choose another place or channel")
