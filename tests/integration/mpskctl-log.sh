#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The trail of edits: every change that mpskctl makes is in it, with who made
# it and what it was, and no secret ever is. `mpskctl log` shows it.
set -u

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/integration/ctl.sh
. "${srcdir:-.}/tests/integration/ctl.sh"

ctl_up
unset SUDO_USER MPSK_AS

# The newest entry, as jq sees it.
newest()
{
	run log --last 1 --json
	ok "$1" json "$2"
}

entries()
{
	"$MPSKCTL" log --json --since 1 | jq length
}

#
# --- Each verb leaves one entry ---
#
run log
is "nothing was changed yet" "$code $out" "0 nothing was changed"
run log --json
is "nothing was changed yet, --json" "$code $out" "0 []"

printf 'correct horse\n' | "$MPSKCTL" key add bob --ssid Acme --vlan 20 --org acme --passphrase-file - --quiet
newest "key add" '.[0] | .verb == "key add" and .action == "added" and .keys == ["bob"] and .org == "acme" and
	.changes.vlan == [null, "20"] and .changes.psk == "set" and .changes."pmk:Acme" == "set"'
newest "key add: who, where and when" ".[0] | .who == \"$(id -un)\" and .user == null and
	.host == \"$(uname -n)\" and (now - .time | fabs) < 60"
"$MPSKCTL" key edit bob --vlan 30 --role staff --quiet
newest "key edit: old and new, of what changed" '.[0] | .verb == "key edit" and .action == "changed" and
	.changes == {role: [null, "staff"], vlan: ["20", "30"]}'
"$MPSKCTL" key edit bob --unset role --vlan 30 --quiet
newest "key edit --unset: what did not change is not told" '.[0].changes == {role: ["staff", null]}'
printf 'another horse\n' | "$MPSKCTL" key edit bob --passphrase-file - --quiet
newest "a new passphrase: its name alone" '.[0].changes == {psk: "changed", "pmk:Acme": "changed"}'
"$MPSKCTL" key disable bob --quiet
newest "key disable" '.[0] | .verb == "key disable" and .changes == {enabled: ["1", "0"]}'
"$MPSKCTL" key enable bob --quiet
newest "key enable" '.[0] | .verb == "key enable" and .changes == {enabled: ["0", "1"]}'
"$MPSKCTL" key rotate bob --quiet >/dev/null
newest "key rotate" '.[0] | .verb == "key rotate" and .changes.psk == "changed" and .changes.old_psk == "set" and
	.changes.old_exp[0] == null'
"$MPSKCTL" key rotate bob --end --quiet
newest "key rotate --end" '.[0].changes.old_psk == "removed"'
"$MPSKCTL" device add bob 00-00-5e-00-53-01 --quiet
newest "device add" '.[0] | .verb == "device add" and .mac == "00-00-5e-00-53-01" and .keys == ["bob"] and .org == "acme"'
before=$(entries)
"$MPSKCTL" device add bob 00-00-5e-00-53-01 --quiet
is "a device that is known is no change" "$(entries)" "$before"
"$MPSKCTL" device forget bob 00-00-5e-00-53-01 --quiet
newest "device forget" '.[0] | .verb == "device forget" and .action == "device forgotten" and .org == "acme"'
"$MPSKCTL" resync --accept --quiet
newest "resync" '.[0] | .verb == "resync" and .action == "accepted" and .keys == [] and .org == null'
"$MPSKCTL" key derive --ssid Guests --quiet
"$MPSKCTL" keyring init "$dir/keyring" --quiet
"$MPSKCTL" rekey --keyring "$dir/keyring" --quiet
newest "rekey" '.[0] | .verb == "rekey" and .action == "resealed" and .keys == ["bob"]'
"$MPSKCTL" rekey --clear --keyring "$dir/keyring" --quiet
"$MPSKCTL" key delete bob --quiet
newest "key delete: of the organisation that the key had" '.[0] | .verb == "key delete" and .action == "deleted" and
	.keys == ["bob"] and .org == "acme"'

before=$(entries)
run key delete bob
run key edit bob --vlan 5
run key show bob
run key add carol --generate --vlan 9999
is "what fails, and what only looks, is no change" "$(entries)" "$before"
"$MPSKCTL" key import --dry-run - --quiet <<'IMPORT'
id,ssid,psk
dave,Acme,passphrase of dave
IMPORT
is "what is only tried is no change" "$(entries)" "$before"

#
# --- Secrets ---
#
trail=$(redis --raw xrange 'mpsk:audit:{acme}' - +; redis --raw xrange 'mpsk:audit:{*}' - +)
unlike "no passphrase is in the trail" "$trail" 'horse'
unlike "no PMK is in the trail" "$trail" '[0-9a-f]{16}:[0-9a-f]{64}'
unlike "nothing sealed is in the trail" "$trail" 'enc1:'

#
# --- Who ---
#
"$MPSKCTL" key add erin --ssid Acme --generate --as 'the front desk' --quiet >/dev/null
newest "--as" ".[0] | .who == \"the front desk\" and .user == \"$(id -un)\""
MPSK_AS=portal "$MPSKCTL" key edit erin --vlan 7 --quiet
newest "MPSK_AS" '.[0].who == "portal"'
if [ "$(id -u)" -eq 0 ]; then
	SUDO_USER=alice "$MPSKCTL" key edit erin --vlan 8 --quiet
	newest "behind sudo" '.[0].who == "alice"'
fi

#
# --- Which entries ---
#
run log --key erin --json
ok "--key" json 'length >= 2 and all(.[]; .keys | index("erin"))'
run log --who portal --json
ok "--who" json 'length == 1 and .[0].keys == ["erin"]'
run log --verb 'key delete' --json
ok "--verb" json 'length == 1 and .[0].action == "deleted"'
run log --verb key --json
ok "--verb with a noun" json 'length > 5 and all(.[]; .verb | startswith("key "))'
run log --org acme --json
ok "--org" json 'length > 5 and all(.[]; .org == "acme")'
run log --org '' --json
ok "--org of none" json 'length > 1 and all(.[]; .org == null)'
run log --json --last 3
ok "--last: the newest, in their order" json 'length == 3 and .[2].keys == ["erin"] and .[0].time <= .[2].time'
run log --since 1h --json
ok "--since: a duration" json 'length > 10'
run log --since +1h --json
is "--since: to come" "$code $out" "0 []"
run log --until 2001-01-01 --json
is "--until" "$code $out" "0 []"
for call in "--since x" "--last 0" "--last x" "--until never"; do
	before=$(digest)
	# shellcheck disable=SC2086
	run log $call
	refused "log $call" 2 "${call%% *}: "
done
run log --who portal
like "as text: headings" "$out" '^TIME +WHO +HOST +VERB +KEY +WHAT +CHANGES$'
like "as text" "$out" 'portal .* key edit +erin +changed +vlan - -> 7$'
redis xadd 'mpsk:audit:{*}' '*' who "$(printf '\033[31mred')" verb 'key edit' key mallory action changed changes '{"x":' >/dev/null
run log --last 1
like "what a terminal would obey is escaped" "$out" 'x1b\[31mred .* mallory'

#
# --- Many at once ---
#
{ echo id,ssid,psk; seq 1000 1249 | sed 's/.*/many-&,Acme,passphrase of &/'; } >"$dir/many.csv"
before=$(entries)
run key import "$dir/many.csv" --no-pmk --quiet
exits "key import of 250" 0
run log --verb 'key import' --json
ok "key import: every key is told, and no fields" json '([.[].keys[]] | length == 250 and unique == sort) and all(.[]; .changes == null)'
ok "key import: in few entries" test $(($(entries) - before)) -le 25
{ echo id,vlan; seq 1000 1249 | sed 's/.*/many-&,40/'; } >"$dir/many.csv"
run key import "$dir/many.csv" --update --quiet
run log --verb 'key import' --json
ok "key import --update: what changed" json '[.[] | select(.changes.vlan == [null, "40"]).keys[]] | length == 250'

#
# --- A trail that cannot be written ---
#
redis del 'mpsk:audit:{*}' >/dev/null
redis set 'mpsk:audit:{*}' 'no stream' >/dev/null
run key edit erin --vlan 9
is "what was changed is changed" "$code $(field erin vlan)" "0 9"
like "what cannot be noted is a warning" "$err" 'warning: .*could not be noted'
run log
exits "a trail that is none" 2
redis del 'mpsk:audit:{*}' >/dev/null

#
# --- Live ---
#
"$MPSKCTL" log --follow --json >"$dir/live" 2>"$dir/live.err" &
pids="$pids $!"
live=$!
edit_seen()
{
	"$MPSKCTL" key edit erin --note "$(date +%N)" --quiet
	grep -q '"keys":\["erin"\]' "$dir/live"
}
wait_for 30 edit_seen
is "--follow shows a change" "$(head -n 1 "$dir/live" | jq -r .verb)" "key edit"
"$MPSKCTL" key add frank --ssid Acme --org other --generate --quiet >/dev/null
ok "--follow shows a trail that is new" wait_for 30 grep -q '"org":"other"' "$dir/live"
kill "$live"

done_testing
