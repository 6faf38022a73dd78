# shellcheck shell=bash
# Installs Debian packages. Sourced by the launcher when something is missing.

as_root() {
  if ((EUID == 0)); then "$@"; else sudo "$@"; fi
}

install_tools() { # TOOL...
  local tool package why packages=() reasons=()
  for tool in "$@"; do
    read -r package why <<<"$(package_of "$tool")"
    packages+=("$package")
    reasons+=("$package ($why)")
  done
  if ! command -v apt-get >/dev/null; then
    die "this system has no apt: install the equivalents of ${packages[*]} with its own package manager, then run this again"
  fi
  if ((EUID != 0)) && ! command -v sudo >/dev/null; then
    die "neither root nor sudo here: as root, run  apt-get install ${packages[*]}  and then run this again"
  fi
  for why in "${reasons[@]}"; do
    say "installing $why"
  done
  apt_install "${packages[@]}"
  for tool in "$@"; do
    has_tool "$tool" || die "$tool is still missing after its package was installed"
  done
  for tool in "$@"; do
    case $tool in redis-server | docker-registry | nginx | haproxy) stop_service "$tool" ;; esac
  done
}

apt_install() { # PACKAGE...
  local log
  log=$(mktemp)
  # The lists of a fresh machine may be absent or too old to name files that the mirror still has: hence the second attempt.
  if try_apt install "$@" >"$log" 2>&1 || { try_apt update && try_apt install "$@"; } >"$log" 2>&1; then
    rm -f "$log"
    return 0
  fi
  tail -n 15 "$log" >&2
  rm -f "$log"
  die "apt could not install $*: see above"
}

try_apt() { # install PACKAGE... | update
  local wait=(-o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
  case $1 in
    update) as_root env DEBIAN_FRONTEND=noninteractive apt-get -q "${wait[@]}" update ;;
    install) as_root env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 apt-get -q -y --no-install-recommends "${wait[@]}" install "${@:2}" ;;
  esac </dev/null
}

# Debian starts a server as soon as it is installed; the tests start their own, and the machine's owner asked for none.
stop_service() { # NAME
  if [[ -d /run/systemd/system ]]; then
    as_root systemctl disable --quiet --now "$1"
  else
    as_root service "$1" stop
  fi >/dev/null 2>&1 || true
}
