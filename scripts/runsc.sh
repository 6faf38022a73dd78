# shellcheck shell=bash
# Finds or fetches gVisor's runsc and exports SUBSTRATE_RUNSC. Sourced by the launcher.

# Older ones cannot checkpoint with connections open (--net-disconnect-ok) nor without compression.
minimum_runsc=20240729
# The first Debian release that packages one new enough. Its binary is static: it runs on older releases too.
runsc_suite=trixie

provide_runsc() {
  local found
  if [[ -n ${SUBSTRATE_RUNSC:-} ]]; then
    is_good_runsc "$SUBSTRATE_RUNSC" || die "SUBSTRATE_RUNSC=$SUBSTRATE_RUNSC is not a runsc of version $minimum_runsc or newer: correct it, or unset it"
  elif found=$(type -P runsc) && is_good_runsc "$found"; then
    SUBSTRATE_RUNSC=$found
  else
    SUBSTRATE_RUNSC=$SUBSTRATE_HOME/.tools/runsc
    [[ -x $SUBSTRATE_RUNSC ]] || fetch_runsc "$SUBSTRATE_RUNSC"
  fi
  export SUBSTRATE_RUNSC
}

# Both forms are known: "runsc version release-20240729.0" and Debian's "runsc version 0.0~20240729.0".
is_good_runsc() { # PATH
  local version
  version=$("$1" --version 2>/dev/null | sed -n '1s/.*[-~]\([0-9]\{8\}\).*/\1/p') || return 1
  [[ -n $version ]] && ((version >= minimum_runsc))
}

fetch_runsc() { # TARGET
  local work
  if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then
    refuse_runsc "this system has no apt"
  fi
  say "installing runsc into .tools/ (sandboxes; from Debian $runsc_suite's package, nothing system-wide)"
  mkdir -p "$(dirname "$1")"
  work=$(mktemp -d "$(dirname "$1")/.runsc.XXXXXX")
  # A subshell of its own, so that the trap cleans up after every way out.
  (
    trap 'rm -rf "$work"' EXIT
    fetch_runsc_package "$work"
    is_good_runsc "$work/x/usr/bin/runsc" || refuse_runsc "the package's runsc does not run here, or is older than $minimum_runsc"
    mv "$work/x/usr/bin/runsc" "$1"
  )
}

# An apt configuration of its own: own sources, lists, cache and status. Proxy and credentials settings remain the machine's.
fetch_runsc_package() { # DIR
  local dir=$1 mirror apt
  mkdir -p "$dir"/{machine,lists,cache/archives}/partial "$dir/x"
  mirror=$(debian_mirror "$dir/machine")
  if [[ -z $mirror ]]; then
    refuse_runsc "apt here has no Debian mirror to take it from"
  fi
  : >"$dir/status"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $runsc_suite main" >"$dir/sources.list"
  apt=(apt-get -q -o Dir::Etc::sourcelist="$dir/sources.list" -o Dir::Etc::sourceparts=/nonexistent -o Dir::State::lists="$dir/lists"
    -o Dir::State::status="$dir/status" -o Dir::Cache="$dir/cache" -o APT::Sandbox::User="$(id -un)" -o Acquire::Retries=3 -o Acquire::Languages=none)
  if ! (cd "$dir" && "${apt[@]}" update && "${apt[@]}" download runsc && dpkg-deb -x runsc_*.deb x) >"$dir/log" 2>&1 </dev/null; then
    tail -n 10 "$dir/log" >&2
    refuse_runsc "the mirror $mirror did not give Debian $runsc_suite's package"
  fi
}

# The address of the Debian mirror that this machine's own apt uses; nothing on another distribution.
debian_mirror() { # DIR
  local mirror
  mirror=$(debian_mirror_of)
  if [[ -z $mirror && -z $(apt-get indextargets 'Created-By: Packages') ]]; then
    # apt knows the origin of a source only from its lists. A fresh machine has none yet: fetch a copy of our own.
    apt-get -q -o Dir::State::lists="$1" -o APT::Sandbox::User="$(id -un)" update >/dev/null 2>&1 </dev/null || true
    mirror=$(debian_mirror_of -o Dir::State::lists="$1")
  fi
  echo "$mirror"
}

debian_mirror_of() { # [APT OPTION...]
  # The security and updates archives have suites of their own ("bookworm-security"), without this package.
  # shellcheck disable=SC2016 # apt fills these in.
  apt-get "$@" indextargets --format '$(ORIGIN) $(CODENAME) $(REPO_URI)' 'Created-By: Packages' |
    awk '$1 == "Debian" && $2 !~ /-/ && !found { print $3; found = 1 }'
}

refuse_runsc() { # REASON
  die "no runsc of version $minimum_runsc or newer, and $1.
  Install gVisor's official release as https://gvisor.dev/docs/user_guide/install/ describes, so that 'runsc' is on the PATH,
  or name one with SUBSTRATE_RUNSC=/path/to/runsc."
}
