#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# mpskctl on keys that are there already: the same passphrase twice, key edit,
# enable, disable and delete.
set -u

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/integration/ctl.sh
. "${srcdir:-.}/tests/integration/ctl.sh"

ctl_up

#
# --- The same passphrase twice ---
#
fresh
run_with 'correct-horse\n' key add bob --ssid Acme --site north --passphrase-file -
before=$(digest)
run_with 'correct-horse\n' key add bob --ssid Other --passphrase-file -
refused "an id that is taken" 2 "there is a key bob already"
run_with 'correct-horse\n' key add carol --ssid Acme --site north --passphrase-file -
refused "the same passphrase on the same SSID and site" 2 "key bob already has this passphrase"
run_with 'correct-horse\n' key add carol --ssid Acme --passphrase-file -
refused "the same passphrase at every site" 2 "key bob already has"
run_with 'correct-horse\n' key add carol --passphrase-file -
refused "the same passphrase on every SSID" 2 "key bob already has"
# The same key in 64 hex digits is known by the PMK that is stored.
run_with "$(field bob pmk:Acme | cut -d : -f 2)\n" key add carol --ssid Acme --passphrase-file -
refused "a passphrase's PMK in hex" 2 "key bob already has"
run_with 'correct-horse\n' key add carol --ssid Other --passphrase-file -
exits "the same passphrase on another SSID" 0
run_with 'correct-horse\n' key add dan --ssid Acme --site south --passphrase-file -
exits "the same passphrase at another site" 0
run_with 'correct-mule\n' key add eve --ssid Acme --passphrase-file -
before=$(digest)
run key edit carol --ssid Acme
refused "an SSID where the passphrase is another key's" 2 "key (bob|dan) already has"
run key edit dan --site north,south
refused "a site where the passphrase is another key's" 2 "key bob already has"
run key edit dan --unset site
refused "every site, where the passphrase is another key's" 2 "key bob already has"
run_with 'correct-horse\n' key edit eve --passphrase-file -
refused "a passphrase that is another key's" 2 "key (bob|dan) already has"
run_with 'correct-horse\n' key edit bob --passphrase-file -
exits "its own passphrase again" 0
redis hset 'mpsk:key:{bad}' psk correct-horse max inf >/dev/null
run_with 'correct-pony\n' key add fay --passphrase-file -
exits "a malformed key is passed over" 0
like "a malformed key is passed over: with a warning" "$err" "warning: key bad is malformed.*max"

#
# --- key edit ---
#
fresh
run_with 'correct-horse\n' key add bob --ssid Acme --vlan 20 --role staff --note x --passphrase-file -
redis hset 'mpsk:key:{bob}' modified 1 >/dev/null
pmk=$(field bob pmk:Acme)
run key edit bob --vlan 30 --max 2
exits "key edit" 0
is "key edit: said" "$out" "changed key bob"
is "key edit: what was named" "$(field bob vlan) $(field bob max)" "30 2"
is "key edit: what was not" "$(field bob role) $(field bob psk) $(field bob pmk:Acme)" "staff correct-horse $pmk"
like "key edit: modified" "$(field bob modified)" '^[0-9]{10}$'
run key edit bob --note '' --unset role --unset vlan
exits "key edit --unset" 0
not_ok "key edit --unset: gone" has_field bob vlan
ok "an empty value is no removal" has_field bob note
is "an empty value" "$(field bob note)" ""
run key edit bob --ssid Guests
is "another SSID: its PMK instead" "$code $(pmk_fields bob)" "0 pmk:Guests "
run key edit bob --unset ssid
is "every SSID: the PMK that still fits stays" "$code $(pmk_fields bob)" "0 pmk:Guests "
run_with 'correct-mule\n' key edit bob --passphrase-file -
is "another passphrase on every SSID: no stale PMK" "$code $(field bob psk) $(pmk_fields bob)" "0 correct-mule "
run_with 'password\n' key edit bob --ssid IEEE --passphrase-file -
like "another passphrase: its PMK" "$(field bob pmk:IEEE)" \
	':f42c6fc52df0ebef9ebb4b90b38a5f902e83fe1b135a70e23aed762e9710a12e$'
run key edit bob --generate --no-pmk
is "--no-pmk: no stale PMK" "$code $(pmk_fields bob)" "0 "
is "key edit --generate prints what it stored" \
	"$(printf '%s\n' "$out" | sed -n 's/^passphrase: //p')" "$(field bob psk)"
run key edit bob --json --vlan 7
ok "key edit --json" json '.id == "bob" and .result == "changed"'
before=$(digest)
run key edit bob --vlan 4095
refused "key edit with a wrong value" 2 "key bob: vlan"
run key edit bob --unset psk
refused "a key without a passphrase" 2 "cannot be without psk"
run key edit bob --unset nothing
refused "--unset of no field" 2 "no field 'nothing'"
run key edit bob
refused "key edit without a change" 64 "nothing to change"
run_with 'short\n' key edit bob --passphrase-file -
refused "key edit with a wrong passphrase" 2 "5 octets"
run key edit nobody --vlan 1
refused "key edit of an unknown id" 1 "no key nobody"
redis hset 'mpsk:key:{bad}' psk correct-horse max inf >/dev/null
redis set 'mpsk:key:{string}' x >/dev/null
before=$(digest)
run key edit bad --vlan 1
refused "key edit of a malformed key" 2 "key bad: .*max"
run key edit string --vlan 1
refused "key edit of what is no hash" 2 "key string: "

#
# --- key enable, key disable, key delete ---
#
fresh
for id in bob carol; do
	redis hset "mpsk:key:{$id}" psk "correct-$id" modified 1 >/dev/null
done
redis hset 'mpsk:key:{bad}' psk correct-horse max inf >/dev/null
run key disable bob nobody carol bad
exits "key disable: an id among them is unknown" 1
is "key disable: the others" "$(field bob enabled) $(field carol enabled) $(field bad enabled)" "0 0 0"
is "key disable: said" "$out" "disabled key bob
disabled key carol
disabled key bad"
is "key disable: what failed" "$err" "mpskctl: there is no key nobody"
is "key disable makes no key" "$(redis exists 'mpsk:key:{nobody}')" 0
like "key disable: modified" "$(field bob modified)" '^[0-9]{10}$'
run key enable bob --json
exits "key enable" 0
ok "key enable --json" json '. == [{"id": "bob", "result": "enabled"}]'
is "key enable" "$(field bob enabled)" 1
run key enable nobody --tsv
is "key enable --tsv of an unknown id" "$code $out" "1 id${tab}result
nobody${tab}not found"
before=$(digest)
run key disable bob a/b
refused "key disable with a wrong id does nothing at all" 2 "ID: 1 to 64"

redis zadd 'mpsk:dev:{bob}' 1 00-00-5e-00-53-01 >/dev/null
redis hset 'mpsk:sess:{bob}' x y >/dev/null
run key delete bob nobody bad
exits "key delete: an id among them is unknown" 1
is "key delete: said" "$out$err" "deleted key bob
deleted key badmpskctl: there is no key nobody"
is "key delete: with devices and sessions" "$(redis --raw keys 'mpsk:[dks]*')" "mpsk:key:{carol}"
run key delete carol --quiet
is "key delete --quiet" "$code $out" "0 "
run key delete carol --json
is "key delete again" "$code" 1
ok "key delete again, --json" json '. == [{"id": "carol", "result": "not found", "sessions": []}]'

done_testing
