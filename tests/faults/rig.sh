# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # DIR/env sets the MPSK_ variables; the runs use the fault_ ones
#
# For fault runs: after tests/tap.sh and tests/integration/lab.sh,
#	. tests/faults/rig.sh
#	fault_up		a radiusd of 32 threads without its lab's Redis, with MPSK_LAB_SET as given
#	store OPTION...		a Redis of ours at the address that radiusd asks
#	base=$(free_ports N); node N OPTION...	one of several, on the port that is N above $base
# Each device claims whenever it comes (claim_fresh = 0), so every answer is one that Redis had a part in.
# FAULTS_BRIEF=yes in the environment: the short form of a run, where it has one.

fault_psk="a passphrase of bob"
fault_options='log_accept = yes
claim_fresh = 0
nas_rate = 0
mac_failures = 0
server_share = 0'
fault_ms=250

fault_up()
{
	command -v jq > /dev/null || bail_out "jq is not installed: run build-aux/install-packages --test"
	lab_up MPSK_LAB_REDIS=none MPSK_LAB_THREADS=32 MPSK_LAB_SET="$fault_options"
	trap fault_exit EXIT
	fault_pids=
	env MPSK_BUILD="${builddir:?}" MPSK_LAB_BARE=1 MPSK_LAB_THREADS=32 tests/lab up "$lab/bare" ||
		bail_out "the server to compare with did not start"
	# shellcheck disable=SC1091 # it is there when it runs
	fault_bare=$(. "$lab/bare/env" && echo "$MPSK_RADIUS")
	fault_server=${MPSK_REDIS_SERVER:-$(command -v redis-server || echo "$lab/run/redis-server")}
	fault_began=$(date +%s)
}

# shellcheck disable=SC2317,SC2329 # the trap calls it
fault_exit()
{
	fault_status=$?
	for fault_pid in $fault_pids; do
		kill -KILL "$fault_pid" 2>/dev/null
	done
	[ ! -d "$lab/bare" ] || tests/lab down "$lab/bare"
	(exit $fault_status)
	lab_exit
}

fault_done()
{
	for fault_pid in $fault_pids; do
		kill -KILL "$fault_pid" 2>/dev/null
	done
	tests/lab down "$lab/bare"
	lab_done
	# What the server said of its store, for whoever reads of a failure and does not have the machine.
	[ "$tap_failures" -eq 0 ] || diag "$(grep -v ' reason=' "$MPSK_LOG" | tail -n 60)"
	diag "$(($(date +%s) - fault_began)) s"
	done_testing
}

# The Redis that radiusd asks; its data are in $lab/redis.
store()
{
	"$fault_server" --bind 127.0.0.1 --port "${MPSK_REDIS##*:}" --unixsocket "$MPSK_REDIS_SOCKET" \
		--dir "$lab/redis" --maxmemory-policy noeviction --logfile "$lab/log/store.log" "$@" > /dev/null 2>&1 &
	store_pid=$!
	fault_pids="$fault_pids $store_pid"
	wait_for 20 store_answers || bail_out "Redis did not start"
}

# node N [OPTION...]: its pid is in node_pid_N.
node()
{
	node_n=$1
	shift
	mkdir -p "$lab/node.$node_n"
	"$fault_server" "$@" > "$lab/node.$node_n/log" 2>&1 &
	eval "node_pid_$node_n=\$!"
	fault_pids="$fault_pids $!"
}

# free_ports N: the first of so many that follow one another.
free_ports()
{
	perl -MIO::Socket::INET -e 'my $n = shift;
		for (1 .. 100) {
			my $base = 20000 + int(rand(12000 - $n));
			my @held = grep { $_ } map {
				IO::Socket::INET->new(LocalAddr => "127.0.0.1:" . ($base + $_), Listen => 1)
			} 0 .. $n - 1;
			if (@held == $n) { print "$base\n"; exit 0 }
		}
		exit 1' "$1"
}

# at N COMMAND...
at()
{
	at_n=$1
	shift
	"$MPSK_REDIS_CLI" -p $((base + at_n)) "$@" 2>/dev/null
}

store_answers()
{
	[ "$(rcli ping 2>/dev/null)" = PONG ]
}

store_kill()
{
	kill -KILL "$store_pid"
	wait "$store_pid" 2>/dev/null
}

# load NAME KEY_PSK RATE SECONDS [RADMPSK_OPTION...]: in the background; load_end waits for it.
load()
{
	load_name=$1
	printf '%s\n' "$2" > "$lab/load.$1.psk"
	load_rate=$3
	load_count=$(($3 * $4))
	shift 4
	ask_many "$MPSK_RADIUS" "$load_name" "$@"
}

# ask_many SERVER NAME [RADMPSK_OPTION...]
ask_many()
{
	many_server=$1
	many_name=$2
	shift 2
	"$RADMPSK" --server "$many_server" --secret-file "$MPSK_SECRET_FILE" --ssid Acme --timeout 5 --json \
		--passphrase-file "$lab/load.$load_name.psk" --bssid "$lab_bssid" --nas-id "$load_name" \
		--rate "$load_rate" --count "$load_count" "$@" > "$lab/load.$many_name" 2> "$lab/load.$many_name.err" &
	eval "load_pid_$many_name=\$!"
}

# load_known RATE SECONDS: 50 devices that are known; and as many requests at the same time to a server without the
# module, which is what they are held against: where others keep the machine busy, those wait too.
load_known()
{
	load known "$fault_psk" "$1" "$2" --macs 50
	ask_many "$fault_bare" bare --bound --macs 50
}

load_end()
{
	eval "wait \"\$load_pid_$1\""
	diag "$1: $(jq -c '{accepted, rejected, wrong, lost, rate: .requests_per_second, ms: .latency_ms}' \
		"$lab/load.$1" 2>&1)"
}

# load_is NAME TEXT FILTER: passes where jq's filter yields true for what the load came to.
load_is()
{
	is "$1: $2" "$(jq "$3" "$lab/load.$1" 2>&1)" true
}

# Known devices are to notice nothing.
load_unharmed()
{
	load_end known
	wait "$load_pid_bare"
	fault_ms=$((250 + $(jq '.latency_ms.max | ceil' "$lab/load.bare")))
	diag "the machine's own share of a time: $((fault_ms - 250)) ms"
	load_is known "none refused, none lost" '.accepted > 0 and .rejected == 0 and .wrong == 0 and .lost == 0'
	load_is known "each answered within $fault_ms ms" ".latency_ms.max <= $fault_ms"
	is "known: at 95 % of the rate or more" "$(jq -s '.[0].requests_per_second >= .[1].requests_per_second * 0.95' \
		"$lab/load.known" "$lab/load.bare" 2>&1)" true
}

told()
{
	lab_log | grep -q -e "$1"
}

alarmed()
{
	told 'Error: .*Redis seems to have lost data'
}

# joined_as "EXIT REASON" PSK MAC
joined_as()
{
	join Acme "$2" "$3" && joined_exit=0 || joined_exit=$?
	[ "$joined_exit $(reason)" = "$1" ]
}

# key_in_force ID: polls with the one device that may be told that it has no key.
fault_waiter=00-00-5e-00-53-c0
key_in_force()
{
	ok "$1: the key is in force" wait_for 20 joined_as "0 MATCHED" "a passphrase of $1" $fault_waiter
}

none_was_missing()
{
	is "no key was ever missing" "$(grep 'reason=NO_MATCH' "$MPSK_LOG" | grep -v "mac=$fault_waiter ")" ""
}

# Each device once, so that it is known.
devices_known()
{
	load known "$fault_psk" 200 1 --macs 50
	load_end known
	load_is known "50 devices are let in, and known" '.accepted == 200'
}

# Every device of a key that a claim let in.
acknowledged()
{
	sed -n "s/.* reason=MATCHED mac=\([^ ]*\) .* key=$1 .*/\1/p" "$MPSK_LOG" | sort -u
}

# none_missing ID CLI...: with the words that ask the right Redis.
none_missing()
{
	missing_id=$1
	shift
	"$@" zrange "mpsk:dev:{$missing_id}" 0 -1 | sort > "$lab/devices"
	acknowledged "$missing_id" | comm -23 - "$lab/devices" > "$lab/missing"
	[ ! -s "$lab/missing" ]
}

# no_more_than_cap ID "CLI..." CAP: and none of those that were acknowledged is missing.
no_more_than_cap()
{
	# shellcheck disable=SC2086 # words
	ok "$1: no acknowledged claim is missing within 10 s" wait_for 10 none_missing "$1" $2
	diag "$1: $(acknowledged "$1" | wc -l) acknowledged, $(wc -l < "$lab/devices") devices, missing:" \
		"$(tr '\n' ' ' < "$lab/missing")"
	cap_trusted=$(grep -c "reason=PROVISIONAL .* key=$1 " "$MPSK_LOG")
	cap_let_in=$(sed -n "s/.* reason=\(MATCHED\|PROVISIONAL\) mac=\([^ ]*\) .* key=$1 .*/\2/p" "$MPSK_LOG" | sort -u | wc -l)
	ok "$1: no more devices than the cap" [ "$(wc -l < "$lab/devices")" -le "$3" ]
	ok "$1: nor were let in, but for $cap_trusted on trust: $cap_let_in" [ "$cap_let_in" -le $(($3 + cap_trusted)) ]
}
