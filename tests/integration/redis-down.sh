#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # DIR/env sets them
#
# Redis away at the start, gone in the middle, and hanging.
set -u
cd "${srcdir:?}" || exit 1
. tests/tap.sh
. tests/integration/lab.sh

known=00-00-5e-00-53-01
other=00-00-5e-00-53-02
third=00-00-5e-00-53-03

accepted()
{
	join Acme "a passphrase of bob" "$@"
}

refused_for_redis()
{
	! join Acme "a passphrase of bob" "$@" && case $(reason) in STORE_DOWN | NOT_READY) ;; *) false ;; esac
}

# What stood in Redis's file before it comes back, as if another server had granted it.
edit_offline()
{
	offline=${MPSK_REDIS_SERVER:-$(command -v redis-server || echo "$lab/run/redis-server")}
	"$offline" --port 0 --unixsocket "$lab/offline.sock" --dir "$lab/redis" --daemonize no > "$lab/offline.log" 2>&1 &
	offline_pid=$!
	ok "a Redis that nobody reaches is edited" wait_for 10 offline_cli "$@"
	offline_cli shutdown save
	wait "$offline_pid"
}

offline_cli()
{
	"$MPSK_REDIS_CLI" -s "$lab/offline.sock" "$@" > /dev/null 2>&1
}

told()
{
	grep -q "$1" "$MPSK_LOG"
}

claimed()
{
	[ -n "$(rcli zscore 'mpsk:dev:{bob}' "$1")" ]
}

lab_up MPSK_LAB_REDIS=none MPSK_LAB_SET='log_accept = yes'
pid=$MPSK_RADIUS_PID
pass "radiusd starts without Redis"
ok "and refuses, saying why" refused_for_redis "$known"
ok "by MAC too" refused_for_redis "$known" --bound

tests/lab redis "$lab" start
key bob ssid Acme psk "a passphrase of bob"
ok "Redis comes: the device is let in within 5 s" wait_for 5 accepted "$known"

tests/lab redis "$lab" stop
ok "Redis goes: a device whose claim is fresh is let in" accepted "$known"
is "by its handshake" "$(reason)" MATCHED
ok "and by its MAC" accepted "$known" --bound
ok "one new device is let in on trust" accepted "$other"
is "and told so" "$(reason)" PROVISIONAL
ok "again too" accepted "$other"
ok "another one is not" refused_for_redis "$third"
joins "a wrong passphrase is wrong still" "1 NO_MATCH" Acme "a wrong passphrase" "$third"

tests/lab redis "$lab" start
ok "Redis comes again: the device that was trusted is claimed within 5 s" wait_for 5 claimed "$other"
ok "another new one is let in" wait_for 5 accepted "$third"
is "as any other" "$(reason)" MATCHED
key carol ssid Acme psk "a passphrase of carol"
in_force "and edits are seen" "0 MATCHED" Acme "a passphrase of carol" 00-00-5e-00-53-04

tests/lab redis "$lab" pause
ok "Redis hangs: one new device is let in on trust" accepted 00-00-5e-00-53-05
before=$(date +%s%N)
ok "another is refused" refused_for_redis 00-00-5e-00-53-06
took=$((($(date +%s%N) - before) / 1000000))
ok "within a second: $took ms" [ "$took" -lt 1000 ]
ok "a known one is let in" accepted "$known"
tests/lab redis "$lab" resume
ok "Redis goes on: the first is claimed within 5 s" wait_for 5 claimed 00-00-5e-00-53-05
ok "and the other let in" wait_for 5 accepted 00-00-5e-00-53-06

# A key that is full when Redis comes back: one beyond the cap, and the log says which.
key full ssid Acme psk "a passphrase of full" max 1
in_force "a key for one device" "1 NO_MATCH" Acme "no passphrase of full" "$known"
tests/lab redis "$lab" stop
join Acme "a passphrase of full" "$third"
is "a device is let in on trust" "$(reason)" PROVISIONAL
edit_offline zadd 'mpsk:dev:{full}' "$(date +%s)" "$other"
tests/lab redis "$lab" start
ok "what is not granted afterwards is told" wait_for 5 told "device $third was let in with key full while Redis was away"

is "it is the same radiusd" "$(tests/lab status "$lab" | sed -n 's/^radiusd runs, pid //p')" "$pid"
lab_done
done_testing
