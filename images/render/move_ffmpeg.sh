#!/usr/bin/env bash
# Installs Debian's ffmpeg and copies it below DIR with the libraries that it links to; the rest of its packages, such as
# 160 MB of drivers for screens, stays behind. Of each package that a library comes from, the licence is copied, too, and the
# entry in the list of packages, which is where scanners look for known faults.
#
#   move_ffmpeg.sh DIR
set -euo pipefail
to=$1

# shellcheck disable=SC2016  # dpkg-query fills these in
versions() { xargs dpkg-query --show --showformat '${Package} ${Version}\n' | sort; }
owner() { dpkg-query --search "*/$(basename "$(realpath "$1")")" | head -n 1 | cut -d : -f 1; }

versions < /dev/null > /tmp/before
apt-get update --quiet
apt-get install --quiet --yes --no-install-recommends ffmpeg
changed=$(cut -d ' ' -f 1 /tmp/before | versions | comm -13 /tmp/before -)
if [ -n "$changed" ]; then
  echo "move_ffmpeg: ffmpeg needs a newer base than this, for: $changed" >&2
  exit 1
fi

mkdir -p "$to/var/lib/dpkg/status.d"
{ echo /usr/bin/ffmpeg; ldd /usr/bin/ffmpeg | awk '$2 == "=>" { print $3 }'; } | while read -r file; do
  package=$(owner "$file")
  if ! grep --quiet "^$package " /tmp/before; then
    cp --dereference --parents "/usr${file#/usr}" "$to" # /lib is a link to /usr/lib
    dpkg-query --status "$package" > "$to/var/lib/dpkg/status.d/$package"
    licence=/usr/share/doc/$package/copyright
    if [ -e "$licence" ]; then cp --dereference --parents "$licence" "$to"; fi
  fi
done
