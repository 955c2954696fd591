#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # DIR/env sets them
#
# 10,000 accounting packets a second, shuffled, every fourth of them twice,
# while Redis hangs, is killed and comes back: every session ends as it has
# to, none lost, none double. Where FAULTS_BRIEF is set, it is killed only.
set -u
cd "${srcdir:?}" || exit 1
. tests/tap.sh
. tests/integration/lab.sh
. tests/integration/sessions.sh
. tests/faults/rig.sh

keys=50
devices=2000
rate=10000

devices_add()
{
	i=0
	while [ $i -lt $keys ]; do
		echo "hset mpsk:key:{k$i} ssid Acme psk passphrase-$i concurrent 10000"
		i=$((i + 1))
	done
	i=0
	while [ $i -lt $devices ]; do
		printf 'zadd mpsk:dev:{k%d} 1000 00-00-5e-01-%02x-%02x\n' $((i % keys)) $((i / 256)) $((i % 256))
		i=$((i + 1))
	done
}

last_known()
{
	acct start "$(printf '00-00-5e-01-%02x-%02x' $(((devices - 1) / 256)) $(((devices - 1) % 256)))" --nas-id probe &&
		record_is "k$(((devices - 1) % keys))" "probe/$1" .ssid Acme
}

begin()
{
	store --save '' --appendonly yes --appendfsync everysec
}

# storm NAME SESSIONS: in the background.
storm()
{
	"$RADMPSK" --server "$MPSK_ACCT" --secret-file "$MPSK_SECRET_FILE" --ssid Acme --bssid "$lab_bssid" \
		--mac 00-00-5e-01-00-00 --nas-id "$1" --acct load --count "$2" --macs $devices --rate $rate --window 4096 \
		--timeout 60 --model "$lab/model.$1" --json > "$lab/storm.$1" 2>&1 &
	storm_pid=$!
}

# storm_end NAME
storm_end()
{
	ok "$1: every packet is answered" wait "$storm_pid"
	diag "$1: $(cat "$lab/storm.$1")"
	sessions_end "$1: every session ends as it has to" 60 "$lab/model.$1"
	is "$1: each has its key's pointer" "$(rcli hlen "mpsk:nas:$1")" "$(wc -l < "$lab/model.$1")"
	sessions_forget "$1"
}

# Every session's key is that of its device; then they make room for the next.
sessions_forget()
{
	i=0
	strange=0
	while [ $i -lt $keys ]; do
		strange=$((strange + $(rcli hvals "mpsk:sess:{k$i}" | jq -r .mac |
			awk -v key=$i -v keys=$keys -F - '
				function digit(c) { return index("0123456789abcdef", c) - 1 }
				function octet(s) { return 16 * digit(substr(s, 1, 1)) + digit(substr(s, 2, 1)) }
				(256 * octet($5) + octet($6)) % keys != key { n++ }
				END { print n + 0 }')))
		i=$((i + 1))
	done
	is "$1: each is its own device's key's" $strange 0
	rcli --scan --pattern 'mpsk:sess:*' | xargs "$MPSK_REDIS_CLI" -s "$MPSK_REDIS_SOCKET" del > /dev/null
}

fault_up
begin
devices_add | rcli > /dev/null
wait_for 60 last_known "$(printf '00-00-5e-01-%02x-%02x' $(((devices - 1) / 256)) $(((devices - 1) % 256)))" ||
	bail_out "the server did not learn of the devices"
rcli del "mpsk:sess:{k$(((devices - 1) % keys))}" > /dev/null

if [ -z "${FAULTS_BRIEF-}" ]; then
	storm calm 20000
	storm_end calm

	storm hangs 20000
	sleep 2
	kill -STOP "$store_pid"
	sleep 5
	kill -CONT "$store_pid"
	storm_end hangs
fi

storm killed 20000
sleep 2
store_kill
sleep 3
begin
sleep 1
store_kill
begin
storm_end killed

fault_done
