#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2034,SC2154 # rig.sh reads fault_options; DIR/env sets the others
#
# An hour under load, or SOAK_SECONDS: devices that claim, others that are
# refused, keys that come, change and go. Nothing is lost, and memory does not grow.
set -u
cd "${srcdir:?}" || exit 1
. tests/tap.sh
. tests/integration/lab.sh
. tests/faults/rig.sh

seconds=${SOAK_SECONDS:-3600}
fault_options='claim_fresh = 0
nas_rate = 0
mac_failures = 0
server_share = 0'

resident()
{
	awk '$1 == "VmRSS:" { print $2 }' "/proc/$MPSK_RADIUS_PID/status"
}

# A hundred keys: each comes with another passphrase, which a PMK is derived of, and goes.
edit()
{
	edit_id=soak$(($1 % 100))
	rcli hset "mpsk:key:{$edit_id}" ssid Acme psk "a passphrase of soak $1" > /dev/null
	rcli del "mpsk:key:{soak$((($1 + 50) % 100))}" > /dev/null
}

# soak SECONDS: edits go on, and the memory that the server holds is noted ten times a second; $peak is the most.
soak()
{
	soak_until=$(($(date +%s) + $1))
	peak=0
	while [ "$(date +%s)" -lt $soak_until ]; do
		edits=$((edits + 1))
		edit $edits
		now=$(resident)
		[ "$now" -le "$peak" ] || peak=$now
		sleep 0.1
	done
}

fault_up
store --save '' --appendonly no
key bob ssid Acme psk "$fault_psk"
ok "the key is in force" wait_for 10 join Acme "$fault_psk" 00-00-5e-00-53-01
edits=0
load known "$fault_psk" 200 "$seconds" --macs 50
load wrong "nobody's passphrase" 20 "$seconds" --macs 50
# What is made when it is first needed is there after a fifth of the time.
soak $((seconds / 5))
soak $((seconds * 2 / 5))
half=$peak
soak $((seconds * 2 / 5))
for name in known wrong; do
	load_end $name
	load_is $name "none lost" '.lost == 0 and .wrong == 0 and .accepted + .rejected > 0'
done
load_is known "none refused" '.rejected == 0'
load_is wrong "none accepted" '.accepted == 0'
diag "$edits edits; $half kB in the first half, $peak kB in the second: $(awk "BEGIN { print ($peak - $half) * 100 / $half }") %"
ok "memory is flat within 2 %" [ $((peak * 100)) -le $((half * 102)) ]
fault_done
