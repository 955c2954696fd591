#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # DIR/env sets them
#
# Redis is killed and comes back: with its data, with none, with old ones.
set -u
cd "${srcdir:?}" || exit 1
. tests/tap.sh
. tests/integration/lab.sh
. tests/faults/rig.sh

known=00-00-5e-00-53-01

# Those who have no key are refused as ever.
stranger_refused()
{
	joins "somebody without a key is refused" "1 NO_MATCH" Acme "nobody's passphrase" 00-00-5e-00-53-fe
}

in_step()
{
	[ "$(rcli hget mpsk:meta seen)" -ge "$1" ] 2>/dev/null
}

# The server follows Redis again: what is edited is in force.
followed()
{
	key probe ssid Acme psk "a passphrase of $1"
	ok "$1: edits are in force again within 15 s" wait_for 15 joined_as "0 MATCHED" "a passphrase of $1" 00-00-5e-00-53-fd
}

# lose NAME MAC COMMAND...: under load, with the alarm.
lose()
{
	lose_name=$1
	lose_new=$2
	shift 2
	lose_mark=$(wc -c < "$MPSK_LOG")
	load_known 200 4
	sleep 1
	"$@"
	load_unharmed
	lab_before=$lose_mark
	ok "$lose_name: an alarm within 60 s" wait_for 60 alarmed
	joins "$lose_name: a new device of a key" "0 PROVISIONAL" Acme "a passphrase of ann" "$lose_new"
	stranger_refused
}

restore()
{
	store_kill
	cp "$lab/copy.rdb" "$lab/redis/dump.rdb"
	store --save '' --appendonly no
	followed "$1"
	ok "$1: its device is claimed within 15 s" wait_for 15 claimed "$2"
}

claimed()
{
	[ -n "$(rcli zscore 'mpsk:dev:{ann}' "$1")" ]
}

fault_up
store --save '' --appendonly yes --appendfsync everysec
key bob ssid Acme psk "$fault_psk"
key ann ssid Acme psk "a passphrase of ann"
key carol ssid Acme psk "a passphrase of carol"
ok "the keys are in force" wait_for 10 joined_as "0 MATCHED" "$fault_psk" "$known"
ok "the data are marked" wait_for 15 in_step 1
devices_known

# --- kill -9, and a restart with what was on disk ---

lab_mark
kill_mark=$lab_before
load_known 200 6
sleep 1
store_kill
sleep 1
store --save '' --appendonly yes --appendfsync everysec
load_unharmed
lab_before=$kill_mark
not_ok "data that came back are not held" alarmed
followed "kill -9"

# --- FLUSHALL, an empty restart, an old copy ---

rcli config set appendonly no > /dev/null
rcli save > /dev/null
cp "$lab/redis/dump.rdb" "$lab/copy.rdb"

flush()
{
	rcli flushall > /dev/null
}

empty_restart()
{
	store_kill
	rm -rf "$lab/redis"/*
	store --save '' --appendonly no
}

# An hour old: before carol was added, and with another passphrase of bob's.
old_restart()
{
	store_kill
	cp "$lab/old.rdb" "$lab/redis/dump.rdb"
	store --save '' --appendonly no
}

lose FLUSHALL 00-00-5e-00-53-a1 flush
restore FLUSHALL 00-00-5e-00-53-a1
lose "an empty restart" 00-00-5e-00-53-a2 empty_restart
restore "an empty restart" 00-00-5e-00-53-a2

store_kill
cp "$lab/copy.rdb" "$lab/redis/dump.rdb"
"$fault_server" --port 0 --unixsocket "$lab/offline.sock" --dir "$lab/redis" --save '' > /dev/null 2>&1 &
offline_pid=$!
fault_pids="$fault_pids $offline_pid"
offline_edit()
{
	"$MPSK_REDIS_CLI" -s "$lab/offline.sock" "$@" > /dev/null 2>&1
}
ok "an old copy: made" wait_for 10 offline_edit hset mpsk:meta seen $(($(date +%s) - 3600))
offline_edit del 'mpsk:key:{carol}' 'mpsk:dev:{carol}'
offline_edit hset 'mpsk:key:{bob}' psk "an old passphrase of bob"
offline_edit shutdown save
wait "$offline_pid"
mv "$lab/redis/dump.rdb" "$lab/old.rdb"
cp "$lab/copy.rdb" "$lab/redis/dump.rdb"
store --save '' --appendonly no
followed "before the old copy"
join Acme "a passphrase of carol" 00-00-5e-00-53-c1
lose "an old copy" 00-00-5e-00-53-a3 old_restart
joins "an old copy: a device of a key that it lacks" "0 MATCHED" Acme "a passphrase of carol" 00-00-5e-00-53-c1
is "what is there is accepted" "$("$MPSKCTL" --redis "unix://$MPSK_REDIS_SOCKET" resync --accept)" \
	"accepted: servers take it over within seconds"
ok "and taken over within 15 s" wait_for 15 joined_as "1 NO_MATCH" "a passphrase of carol" 00-00-5e-00-53-c1
followed "an old copy"

fault_done
