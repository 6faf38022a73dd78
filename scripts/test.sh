# shellcheck shell=bash
# shellcheck disable=SC2154 # `artifacts` is the launcher's.
# Builds everything and runs the test projects. Sourced by the launcher, before anything that may fail.

counts_said=

test_usage() {
  cat <<'USAGE'
Usage: ./substrate test [--unit] [--component] [--e2e] [NAME...]

Runs the test projects below tests/: unit (seconds), component (real Redis, sockets, runsc), e2e (everything together). Without an option all three.
NAME keeps the tests whose full name contains it; several names keep more. Logs: artifacts/test-logs. The last line has the counts.

SUBSTRATE_TEST_TIMEOUT: seconds that each project may take (default: unit 300, component 900, e2e 1800).
USAGE
}

run_tests() {
  local stages=() filters=() elevated=() stage project running=0
  parse_test_arguments "$@"
  test_logs=$artifacts/test-logs
  rm -rf "$test_logs"
  mkdir -p "$test_logs"
  trap stop_tests INT TERM

  build_tests || { finish_tests; return; }
  for stage in "${stages[@]}"; do
    [[ $stage == unit ]] || elevate elevated # Namespaces and sandboxes are root's.
    for project in $(projects_of "$stage"); do
      # Unit tests neither measure time nor share the machine's devices, so two projects may run beside each other.
      if ((running == $(parallel_of "$stage"))); then
        wait -n || true
        running=$((running - 1))
      fi
      run_project "$stage" "$project" &
      running=$((running + 1))
    done
    wait
    running=0
  done
  finish_tests
}

# What ends before there are any counts is one failure, and still says so on the last line.
count_an_early_end() {
  [[ $counts_said ]] || echo "0 passed, 1 failed, 0 skipped"
}

parse_test_arguments() { # Sets `stages` and `filters` of the caller.
  local argument
  for argument in "$@"; do
    case $argument in
      --unit | --component | --e2e) stages+=("${argument#--}") ;;
      -h | --help) counts_said=yes; test_usage; exit 0 ;;
      -*) say "unknown option $argument"; counts_said=yes; test_usage >&2; exit 2 ;;
      *) filters+=(-method "*$argument*") ;;
    esac
  done
  ((${#stages[@]} > 0)) || stages=(unit component e2e)
}

build_tests() {
  require_sdk
  say "building Substrate.sln"
  touch "$artifacts/.cli-built.new"
  if locked_build solution dotnet_build Substrate.sln; then
    mv "$artifacts/.cli-built.new" "$artifacts/.cli-built"
  else
    echo "0 1 0" >"$test_logs/solution.counts"
    return 1
  fi
}

projects_of() { # STAGE
  find "$SUBSTRATE_HOME/tests/$1" -name '*.csproj' 2>/dev/null | sort
}

parallel_of() { # STAGE
  if [[ $1 == unit ]]; then echo 2; else echo 1; fi
}

limit_of() { # STAGE
  case $1 in
    unit) echo "${SUBSTRATE_TEST_TIMEOUT:-300}" ;;
    component) echo "${SUBSTRATE_TEST_TIMEOUT:-900}" ;;
    *) echo "${SUBSTRATE_TEST_TIMEOUT:-1800}" ;;
  esac
}

# Runs one project and leaves its counts in a file. What it says appears in one piece, also beside another one.
run_project() { # STAGE PROJECT
  local name assembly log report code=0 started=$SECONDS passed=0 failed=0 skipped=0 note=
  name=$(basename "$2" .csproj)
  assembly=$artifacts/bin/$name/release/$(assembly_of "$2").dll
  log=$test_logs/$name.log
  report=$test_logs/$name.trx
  [[ ! -f $assembly ]] || execute "$(limit_of "$1")" "$assembly" "$report" "$log" || code=$?
  if [[ -s $report ]]; then
    read -r passed failed skipped < <(counts_of "$report")
  fi
  # 124 and 137 are timeout's own: it had to end, or to kill, the project.
  if [[ ! -f $assembly ]]; then
    note="was not built: is it in Substrate.sln?"
    echo "$note" >"$log"
  elif ((code == 124 || code == 137)); then
    note="took longer than $(limit_of "$1") s"
  elif [[ ! -s $report ]]; then
    note="died with exit code $code"
  elif ((code != 0 && failed == 0)); then
    note="ended with exit code $code though no test failed"
  fi
  [[ -z $note ]] || ((failed += 1))
  echo "$passed $failed $skipped" >"$test_logs/$name.counts"
  {
    flock 9
    printf '%-40s %5d passed %4d failed %4d skipped %6d s\n' "$name" "$passed" "$failed" "$skipped" "$((SECONDS - started))"
    blocks_of SKIP "$log"
    blocks_of FAIL "$log"
    [[ -z $note ]] || explain_death "$name" "$note" "$log"
  } 9>"$test_logs/.lock"
}

# xunit's own command line names each test as it starts: so a crash or a hang has a name.
execute() { # LIMIT ASSEMBLY REPORT LOG
  # `timeout` makes a process group of its own: what the tests start and do not end is ended with them.
  "${elevated[@]}" timeout --kill-after=15 "$1" dotnet "$2" \
    -noLogo -noColor -noAutoReporters -reporter verbose -longRunning 60 -result-trx "$3" "${filters[@]}" >"$4" 2>&1 </dev/null &
  # shellcheck disable=SC2064 # The process id is the present one.
  trap "kill $! 2>/dev/null" TERM
  wait $! 2>/dev/null
}

assembly_of() { # PROJECT
  local name
  name=$(sed -n 's:.*<AssemblyName>\(.*\)</AssemblyName>.*:\1:p' "$1")
  echo "${name:-$(basename "$1" .csproj)}"
}

counts_of() { # REPORT → passed failed skipped
  grep -o '<Counters [^>]*>' "$1" | awk -F'"' '{
    for (i = 1; i < NF; i += 2) { name = $i; gsub(/[^A-Za-z]|Counters/, "", name); count[name] = $(i + 1) }
    print count["passed"] + 0, count["failed"] + count["error"], count["notExecuted"] + 0
  }'
}

# The tests of a log with that outcome, each with the lines below it (reason, message, stack, output).
blocks_of() { # SKIP|FAIL LOG
  awk -v mark="[$1]" '
    /^    [^ ]/ { inside = index($0, mark) == length($0) - length(mark) + 1; if (inside) print; next }
    inside && /^(      |$)/ { print; next }
    { inside = 0 }' "$2"
}

explain_death() { # NAME NOTE LOG
  echo "    $1 $2; begun and not ended:"
  awk '/ \[STARTING\]$/ { open[$0] = 1 } / \[FINISHED\] / { sub(/ \[FINISHED\].*/, " [STARTING]"); delete open[$0] }
       END { for (line in open) { sub(/ \[STARTING\]$/, "", line); print "  " line } }' "$3"
  echo "    what it said last, from $3:"
  awk '/\[(STARTING|FINISHED|SKIP|FAIL)\]/ { count = 0; next } { last[count++] = $0 }
       END { for (i = 0; i < count && i < 20; i++) print "      " substr(last[i], 1, 200) }' "$3"
}

stop_tests() {
  trap - INT TERM
  # shellcheck disable=SC2046
  kill $(jobs -p) 2>/dev/null || true
  exit 130
}

finish_tests() {
  local file passed failed skipped all_passed=0 all_failed=0 all_skipped=0
  for file in "$test_logs"/*.counts; do
    [[ -f $file ]] || continue
    read -r passed failed skipped <"$file"
    ((all_passed += passed, all_failed += failed, all_skipped += skipped)) || true
  done
  counts_said=yes
  echo "$all_passed passed, $all_failed failed, $all_skipped skipped"
  # A run that tested nothing proves nothing.
  ((all_failed == 0 && all_passed > 0))
}
