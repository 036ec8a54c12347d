# shellcheck shell=bash
# A HAPI FHIR R4 JPA server for tests: composed from the Maven packages of tests/interop/hapi, started on a free port, stopped.
# Sourced after lib.sh, never run. Maven keeps the packages in its own repository (~/.m2 unless its settings say otherwise):
# a later run needs no network.
# shellcheck disable=SC2154  # root and logs are lib.sh's

made=$root/build/hapi
begun=$SECONDS budget=${MAINSTAY_INTEROP_SECONDS:-360}  # since `begun`

# How many seconds are left, at least 1.
left() {
  local rest=$((begun + budget - SECONDS))
  echo $((rest > 1 ? rest : 1))
}

# maven LOG [ARGUMENT...]
maven() {
  local log=$1
  shift
  timeout "$(left)" mvn -B -ntp "$@" -f "$root/tests/interop/hapi/pom.xml" -Dmainstay.hapi="$made" process-classes >"$log" 2>&1 </dev/null
}

compose_hapi() {
  local log=$logs/hapi-maven.log try started=$SECONDS
  say "HAPI: composing (log: build/logs/hapi-maven.log)"
  mkdir -p "$logs"
  # -U: what could not be had the last time is asked for again.
  if ! maven "$log" -o; then
    for try in 1 2 3; do
      say "HAPI: fetching packages, try $try of 3"
      if maven "$log" -U; then break; fi
      if grep -q 'COMPILATION ERROR' "$log" || [[ $try == 3 || $(left) == 1 ]]; then maven_failed "$log"; fi
    done
  fi
  [[ -s $made/classpath ]] || fail "Maven ended well but left no $made/classpath (whole log: $log)"
  say "HAPI: composed in $((SECONDS - started)) s"
}

maven_failed() {
  if [[ $(left) == 1 ]]; then
    fail "HAPI's packages could not be fetched within $budget seconds; is the network slow? run it again, what came is kept (whole log: $1)"
  elif grep -qE 'Could not transfer|Unknown host|UnknownHost|Connection|timed out|unreachable|was not found in' "$1"; then
    fail "Maven cannot reach its package registry (three tries); is there a network, or a mirror in Maven's settings? (whole log: $1)"
  fi
  grep -E '^\[ERROR\]' "$1" | cut -c 1-300 | head -n 8 >&2 || true
  fail "Maven could not compose the HAPI server; the lines above say why (whole log: $1)"
}

# Starts it and waits until it answers; sets hapi_pid and hapi_url. It ends when our end of its standard input is closed,
# thus also when this script is killed.
# shellcheck disable=SC2034  # hapi_url is for the caller
start_hapi() {
  local folder line started=$SECONDS
  folder=$(mktemp -d "${TMPDIR:-/tmp}/mainstay-hapi.XXXXXX")
  mkfifo "$folder/in" "$folder/out"
  # One compiler and one collector are enough for some minutes: half the time to start, a third less memory.
  java -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Duser.timezone=UTC -Dorg.jboss.logging.provider=slf4j \
    -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp "$made/classes:$(<"$made/classpath")" mainstay.interop.Main \
    <"$folder/in" >"$folder/out" 2>"$logs/hapi.log" &
  hapi_pid=$!
  exec 8>"$folder/in" 9<"$folder/out"
  rm -r "$folder"
  while IFS= read -r -t "$(left)" line <&9; do
    if [[ $line == 'READY '* ]]; then
      hapi_url=${line#READY }
      say "HAPI: answers after $((SECONDS - started)) s"
      return
    fi
  done
  if [[ $(left) == 1 ]]; then
    fail "the HAPI server did not answer within $budget seconds, its composing included; is the machine busy? MAINSTAY_INTEROP_SECONDS gives it more (whole log: $logs/hapi.log)"
  fi
  grep -E ' ERROR |^Error|^Exception|^Caused by' "$logs/hapi.log" | cut -c 1-300 | tail -n 5 >&2 || true
  fail "the HAPI server did not start; the lines above say why (whole log: $logs/hapi.log)"
}

stop_hapi() {
  [[ -n ${hapi_pid:-} ]] || return 0
  local memory
  memory=$(awk '/^VmHWM/ { print int($2 / 1024) }' "/proc/$hapi_pid/status" 2>/dev/null) || memory='?'
  exec 8>&-
  kill -TERM "$hapi_pid" 2>/dev/null || true
  wait "$hapi_pid" 2>/dev/null || true
  hapi_pid=
  say "HAPI: stopped; it took at most ${memory:-?} MiB"
}
