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

accepted()
{
	join Acme "a passphrase of bob" "$@"
}

refused_for_redis()
{
	! join Acme "a passphrase of bob" "$@" && case $(reason) in STORE_DOWN | NOT_READY) ;; *) false ;; esac
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
ok "a new device is not" refused_for_redis "$other"
joins "a wrong passphrase is wrong still" "1 NO_MATCH" Acme "a wrong passphrase" "$other"

tests/lab redis "$lab" start
ok "Redis comes again: the new device is let in within 5 s" wait_for 5 accepted "$other"
key carol ssid Acme psk "a passphrase of carol"
in_force "and edits are seen" "0 MATCHED" Acme "a passphrase of carol" 00-00-5e-00-53-03

tests/lab redis "$lab" pause
before=$(date +%s%N)
ok "Redis hangs: a new device is refused" refused_for_redis 00-00-5e-00-53-04
took=$((($(date +%s%N) - before) / 1000000))
ok "within a second: $took ms" [ "$took" -lt 1000 ]
ok "a known one is let in" accepted "$known"
tests/lab redis "$lab" resume
ok "Redis goes on: the new device is let in within 5 s" wait_for 5 accepted 00-00-5e-00-53-04

is "it is the same radiusd" "$(tests/lab status "$lab" | sed -n 's/^radiusd runs, pid //p')" "$pid"
lab_done
done_testing
