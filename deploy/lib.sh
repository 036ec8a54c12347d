# shellcheck shell=bash
# What the scripts of this folder share: the package table, the build, the test count, the demo service.
# Sourced by them, never run. Needs bash, git and apt only.

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
logs=${MAINSTAY_LOGS:-$root/build/logs}
jobs=${MAINSTAY_JOBS:-$(nproc 2>/dev/null || echo 2)}

# ccache: hits across clones in different folders, and with precompiled headers.
export CCACHE_BASEDIR=${CCACHE_BASEDIR:-$root} CCACHE_NOHASHDIR=1 CCACHE_SLOPPINESS=pch_defines,time_macros

say() { printf '== %s\n' "$*"; }
fail() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# set, package on Debian 12, package on Ubuntu 24.04 (these names are not run), what it is for.
# `a|b`: any of them will do, the first is installed when there is none.
package_table() {
  cat <<'END'
build  clang-16                  clang-16                  C++20 compiler (g++ 12 miscompiles coroutines)
build  libstdc++-12-dev          libstdc++-13-dev          C++ standard library
build  lld-16                    lld-16                    linker
build  cmake                     cmake                     build description
build  ninja-build               ninja-build               build runner
build  ccache                    ccache                    makes a second build quick
build  pkg-config|pkgconf        pkg-config|pkgconf        finds libfyaml
build  libboost1.81-dev          libboost1.83-dev          network and HTTP (Asio, Beast)
build  libboost-system1.81-dev   libboost-system1.83-dev   error codes
build  libboost-url1.81-dev      libboost-url1.83-dev      URLs
build  rapidjson-dev             rapidjson-dev             JSON
build  libcurl4-openssl-dev|libcurl4-gnutls-dev  libcurl4-openssl-dev|libcurl4-gnutls-dev  FHIR client
build  libssl-dev                libssl-dev                hashes and signatures
build  libspdlog-dev             libspdlog-dev             log
build  libfmt-dev                libfmt-dev                text
build  libmimalloc-dev           libmimalloc-dev           memory allocator of the service
build  libfyaml-dev              libfyaml-dev              YAML of the rule packs
build  libcli11-dev              libcli11-dev              command line
test   libgtest-dev              libgtest-dev              test framework
test   libgmock-dev              libgmock-dev              test framework
test   librapidcheck-dev         librapidcheck-dev         property tests
test   libmd4c-dev               libmd4c-dev               checks that cards are valid Markdown
test   libmd4c-html0-dev         libmd4c-html0-dev         renders cards as HTML for their golden files
test   python3                   python3                   black-box tests
test   shellcheck                shellcheck                checks these scripts
sanitize  libclang-rt-16-dev     libclang-rt-16-dev        address and thread sanitizers
sanitize  llvm-16                llvm-16                   names in sanitizer reports
interop  openjdk-17-jdk-headless|openjdk-21-jdk-headless  openjdk-17-jdk-headless|openjdk-21-jdk-headless  compiles and runs the HAPI FHIR server
interop  maven                   maven                     fetches its packages
bench  libbenchmark-dev          libbenchmark-dev          benchmarks (preset bench)
fresh  debootstrap               debootstrap               makes a bare Debian root
END
}

# The column of the table for this system; empty when it is neither.
package_column() {
  local file=${MAINSTAY_OS_RELEASE:-/etc/os-release} id='' version=''
  if [[ -r $file ]]; then
    # shellcheck disable=SC1090
    id=$(. "$file" && echo "${ID:-}")
    # shellcheck disable=SC1090
    version=$(. "$file" && echo "${VERSION_ID:-}")
  fi
  case "$id $version" in
    'debian 12') echo 2 ;;
    'ubuntu 24.04') echo 3 ;;
  esac
}

is_installed() {
  [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# need_packages SET...: installs what is missing of these sets and nothing else.
need_packages() {
  local column sets=" $* " missing=() total=0 set debian ubuntu purpose names name found
  column=$(package_column)
  if [[ -z $column ]] || ! command -v apt-get >/dev/null; then
    fail "this script installs packages on Debian 12 and Ubuntu 24.04 only; see its table in deploy/lib.sh for what to install here, then run cmake --preset release && ninja -C build/release"
  fi
  while read -r set debian ubuntu purpose; do
    [[ $sets == *" $set "* ]] || continue
    if [[ $column == 2 ]]; then names=$debian; else names=$ubuntu; fi
    total=$((total + 1)) found=
    for name in ${names//|/ }; do
      if is_installed "$name"; then found=1; fi
    done
    if [[ -z $found ]]; then
      missing+=("${names%%|*}")
      printf '   missing: %-24s %s\n' "${names%%|*}" "$purpose"
    fi
  done < <(package_table)
  if [[ ${#missing[@]} == 0 ]]; then
    say "packages: all $total are there"
    return
  fi
  say "packages: installing ${#missing[@]} of $total with apt-get"
  local as_root=()
  if [[ $(id -u) != 0 ]]; then
    command -v sudo >/dev/null || fail "packages are missing and you are neither root nor have sudo; ask for: apt-get install ${missing[*]}"
    as_root=(sudo)
    [[ -t 0 ]] || as_root=(sudo -n)
  fi
  mkdir -p "$logs"
  local log=$logs/apt.log options=(-y --no-install-recommends --no-remove -o DPkg::Lock::Timeout=120)
  : >"$log"
  # An update that fails in part may still be enough; the installation is what counts.
  "${as_root[@]}" apt-get update >>"$log" 2>&1 || true
  if ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install "${options[@]}" "${missing[@]}" >>"$log" 2>&1; then
    grep -E '^(E|Err|W):' "$log" | tail -n 5 >&2 || true
    if grep -qE 'remove is disabled' "$log"; then
      fail "installing ${missing[*]} would remove packages that you have; decide with: apt-get install ${missing[*]}"
    elif grep -qE 'Temporary failure resolving|Could not resolve|Could not connect|Failed to fetch|Connection' "$log"; then
      fail "apt-get cannot reach its package archive; is there a network? (whole log: $log)"
    fi
    fail "apt-get could not install ${missing[*]}; the lines above say why (whole log: $log)"
  fi
}

# Runs a command with its output in a log; shows every tenth step of a ninja build where there is no terminal.
logged() {
  local log=$1
  shift
  mkdir -p "$logs"
  if "$@" 2>&1 | tee "$log" | progress; then return 0; fi
  return 1
}

# Read line by line in the shell: awk may hold a pipe's lines back until it has a block of them.
progress() {
  local line step last=
  while IFS= read -r line; do
    [[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]] || continue
    if [[ -t 1 ]]; then
      printf '\r\033[K%s' "${line:0:100}"
    else
      step=$((BASH_REMATCH[1] * 10 / BASH_REMATCH[2]))
      [[ $step == "$last" ]] || printf '   %d of %d\n' "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
      last=$step
    fi
  done
  if [[ -t 1 ]]; then printf '\r\033[K'; fi
}

# build PRESET [TARGET...]: configures and builds in build/PRESET.
build() {
  local preset=$1 log=$logs/$1-build.log started=$SECONDS
  shift
  command -v clang++-16 >/dev/null || fail "there is no compiler: clang++-16 is not on the PATH although its package is installed"
  mkdir -p "$logs"
  say "build: $preset (log: build/logs/$preset-build.log)"
  if ! (cd "$root" && cmake --preset "$preset") >"$logs/$preset-configure.log" 2>&1; then
    grep -A 12 'CMake Error' "$logs/$preset-configure.log" | head -n 30 >&2 || tail -n 20 "$logs/$preset-configure.log" >&2
    fail "cmake could not configure the build; the lines above say why"
  fi
  if ! logged "$log" ninja -C "$root/build/$preset" -j "$jobs" "$@"; then
    grep -A 40 -m 3 '^FAILED' "$log" | cut -c 1-400 | head -n 120 >&2 || tail -n 40 "$log" >&2
    fail "the $preset build failed; the lines above say where (whole log: $log)"
  fi
  say "build: $preset done in $((SECONDS - started)) s"
}

# run_tests PRESET [CTEST ARGUMENT...]: prints what failed and, last, `N passed, N failed, N skipped`; fails if one failed or
# none ran. The report is build/PRESET/junit.xml, or of the name in MAINSTAY_REPORT.
run_tests() {
  local preset=$1 dir=$root/build/$1 report=${MAINSTAY_REPORT:-junit} started=$SECONDS status=0
  local log=$logs/$preset-ctest.log
  [[ $report == junit ]] || log=$logs/$report-ctest.log
  shift
  mkdir -p "$logs"
  say "tests: $preset (log: build/logs/$(basename "$log"))"
  rm -f "$dir/$report.xml"
  (cd "$dir" && ctest -j "$jobs" --output-junit "$dir/$report.xml" --output-on-failure "$@") >"$log" 2>&1 || status=$?
  say "tests: $preset done in $((SECONDS - started)) s"
  python3 "$root/deploy/count_tests.py" "$dir/$report.xml" || return 1
  if [[ $status != 0 ]]; then return 1; fi
}

# start_service BINARY [ARGUMENT...]: starts it with --demo and waits for `ready`; sets service_pid, service_url, fhir_url.
# shellcheck disable=SC2034  # the two URLs are for the caller
start_service() {
  local binary=$1 line out
  shift
  mkdir -p "$logs"
  out=$(mktemp -u "${TMPDIR:-/tmp}/mainstay-out.XXXXXX")
  mkfifo "$out"
  "$binary" serve --demo "$@" >"$out" 2>"$logs/serve.log" </dev/null &
  service_pid=$!
  service_url='' fhir_url=''
  exec 9<"$out"
  rm -f "$out"
  while IFS= read -r -t 60 line <&9; do
    case $line in
      'mainstay '*) service_url=${line#mainstay } ;;
      'fhir '*) fhir_url=${line#fhir } ;;
      ready) return 0 ;;
    esac
  done
  tail -n 5 "$logs/serve.log" >&2
  stop_service
  if grep -qiE 'address already in use|in use' "$logs/serve.log"; then
    fail "a port is taken; give others with --port and --fhir-port, or leave them out for free ones"
  fi
  fail "the service did not start; the lines above say why (whole log: $logs/serve.log)"
}

stop_service() {
  [[ -n ${service_pid:-} ]] || return 0
  kill -TERM "$service_pid" 2>/dev/null || true
  wait "$service_pid" 2>/dev/null || true
  service_pid=
}
