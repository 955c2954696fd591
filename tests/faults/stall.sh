#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # DIR/env sets them
#
# Redis hangs for five seconds under load, and goes on.
set -u
cd "${srcdir:?}" || exit 1
. tests/tap.sh
. tests/integration/lab.sh
. tests/faults/rig.sh

claimed()
{
	[ -n "$(rcli zscore 'mpsk:dev:{ann}' "$1")" ]
}

fault_up
store --save '' --appendonly no
key bob ssid Acme psk "$fault_psk"
key ann ssid Acme psk "a passphrase of ann"
key crowd ssid Acme psk "a passphrase of a crowd" max 100000
key_in_force ann
devices_known

lab_mark
stall_mark=$lab_before
load crowd "a passphrase of a crowd" 50 7 --macs random
load_known 500 7
sleep 1
kill -STOP "$store_pid"
sleep 5
kill -CONT "$store_pid"
# A device of its own, so that nothing was deferred or remembered of it.
stall_until=$(($(date +%s%N) + 1000000000))
while :; do
	join Acme "a passphrase of ann" 00-00-5e-00-53-a2
	[ "$(reason)" != MATCHED ] || break
	[ "$(date +%s%N)" -lt "$stall_until" ] || break
done
is "a second after it goes on, a new device is let in" "$(reason)" MATCHED
ok "and claimed" claimed 00-00-5e-00-53-a2
load_unharmed
load_end crowd
load_is crowd "new devices are answered, let in or refused" '.accepted > 0 and .wrong == 0 and .lost == 0'
load_is crowd "each answered within $fault_ms ms" ".latency_ms.max <= $fault_ms"
lab_before=$stall_mark
is "one of them was let in on trust" "$(lab_log | grep -c 'reason=PROVISIONAL .* key=crowd')" 1
is "and the others were not told that their key is wrong" "$(reasons | grep -cvE '^(MATCHED|PROVISIONAL|STORE_DOWN)$')" 0

fault_done
