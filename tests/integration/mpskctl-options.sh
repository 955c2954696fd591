#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What all verbs of mpskctl share: options and help, how Redis is found and
# reached, and where the result goes.
set -u

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/integration/ctl.sh
. "${srcdir:-.}/tests/integration/ctl.sh"

ctl_up

#
# --- Options ---
#
before=$(digest)
run
exits "no arguments" 0
like "no arguments: the verbs" "$out" '^  key add '
run --help
exits "--help" 0
like "--help: an example" "$out" 'mpskctl key add bob'
like "--help: the exit codes" "$out" '^Exit codes: 0 '
run --version
exits "--version" 0
like "--version" "$out" '^mpskctl [0-9]+\.[0-9]+'

for verb in "key add" "key list" "key expiring" "key show" "key qr" "key mail" "key edit" "key rotate" "key delete" \
	"key enable" "key disable" "key derive" "key import" "key export" "device list" "device add" \
	"device forget" log watch why top metrics maintain alerts clients kick "nas set" "nas show" "nas list" "nas remove" doctor ping; do
	# shellcheck disable=SC2086
	run $verb --help
	exits "$verb --help" 0
	like "$verb --help: how it is called" "$out" "^Usage: mpskctl $verb"
	like "$verb --help: an example" "$out" "^  mpskctl $verb"
	like "$verb --help: the exit codes" "$out" '^Exit codes: 0 '
	# shellcheck disable=SC2086
	run $verb --no-such-option
	refused "$verb with an unknown option" 64 "unrecognized option '--no-such-option'"
	like "$verb with an unknown option: points to its help" "$err" "See .mpskctl $verb --help"
done

run frobnicate
refused "an unknown noun" 64 "unknown verb 'frobnicate'"
run key
refused "a noun alone" 64 "add, list, expiring, show, qr, mail, edit, rotate, delete, enable, disable, derive, import, export"
run key frobnicate
refused "an unknown verb" 64 "unknown verb 'key frobnicate'"
run --frobnicate key list
refused "an unknown common option" 64 "unrecognized option"
for call in "key show" "key qr" "key mail" "key edit" "key delete" "key enable" "key disable" "key import" "device list" "device add" \
	"device add bob" "device forget" "device forget bob" why; do
	# shellcheck disable=SC2086
	run $call
	refused "$call without an operand" 64 "operand is missing"
done
for call in "key add bob carol --generate" "key list bob" "key expiring bob" "key derive bob" "key show bob carol" \
	"key qr bob carol" "key import a b" "key export a b" "key edit bob carol --vlan 1" "device list bob carol" \
	"device forget bob 00-00-5e-00-53-01 --all" "log bob" "doctor bob" "ping bob"; do
	# shellcheck disable=SC2086
	run $call
	refused "$call" 64 "too many operands"
done

#
# --- Redis ---
#
run ping
exits "ping" 0
like "ping: who it is" "$out" '^(redis|valkey) [0-9.]+ answers as master in [0-9.]+ ms$'
run ping --json
ok "ping --json" json '(.server | type == "string") and .role == "master" and (.rtt_ms | type == "number")'
run ping --tsv
is "ping --tsv: its first line" "$(printf '%s\n' "$out" | head -n 1)" "server${tab}role${tab}rtt_ms"
run ping --quiet
is "ping --quiet" "$code $out" "0 "
for call in "--redis unix://$dir/nobody ping" "ping --redis unix://$dir/nobody" \
	"key --redis unix://$dir/nobody list" "--redis redis://127.0.0.1:1 key list"; do
	# shellcheck disable=SC2086
	run $call
	refused "nobody answers: ${call%%unix*}" 3 "mpskctl: ."
done
out=$(MPSK_REDIS=unix://$dir/nobody "$MPSKCTL" ping 2>&1) && code=0 || code=$?
is "MPSK_REDIS is where Redis is sought" "$code" 3
out=$(MPSK_REDIS=unix://$dir/nobody "$MPSKCTL" ping --quiet --redis "unix://$sock" 2>&1) && code=0 || code=$?
is "--redis counts for more than MPSK_REDIS" "$code $out" "0 "
run --redis http://127.0.0.1 ping
refused "a URI of another kind" 2 "redis://"
for value in 0 -1 x 1s 1e9 nan ''; do
	run ping --timeout "$value"
	refused "--timeout '$value'" 2 "--timeout: expected seconds"
done
run ping --timeout 2.5
exits "--timeout 2.5" 0

kill -STOP "$redis_pid"
code=0
err=$(timeout 30 "$MPSKCTL" key list --timeout 0.2 2>&1) || code=$?
kill -CONT "$redis_pid"
is "a Redis that hangs: exit" "$code" 3
like "a Redis that hangs: said" "$err" "mpskctl: ."

#
# --- Where the result goes ---
#
code=0
"$MPSKCTL" ping >/dev/full 2>"$dir/err" || code=$?
is "a result that cannot be written: exit" "$code" 3
like "a result that cannot be written: said" "$(cat "$dir/err")" "cannot write the result: No space left"
code=0
"$MPSKCTL" ping >&- 2>"$dir/err" || code=$?
is "a standard output that is closed: exit" "$code" 3
like "a standard output that is closed: said" "$(cat "$dir/err")" "cannot write the result"
mkfifo "$dir/pipe"
exec 4<>"$dir/pipe"
exec 5>"$dir/pipe"
exec 4<&-
code=0
"$MPSKCTL" ping >&5 2>"$dir/err" || code=$?
exec 5>&-
is "a reader that left early: exit, and nothing is said" "$code $(cat "$dir/err")" "3 "

#
# --- The password of Redis ---
#
run ping --password-file "$dir/none"
exits "a password file that is not there" 2
redis config set requirepass 'open sesame' >/dev/null
printf 'open sesame\n' >"$dir/password"
printf 'close sesame\n' >"$dir/wrong"
run ping --password-file "$dir/password"
exits "the right password" 0
run --password-file "$dir/password" key list
exits "the right password, before the verb" 0
run ping --password-file "$dir/wrong"
exits "the wrong password" 3
unlike "the wrong password is not repeated" "$err" sesame
run key show bob
exits "no password" 3

done_testing
