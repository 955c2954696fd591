#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# mpskctl clients: who is on, who was seen, and how they are chosen, ordered
# and shown; and mpskctl key show with a key's sessions.
set -u

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/integration/ctl.sh
. "${srcdir:-.}/tests/integration/ctl.sh"

ctl_up
now=$(date +%s)
sessions=100000

# on KEY NAS SID MAC SEEN [MEMBERS]: a session that was heard of so many seconds ago; its device has claimed before.
on()
{
	redis hset "mpsk:sess:{$1}" "$2/$3" "{\"mac\":\"$4\",\"since\":$((now - 5000)),\"seen\":$((now - $5))${6:+,$6}}" \
		>/dev/null
	claimed "$1" "$4" 5000
}

# claimed KEY MAC SECONDS: the device was let in so many seconds ago.
claimed()
{
	redis zadd "mpsk:dev:{$1}" $((now - $3)) "$2" >/dev/null
}

# shown NAME ARGUMENTS EXPECTED: who is shown, by MAC, key and state.
shown()
{
	# shellcheck disable=SC2086
	run clients $2 --json
	exits "$1" 0
	is "$1: who" "$(json 'map([.mac[-2:], .key, .state] | join(" ")) | join(", ")')" "\"$3\""
}

for id in bob carol eve; do
	redis hset "mpsk:key:{$id}" psk "passphrase of $id" ssid Acme >/dev/null
done
run clients
is "nobody" "$code $out$err" "0 "
run clients --json
is "nobody, as JSON" "$out" "[]"

ap='"bssid":"00-00-5e-00-53-f0","ssid":"Acme","site":"hq","vlan":20,"role":"staff"'
other='"bssid":"00-00-5e-00-53-f1","ssid":"Guest","site":"north"'
on bob ap-1 S1 00-00-5e-00-53-01 10 "$ap,\"in\":\"1500\",\"out\":\"18446744073709551615\",\"name\":\"bob\""
# It roamed, and the Stop of where it was before is lost; its first session was a third one.
on bob ap-2 S2 02-00-5e-00-53-02 20 "$ap,\"in\":\"7\""
on bob ap-1 S2 02-00-5e-00-53-02 300 "$other,\"in\":\"9\""
on bob ap-1 S3 02-00-5e-00-53-02 900 "$other,\"ended\":$((now - 900))"
# It went.
on bob ap-1 S4 00-00-5e-00-53-04 30 "$ap,\"ended\":$((now - 30)),\"cause\":\"User-Request\""
# It went, and came back by an access point that sends no accounting.
on eve ap-2 S5 00-00-5e-00-53-05 600 "$other,\"ended\":$((now - 600))"
claimed eve 00-00-5e-00-53-05 60
# Nothing was heard of it for long.
on eve ap-2 S6 00-00-5e-00-53-06 4000 "$other"
# Only claims tell of these; the last was registered, and never came.
claimed carol 00-00-5e-00-53-07 100
claimed carol 00-00-5e-00-53-08 7200
redis zadd 'mpsk:dev:{carol}' 0 00-00-5e-00-53-09 >/dev/null
# Of none of the key's devices.
redis hset 'mpsk:sess:{guest}' ap-2/S7 "{\"mac\":\"00-00-5e-00-53-0a\",\"seen\":$now,$other}" >/dev/null
redis hset 'mpsk:sess:{guest}' 'ap-2/S8' 'no session' >/dev/null

shown "who is there" "" "01 bob on, 05 eve seen, 07 carol seen, 0a guest on, 02 bob on"
shown "--seen-since" "--seen-since 1h" "01 bob on, 04 bob off, 05 eve seen, 07 carol seen, 0a guest on, 02 bob on"
shown "--seen-since: longer ago" "--seen-since 24h" \
	"01 bob on, 04 bob off, 05 eve seen, 06 eve off, 07 carol seen, 08 carol seen, 0a guest on, 02 bob on"
shown "--session-stale" "--session-stale 86400" \
	"01 bob on, 05 eve seen, 06 eve on, 07 carol seen, 08 carol seen, 0a guest on, 02 bob on"
shown "--key" "--key bob" "01 bob on, 02 bob on"
shown "--key: of claims" "--key carol" "07 carol seen"
shown "--key: that has sessions and no devices" "--key guest" "0a guest on"
shown "--key: that there is not" "--key nobody" ""
shown "--ssid" "--ssid Guest" "0a guest on"
shown "--role" "--role staff" "01 bob on, 02 bob on"
shown "--site" "--site north" "0a guest on"
shown "--ap: a radio" "--ap 00:00:5e:00:53:f0" "01 bob on, 02 bob on"
shown "--ap: a NAS" "--ap ap-2" "0a guest on, 02 bob on"
shown "--mac" "--mac 0000.5e00.5305" "05 eve seen"
shown "all of several options fit" "--ap ap-2 --key bob --ssid Acme" "02 bob on"
shown "--sort" "--sort key" "01 bob on, 02 bob on, 07 carol seen, 05 eve seen, 0a guest on"
shown "--sort: a number" "--sort seen --key bob" "02 bob on, 01 bob on"
shown "--reverse" "--key bob --sort seen --reverse" "01 bob on, 02 bob on"

run clients --key bob --json
ok "JSON: every member" json '.[0] == {"mac": "00-00-5e-00-53-01", "local": false, "key": "bob", "state": "on",
	"nas": "ap-1", "bssid": "00-00-5e-00-53-f0", "ssid": "Acme", "site": "hq", "vlan": 20, "role": "staff",
	"since": '$((now - 5000))', "in": 1500, "out": 9223372036854775807, "seen": '$((now - 10))', "ended": null,
	"cause": null, "name": "bob", "session": "S1", "address": null, "sessions": 1}'
ok "JSON: a device that roamed is one, where it is now" json '.[1] | [.local, .nas, .in, .sessions] == [true, "ap-2", 7, 2]'
run clients --mac 00-00-5e-00-53-07 --json
ok "JSON: what a claim does not tell is null" json '.[0] | [.nas, .bssid, .ssid, .vlan, .since, .in, .sessions] ==
	[null, null, null, null, null, null, 0]'
run clients --key bob --tsv
is "TSV" "$(printf '%s\n' "$out" | cut -f 1-5,12,14)" "mac${tab}local${tab}key${tab}state${tab}nas${tab}in${tab}seen
00-00-5e-00-53-01${tab}false${tab}bob${tab}on${tab}ap-1${tab}1500${tab}$((now - 10))
02-00-5e-00-53-02${tab}true${tab}bob${tab}on${tab}ap-2${tab}7${tab}$((now - 20))"
run clients --key bob
like "text: octets and times for people" "$out" \
	"^00-00-5e-00-53-01  no +bob  on +ap-1 +00-00-5e-00-53-f0  Acme  hq +20 +staff  [-0-9]+ [0-9:]+  1.5 kB  9.2 EB "
run clients --by-key --json
ok "--by-key" json 'map(del(.seen)) == [
	{"key": "bob", "devices": 2, "on": 2, "local": 1, "aps": 1, "sites": 1, "in": 1507, "out": 9223372036854775807},
	{"key": "carol", "devices": 1, "on": 0, "local": 0, "aps": 0, "sites": 0, "in": 0, "out": 0},
	{"key": "eve", "devices": 1, "on": 0, "local": 0, "aps": 0, "sites": 0, "in": 0, "out": 0},
	{"key": "guest", "devices": 1, "on": 1, "local": 0, "aps": 1, "sites": 1, "in": 0, "out": 0}]'
run clients --by-key --sort devices --reverse
is "--by-key: text" "$(printf '%s\n' "$out" | sed 1d | head -n 1 | cut -d' ' -f1)" bob

run key show bob --json
ok "key show: each session that goes on, as clients has them" json '.sessions | map([.session, .mac, .state, .in]) ==
	[["S1", "00-00-5e-00-53-01", "on", 1500], ["S2", "02-00-5e-00-53-02", "on", 7],
	["S2", "02-00-5e-00-53-02", "on", 9]]'
run key show bob
like "key show: text" "$out" \
	"^sessions +00-00-5e-00-53-01  at ap-1 00-00-5e-00-53-f0 Acme  since 20[-0-9]+T[0-9:]+.00:00\$"
run key show carol
like "key show: none" "$out" "^sessions +none\$"

before=$(digest)
run clients --sort psk
refused "--sort: no field" 2 "'psk' is no field of a device"
run clients --by-key --sort mac
refused "--by-key --sort: no field" 2 "'mac' is no field of a key's devices together"
run clients --mac 1
refused "--mac: none" 2 "--mac: expected"
run clients --seen-since tomorrow
refused "--seen-since: no time" 2 "--seen-since: expected"
run clients --session-stale 1
refused "--session-stale: too short" 2 "--session-stale: give"
run clients --key ' '
refused "--key: no id" 2 "ID: "

redis eval "for i = 0, $sessions - 1 do
	local id, mac = math.floor(i / 5), string.format('00-00-5e-%02x-%02x-%02x', math.floor(i / 65536),
		math.floor(i / 256) % 256, i % 256)
	redis.call('ZADD', 'mpsk:dev:{k' .. id .. '}', $now, mac)
	redis.call('HSET', 'mpsk:sess:{k' .. id .. '}', 'ap/' .. i, '{\"mac\":\"' .. mac .. '\",\"bssid\":\"00-00-5e-00-53-f0\",'
		.. '\"ssid\":\"Acme\",\"site\":\"hq\",\"address\":\"192.0.2.1\",\"name\":\"k\",\"vlan\":20,\"role\":\"staff\",'
		.. '\"since\":1,\"seen\":$now,\"in\":\"123456789\",\"out\":\"123456789\"}')
end" 0 >/dev/null
begin=$(date +%s%N)
run clients --json --ssid Acme
diag "$sessions sessions, as JSON, in $((($(date +%s%N) - begin) / 1000000)) ms"
is "many: each once" "$(json 'map(select(.key | startswith("k"))) | [length, (unique_by(.mac) | length)]')" "[$sessions,$sessions]"

done_testing
