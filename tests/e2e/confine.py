"""Runs the rest of its command line where nothing can be written but one small temporary folder.

    python tests/e2e/confine.py FOLDER COMMAND…

All file systems are read-only, and FOLDER, which must be there, is one of 64 MB. That takes no root where users may
have name spaces of their own. Elsewhere Landlock forbids this process and its children to write outside FOLDER, and
nothing holds FOLDER to its size but whoever looks.

Exit code 125: this system allows neither.
"""

from __future__ import annotations

import ctypes
import os
import shlex
import subprocess
import sys

SIZE_MB = 64
NEITHER = 125

_OPEN_ELSEWHERE = ("/dev", "/proc", "/sys")  # devices are no disk
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # syscalls, the same on all machines
_WRITING = 0b1_1111_1111_0010  # linux/landlock.h: write files, make and remove whatever there is
_NO_NEW_PRIVILEGES = 38  # prctl(2)
_PATH_BENEATH = 1


def main(folder: str, command: list[str]) -> None:
    """Become the command."""
    if subprocess.run(["unshare", "-rm", "true"], capture_output=True, check=False).returncode == 0:
        os.execvp("unshare", ["unshare", "-rm", "sh", "-c", _script(folder, command)])  # noqa: S606 - a test's own
    if not _landlocked([folder, "/dev"]):
        sys.exit(NEITHER)
    os.execvp(command[0], command)  # noqa: S606 - as above


def _script(folder: str, command: list[str]) -> str:
    """Mount a small file system on the folder, make all others read-only, and see that they are."""
    return f"""
mount -t tmpfs -o size={SIZE_MB}m,mode=1777 none {shlex.quote(folder)} || exit {NEITHER}
while read -r _ _ _ _ place options _; do
  case $place in {shlex.quote(folder)}|{"|".join(f"{place}|{place}/*" for place in _OPEN_ELSEWHERE)}) continue;; esac
  flags=$(echo "$options" | tr , '\\n' | grep -E '^(nosuid|nodev|noexec|noatime|relatime)$' | tr '\\n' ,)
  mount -o "remount,bind,${{flags}}ro" "$(printf %b "$place")" 2>/dev/null
done < /proc/self/mountinfo
for place in "$PWD" "$HOME" /tmp /var/tmp; do
  if touch "$place/.confined" 2>/dev/null; then echo "$place can be written" >&2; exit {NEITHER}; fi
done
exec {shlex.join(command)}
"""


def _landlocked(folders: list[str]) -> bool:
    """Forbid all writing but beneath these folders; False where the kernel has no Landlock."""
    libc = ctypes.CDLL(None, use_errno=True)
    allowed = ctypes.c_uint64(_WRITING)
    rules = libc.syscall(_CREATE_RULESET, ctypes.byref(allowed), ctypes.sizeof(allowed), 0)
    if rules < 0:
        return False
    for folder in folders:
        handle = os.open(folder, os.O_PATH)
        rule = ctypes.create_string_buffer(_WRITING.to_bytes(8, "little") + handle.to_bytes(4, "little"), 12)
        if libc.syscall(_ADD_RULE, rules, _PATH_BENEATH, rule, 0):
            return False
        os.close(handle)
    return not libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) and not libc.syscall(_RESTRICT_SELF, rules, 0)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
