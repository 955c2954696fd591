#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # DIR/env sets them
#
# Many devices at once, and a cap of five: five get in, and no sixth. And who
# makes way, by a site's rule that a hand edits.
set -u
cd "${srcdir:?}" || exit 1
. tests/tap.sh
. tests/integration/lab.sh

devices=64
cap=5

in_index()
{
	! join Crowd "passphrase of $1" 00-00-5e-00-53-01 && [ "$(reason)" = DISABLED ]
}

lab_up MPSK_LAB_SET="log_accept = yes
$lab_patient"
wait_loaded
for round in 1 2 3 4 5 6 7 8 9 10; do
	id=round-$round
	# Disabled at first, so that one can see it arrive without a claim on it.
	key $id ssid Crowd psk "passphrase of $id" max $cap enabled 0
	ok "$id: the server has the key" wait_for 3 in_index $id
	key $id enabled 1
	ok "$id: a first device" wait_for 3 join Crowd "passphrase of $id" 00-00-5e-00-53-01
	lab_mark
	printf '%s\n' "passphrase of $id" > "$lab/passphrase"
	"$RADMPSK" --server "$MPSK_RADIUS" --secret-file "$MPSK_SECRET_FILE" --ssid Crowd \
		--passphrase-file "$lab/passphrase" --count $devices --window $devices --macs random > "$lab/crowd" 2>&1
	is "$id: $cap devices in all" "$(rcli zcard "mpsk:dev:{$id}")" $cap
	is "$id: and as many were let in" "$(reasons | sort | uniq -c | awk '{ print $1, $2 }' | tr '\n' ' ')" \
		"$((devices - cap + 1)) CAP_REACHED $((cap - 1)) MATCHED "
done

# Who makes way at a site is in force with the edit of a hand, as all else.
key full ssid Acme psk 'passphrase of full' max 1
rcli hset mpsk:cfg:nas:ap-hq site hq > /dev/null
rcli hset mpsk:cfg:site:hq when_full reject > /dev/null
in_force "a device at a site" "0 MATCHED" Acme 'passphrase of full' 02-00-5e-00-53-01 --nas-id ap-hq
joins "the site says reject" "1 CAP_REACHED" Acme 'passphrase of full' 02-00-5e-00-53-02 --nas-id ap-hq
rcli hset mpsk:cfg:site:hq when_full replace-oldest-random > /dev/null
in_force "the site says replace-oldest-random" "0 MATCHED" Acme 'passphrase of full' 02-00-5e-00-53-02 --nas-id ap-hq
is "the one with the random MAC made way" "$(rcli --raw zrange 'mpsk:dev:{full}' 0 -1)" 02-00-5e-00-53-02
joins "elsewhere the server's own rule counts" "1 CAP_REACHED" Acme 'passphrase of full' 02-00-5e-00-53-03
rcli hset 'mpsk:key:{full}' when_full reject > /dev/null
in_force "what the key says comes before" "1 CAP_REACHED" Acme 'passphrase of full' 02-00-5e-00-53-04 --nas-id ap-hq
rcli hdel 'mpsk:key:{full}' when_full > /dev/null
in_force "and without it the site again" "0 MATCHED" Acme 'passphrase of full' 02-00-5e-00-53-04 --nas-id ap-hq

lab_done
done_testing
