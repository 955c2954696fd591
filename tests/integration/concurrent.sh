#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2153,SC2154 # DIR/env sets them
#
# Many devices at once at two servers, and five places: five get in, whoever they are, and no sixth until one is free.
set -u
cd "${srcdir:?}" || exit 1
. tests/tap.sh
. tests/integration/lab.sh

devices=64
places=5
grace=10

# shellcheck disable=SC2317,SC2329 # the trap calls it
servers_exit()
{
	servers_status=$?
	tests/lab down "$lab/second"
	(exit $servers_status)
	lab_exit
}

# crowd SERVER FROM: half of the devices, each with a MAC of its own, at once.
crowd()
{
	"$RADMPSK" --server "$1" --secret-file "$MPSK_SECRET_FILE" --ssid Crowd --passphrase-file "$lab/passphrase" \
		--count $((devices / 2)) --window $((devices / 2)) --macs $((devices / 2)) --mac "$2"
}

joined_again()
{
	join Crowd "$psk" "$1"
}

options="log_accept = yes
concurrent_grace = $grace
$lab_patient"
lab_up MPSK_LAB_SET="$options"
trap servers_exit EXIT
env MPSK_BUILD="${builddir:?}" MPSK_LAB_REDIS=none MPSK_LAB_SET="redis = \"$MPSK_REDIS\"
$options" tests/lab up "$lab/second" || bail_out "the second server did not start"
# shellcheck disable=SC1091 # it is there when it runs
second_radius=$(. "$lab/second/env" && echo "$MPSK_RADIUS")
wait_loaded

for round in 1 2 3 4 5; do
	id=round-$round
	psk="passphrase of $id"
	key $id ssid Crowd psk "$psk" concurrent $places
	# Its own device, so that both servers have the key; the place goes back.
	ok "$id: the server has the key" wait_for 5 joined_again 00-00-5e-00-53-fe
	first_radius=$MPSK_RADIUS
	MPSK_RADIUS=$second_radius
	ok "$id: and so has the other" wait_for 5 joined_again 00-00-5e-00-53-fe
	MPSK_RADIUS=$first_radius
	rcli del "mpsk:live:{$id}" "mpsk:dev:{$id}" > /dev/null
	printf '%s\n' "$psk" > "$lab/passphrase"
	crowd "$first_radius" 00-00-5e-10-00-00 > "$lab/one" 2>&1 &
	crowd "$second_radius" 00-00-5e-20-00-00 > "$lab/two" 2>&1
	wait $!
	is "$id: places that are taken" "$(rcli zcard "mpsk:live:{$id}")" $places
	is "$id: devices that were let in" "$(rcli zcard "mpsk:dev:{$id}")" $places
	is "$id: all the others are told why" "$(grep -h "key=$id " "$MPSK_LOG" "$lab/second/log/radiusd.log" |
		grep -c 'reason=CONCURRENT_CAP ')" $((devices - places))
done

holder=$(rcli zrange "mpsk:live:{$id}" 0 0)
ok "a device that has a place keeps it, wherever it goes" join Crowd "$psk" "$holder" --bssid 00-00-5e-00-53-f9
joins "a new one finds none" "1 CONCURRENT_CAP" Crowd "$psk" 00-00-5e-00-53-01
ok "nobody's session has begun: a place is free again after the grace" \
	wait_for $((grace + 10)) joined_again 00-00-5e-00-53-01

lab_done
done_testing
