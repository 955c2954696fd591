#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # DIR/env sets them
#
# Claims that are made again when Redis is back, of a key that was sealed anew meanwhile: the PSK is the same.
set -u
cd "${srcdir:?}" || exit 1
. tests/tap.sh
. tests/integration/lab.sh

granted=00-00-5e-00-53-01
trusted=00-00-5e-00-53-02
rotated=00-00-5e-00-53-03
ring_dir=$(mktemp -d) || bail_out "mktemp failed"
ring=$ring_dir/keyring
"${builddir:?}/mpskctl/mpskctl" keyring init "$ring" --id k1 > /dev/null || bail_out "no keyring"

ctl()
{
	"$MPSKCTL" "$@" --keyring "$ring" --quiet >> "$lab/said" 2>&1
}

claimed()
{
	[ -n "$(rcli zscore "mpsk:dev:{$1}" "$2")" ]
}

told()
{
	lab_log | grep -q -e "$1"
}

offline_answers()
{
	"$MPSK_REDIS_CLI" -s "$lab/offline.sock" ping > /dev/null 2>&1
}

lab_up MPSK_LAB_SET="log_accept = yes
keyring = \"$ring\"
$lab_patient"
wait_loaded
for id in bob carol; do
	printf 'a passphrase of %s\n' "$id" > "$lab/psk"
	ok "a key of $id is added, sealed" ctl key add "$id" --redis "$MPSK_REDIS" --ssid Acme --passphrase-file "$lab/psk"
done
in_force "a device is let in" "0 MATCHED" Acme "a passphrase of bob" "$granted"
in_force "and the other key is there" "1 NO_MATCH" Acme "no passphrase of carol" "$rotated"
sealed=$(rcli hget 'mpsk:key:{bob}' psk)

tests/lab redis "$lab" stop
joins "Redis goes: one is let in on trust" "0 PROVISIONAL" Acme "a passphrase of bob" "$trusted"
joins "and one with another key" "0 PROVISIONAL" Acme "a passphrase of carol" "$rotated"

# What another server did to the Redis that comes back: it was sealed anew, lost the last claim, and carol was given
# another passphrase.
server=${MPSK_REDIS_SERVER:-$(command -v redis-server || echo "$lab/run/redis-server")}
"$server" --port 0 --unixsocket "$lab/offline.sock" --dir "$lab/redis" --daemonize no > "$lab/offline.log" 2>&1 &
offline=$!
ok "a Redis that nobody reaches is up" wait_for 10 offline_answers
ok "its keys are put in clear" ctl rekey --clear --redis "unix://$lab/offline.sock"
ok "and sealed again" ctl rekey --redis "unix://$lab/offline.sock"
"$MPSK_REDIS_CLI" -s "$lab/offline.sock" zrem 'mpsk:dev:{bob}' "$granted" > /dev/null
"$MPSK_REDIS_CLI" -s "$lab/offline.sock" hset 'mpsk:key:{carol}' psk "a new passphrase" > /dev/null
"$MPSK_REDIS_CLI" -s "$lab/offline.sock" shutdown save > /dev/null 2>&1
wait "$offline"

lab_mark
tests/lab redis "$lab" start
not_ok "the key is sealed in another way" [ "$(rcli hget 'mpsk:key:{bob}' psk)" = "$sealed" ]
ok "what was granted and lost is claimed again within 10 s" wait_for 10 claimed bob "$granted"
ok "and the one that was let in on trust" wait_for 10 claimed bob "$trusted"
ok "the one with a passphrase that is gone is told of" wait_for 10 told "device $rotated was let in with key carol .*STALE"
not_ok "and not claimed" claimed carol "$rotated"

rm -rf "$ring_dir"
lab_done
done_testing
