#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2034,SC2154 # at() reads some by name; DIR/env sets the others
#
# Two servers on one Redis: what goes through one is in force on the other.
set -u
cd "${srcdir:?}" || exit 1
. tests/tap.sh
. tests/integration/lab.sh

one=00-00-5e-00-53-01
two=00-00-5e-00-53-02
three=00-00-5e-00-53-03

options="log_accept = yes
$lab_patient"
lab_up MPSK_LAB_SET="$options"
trap servers_exit EXIT
env MPSK_BUILD="${builddir:?}" MPSK_LAB_REDIS=none MPSK_LAB_SET="redis = \"$MPSK_REDIS\"
$options" tests/lab up "$lab/second" || bail_out "the second server did not start"
first_radius=$MPSK_RADIUS
first_log=$MPSK_LOG
# shellcheck disable=SC1091 # it is there when it runs
second_radius=$(. "$lab/second/env" && echo "$MPSK_RADIUS")
second_log=$lab/second/log/radiusd.log
export MPSK_REDIS

# shellcheck disable=SC2317,SC2329 # the trap calls it
servers_exit()
{
	servers_status=$?
	tests/lab down "$lab/second"
	(exit $servers_status)
	lab_exit
}

# at first|second: the server that is asked from now on.
at()
{
	eval "MPSK_RADIUS=\$$1_radius MPSK_LOG=\$$1_log"
}

# on_both NAME "EXIT REASON" PSK MAC: within a second of each other.
on_both()
{
	at first
	in_force "the first server: $1" "$2" Acme "$3" "$4"
	at second
	in_force "the second server: $1" "$2" Acme "$3" "$4"
}

ctl()
{
	"$MPSKCTL" --quiet "$@" > "$lab/ctl"
}

for server in first second; do
	at $server
	wait_loaded
done

# --- An edit ---

key bob ssid Acme psk "a passphrase of bob" max 1
on_both "a key that was added" "0 MATCHED" "a passphrase of bob" $one
ok "a key gets another passphrase" ctl key rotate bob --now
on_both "the old one is over" "1 NO_MATCH" "a passphrase of bob" $one
key bob psk "a passphrase of bob"
on_both "and in force again" "0 MATCHED" "a passphrase of bob" $one

# --- A claim ---

at second
joins "the one device that a key may have was claimed at the first server: another is refused at the second" \
	"1 CAP_REACHED" Acme "a passphrase of bob" $two
key ann ssid Acme psk "a passphrase of ann" max 1
in_force "a device is claimed at the second server" "0 MATCHED" Acme "a passphrase of ann" $two
at first
in_force "the first server knows it by its MAC alone" "0 BOUND" Acme "a passphrase of ann" $two --bound
joins "and refuses another at once" "1 CAP_REACHED" Acme "a passphrase of ann" $three

# Claimed at both in the same moment: one gets in.
key crowd ssid Acme psk "a passphrase of a crowd" max 5
printf '%s\n' "a passphrase of a crowd" > "$lab/crowd.psk"

# crowd SERVER: 32 new devices at once.
crowd()
{
	at "$1"
	"$RADMPSK" --server "$MPSK_RADIUS" --secret-file "$MPSK_SECRET_FILE" --ssid Acme --passphrase-file "$lab/crowd.psk" \
		--bssid "$lab_bssid" --count 32 --window 32 --macs random > "$lab/crowd.$1" 2>&1 &
	eval "crowd_$1=\$!"
}

crowd_in()
{
	cat "$first_log" "$second_log" | sed -n 's/.* reason=MATCHED mac=\([^ ]*\) .* key=crowd .*/\1/p' | sort -u | wc -l
}

on_both "a key of five devices: the first" "0 MATCHED" "a passphrase of a crowd" $one
crowd first
crowd second
wait "$crowd_first"
wait "$crowd_second"
is "five get in at both together" "$(crowd_in)" 5
is "as many as Redis has" "$(rcli zcard 'mpsk:dev:{crowd}')" 5

# --- A revocation ---

ok "a device is forgotten" ctl device forget ann $two
on_both "it makes room for another" "0 MATCHED" "a passphrase of ann" $three
on_both "and has none itself" "1 CAP_REACHED" "a passphrase of ann" $two
ok "a key is disabled" ctl key disable bob
on_both "its device is refused" "1 DISABLED" "a passphrase of bob" $one
ok "and enabled" ctl key enable bob
on_both "its device is let in" "0 MATCHED" "a passphrase of bob" $one
ok "a key is deleted" ctl key delete bob
on_both "its device is refused, as nobody's" "1 NO_MATCH" "a passphrase of bob" $one

# --- One of them goes ---

ok "the first server ends" tests/lab radius "$lab" stop
at second
in_force "the second goes on" "0 MATCHED" Acme "a passphrase of ann" $three
key carol ssid Acme psk "a passphrase of carol"
in_force "a key that is added meanwhile" "0 MATCHED" Acme "a passphrase of carol" $one
ok "the first server begins again" tests/lab radius "$lab" start
at first
wait_loaded
in_force "it has what was added" "0 MATCHED" Acme "a passphrase of carol" $one

ok "the second server ran to its end, and no sanitizer found anything" tests/lab down "$lab/second"
lab_done
done_testing
