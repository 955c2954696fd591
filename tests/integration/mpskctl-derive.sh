#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# mpskctl key derive.
set -u

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/integration/ctl.sh
. "${srcdir:-.}/tests/integration/ctl.sh"

ctl_up

# IEEE 802.11-2020, annex J.4.2; and the same as `key add` stores it.
published=f42c6fc52df0ebef9ebb4b90b38a5f902e83fe1b135a70e23aed762e9710a12e
run_with 'password\n' key add made --ssid IEEE --passphrase-file -
like "key add stores the published PMK" "$(field made pmk:IEEE)" "$published"
stored=$(field made pmk:IEEE)

#
# --- What is derived, and what is not ---
#
fresh
redis hset 'mpsk:key:{hand}' psk password ssid IEEE >/dev/null
redis hset 'mpsk:key:{hex}' psk "$published" ssid IEEE >/dev/null
redis hset 'mpsk:key:{every}' psk ThisIsAPassword >/dev/null
redis hset 'mpsk:key:{broken}' psk short ssid IEEE >/dev/null
run_with 'correct-horse\n' key add made --ssid Acme --passphrase-file -
before=$(digest)

run key derive --dry-run --json
exits "--dry-run beside a malformed key" 2
is "--dry-run counts" "$(json '[.wanted,.derived,.changed,.stored_before,.for_every_ssid,.malformed]')" "[1,0,0,2,1,1]"
like "a malformed key is named" "$err" "key broken is malformed: .*psk"
is "--dry-run writes nothing" "$(digest)" "$before"

redis del 'mpsk:key:{broken}' >/dev/null
run key derive
exits "key derive" 0
like "key derive tells" "$out" '^1 PMKs derived; 2 keys had theirs, or need none$'
like "it tells of keys for every SSID" "$out" '^1 keys are for every SSID: --ssid'
is "no progress where nobody watches" "$err" ""
is "a key typed by hand has its PMK, as key add would have stored it" "$(field hand pmk:IEEE)" "$stored"
is "64 hex digits need none" "$(pmk_fields hex)" ""
before=$(digest)
run key derive --json
is "a second run finds nothing to do" "$code $(json '[.wanted,.derived,.stored_before]')" "0 [0,0,3]"
is "and writes nothing" "$(digest)" "$before"

run key derive --ssid ThisIsASSID
exits "key derive --ssid" 0
is "--ssid: keys for every SSID" "$(pmk_fields every)" "pmk:ThisIsASSID "
like "--ssid: the published PMK" "$(field every pmk:ThisIsASSID)" \
	0dc0d6eb90555ed6419756b9a15ec3e3209b63df707dd508d14581f8982721af
is "--ssid: no other key" "$(pmk_fields hand)" "pmk:IEEE "

run key derive --ssid "123456789012345678901234567890123"
exits "an SSID that is too long" 2
like "an SSID that is too long: why" "$err" "--ssid: "

#
# --- Many, on all cores, watched ---
#
fresh
i=0
while [ $i -lt 500 ]; do
	echo "HSET mpsk:key:{k$i} psk passphrase-$((i % 250)) ssid ssid-$((i / 250))"
	i=$((i + 1))
done | redis >/dev/null
script -qefc "$MPSKCTL key derive" "$dir/screen" </dev/null >/dev/null 2>&1
like "500 keys" "$(cat "$dir/screen")" '500 PMKs derived; 0 keys had theirs'
is "each has its own" "$(for i in 0 250 499; do pmk_fields k$i; done)" "pmk:ssid-0 pmk:ssid-1 pmk:ssid-1 "
derived=$(field k499 pmk:ssid-1)
redis del 'mpsk:key:{k499}' >/dev/null
run_with 'passphrase-249\n' key add k499 --ssid ssid-1 --passphrase-file -
is "and the right one" "$derived" "$(field k499 pmk:ssid-1)"

#
# --- Redis goes away ---
#
redis shutdown nosave >/dev/null 2>&1
run key derive
exits "without Redis" 3
is "without Redis: no result" "$out" ""

done_testing
