#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# mpskctl key show, and device list, add and forget.
set -u

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/integration/ctl.sh
. "${srcdir:-.}/tests/integration/ctl.sh"

ctl_up

#
# --- key show, and the devices ---
#
fresh
run_with 'correct-horse\n' key add bob --ssid Acme --max 2 --idle 30d --passphrase-file -
before=$(digest)
run key show nobody
refused "key show of an unknown id" 1 "no key nobody"
run key show a/b
refused "key show of a wrong id" 2 "ID: 1 to 64"
run device list nobody
refused "device list of an unknown id" 1 "no key nobody"
run device add nobody 00-00-5e-00-53-01
refused "device add to an unknown id" 1 "no key nobody"
run device forget nobody 00-00-5e-00-53-01
refused "device forget of an unknown id" 1 "no key nobody"
run device add bob 00-00-5e-00-53
refused "device add of what is no MAC" 2 "MAC: expected twelve hex digits"
run device forget bob 00-00-5e-00-53-01-
refused "device forget of what is no MAC" 2 "MAC: expected twelve hex digits"
run device list bob
is "device list of none" "$code $out" "0 "
run device list bob --json
is "device list --json of none" "$code $out" "0 []"
run device forget bob --all --json
is "device forget --all of none" "$code $out" "0 []"

run device add bob 00:00:5E:00:53:01 0000.5e00.5302
exits "device add" 0
is "device add: said" "$out" "added device 00-00-5e-00-53-01 of key bob
added device 00-00-5e-00-53-02 of key bob"
is "device add: stored" "$(redis --raw zrange 'mpsk:dev:{bob}' 0 -1 | sort | tr '\n' ' ')" \
	"00-00-5e-00-53-01 00-00-5e-00-53-02 "
is "device add: the hint" "$(redis --raw keys 'mpsk:mac:*' | sort | while read -r name; do
	redis --raw hget "$name" Acme; done | tr '\n' ' ')" "bob bob "
run device add bob 00-00-5e-00-53-01
is "device add again" "$code $out" "0 known device 00-00-5e-00-53-01 of key bob"
before=$(digest)
run device add bob 00-00-5e-00-53-03
refused "device add past the cap" 2 "device 00-00-5e-00-53-03 of key bob: .*--max"
redis zadd 'mpsk:dev:{bob}' 1700000000 00-00-5e-00-53-01 >/dev/null
run device list bob
is "device list: last seen first" "$(printf '%s\n' "$out" | sed 's/ .*//' | tr '\n' ' ')" \
	"MAC 00-00-5e-00-53-02 00-00-5e-00-53-01 "
like "device list: last seen" "$out" '^00-00-5e-00-53-01  2023-11-14T22:13:20\+00:00  no$'
run device list bob --json
ok "device list --json" json '.[1] == {"mac": "00-00-5e-00-53-01", "last_seen": 1700000000, "local": false}'
run device list bob --tsv
like "device list --tsv" "$out" "^00-00-5e-00-53-01${tab}1700000000${tab}"
run key show bob
exits "key show" 0
like "key show: a field" "$out" '^max +2$'
like "key show: a duration" "$out" '^idle +30d$'
like "key show: its devices" "$out" '^ +00-00-5e-00-53-01  last seen 2023-11-14T22:13:20\+00:00$'
unlike "key show: no passphrase" "$out" correct-horse
run key show bob --show-psk
like "key show --show-psk" "$out" '^psk +correct-horse$'
run key show bob --json
ok "key show --json" json '.id == "bob" and .max == 2 and (.devices | length) == 2 and
	.devices[1].last_seen == 1700000000 and (has("psk") | not) and (has("malformed") | not)'
run key show bob --tsv
is "key show --tsv: two lines" "$(printf '%s\n' "$out" | wc -l)" 2

run device forget bob 00-00-5e-00-53-01 00-00-5e-00-53-09
exits "device forget: one among them is unknown" 1
is "device forget: said" "$out" "forgot device 00-00-5e-00-53-01 of key bob"
like "device forget: what failed" "$err" "device 00-00-5e-00-53-09 of key bob: this is none of its devices"
is "device forget: stored" "$(redis --raw zrange 'mpsk:dev:{bob}' 0 -1)" "00-00-5e-00-53-02"
is "device forget: the hint is gone" "$(redis --raw keys 'mpsk:mac:*' | wc -l)" 1
for name in $(redis --raw keys 'mpsk:mac:*'); do redis hset "$name" Acme carol >/dev/null; done
run device forget bob --all --json
exits "device forget --all" 0
ok "device forget --all --json" json '. == [{"id": "bob", "mac": "00-00-5e-00-53-02", "result": "forgot",
	"sessions": []}]'
is "device forget --all: stored" "$(redis exists 'mpsk:dev:{bob}')" 0
is "a hint to another key stays" "$(redis --raw keys 'mpsk:mac:*' | wc -l)" 1

redis hset 'mpsk:key:{bob}' usage macs macs 00005e005301 >/dev/null
before=$(digest)
run device add bob 00-00-5e-00-53-02
refused "device add against the key's macs" 2 "its macs do not cover"
run device add bob 00-00-5e-00-53-01
exits "device add within the key's macs" 0
redis del 'mpsk:dev:{bob}' >/dev/null
for change in "enabled 0" "enabled 1 exp 1" "exp 0 nbf 4102444800" "nbf 0 max inf"; do
	# shellcheck disable=SC2086
	redis hset 'mpsk:key:{bob}' $change >/dev/null
	before=$(digest)
	run device add bob 00-00-5e-00-53-01
	refused "device add to a key with $change" 2 "key bob: "
done
run key show bob
refused "key show of a malformed key" 2 "key bob: .*max"
redis zadd 'mpsk:dev:{bob}' 1 00-00-5e-00-53-01 >/dev/null
run device forget bob 00-00-5e-00-53-01
is "device forget of a malformed key" "$code $(redis exists 'mpsk:dev:{bob}')" "0 0"

done_testing
