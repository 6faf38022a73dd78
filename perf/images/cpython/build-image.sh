#!/usr/bin/env bash
# Packs the machine's own CPython and actor.py into an OCI image layout, for ./substrate bench snapshot. Asks nothing of the network.
#
#   build-image.sh [OUT_DIR]      default: artifacts/images/cpython below the repository
#
# Needs Debian's python3 (apt-get install python3) and umoci. An image newer than its sources is left alone.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=${1:-$here/../../../artifacts/images/cpython}
python=$(readlink -f /usr/bin/python3) || true
[[ -x $python ]] || { echo "cpython: there is no /usr/bin/python3: apt-get install python3" >&2; exit 1; }
lib=/usr/lib/$(basename "$python")

[[ ! -f $out/index.json || -n $(find "$here" "$python" -newer "$out/index.json" -print -quit) ]] || exit 0

mkdir -p "$(dirname "$out")"
work=$(mktemp -d "$(dirname "$out")/.cpython.XXXXXX") # Beside the result, so that the last step is a rename.
trap 'rm -rf "$work"' EXIT
root=$work/rootfs
mkdir -p "$root"/{etc,tmp,proc,dev,run/ate,lib64}
install -D -m 755 "$python" "$root$python"
cp -L /lib64/ld-linux-* "$root/lib64/"
{ ldd "$python"; find "$lib/lib-dynload" -name '*.so' -exec ldd {} + 2>/dev/null; } | grep -o '=> /[^ ]*' | cut -c4- | sort -u |
  while read -r library; do install -D -m 755 "$(readlink -f "$library")" "$root$library"; done
mkdir -p "$root$lib"
tar --create --directory "$lib" --exclude=./test --exclude=./idlelib --exclude=./ensurepip --exclude=__pycache__ . | tar --extract --directory "$root$lib"
install -m 644 "$here/actor.py" "$root/actor.py"
chmod 1777 "$root/tmp"

tar --create --file "$work/layer.tar" --directory "$root" --format=gnu --sort=name --owner=0 --group=0 --numeric-owner .
umoci init --layout "$work/image"
umoci new --image "$work/image:latest"
umoci raw add-layer --image "$work/image:latest" "$work/layer.tar"
umoci config --image "$work/image:latest" --config.entrypoint "$python" --config.entrypoint -S --config.entrypoint /actor.py --config.workingdir /
umoci gc --layout "$work/image"
rm -rf "$out"
mv "$work/image" "$out"
