#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # DIR/env sets them
#
# A server that starts while Redis is away goes by its snapshot; and a Redis that comes back empty locks nobody out.
set -u
cd "${srcdir:?}" || exit 1
. tests/tap.sh
. tests/integration/lab.sh

known=00-00-5e-00-53-01
new=00-00-5e-00-53-02
third=00-00-5e-00-53-03
kept=$(mktemp -d) || bail_out "mktemp failed"
"${builddir:?}/mpskctl/mpskctl" keyring init "$kept/keyring" --id k1 > /dev/null || bail_out "no keyring"

told()
{
	lab_log | grep -q -e "$1"
}

restart()
{
	lab_mark
	ok "$1: the server is stopped" tests/lab radius "$lab" stop
	ok "$1: and started anew" tests/lab radius "$lab" start
}

marked()
{
	[ -n "$(rcli hget mpsk:meta epoch)" ]
}

refuses_to_start()
{
	! tests/lab radius "$lab" start 2> /dev/null
}

# set_option NAME VALUE: in the configuration that the server reads at its next start.
set_option()
{
	sed -i "s|^#\{0,1\}\t$1 = .*|\t$1 = $2|" "$lab/raddb/mods-enabled/mpsk"
}

lab_up MPSK_LAB_SET="log_accept = yes
keyring = \"$kept/keyring\"
snapshot = \"$kept/snapshot\"
snapshot_interval = 3600
$lab_patient"
wait_loaded
key bob ssid Acme psk "a passphrase of bob" max 5
key carol ssid Acme psk "a passphrase of carol"
in_force "a device is let in" "0 MATCHED" Acme "a passphrase of bob" "$known"
key carol enabled 0
in_force "a key is switched off" "1 DISABLED" Acme "a passphrase of carol" "$known"
is "the snapshot is for the server's user alone" "$(stat -c %a "$kept/snapshot")" 600

ok "its data are marked within 30 s" wait_for 30 marked

# What changed since the first load is written when Redis goes away, not an hour later.
tests/lab redis "$lab" stop
restart "without Redis"
ok "the snapshot is loaded within 10 s" wait_for 10 told 'keys of .*/snapshot loaded in .*: it was in step with Redis'
joins "a known device is let in" "0 MATCHED" Acme "a passphrase of bob" "$known"
joins "and by its MAC" "0 BOUND" Acme "a passphrase of bob" "$known" --bound
joins "a new one on trust" "0 PROVISIONAL" Acme "a passphrase of bob" "$new"
joins "another one is not" "1 STORE_DOWN" Acme "a passphrase of bob" "$third"
joins "a wrong passphrase is wrong" "1 NO_MATCH" Acme "no passphrase of bob" "$known"
joins "a key that was switched off is off" "1 DISABLED" Acme "a passphrase of carol" "$known"
is "no passphrase stands in the file" "$(grep -a -c -e 'a passphrase of' "$kept/snapshot")" 0

# Redis comes back, and has lost all.
rm -f "$lab/redis/dump.rdb"
tests/lab redis "$lab" start
ok "what Redis lost is told within 10 s" wait_for 10 told 'Redis seems to have lost data: mpsk:meta is gone'
joins "the known device is let in" "0 MATCHED" Acme "a passphrase of bob" "$known"
joins "and the one that was let in on trust" "0 PROVISIONAL" Acme "a passphrase of bob" "$new"
restart "with an empty Redis"
ok "it is held against the snapshot" wait_for 10 told 'Redis seems to have lost data: mpsk:meta is gone'
joins "the known device is let in still" "0 MATCHED" Acme "a passphrase of bob" "$known"
ok "a person takes it over" "$MPSKCTL" resync --accept --redis "$MPSK_REDIS" --quiet
in_force "and the key is gone" "1 NO_MATCH" Acme "a passphrase of bob" "$known"

# A snapshot that is no good.
key bob ssid Acme psk "a passphrase of bob"
in_force "Redis has a key again" "0 MATCHED" Acme "a passphrase of bob" "$known"
tests/lab redis "$lab" stop
ok "the server is stopped" tests/lab radius "$lab" stop
cp "$kept/snapshot" "$kept/whole"
head -c -1 "$kept/whole" > "$kept/snapshot"
lab_mark
ok "and started with a snapshot that was cut" tests/lab radius "$lab" start
ok "that is told" wait_for 10 told 'no snapshot to begin with: .* cut short'
joins "and nobody is let in by it" "1 STORE_DOWN" Acme "a passphrase of bob" "$known"

cp "$kept/whole" "$kept/snapshot"
set_option stale_max 1
sleep 2 # the age of a file in seconds is what is tested
restart "older than stale_max"
ok "that is told too" wait_for 10 told 'no snapshot to begin with: .*(stale_max)'
joins "and nobody is let in" "1 STORE_DOWN" Acme "a passphrase of bob" "$known"
set_option stale_max 86400
restart "with all in order"
ok "the snapshot is loaded again" wait_for 10 told 'it was in step with Redis'
joins "and the device let in" "0 MATCHED" Acme "a passphrase of bob" "$known"

ok "the server is stopped" tests/lab radius "$lab" stop
sed -i 's|^\tkeyring = |#&|' "$lab/raddb/mods-enabled/mpsk"
lab_mark
ok "without a keyring it does not start" refuses_to_start
ok "and says what to do" told 'give the file to seal it with in keyring'
sed -i 's|^#\tkeyring = |\tkeyring = |' "$lab/raddb/mods-enabled/mpsk"
ok "with it it does" tests/lab radius "$lab" start
rm -rf "$kept"
lab_done
done_testing
