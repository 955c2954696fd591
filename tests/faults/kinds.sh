#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # DIR/env sets them
#
# Every way in which a Redis can be of no use, under load, one after the other.
set -u
cd "${srcdir:?}" || exit 1
. tests/tap.sh
. tests/integration/lab.sh
. tests/faults/rig.sh

cap=30

# In the place of Redis, which keeps its data.
fake()
{
	rcli save > /dev/null
	store_kill
	perl tests/faults/liar "${MPSK_REDIS##*:}" "$1" &
	store_pid=$!
	fault_pids="$fault_pids $store_pid"
}

unfake()
{
	store_kill
	store --save '' --appendonly no
}

hush()
{
	fake hush
}

drip()
{
	fake drip
}

lie()
{
	fake lie
}

# It is busy for as long as a large file takes.
loading()
{
	rcli save > /dev/null
	store_kill
	"$fault_server" --bind 127.0.0.1 --port "${MPSK_REDIS##*:}" --unixsocket "$MPSK_REDIS_SOCKET" --save '' \
		--dir "$lab/redis" --enable-debug-command yes --key-load-delay 400000 --loading-process-events-interval-bytes 1024 \
		> /dev/null 2>&1 &
	store_pid=$!
	fault_pids="$fault_pids $store_pid"
}

readonly_on()
{
	rcli replicaof 127.0.0.1 1 > /dev/null
}

readonly_off()
{
	rcli replicaof no one > /dev/null
}

full_on()
{
	rcli config set maxmemory 1mb > /dev/null
}

full_off()
{
	rcli config set maxmemory 0 > /dev/null
}

# kind NAME N BEGIN END: known devices and a key at its cap, while it lasts and after it.
kind()
{
	lab_mark
	kind_mark=$lab_before
	key "cap$2" ssid Acme psk "a passphrase of cap$2" max $cap
	key_in_force "cap$2"
	load cap "a passphrase of cap$2" 10 4 --macs random
	load_known 200 4
	sleep 1
	"$3"
	load_unharmed
	load_end cap
	load_is cap "$1: new devices are answered within $fault_ms ms" \
		".wrong == 0 and .lost == 0 and .latency_ms.max <= $fault_ms"
	"$4"
	ok "$1: it is over, and a new device is let in within 10 s" \
		wait_for 10 joined_as "0 MATCHED" "a passphrase of ann" "00-00-5e-00-53-a$2"
	lab_before=$kind_mark
	kind_trusted=$(lab_log | grep -c "reason=PROVISIONAL .* key=cap$2 ")
	kind_accepted=$(lab_log | sed -n "s/.* reason=\(MATCHED\|PROVISIONAL\) mac=\([^ ]*\) .* key=cap$2 .*/\2/p" | sort -u | wc -l)
	ok "$1: $kind_accepted of $cap devices, $kind_trusted on trust" [ "$kind_accepted" -le $((cap + kind_trusted)) ]
	ok "$1: and no more than the cap are claimed" [ "$(rcli zcard "mpsk:dev:{cap$2}")" -le $cap ]
}

fault_up
store --save '' --appendonly no
key bob ssid Acme psk "$fault_psk"
key ann ssid Acme psk "a passphrase of ann"
key_in_force ann
devices_known
kind "read-only" 1 readonly_on readonly_off
kind "out of memory" 2 full_on full_off
kind "silent" 3 hush unfake
kind "dripping" 4 drip unfake
kind "lying" 5 lie unfake
kind "loading" 6 loading unfake

fault_done
