# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # DIR/env sets the MPSK_ variables; the runs use the fault_ ones
#
# For fault runs: after tests/tap.sh and tests/integration/lab.sh,
#	. tests/faults/rig.sh
#	fault_up		a radiusd of 32 threads without its lab's Redis, with MPSK_LAB_SET as given
#	store OPTION...		a Redis of ours at the address that radiusd asks
# Each device claims whenever it comes (claim_fresh = 0), so every answer is one that Redis had a part in.

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
	fault_server=$(command -v redis-server || echo "$lab/run/redis-server")
	fault_began=$(date +%s)
}

# shellcheck disable=SC2317 # the trap calls it
fault_exit()
{
	fault_status=$?
	for fault_pid in $fault_pids; do
		kill -KILL "$fault_pid" 2>/dev/null
	done
	(exit $fault_status)
	lab_exit
}

fault_done()
{
	for fault_pid in $fault_pids; do
		kill -KILL "$fault_pid" 2>/dev/null
	done
	lab_done
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

store_answers()
{
	[ "$(rcli ping 2>/dev/null)" = PONG ]
}

store_kill()
{
	kill -KILL "$store_pid"
	wait "$store_pid" 2>/dev/null
}

# load NAME KEY_PSK RATE SECONDS [RADMPSK_OPTION...]: in the background; loaded_well and the like read what came of it.
load()
{
	load_name=$1
	printf '%s\n' "$2" > "$lab/load.$1.psk"
	load_rate=$3
	load_count=$(($3 * $4))
	shift 4
	"$RADMPSK" --server "$MPSK_RADIUS" --secret-file "$MPSK_SECRET_FILE" --ssid Acme --timeout 5 --json \
		--passphrase-file "$lab/load.$load_name.psk" --bssid "$lab_bssid" --nas-id "$load_name" \
		--rate "$load_rate" --count "$load_count" "$@" > "$lab/load.$load_name" 2> "$lab/load.$load_name.err" &
	eval "load_pid_$load_name=\$!"
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

# Where others keep the machine busy, an answer takes what it takes without any fault, and that much more with one.
load_noise()
{
	fault_ms=$((250 + $(jq '.latency_ms.max | floor' "$lab/load.known")))
	diag "the machine's own share of a time: $((fault_ms - 250)) ms"
}

# Known devices are to notice nothing.
load_unharmed()
{
	load_end "$1"
	load_is "$1" "none refused, none lost" '.accepted > 0 and .rejected == 0 and .wrong == 0 and .lost == 0'
	load_is "$1" "each answered within $fault_ms ms" ".latency_ms.max <= $fault_ms"
	load_is "$1" "at 95 % of the rate or more" ".requests_per_second >= $load_rate * 0.95"
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

# Each device once, so that it is known.
devices_known()
{
	load known "$fault_psk" 200 1 --macs 50
	load_end known
	load_is known "50 devices are let in, and known" '.accepted == 200'
	load_noise
}
