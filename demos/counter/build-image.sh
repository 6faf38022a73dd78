#!/usr/bin/env bash
# Publishes the counter with native AOT and packs it into an OCI image layout, without Docker.
#
#   build-image.sh [--check] [OUT_DIR]      default: artifacts/images/counter below the repository
#
# With --check it builds nothing: success means that the image is there and newer than its sources.
# ARTIFACTS moves the repository's artifacts folder. Unchanged sources give an unchanged digest; an image newer than its sources is left alone.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repo=$(cd "$here/../.." && pwd)
artifacts=${ARTIFACTS:-$repo/artifacts}
check=
if [[ ${1:-} == --check ]]; then
  check=yes
  shift
fi
out=${1:-$artifacts/images/counter}
epoch=1970-01-01T00:00:00Z # A fixed date keeps the digest a function of the content.

is_fresh() {
  [[ -f $out/index.json ]] || return 1
  local inputs=("$here"/*.cs "$here"/*.csproj "$here"/*.sh "$repo"/Directory.*.props "$repo/global.json")
  [[ -z $(find "${inputs[@]}" -newer "$out/index.json" -print -quit) ]]
}

# The runtime identifier's and the image's name of this machine's architecture.
architecture() {
  case $(uname -m) in
    x86_64) echo "x64 amd64" ;;
    aarch64) echo "arm64 arm64" ;;
    *) echo "counter: no native AOT for $(uname -m)" >&2; return 1 ;;
  esac
}

publish() { # RID_ARCH DIR
  local linker=()
  command -v clang >/dev/null || linker=(-p:CppCompilerAndLinker=gcc)
  dotnet publish "$here/Counter.csproj" -c Release -r "linux-$1" -o "$2" -v quiet -nologo -nodeReuse:false \
    -p:ArtifactsPath="$artifacts" "${linker[@]}" >&2
}

# The binary, the shared libraries that the loader would give it here, and the little that a process expects around it.
fill_rootfs() { # PUBLISHED ROOTFS
  local library
  mkdir -p "$2"/{etc,tmp,proc,dev,run/ate,var/lib/counter}
  install -m 755 "$1/counter" "$2/counter"
  ldd "$1/counter" | grep -o '/[^ ]*' | while read -r library; do
    install -D -m 755 "$(readlink -f "$library")" "$2$library"
  done
  echo 'root:x:0:0:root:/:/counter' >"$2/etc/passwd"
  chmod -R u=rwX,go=rX "$2"
  chmod 1777 "$2/tmp"
}

pack() { # ROOTFS LAYOUT ARCH
  local image=$2:latest history=(--history.created "$epoch" --history.created_by demos/counter/build-image.sh)
  tar --create --file "$2.tar" --directory "$1" --format=gnu --sort=name --mtime="$epoch" --owner=0 --group=0 --numeric-owner .
  umoci init --layout "$2"
  umoci new --image "$image"
  umoci raw add-layer --image "$image" "${history[@]}" "$2.tar"
  # One processor and a small young generation: fewer threads and pages to save. The hard limit also keeps the reserved address space small.
  umoci config --image "$image" "${history[@]}" --created "$epoch" --os linux --architecture "$3" \
    --config.entrypoint /counter --config.workingdir / --config.exposedports 8080/tcp --config.user 0:0 \
    --config.env DOTNET_gcServer=0 --config.env DOTNET_gcConcurrent=0 --config.env DOTNET_GCgen0size=0x40000 \
    --config.env DOTNET_GCHeapHardLimit=0x2000000 --config.env DOTNET_GCConserveMemory=9
  umoci gc --layout "$2"
  chmod -R u=rwX,go=rX "$2"
}

if is_fresh; then
  exit 0
elif [[ $check ]]; then
  exit 1
fi

read -r rid arch < <(architecture)
mkdir -p "$(dirname "$out")"
work=$(mktemp -d "$(dirname "$out")/.counter.XXXXXX") # Beside the result, so that the last step is a rename.
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
publish "$rid" "$work/publish"
fill_rootfs "$work/publish" "$work/rootfs"
pack "$work/rootfs" "$work/image" "$arch"
rm -rf "$out"
mv "$work/image" "$out"
touch "$out/index.json"
