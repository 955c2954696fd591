#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # DIR/env sets them
#
# Keys that were written by hand, many at once: their PMKs are derived while the server serves, and kept.
set -u
cd "${srcdir:?}" || exit 1
. tests/tap.sh
. tests/integration/lab.sh

keys=1500

told()
{
	grep -q "$1" "$MPSK_LOG"
}

lab_up MPSK_LAB_SET="log_accept = yes
$lab_patient"
wait_loaded
i=0
while [ $i -lt $keys ]; do
	echo "HSET mpsk:key:{k$i} psk passphrase-$i ssid Acme"
	i=$((i + 1))
done | rcli > /dev/null
ok "the log tells that PMKs are to be derived" wait_for 10 told '[0-9]* PMKs are still to be derived'
ok "and when they are" wait_for 60 told 'all PMKs are derived'
joins "a device is let in" "0 MATCHED" Acme passphrase-0 "$lab_mac"
is "each is kept with its key" "$(i=0
	while [ $i -lt $keys ]; do
		echo "HEXISTS mpsk:key:{k$i} pmk:Acme"
		i=$((i + 1))
	done | rcli | sort | uniq -c | tr -s ' ')" " $keys 1"

lab_done
done_testing
