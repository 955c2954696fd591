#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# mpskctl nas set, show, list and remove; and whom kick disconnects.
set -u

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/integration/ctl.sh
. "${srcdir:-.}/tests/integration/ctl.sh"
# shellcheck source=tests/integration/nas.sh
. "${srcdir:-.}/tests/integration/nas.sh"

ctl_up

#
# --- nas set, show, list, remove ---
#
before=$(digest)
run nas show ap-1
refused "nas show of one that is not known" 1 "NAS ap-1: nothing is known of it"
run nas remove ap-1
refused "nas remove of one that is not known" 1 "NAS ap-1: nothing is known of it"
run nas list
is "nas list of none" "$code $out" "0 "
run nas list --json
is "nas list --json of none" "$code $out" "0 []"
run nas set ap-1
refused "nas set of nothing" 64 "nothing to set"
run nas set ap-1 --secret hush
refused "nas set --secret" 64 "--secret-file"
unlike "nas set --secret: it is not repeated" "$err" hush
for wrong in "--coa-port 0" "--coa-port 65536" "--coa-port x" "--coa-cache 1d" "--session-timeout 2" "--dialect acme" \
	"--coa-dialect acme" "--interim-interval 5" "--unset psk" "--secret-file $dir/none"; do
	# shellcheck disable=SC2086
	run nas set ap-1 $wrong
	refused "nas set $wrong" 2 "mpskctl"
done
run nas set ap-1 --site ''
refused "nas set --site ''" 2 "--unset site"
run_with '\n' nas set ap-1 --secret-file -
refused "an empty secret" 2 "its first line is empty"
run_with 'enc1:x\n' nas set ap-1 --secret-file -
refused "a secret that looks sealed" 2 "none may begin with enc1:"
run_with "$(printf '%0129d' 0)\n" nas set ap-1 --secret-file -
refused "a secret of 129 octets" 2 "over 128 octets"
run nas set "$(printf '%0254d' 0)" --site hq
refused "an id of 254 octets" 2 "a NAS's id has 1 to 253 octets"

run_with 'correct horse\r\n' nas set ap-1 --site hq --dialect aruba --coa-port 1700 --coa-address 192.0.2.9 --secret-file -
is "nas set" "$code $out" "0 set NAS ap-1"
is "nas set: stored" "$(redis --raw hmget mpsk:cfg:nas:ap-1 site dialect coa_port coa_address secret | tr '\n' '|')" \
	"hq|aruba|1700|192.0.2.9|correct horse|"
run nas set ap-1 --org acme --unset coa_address --json
ok "nas set --json" json '. == {"id": "ap-1", "result": "set"}'
is "nas set: what is not named stays" "$(redis --raw hmget mpsk:cfg:nas:ap-1 site org coa_address | tr '\n' '|')" "hq|acme||"
run nas show ap-1
like "nas show" "$out" '^coa_port +1700$'
like "nas show: of the secret that there is one" "$out" '^secret +in clear$'
unlike "nas show: not the secret" "$out" horse
run nas show ap-1 --json
ok "nas show --json" json '.id == "ap-1" and .secret == "in clear" and .site == "hq" and .malformed == null'
"$MPSKCTL" keyring init "$dir/keyring" --quiet
run_with 'battery staple\n' nas set 'an ap' --coa-cache 30 --secret-file - --keyring "$dir/keyring"
exits "nas set with a keyring" 0
like "nas set with a keyring: sealed" "$(redis --raw hget 'mpsk:cfg:nas:an ap' secret)" '^enc1:'
redis hset mpsk:cfg:nas:bad coa_port x >/dev/null
redis set mpsk:cfg:nas:worse x >/dev/null
run nas list --keyring "$dir/keyring" --json
ok "nas list --json" json 'map(.id) == ["an ap", "ap-1", "bad", "worse"] and map(.secret) == ["sealed", "in clear", null, null]
	and (map(.malformed) | .[0] == null and .[1] == null and (.[2] | test("coa_port: no number")) and .[3] != null)'
run nas list
like "nas list without the keyring: what is sealed cannot be used" "$out" "^an ap .* secret: sealed with the key"
unlike "nas list: no secret" "$out" "enc1:|horse|staple"
run nas remove ap-1
is "nas remove" "$code $out $(redis exists mpsk:cfg:nas:ap-1)" "0 removed NAS ap-1 0"

#
# --- kick ---
#
fresh
nas_up ap-1
printf 'testing123\n' | "$MPSKCTL" nas set ap-1 --coa-port "$port" --secret-file - --quiet
nas_up ap-2
printf 'testing123\n' | "$MPSKCTL" nas set ap-2 --coa-port "$port" --secret-file - --quiet

# all_on: six devices of two keys.
all_on()
{
	redis del 'mpsk:sess:{bob}' 'mpsk:sess:{ann}' >/dev/null
	round=$((${round:-0} + 1))
	for i in 1 2 3; do
		session bob ap-1 "B$round$i" "00-00-5e-00-53-0$i" '"ssid":"Acme","role":"staff","site":"hq"'
		session ann ap-2 "A$round$i" "00-00-5e-00-53-1$i" '"ssid":"Guests","role":"guest","site":"lab"'
	done
}

# kicks NAME EXPECTED OPTION...: the ends of the MACs that are disconnected.
kicks()
{
	kicks_name=$1
	kicks_macs=$2
	shift 2
	all_on
	run kick "$@" --dry-run --tsv
	is "kick $kicks_name --dry-run" "$(printf '%s\n' "$out" | sed 1d | cut -f1 | sed 's/.*-//' | sort | tr '\n' ' ')" "$kicks_macs "
	run kick "$@" --yes
	is "kick $kicks_name" "$code $(printf '%s\n' "$out" | sed 's/disconnected device [0-9a-f-]*-\(..\) .*/\1/' | sort |
		tr '\n' ' ')" "0 $kicks_macs "
}
kicks "one" "02" 00:00:5E:00:53:02
kicks "several" "01 13" 00-00-5e-00-53-01 00-00-5e-00-53-13
kicks "--key" "01 02 03" --key bob
kicks "--nas" "11 12 13" --nas ap-2
kicks "--site" "11 12 13" --site lab
kicks "--ssid" "01 02 03" --ssid Acme
kicks "--role" "11 12 13" --role guest
kicks "one of a key" "03" --key bob 00-00-5e-00-53-03
kicks "--all" "01 02 03 11 12 13" --all
is "kick puts no device on the list for a second time" "$(redis exists mpsk:again)" 0
all_on
run kick --nas ap-1
exits "kick without --yes, and no terminal" 64
run kick --key bob --json
ok "kick --json" json 'length == 3 and all(.id == "bob" and .nas == "ap-1" and .result == "disconnected" and .reason == null)'
run kick --key bob
is "kick of nobody" "$code $err" "1 mpskctl: no such device is on, as far as accounting told"
for call in "" "--all --nas ap-1" "--all 00-00-5e-00-53-01"; do
	# shellcheck disable=SC2086
	run kick $call
	exits "kick $call" 64
done
run kick 00-00-5e
exits "kick of what is no MAC" 2
run kick --key a/b
exits "kick --key of what is no id" 2

done_testing
