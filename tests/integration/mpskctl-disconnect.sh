#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# mpskctl disconnects devices that may not stay: from the verbs that revoke,
# kick and maintain.
set -u

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/integration/ctl.sh
. "${srcdir:-.}/tests/integration/ctl.sh"
# shellcheck source=tests/integration/nas.sh
. "${srcdir:-.}/tests/integration/nas.sh"

ctl_up
one=00-00-5e-00-53-01
two=00-00-5e-00-53-02

# up [MODE]: an empty store, and one access point, ap-1, that it knows; and bob.
up()
{
	fresh
	rm -f "$dir/ap-1.on"
	nas_up ap-1 "$@"
	printf 'testing123\n' | "$MPSKCTL" nas set ap-1 --coa-port "$port" --secret-file - --quiet
	redis hset 'mpsk:key:{bob}' psk correct-horse ssid Acme vlan 20 role staff >/dev/null
}

# on SID MAC [MEMBERS]: bob's device.
on()
{
	session bob ap-1 "$1" "$2" '"vlan":20,"role":"staff","ssid":"Acme","print":"'"$print"'"'"${3:+,$3}"
}
print=$(printf correct-horse | sha1sum | cut -d' ' -f1)

#
# --- Each verb that revokes ---
#
up
on S1 $one
run key disable bob
exits "key disable" 0
is "key disable: said" "$out" "disabled key bob
disconnected device $one of key bob at ap-1: the key is disabled"
is "what the access point was asked" "$(asked ap-1)" "attributes=80,31,44,55 mac=00-00-5E-00-53-01 session=S1 ack"
is "the session ended" "$(member bob ap-1 S1 cause) $([ "$(member bob ap-1 S1 ended)" -gt 0 ] && echo ended)" \
	"Disconnect ended"
is "and is to end once more" "$(redis --raw zrange mpsk:again 0 -1)" "ap-1/127.0.0.1/$one"
run key disable bob
is "key disable again: nobody is on" "$code $out" "0 disabled key bob"
redis hset 'mpsk:key:{bob}' enabled 1 >/dev/null
on S2 $one
run key enable bob
is "key enable disconnects nobody" "$code $out" "0 enabled key bob"
run key disable bob --no-disconnect
is "--no-disconnect" "$code $out" "0 disabled key bob"
is "--no-disconnect: the session goes on" "$(member bob ap-1 S2 ended)" null
nas_down

# revokes NAME WHY VERB...: one device of bob's is disconnected by the verb.
revokes()
{
	revokes_name=$1
	revokes_why=$2
	shift 2
	up
	on S1 $one
	run "$@"
	exits "$revokes_name" 0
	like "$revokes_name: said" "$out" "^disconnected device $one of key bob at ap-1: $revokes_why\$"
	like "$revokes_name: asked" "$(asked ap-1)" " session=S1 ack\$"
	nas_down
}
revokes "key delete" "there is no such key any more" key delete bob
is "nothing is kept of a deleted key" "$(redis exists 'mpsk:sess:{bob}')" 0
revokes "key edit --vlan" "the key's VLAN is another one" key edit bob --vlan 30
revokes "key edit --role" "the key's role is another one" key edit bob --role guest
revokes "key edit --unset role" "the key's role is another one" key edit bob --unset role
revokes "key edit --expires" "the key has expired" key edit bob --expires 2020-01-01
revokes "key edit --not-before" "the key is not valid yet" key edit bob --not-before +1d
revokes "key edit --hours" "the key's hours are over" key edit bob --hours "$(
	LC_ALL=C date -u -d '3 days' +%a | cut -c1-2) 00:00-00:01 UTC"
revokes "key edit --ssid" "the key is for another SSID" key edit bob --ssid Elsewhere
revokes "key edit --usage macs" "the key is for other devices" key edit bob --usage macs --macs $two
revokes "key edit --generate" "the passphrase is another one" key edit bob --generate
revokes "key rotate --now" "the passphrase is another one" key rotate bob --now
revokes "device forget" "the device is none of the key's" device forget bob $one

up
on S1 $one '"site":"hq"'
run key edit bob --site lab
like "key edit --site" "$out" "^disconnected device $one of key bob at ap-1: the key is for other sites\$"
nas_down

up
on S1 $one
run key edit bob --note "bob from the lab"
is "key edit of what lets nobody in disconnects nobody" "$code $out $(asked ap-1)" "0 changed key bob "
run key rotate bob --grace 1d
is "key rotate with a grace" "$code $(asked ap-1)" "0 "
run key rotate bob --end
like "key rotate --end" "$out" "^disconnected device $one of key bob at ap-1: the passphrase is another one\$"
nas_down

up
on S1 $one
on S2 $two
run device forget bob $one --json
exits "device forget --json" 0
ok "device forget --json: what became of its session" json '. == [{"id": "bob", "mac": "00-00-5e-00-53-01",
	"result": "forgot", "sessions": [{"mac": "00-00-5e-00-53-01", "nas": "ap-1", "session": "S1",
	"standing": "FORGOTTEN", "result": "disconnected", "reason": null}]}]'
is "device forget: another device stays" "$(member bob ap-1 S2 ended)" null
run key disable bob --json
ok "key disable --json" json '.[0].result == "disabled" and (.[0].sessions | length) == 1 and
	.[0].sessions[0].result == "disconnected"'
nas_down

#
# --- What an access point may answer ---
#
up
on S1 $one
: >"$dir/ap-1.on"
run key disable bob
is "no such session: the device is off" "$code $out" "0 disabled key bob
no session of device $one of key bob at ap-1: the key is disabled"
is "no such session: asked for by the MAC alone, too" "$(asked ap-1 | sed 's/attributes=[^ ]* //')" \
	"mac=00-00-5E-00-53-01 session=S1 nak 503
mac=00-00-5E-00-53-01 session=- nak 503"
is "no such session: it ended" "$(member bob ap-1 S1 cause)" Disconnect
nas_down

up
on S1 $one
echo "$one S9" >"$dir/ap-1.on"
run key disable bob
is "another session of the device, whose start was lost" "$code $(asked ap-1 | tail -n 1)" \
	"0 attributes=80,31,55 mac=00-00-5E-00-53-01 session=- ack"
nas_down

up strict
on S1 $one
run key disable bob
is "an access point that takes no Acct-Session-Id" "$code $(asked ap-1 | sed 's/.*session/session/' | tr '\n' ' ')" \
	"0 session=S1 nak 401 session=- ack "
nas_down

up refuse
on S1 $one
run key disable bob
exits "an access point that refuses" 4
is "refused: the key is disabled all the same" "$(field bob enabled)" 0
like "refused: said" "$err" \
	"device $one of key bob may still be on the network at ap-1: 127.0.0.1:$port refuses: Resources Unavailable \(Error-Cause 506\)"
is "refused: the session goes on" "$(member bob ap-1 S1 ended)" null
run key disable bob nobody
exits "refused, beside an id that there is none of" 4
run key disable bob --json
is "refused, --json: exit" "$code" 4
ok "refused, --json" json '.[0].sessions[0].result == "refused" and (.[0].sessions[0].reason | test("506"))'
nas_down

up deaf
on S1 $one
begun=$(date +%s%N)
run key disable bob
took=$((($(date +%s%N) - begun) / 1000000))
exits "two requests that were lost" 0
diag "two requests lost: off after $took ms"
ok "two requests that were lost: off within 5 s" [ "$took" -lt 5000 ]
is "two requests that were lost: the third is answered" "$(asked ap-1 | sed 's/.* //' | tr '\n' ' ')" "ignored ignored ack "
nas_down

up late
on S1 $one
run key disable bob
is "an answer after 700 ms" "$code $out" "0 disabled key bob
disconnected device $one of key bob at ap-1: the key is disabled"
nas_down

up forged
on S1 $one
run key disable bob
exits "an answer with a wrong authenticator" 4
like "forged: said" "$err" "no reply within 10000 ms .*; what came was passed over: the reply's authenticator is wrong"
nas_down

up
on S1 $one
printf 'another secret\n' | "$MPSKCTL" nas set ap-1 --secret-file - --quiet
run key delete bob
exits "another secret" 4
like "another secret: said" "$err" "no reply .*is the secret the same\?"
is "another secret: nobody was disconnected" "$(asked ap-1 | sed 's/.* //' | sort -u)" unsigned
nas_down

up
on S1 $one
nas_down
run key disable bob
exits "nobody listens" 4
like "nobody listens: said" "$err" "127.0.0.1:$port: nothing listens on that port"

# A silent one, and many devices: the wait is one, and whoever is at another access point is off at once.
up silent
nas_up ap-2
printf 'testing123\n' | "$MPSKCTL" nas set ap-2 --coa-port "$port" --secret-file - --quiet
for i in 1 2 3 4 5 6 7 8 9; do
	on "S$i" "00-00-5e-00-53-1$i"
	session bob ap-2 "T$i" "00-00-5e-00-53-2$i"
done
begun=$(date +%s)
run key disable bob
took=$(($(date +%s) - begun))
exits "one silent access point of two" 4
is "silent: the other's devices are off" "$(printf '%s\n' "$out" | grep -c '^disconnected .* at ap-2')" 9
is "silent: its own may be on" "$(printf '%s\n' "$err" | grep -c 'may still be on the network at ap-1')" 9
ok "silent: they waited together, $took s" [ "$took" -le 20 ]

#
# --- Where secrets come from ---
#
up
redis del mpsk:cfg:nas:ap-1 >/dev/null
on S1 $one
on S2 $two
run key disable bob
is "no secret: the revocation holds" "$code $out" "0 disabled key bob"
is "no secret: said once, with the cure" "$err" "mpskctl: warning: NAS ap-1 has no secret, so its devices cannot be \
disconnected: set one with \`mpskctl nas set ap-1 --secret-file FILE\`"
run key disable bob --json
ok "no secret, --json" json '.[0].sessions[0].result == "not asked"'
redis hset mpsk:cfg:nas:ap-1 secret testing123 coa_port x >/dev/null
run key disable bob
is "a port that is none" "$code $err" "0 mpskctl: warning: NAS ap-1: coa_port: no number of 1 to 65535"
redis del mpsk:cfg:nas:ap-1 >/dev/null

umask 077
printf '# access points\n\nap-9 secret=x\nap-1 coa_port=%s secret=testing123\n* secret=nonsense\n' "$port" >"$dir/nases"
run key disable bob --nas-file "$dir/nases"
is "--nas-file: the line of its id" "$code $(printf '%s\n' "$out" | grep -c ^disconnected)" "0 2"
nas_down
up
redis del mpsk:cfg:nas:ap-1 >/dev/null
on S1 $one
printf '127.0.0.1 coa_dialect=aruba coa_port=%s coa_address=127.0.0.1 secret=testing123\r\n' "$port" >"$dir/nases"
out=$(MPSK_NAS_FILE=$dir/nases "$MPSKCTL" key disable bob 2>&1) && code=0 || code=$?
is "MPSK_NAS_FILE: the line of its address" "$code $(printf '%s\n' "$out" | grep -c ^disconnected)" "0 1"
nas_down
for wrong in "ap-1" "ap-1 secret=" "ap-1 coa_port=0 secret=x" "ap-1 key=x secret=y" "ap-1 coa_port=1"; do
	printf '\n%s\n' "$wrong" >"$dir/nases"
	before=$(digest)
	run key disable bob --nas-file "$dir/nases"
	refused "--nas-file with a line '$wrong'" 2 "--nas-file .*/nases: line 2: "
done
chmod 0644 "$dir/nases"
run key disable bob --nas-file "$dir/nases"
refused "--nas-file that anybody may read" 2 "its mode is 0644: .*chmod 0600"
run key disable bob --nas-file "$dir/none"
refused "--nas-file that is not there" 2 "No such file"

#
# --- maintain, and the second time ---
#
up
on S1 $one
run maintain
is "maintain: whoever may stay stays" "$code $out$(asked ap-1)" "0 "
redis hset 'mpsk:key:{bob}' exp "$(($(date +%s) - 1))" >/dev/null
run maintain --dry-run
is "maintain --dry-run" "$code $out$(asked ap-1)" "0 disconnect: key bob: would disconnect $one"
run maintain
is "maintain: a key that has expired" "$code $out" "0 disconnect: key bob: disconnected $one"
redis hset 'mpsk:key:{bob}' exp 0 >/dev/null
on S5 $one
redis zrem 'mpsk:dev:{bob}' $one >/dev/null
run maintain
is "maintain: a device that a hand forgot" "$code $out" "0 disconnect: key bob: disconnected $one"
session bob ap-1 S6 $one '"vlan":20,"role":"staff"'
redis zrem 'mpsk:dev:{bob}' $one >/dev/null
run maintain
is "maintain: a device that never was the key's stays" "$code $out" "0 "
run key rotate bob --now
like "but not with a passphrase that has ended" "$out" "^disconnected device $one .*: the passphrase is another one\$"
redis hset 'mpsk:key:{bob}' psk correct-horse >/dev/null
redis hset 'mpsk:key:{bob}' enabled 0 >/dev/null
on S2 $two
run maintain --only disconnect --json
ok "maintain: a hand in Redis" json '. == [{"step": "disconnect", "id": "bob", "what": "00-00-5e-00-53-02",
	"result": "disconnected", "reason": null}]'
redis del 'mpsk:key:{bob}' >/dev/null
on S3 $one
run maintain
is "maintain: a key that a hand deleted" "$code $out" "0 disconnect: key bob: disconnected $one"
redis hset 'mpsk:key:{bob}' psk correct-horse ssid Acme vlan 20 role staff max x >/dev/null
on S4 $one
run maintain
is "maintain: a malformed key, whose devices stay" "$code $out" "0 "
redis del mpsk:cfg:nas:ap-1 >/dev/null
redis hset 'mpsk:key:{bob}' max 3 enabled 0 >/dev/null
run maintain
is "maintain: no secret is no news" "$code $out $err" "0  "
nas_down

# tried: how often maintain asked for bob's session, and in how many minutes it does again.
tried()
{
	redis --raw hget mpsk:tries ap-1/S1 | awk -v now="$(date +%s)" '{ print $1, int(($2 - now + 30) / 60) }'
}
up refuse
on S1 $one
redis hset 'mpsk:key:{bob}' enabled 0 >/dev/null
run maintain
exits "maintain: an access point that refuses" 4
like "maintain: refused: said" "$err" "refuses: Resources Unavailable .*; asked 1 time, again in 1m\$"
is "maintain: refused: noted" "$(tried)" "1 1"
count=$(asked ap-1 | wc -l)
redis hset mpsk:tries ap-1/S1 "1 $(($(date +%s) + 40))" >/dev/null
run maintain
is "maintain: it is not asked before its time" "$code $out$err $(asked ap-1 | wc -l)" "0  $count"
redis hset mpsk:tries ap-1/S1 "1 $(($(date +%s) + 20))" >/dev/null
run maintain
is "maintain: then it is, and the pause is twice as long" "$code $(tried)" "4 2 2"
redis hset mpsk:tries ap-1/S1 "30 1" >/dev/null
run maintain
is "maintain: an hour at most" "$code $(tried)" "4 31 60"
redis hset mpsk:tries ap-1/S1 "31 $(($(date +%s) + 3600))" >/dev/null
run kick --key bob
exits "kick asks all the same" 4
nas_down
nas_up ap-1
redis hset mpsk:cfg:nas:ap-1 coa_port "$port" >/dev/null
redis hset mpsk:tries ap-1/S1 "31 1" >/dev/null
run maintain
is "maintain: once it is off, nothing is kept" "$code $out$(redis exists mpsk:tries)" \
	"0 disconnect: key bob: disconnected ${one}0"
nas_down

up
on S1 $one
redis hset mpsk:cfg:nas:ap-1 coa_cache 1 >/dev/null
run key delete bob
exits "key delete, at an access point that keeps its answers" 0
echo "$one S2" >>"$dir/ap-1.on"
ok "the device came back by them: its second time comes" \
	wait_for 20 sh -c "\"$MPSKCTL\" maintain | grep -q 'disconnected $one'"
is "the second time: by its MAC" "$(asked ap-1 | tail -n 1)" "attributes=80,31,55 mac=00-00-5E-00-53-01 session=- ack"
is "the second time is over" "$(redis exists mpsk:again)" 0
nas_down

up
on S1 $one
redis hset mpsk:cfg:nas:ap-1 coa_cache 1 >/dev/null
run key disable bob --wait
is "--wait: twice at once" "$code $out" "0 disabled key bob
disconnected device $one of key bob at ap-1: the key is disabled
no session of device $one at ap-1"
is "--wait: nothing is left to do" "$(redis exists mpsk:again)" 0
run key disable bob --wait --no-disconnect
exits "--wait --no-disconnect" 64
nas_down

# A device that moved to another key meanwhile is let alone, unless the access point may still have let it in by the old.
up
on S1 $one
run key disable bob
redis hset 'mpsk:key:{carol}' psk battery-staple ssid Acme >/dev/null
session carol ap-1 S2 $one
redis zadd mpsk:again 1 "ap-1/127.0.0.1/$one" >/dev/null
run maintain
is "a device that is welcome by another key" "$code $out $(redis exists mpsk:again)" "0  0"
redis zadd mpsk:again 1 "ap-1/127.0.0.1/$one" >/dev/null
redis hset mpsk:cfg:nas:ap-1 coa_cache 30 >/dev/null
run maintain
is "but not at one that is known to keep its answers" "$code $out" "0 disconnect: disconnected $one"
nas_down

#
# --- Sealing anew changes no session ---
#
up
"$MPSKCTL" keyring init "$dir/keyring" --quiet
on S1 $one
run rekey --keyring "$dir/keyring"
exits "rekey" 0
like "rekey: the secret of the NAS too" "$(redis --raw hget mpsk:cfg:nas:ap-1 secret)" '^enc1:'
run maintain --keyring "$dir/keyring"
is "after rekey: whoever is on stays" "$code $out$(asked ap-1)" "0 "
"$MPSKCTL" keyring add "$dir/keyring" --quiet
run rekey --keyring "$dir/keyring"
run rekey --clear --keyring "$dir/keyring"
is "rekey --clear: the secret of the NAS too" "$(redis --raw hget mpsk:cfg:nas:ap-1 secret)" testing123
run maintain
is "after rekey, and rekey --clear: whoever is on stays" "$code $out$(asked ap-1)" "0 "
run key rotate bob --now --quiet
is "and a new passphrase is one" "$(asked ap-1 | sed 's/.* //')" ack
nas_down

done_testing
