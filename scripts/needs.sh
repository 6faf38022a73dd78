# shellcheck shell=bash
# shellcheck disable=SC2154 # `artifacts` is the launcher's.
# What each verb needs beside the .NET SDK, and how it gets there. Sourced by the launcher.

# verb → groups of tools
groups_of() {
  case $1 in
    up) echo "sandbox image" ;;
    bench) echo "sandbox image store proxies" ;;
    run-nodeagent) echo "sandbox image" ;;
    test) echo "sandbox image store registry s3" ;;
    *) ;; # get, apply, logs, run proxy, …: the CLI alone.
  esac
}

# group → tools. `aot` is added to `image` when the demo's image has to be built.
tools_of() {
  case $1 in
    sandbox) echo "ip nft conntrack setsid flock" ;;
    image) echo "umoci skopeo" ;;
    aot) echo "gcc libc-headers zlib-headers" ;;
    store) echo "redis-server" ;;
    proxies) echo "nginx haproxy h2load" ;;
    registry) echo "docker-registry" ;;
    s3) echo "npm" ;;
  esac
}

# tool → Debian package, why it is needed
package_of() {
  case $1 in
    ip) echo "iproute2 network namespaces of the slots" ;;
    nft) echo "nftables address translation of the slots" ;;
    umoci) echo "umoci packing and unpacking OCI images" ;;
    skopeo) echo "skopeo reading images from registries" ;;
    docker-registry) echo "docker-registry tests against a real registry" ;;
    gcc) echo "gcc linking the demo actor" ;;
    libc-headers) echo "libc6-dev linking the demo actor" ;;
    zlib-headers) echo "zlib1g-dev linking the demo actor" ;;
    npm) echo "npm fetching the tests' S3 server" ;;
    redis-server) echo "redis-server tests against a real Redis" ;;
    setsid | flock) echo "util-linux the watchdog of a node agent, and checkpoints that outlive it" ;;
    nginx) echo "nginx-light a proxy to compare with, and the backend of that comparison" ;;
    haproxy) echo "haproxy a proxy to compare with" ;;
    h2load) echo "nghttp2-client load over HTTP/1.1 and HTTP/2" ;;
    conntrack) echo "conntrack forgetting the connections of a slot" ;;
  esac
}

# Is the tool there? Most are commands; /usr/sbin is not on every user's PATH.
has_tool() {
  case $1 in
    libc-headers) [[ -e /usr/include/stdlib.h ]] ;;
    zlib-headers) [[ -e /usr/include/zlib.h ]] ;;
    *) command -v "$1" >/dev/null || [[ -x /usr/sbin/$1 || -x /sbin/$1 ]] ;;
  esac
}

# Verbs that make or remove namespaces and sandboxes themselves, rather than ask a running instance.
needs_root() {
  case $1 in
    up | down | bench | run-nodeagent) return 0 ;;
    *) return 1 ;;
  esac
}

counter_image() { ARTIFACTS=$artifacts "$SUBSTRATE_HOME/demos/counter/build-image.sh" "$@"; }

# Makes sure that everything the verb needs is there.
provide() { # VERB
  local groups tool group missing=() image_is_stale=
  read -ra groups <<<"$(groups_of "$1")"
  ((${#groups[@]} > 0)) || return 0
  if [[ " ${groups[*]} " == *" image "* ]] && ! counter_image --check; then
    image_is_stale=yes
    groups+=(aot)
  fi
  for group in "${groups[@]}"; do
    for tool in $(tools_of "$group"); do
      has_tool "$tool" || missing+=("$tool")
    done
  done
  if ((${#missing[@]} > 0)); then
    # shellcheck source=scripts/install.sh
    source "$SUBSTRATE_HOME/scripts/install.sh"
    install_tools "${missing[@]}"
  fi
  if [[ " ${groups[*]} " == *" sandbox "* ]]; then
    # shellcheck source=scripts/runsc.sh
    source "$SUBSTRATE_HOME/scripts/runsc.sh"
    provide_runsc
  fi
  if [[ " ${groups[*]} " == *" s3 "* ]]; then
    # shellcheck source=scripts/s3rver.sh
    source "$SUBSTRATE_HOME/scripts/s3rver.sh"
    provide_s3rver
  fi
  [[ -z $image_is_stale ]] || build_image
}
