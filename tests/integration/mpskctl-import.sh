#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# mpskctl key import: files of other systems, passphrases that are made, devices, and whom --update disconnects.
set -u

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/integration/ctl.sh
. "${srcdir:-.}/tests/integration/ctl.sh"
# shellcheck source=tests/integration/nas.sh
. "${srcdir:-.}/tests/integration/nas.sh"

ctl_up
examples=${srcdir:-.}/tests/vectors/import

#
# --- Files of other systems ---
#

# moved NAME FORMAT FILE OPTION...: an import into an empty store, and again; the keys are in $out.
moved()
{
	moved_name=$1
	from=$2
	file=$3
	shift 3
	fresh
	run key import --from "$from" "$examples/$file" "$@"
	exits "$moved_name" 0
	is "$moved_name: nothing is said to be wrong" "$err" ""
	run key import --from "$from" "$examples/$file" "$@"
	like "$moved_name: again, nothing to do" "$code $out" '^0 [0-9]+ lines: [0-9]+ unchanged$'
	run key list --json --show-psk
}

moved "rlm_dpsk" rlm_dpsk rlm_dpsk.csv --ssid Acme
ok "rlm_dpsk: a key for anybody" json '.[] | select(.name == "bob") | .psk == "correct-horse" and .ssid == "Acme" and
	.usage == "multi" and (.macs | length) == 0'
ok "rlm_dpsk: quotes" json '.[] | select(.name == "Carol, C.") | .psk == "battery-staple"'
ok "rlm_dpsk: lines of one passphrase are one key" json '[.[] | select(.name == "camera")] | length == 1 and
	.[0].usage == "macs" and .[0].macs == ["00-00-5e-00-53-01", "00-00-5e-00-53-02"]'

moved "hostapd-psk-file" hostapd-psk-file hostapd.wpa_psk --ssid Acme
ok "hostapd-psk-file: spaces and two devices" json '[.[] | select(.name == "flat-12")] | length == 1 and
	.[0].psk == "correct horse battery" and .[0].vlan == 20 and .[0].usage == "macs" and (.[0].macs | length) == 2'
ok "hostapd-psk-file: any device" json '.[] | select(.name == "guest") | .vlan == 30 and .usage == "multi"'
ok "hostapd-psk-file: 64 hex digits, and no name" json '.[] | select(.name == "00-00-5e-00-53-03") |
	(.psk | length) == 64'

moved "unifi" unifi unifi.csv --ssid Acme
ok "unifi: a network's name is a VLAN's" json '.[] | select(.name == "Bob") | .vlan == "staff" and .psk == "correct-horse"'
ok "unifi: a number" json '.[] | select(.name == "Camera") | .vlan == 30'

moved "mist" mist mist.csv
ok "mist: a key" json '.[] | select(.name == "Bob B.") | .vlan == 20 and .concurrent == 3 and .role == "staff"'
moved "json" json own.json
is "json: a key and its device" "$(field bob vlan) $(redis zscore 'mpsk:dev:{bob}' 00-00-5e-00-53-01)" "20 1750000000"
run key import --from csv "$examples/mist.csv"
like "csv is our own" "$code $err" "^2 .*:1: 'passphrase' is no column"
run key import --from frobnicate "$examples/mist.csv"
like "a format that is not known" "$code $err" '^2 .*--from: expected rlm_dpsk, hostapd-psk-file, mist, unifi, csv or json'

# wrong NAME FORMAT TEXT ERE: a file whose first line is refused, and whose second, that is good, is not.
wrong()
{
	fresh
	printf '%s\n' "$3" "$4" >"$dir/in"
	run key import --from "$2" "$dir/in"
	like "$1" "$code $out $err" "^2 2 lines: 1 added, 1 refused mpskctl: .*/in:1: $5"
}
good=guests-of-the-house
wrong "rlm_dpsk: one cell" rlm_dpsk bob "eve,$good" 'has 1 cells; expected identity,psk'
wrong "rlm_dpsk: four cells" rlm_dpsk "bob,$good,00005e005301,x" "eve,$good" 'has 4 cells'
wrong "rlm_dpsk: no identity" rlm_dpsk ",correct-horse" "eve,$good" 'identity: is empty'
wrong "rlm_dpsk: short" rlm_dpsk "bob,short" "eve,$good" 'psk: the PSK has 5 octets'
wrong "rlm_dpsk: a space" rlm_dpsk "bob, correct-horse" "eve,$good" 'psk: begins or ends with a space'
wrong "rlm_dpsk: no MAC" rlm_dpsk "bob,correct-horse,phone" "eve,$good" 'mac: expected a MAC'
wrong "rlm_dpsk: a quote" rlm_dpsk 'bob,correct"horse' "eve,$good" 'a quote stands where none may'
any=00:00:00:00:00:00
wrong "hostapd: no PSK" hostapd-psk-file "00:00:5e:00:53:01" "$any $good" 'psk: is missing'
wrong "hostapd: no MAC" hostapd-psk-file "keyid=x" "$any $good" 'mac: is missing'
wrong "hostapd: a wrong MAC" hostapd-psk-file "00:00:5e:00:53 correct-horse" "$any $good" 'mac: expected a MAC'
wrong "hostapd: a wrong VLAN" hostapd-psk-file "vlanid=5000 $any correct-horse" "$any $good" "vlanid: '5000' is not"
wrong "hostapd: an unknown name" hostapd-psk-file "colour=red $any correct-horse" "$any $good" 'a name before the MAC is none'
wrong "hostapd: long" hostapd-psk-file "$any $(printf %070d 1)" "$any $good" 'psk: the PSK has 70 octets'

fresh
printf 'name,password,network\nBob,correct-horse,Main LAN\nEve,short,staff\nDan,%s,\n' "$good" >"$dir/in"
run key import --from unifi "$dir/in"
like "unifi: the good line" "$code $out" '^2 3 lines: 1 added, 2 refused'
like "unifi: a name that no VLAN can have" "$err" 'in:2: network: '
like "unifi: a short password" "$err" 'in:3: password: the PSK has 5 octets'

fresh
printf 'a,%s,00005e005301\nb,%s,00005e005302\n' "$good" "$good" >"$dir/in"
run key import --from rlm_dpsk "$dir/in"
like "one passphrase under two names" "$code $err" '^2 .*in:2: line 1 has this passphrase'

#
# --- Passphrases that are made ---
#
fresh
run key import "$examples/own.csv" --generate=words --dry-run
is "--generate --dry-run: none is shown" "$code $out" "0 2 lines, nothing was written: 2 added"
run key import "$examples/own.csv" --generate=words
exits "--generate" 0
made=$(field carol psk)
like "--generate: a passphrase is made" "$made" '^([a-z]+-){5}[a-z]+$'
is "--generate: and told" "$(printf '%s\n' "$out" | awk '$1 == "carol" { print $2 }')" "$made"
is "--generate: one that the file has is not" "$(printf '%s\n' "$out" | grep -c horse) $(field bob psk)" "0 correct-horse"
like "--generate: the PMK is stored" "$(pmk_fields carol)" '^pmk:Acme'
run key import "$examples/own.csv" --generate=words --update
is "--generate: a key that is there keeps its own" "$code $out $(field carol psk)" "0 2 lines: 2 unchanged $made"
fresh
run key import "$examples/own.csv" --generate=digits --length 12 --json
ok "--generate --json" json '[.[] | {id, psk, bits}] == [{"id": "bob", "psk": null, "bits": null},
	{"id": "carol", "psk": "'"$(field carol psk)"'", "bits": .[1].bits}] and (.[1].psk | test("^[0-9]{12}$")) and .[1].bits >= 30'
fresh
run key import "$examples/own.csv"
like "without --generate a line wants one" "$code $err" '^2 .*own.csv:3: has no passphrase'
before=$(digest)
run key import "$examples/own.csv" --length 12
refused "--length alone" 64 "go with --generate"

#
# --- Devices ---
#
# All of the keys and their devices: the trail of edits is another each time.
held()
{
	for id in bob eve; do
		redis --raw hgetall "mpsk:key:{$id}" | paste - - | sort
		redis --raw zrange "mpsk:dev:{$id}" 0 -1 WITHSCORES
	done
}

fresh
redis hset 'mpsk:key:{bob}' psk correct-horse ssid Acme created 1 modified 1 enabled 1 >/dev/null
redis hset 'mpsk:key:{eve}' psk correct-mule ssid Acme created 1 modified 1 enabled 1 >/dev/null
redis zadd 'mpsk:dev:{bob}' 1750000002 00-00-5e-00-53-02 1750000001 00-00-5e-00-53-01 >/dev/null
run key derive --quiet
before=$(held)
"$MPSKCTL" key export --show-psk --json >"$dir/one.json"
ok "key export: devices" jq -e '.[0].devices == [{"mac": "00-00-5e-00-53-01", "last_seen": 1750000001},
	{"mac": "00-00-5e-00-53-02", "last_seen": 1750000002}] and .[1].devices == null' "$dir/one.json"
fresh
"$MPSKCTL" key import - --quiet <"$dir/one.json"
is "there and back, devices and all: the same store" "$(held)" "$before"
"$MPSKCTL" key export --show-psk --json >"$dir/two.json"
ok "and the same file" cmp "$dir/one.json" "$dir/two.json"
run key import "$dir/one.json"
is "again: nothing to do" "$out" "2 lines: 2 unchanged"
redis zadd 'mpsk:dev:{bob}' 1760000000 00-00-5e-00-53-01 1760000000 00-00-5e-00-53-03 >/dev/null
run key import "$dir/one.json"
is "devices that came since are no difference" "$out" "2 lines: 2 unchanged"
redis zrem 'mpsk:dev:{bob}' 00-00-5e-00-53-02 >/dev/null
run key import "$dir/one.json"
like "a device that was forgotten is one" "$code $err" '^2 .*key bob already, which differs in devices: --update'
run key import "$dir/one.json" --update
is "--update brings it back, and leaves the others" "$out $(redis --raw zrange 'mpsk:dev:{bob}' 0 -1 WITHSCORES | paste -s -d ' ' -)" \
	"2 lines: 1 changed, 1 unchanged 00-00-5e-00-53-02 1750000002 00-00-5e-00-53-01 1760000000 00-00-5e-00-53-03 1760000000"
run key export --show-psk --json --no-devices
ok "--no-devices" json 'all(.[]; has("devices") | not)'
for devices in '[7]' '[{"mac": "phone", "last_seen": 1}]' '[{"mac": "00005e005301"}]' '[{"mac": "00005e005301", "last_seen": -1}]'; do
	printf '[{"id": "dan", "psk": "correct-pony", "devices": %s}]' "$devices" >"$dir/in.json"
	run key import "$dir/in.json"
	like "devices that are none: $devices" "$code $err" '^2 .*:1: devices: number 1 of the list'
done
fresh
redis set 'mpsk:dev:{bob}' x >/dev/null
run key import "$dir/one.json"
like "devices that are of another type" "$code $out $err" '^2 2 lines: 1 added, 1 refused .*another type than a sorted set'
is "and nothing is half-written" "$(redis exists 'mpsk:key:{bob}')" 0

#
# --- Whom --update disconnects ---
#
fresh
nas_up ap-1
printf 'testing123\n' | "$MPSKCTL" nas set ap-1 --coa-port "$port" --secret-file - --quiet
"$MPSKCTL" key import "$examples/own.json" --quiet
session bob ap-1 S1 00-00-5e-00-53-01 '"vlan":20,"ssid":"Acme"'
printf 'id,note\nbob,roof\n' >"$dir/in.csv"
run key import "$dir/in.csv" --update
is "--update of what lets nobody in disconnects nobody" "$code $out" "0 1 lines: 1 changed"
printf 'id,vlan\nbob,30\n' >"$dir/in.csv"
run key import "$dir/in.csv" --update --dry-run
is "--dry-run disconnects nobody" "$code $out" "0 1 lines, nothing was written: 1 changed"
run key import "$dir/in.csv" --update
is "--update disconnects" "$code $out" "0 1 lines: 1 changed
disconnected device 00-00-5e-00-53-01 of key bob at ap-1: the key's VLAN is another one"
session bob ap-1 S2 00-00-5e-00-53-01 '"vlan":30,"ssid":"Acme"'
printf 'id,psk\nbob,correct-mule\n' >"$dir/in.csv"
run key import "$dir/in.csv" --update --no-disconnect
is "--no-disconnect" "$code $out $(member bob ap-1 S2 ended)" "0 1 lines: 1 changed null"
printf 'id,psk\nbob,correct-pony\n' >"$dir/in.csv"
run key import "$dir/in.csv" --update --json
ok "--update --json: the sessions" json '.[0].result == "changed" and (.[0].sessions | length) == 1'
session bob ap-1 S3 00-00-5e-00-53-01 '"vlan":30,"ssid":"Acme"'
nas_down
printf 'id,vlan\nbob,40\n' >"$dir/in.csv"
run key import "$dir/in.csv" --update
exits "an access point that does not answer" 4

done_testing
