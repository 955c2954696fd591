#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Signs that a passphrase has leaked: mpskctl maintain notes them, and mpskctl alerts shows them.
set -u

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/integration/ctl.sh
. "${srcdir:-.}/tests/integration/ctl.sh"

ctl_up
now=$(date +%s)
minute=$((now / 60 - 3))

# on KEY NUMBER [SITE]: so many devices, each at an access point of its own.
on()
{
	redis eval "for i = 1, $2 do
		redis.call('HSET', 'mpsk:sess:{$1}', 'wlc/' .. i, string.format('{\"mac\":\"00-00-5e-00-53-%02x\",' ..
			'\"bssid\":\"00-00-5e-00-54-%02x\",\"site\":\"$3' .. i % 4 .. '\",\"seen\":$now}', i, i))
	end" 0 >/dev/null
	redis hset "mpsk:key:{$1}" psk "passphrase of $1" ssid Acme >/dev/null
}

# decision ORG MINUTE FIELD VALUE...: of the log, so many minutes after $minute.
decision()
{
	decision_log="mpsk:log:{$1}"
	decisions=$((decisions + 1))
	decision_id="$(((minute + $2) * 60000))-$decisions"
	shift 2
	redis zadd mpsk:trails 0 "$decision_log" >/dev/null
	redis xadd "$decision_log" "$decision_id" decision reject "$@" >/dev/null
}
decisions=0

# look ARGUMENTS...: what maintain says of it.
look()
{
	run maintain --only alerts "$@"
	exits "maintain $*" 0
}

# alerts EXPECTED: what stands.
alerts()
{
	is "$1" "$("$MPSKCTL" alerts --json --quiet | jq -r '.[] | [.kind, .key // .nas, .mac // "", .count, .most // ""] |
		join(" ")')" "$2"
}

run alerts
is "nobody looked yet" "$code $out" "0 "
like "nobody looked yet: said" "$err" "warning: nobody looked for signs yet: is .mpskctl maintain. run"
look
is "nothing is wrong" "$out" ""
run alerts
is "there are none" "$code $out$err" "0 "
run alerts --json
is "there are none, as JSON" "$code $out" "0 []"

#
# --- Keys that are on ---
#
on bob 3 a
on eve 12 a
on all 70 a
redis hset 'mpsk:key:{all}' tags 'shared, iot' >/dev/null
on many 60 ''
look --dry-run
like "--dry-run" "$out" "^alerts: key eve: would note: at 12 access points at once\$"
run alerts
is "--dry-run notes nothing" "$code $out" "0 "
look
is "what is new is told" "$(printf '%s\n' "$out" | sort)" "alerts: key bob: noted: at 3 sites at once
alerts: key eve: noted: at 12 access points at once
alerts: key eve: noted: at 4 sites at once
alerts: key many: noted: at 4 sites at once
alerts: key many: noted: at 60 access points at once
alerts: key many: noted: on 60 devices at once"
look
is "and once" "$out" ""
alerts "those that stand, and how often they were so" "aps eve  2 12
aps many  2 60
devices many  2 60
sites bob  2 3
sites eve  2 4
sites many  2 4"
run alerts
exits "there are some" 1
like "text" "$out" "^devices +many +on 60 devices at once +2 "
run alerts --key bob --json
is "--key" "$code $(json 'map(.key)')" '1 ["bob"]'
run alerts --kind aps --kind devices --json
is "--kind" "$(json 'map(.kind) | unique')" '["aps","devices"]'
run alerts --clear --kind aps
is "--clear" "$code $out" "0 cleared 2 alerts"
run alerts --clear --json
is "--clear: all" "$code $out" '0 {"cleared": 4}'
look --alert-sites 0 --alert-aps 11 --alert-devices 11
is "limits" "$(printf '%s\n' "$out" | sort | cut -d' ' -f3,7)" "eve: access
eve: devices
many: access
many: devices"
redis flushall >/dev/null
on eve 3 ''
redis hset 'mpsk:sess:{eve}' wlc/4 "{\"mac\":\"00-00-5e-00-53-ff\",\"site\":\"x\",\"seen\":$((now - 4000))}" \
	wlc/5 "{\"mac\":\"00-00-5e-00-53-fe\",\"site\":\"y\",\"seen\":$now,\"ended\":$now}" >/dev/null
look --alert-sites 3 --alert-devices 3
is "who is not on does not count" "$out" ""

#
# --- Decisions ---
#
redis flushall >/dev/null
one=00-00-5e-00-53-01
decision acme 0 reason NO_MATCH mac $one nas ap-7 holder bob
decision acme 1 reason NO_MATCH mac $one nas ap-7 holder bob times 4
decision '*' 1 reason NO_MATCH mac $one nas ap-7
decision '*' 1 reason WRONG_MAC mac $one nas ap-7 key carol
decision '*' 1 reason CAP_REACHED mac $one nas ap-7 key carol
decision '*' 1 reason RATE_LIMITED mac $one nas ap-8 times 40
decision '*' 1 reason NO_MATCH mac $one nas ap-8 times 21
decision '*' 2 reason NO_MATCH mac $one nas ap-8 times 60
decision acme 9 reason NO_MATCH mac $one nas ap-7 holder eve
look
is "signs in the log, those told that are new" "$out" "alerts: key bob: noted: its device came with another passphrase: $one
alerts: key carol: noted: another device came with its passphrase
alerts: noted: 61 wrong keys in a minute: at ap-8"
alerts "how often" "flood ap-8  61 61
wrong-device carol  1 
wrong-key bob $one 5 "
run alerts --kind wrong-device --json
ok "where and when" json '.[0] | .detail == "'$one' at ap-7" and .first == '$(((minute + 1) * 60))' and .first == .seen'
look
is "no entry is counted twice" "$out" ""
alerts "no entry is counted twice: how often" "flood ap-8  61 61
wrong-device carol  1 
wrong-key bob $one 5 "
decision '*' 2 reason WRONG_MAC mac $one nas ap-7 key carol
decision '*' 2 reason NO_MATCH mac $one nas ap-8 times 100
look
alerts "what comes later is added" "flood ap-8  161 100
wrong-device carol  2 
wrong-key bob $one 5 "
look --alert-wrong-keys 0 --dry-run --at +15m
like "the minutes to come" "$out" "key eve: would note: its device came with another passphrase: $one\$"
redis hset mpsk:alert:flood ap-9 "{\"first\":1,\"seen\":$((now - 604801)),\"count\":1}" bad '{' none 1 >/dev/null
look
is "an alert goes a week after it was last so" "$(redis --raw hkeys mpsk:alert:flood | sort | tr '\n' ' ')" "ap-8 bad none "
run alerts --since 1h --json
is "--since" "$(json length)" 3
run alerts --since +1h --json
is "--since: none" "$code $out" "0 []"
ok "alerts go by themselves too" [ "$(redis ttl mpsk:alert:wrong-key)" -gt 600000 ]

before=$(digest)
run alerts --kind nothing
refused "--kind: there is none" 2 "there is no kind 'nothing'"
run maintain --alert-devices many
refused "--alert-devices: no number" 2 "--alert-devices: expected a number"
redis set mpsk:alert:looked 1 >/dev/null
before=$(digest)
run alerts
refused "of another type" 2 "WRONGTYPE"

done_testing
