#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # the harness sets builddir
#
# `make bench` runs, in tiny sizes: what it prints is whole. How fast anything is, this does not ask.
set -u
cd "${srcdir:?}" || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh

bench=$builddir/tests/bench/bench
TMPDIR=$(mktemp -d) || bail_out "mktemp failed"
export TMPDIR
out=$TMPDIR/out
trap 'rm -rf "$TMPDIR"' EXIT
trap 'exit 1' HUP INT TERM
command -v jq > /dev/null || bail_out "jq is not installed: run build-aux/install-packages --test"

# json NAME FILTER: passes where the filter yields true
json()
{
	is "$1" "$(jq "$2" < "$out" 2>&1)" true
}

run()
{
	"$bench" "$@" > "$out" 2> "$TMPDIR/err"
}

quick_run()
{
	run --quick "$@" || { cat "$TMPDIR/err"; return 1; }
}

# alive PID...: those that run; one that has ended and that nobody has taken note of does not.
alive()
{
	for pid in "$@"; do
		awk '{ pid = $1; sub(/.*\) /, ""); if ($1 !~ /[ZX]/) print pid }' "/proc/$pid/stat" 2>/dev/null
	done
}

ok "all of it runs" quick_run --large --json
json "it is one JSON document" 'has("cpu") and has("kernel") and (.rows | length > 40)'
json "each row says what it is" '.rows | all((.section | length > 0) and (.name | length > 0) and
	(.unit | length > 0) and (.value | type == "number"))'
json "what is compared says with what" '.rows | map(select(has("ratio"))) | length > 20 and
	all((.beside | length > 0) and .baseline > 0 and .ratio > 0)'
for section in Candidates "PMKs from passphrases (PBKDF2)" "An index of keys of one SSID" \
	"Known devices through radiusd" "CPU of radiusd" "Known devices of all dialects" "CPU of radiusd by dialect" \
	"Known devices, 500 a second" "CPU of radiusd for a refused device" \
	"From an edit in Redis to its effect through radiusd" \
	"From the start of radiusd to its first key found" "Memory of radiusd over that with an empty store"; do
	json "there are rows of: $section" ".rows | any(.section == \"$section\")"
done
json "no known device was lost" '.rows | any(.name == "known, lost" and .value == 0)'
is "nothing is left behind" "$(ls "$TMPDIR")" "err
out"

ok "one part runs alone, as a table" quick_run --only pbkdf2
like "and prints its rows" "$(cat "$out")" '^  scalar +[0-9.]+ +plain OpenSSL +[0-9.]+ +ratio +[0-9.]+$'
unlike "and no others" "$(cat "$out")" 'Candidates|radiusd'

ok "--help is no error" run --help
like "and has an example" "$(cat "$out")" '^  make -s bench BENCH_ARGS='
run --only everything && status=0 || status=$?
is "a part that there is not is wrong usage" "$status" 2

RADIUSD=/nonexistent run --quick --only server && status=0 || status=$?
is "no FreeRADIUS is an error" "$status" 1
like "which says what to do" "$(cat "$TMPDIR/err")" '^bench: FreeRADIUS and Redis cannot be started'

"$bench" --only flood > "$out" 2>&1 &
bench_pid=$!
ok "servers start" wait_for 60 sh -c "ls '$TMPDIR'/mpsk-bench-*/*/env > /dev/null 2>&1"
started=$(find "$TMPDIR" -path '*/run/*.pid' -exec cut -d ' ' -f 1 {} +)
# shellcheck disable=SC2086 # a list
is "of which there are two" "$(alive $started | wc -l)" 2
kill -TERM $bench_pid
wait $bench_pid && status=0 || status=$?
is "a signal ends it" "$status" 143
# shellcheck disable=SC2086 # a list
is "and its servers" "$(alive $started)" ""
is "and their folder" "$(ls "$TMPDIR")" "err
out"

done_testing
