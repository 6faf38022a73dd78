# shellcheck shell=bash
# shellcheck disable=SC2154 # `artifacts` is the launcher's.
# Says things, finds .NET, and builds what is stale. Sourced by the launcher.

say() { echo "substrate: $*" >&2; }

die() {
  say "$*"
  exit 1
}

# Fills the named array with what makes a command run as root, with the environment that it needs; nothing where we are root or cannot be.
elevate() { # ARRAY
  local -n prefix=$1
  if ((EUID == 0)) || ! command -v sudo >/dev/null; then
    prefix=()
    return
  fi
  # shellcheck disable=SC2034 # It is the caller's array.
  prefix=(sudo env PATH="$PATH" SUBSTRATE_HOME="$SUBSTRATE_HOME" SUBSTRATE_RUNSC="${SUBSTRATE_RUNSC:-}" ARTIFACTS="$artifacts"
    DOTNET_ROOT="${DOTNET_ROOT:-}" DOTNET_NOLOGO=1)
}

# The directories that the CLI is built from.
cli_sources=(cli perf proxy scheduler nodeagent state k8s)

find_dotnet() {
  local dir
  command -v dotnet >/dev/null && return 0
  for dir in "${DOTNET_ROOT:-}" "$HOME/.dotnet" /usr/share/dotnet /usr/lib/dotnet; do
    if [[ -n $dir && -x $dir/dotnet ]]; then
      export DOTNET_ROOT=$dir PATH="$dir:$PATH"
      return 0
    fi
  done
  refuse_dotnet "there is no 'dotnet' on the PATH"
}

refuse_dotnet() { # REASON
  die "the .NET 10 SDK is needed: $1.
  Install it as https://learn.microsoft.com/dotnet/core/install/linux describes, then run this again."
}

# Asked only before a build: starting dotnet takes longer than everything else here.
require_sdk() {
  [[ $(dotnet --list-sdks) == *10.0.* ]] || refuse_dotnet "this one ($(command -v dotnet)) has no SDK of version 10"
}

# Runs a build with its output in a log, one at a time per checkout.
locked_build() { # NAME COMMAND...
  local log=$artifacts/logs/$1.log lock started=$SECONDS
  mkdir -p "$artifacts/logs"
  exec {lock}>"$artifacts/.lock"
  flock "$lock"
  # The compiler server outlives the build: it must not inherit the lock.
  if ! "${@:2}" >"$log" 2>&1 </dev/null {lock}>&-; then
    grep -E 'error|warn' "$log" | sort -u | head -n 40 >&2 || tail -n 40 "$log" >&2
    say "building $1 failed after $((SECONDS - started)) s; the whole output is in $log"
    exec {lock}>&-
    return 1
  fi
  exec {lock}>&-
}

dotnet_build() { # PROJECT [ARGUMENT...]
  dotnet build "$SUBSTRATE_HOME/$1" -c Release -v quiet -nologo -nodeReuse:false -p:ArtifactsPath="$artifacts" "${@:2}"
}

build_cli() {
  local stamp=$artifacts/.cli-built source sources=()
  for source in "${cli_sources[@]/#/$SUBSTRATE_HOME/}"; do
    [[ ! -d $source ]] || sources+=("$source")
  done
  # Directories count too: theirs is the only time that changes when a file goes.
  if [[ -f $stamp && -z $(find "${sources[@]}" "$SUBSTRATE_HOME"/{Directory.*.props,global.json,.editorconfig} \
    \( -path "*/perf/results" -o -name '*.md' \) -prune -o -newer "$stamp" -print -quit) ]]; then
    return 0
  fi
  require_sdk
  say "building the command line"
  mkdir -p "$artifacts"
  touch "$stamp.new" # Before the build, so that what changes during it is stale afterwards.
  locked_build cli dotnet_build cli/Substrate.Cli.csproj || exit 1
  mv "$stamp.new" "$stamp"
}

build_image() {
  require_sdk
  say "building the image of demos/counter"
  locked_build counter-image counter_image || exit 1
}
