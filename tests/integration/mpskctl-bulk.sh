#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# mpskctl key import and key export.
set -u

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/integration/ctl.sh
. "${srcdir:-.}/tests/integration/ctl.sh"

ctl_up

# named NAME: the id of the key of that name.
named()
{
	"$MPSKCTL" key list --json --name "$1" | jq -r '.[0].id'
}

#
# --- Mist's files ---
#
fresh
cat >"$dir/org.csv" <<'END'
name,ssid,passphrase,usage,vlan_id,mac,max_usage,role,expire_time,notify_expiry,expiry_notification_time,notify_on_create_or_edit,email
Bob B.,IEEE,password,multi,20,,3,staff,4102444800,true,7,false,bob@example.com
"Carol, C.",Acme,"quote""in it",single,,,,,,,,,
Dan,Acme,correct-mule,macs,,"aabbcc*,00-00-5e-00-53-02",0,,,,,true,
END
run key import "$dir/org.csv" --dry-run
is "--dry-run" "$code $out $(redis dbsize)" "0 3 lines, nothing was written: 3 added 0"
run key import "$dir/org.csv"
exits "Mist's file of an organisation" 0
is "Mist's file: said" "$out" "3 lines: 3 added"
run key list --json --show-psk
ok "Mist's file: a key" json '.[] | select(.name == "Bob B.") | .ssid == "IEEE" and .psk == "password" and
	.usage == "multi" and .vlan == 20 and .concurrent == 3 and .role == "staff" and .exp == 4102444800 and
	.notify_expiry == true and .notify_days == 7 and .notify_edit == false and .email == "bob@example.com" and
	.max == null and .enabled == true'
ok "Mist's file: quotes" json '.[] | select(.name == "Carol, C.") | .psk == "quote\"in it" and .usage == "single"'
ok "Mist's file: MACs" json '.[] | select(.name == "Dan") | .macs == ["aabbcc*", "00-00-5e-00-53-02"] and
	.usage == "macs" and .concurrent == 0 and .notify_edit == true and .exp == 0'
bob=$(named "Bob B.")
like "an id is made of the name" "$bob" '^Bob-B\.-[0-9a-f]{10}$'
like "and the published PMK is stored" "$(field "$bob" pmk:IEEE)" \
	"^$(printf password | sha1sum | cut -c 1-16):f42c6fc52df0ebef9ebb4b90b38a5f902e83fe1b135a70e23aed762e9710a12e\$"
before=$(digest)
run key import "$dir/org.csv"
is "again: nothing to do" "$code $out" "0 3 lines: 3 unchanged"
is "again: nothing is written" "$(digest)" "$before"
run key export --format mist --show-psk
is "Mist's file comes out as it went in" "$(printf '%s\n' "$out" | head -n 2 | tail -n 1)" \
	"$(head -n 2 "$dir/org.csv" | tail -n 1)"

fresh
cat >"$dir/site.csv" <<'END'
name,ssid,passphrase,usage,vlan_id,mac
Bob,Acme,correct-horse,multi,20,
Eve,Acme,correct-mule,single,,00:00:5e:00:53:01
END
run key import "$dir/site.csv" --site north --org acme
is "Mist's file of a site" "$code $out" "0 2 lines: 2 added"
is "a field's option is for every line" "$(field "$(named Bob)" site) $(field "$(named Eve)" org)" "north acme"
run key export --format mist-site --show-psk
is "Mist's file of a site comes out as it went in" "$(printf '%s\n' "$out" | head -n 2)" "$(head -n 2 "$dir/site.csv")"

# As spreadsheets write them: a byte order mark, semicolons, CRLF, another order, no end of the last line.
fresh
printf '\357\273\277Passphrase;SSID;name;vlan_id\r\n correct horse ;Acme;Bob;20\r\n"a;b;c;d;e";Acme;"Eve\nE.";' >"$dir/sheet.csv"
run key import "$dir/sheet.csv"
is "a spreadsheet's file" "$code $err" "2 mpskctl: $dir/sheet.csv:3: name: holds a control character (octet 10 at position 4)"
is "spaces belong to the passphrase" "$(field "$(named Bob)" psk)" " correct horse "

#
# --- What is wrong ---
#
fresh
redis hset 'mpsk:key:{there}' psk correct-there ssid Acme >/dev/null
redis hset 'mpsk:key:{elsewhere}' psk correct-site ssid Acme site south >/dev/null
cat >"$dir/wrong.csv" <<'END'
id,name,ssid,psk,vlan,site,exp
good,Good,Acme,correct-good,20,,
short,,Acme,short,20,,
vlan,,Acme,correct-vlan,4095,,
cells,,Acme
quote,,Acme,"correct"quote,20,,
exp,,Acme,correct-exp,,,soon
no id,,Acme,correct-noid,,,
,,Acme,correct-noname,,,
good,,Guests,correct-again,,,
twin,,Acme,correct-good,,,
other,,Guests,correct-good,,,
taken,,Acme,correct-there,,,
north,,Acme,correct-site,,north,
none,,Acme,,,,
END
run key import "$dir/wrong.csv"
exits "a file with wrong lines" 2
is "the good lines are there" "$out $(redis --raw keys 'mpsk:key:*' | sort | tr '\n' ' ')" \
	"14 lines: 3 added, 11 refused mpsk:key:{elsewhere} mpsk:key:{good} mpsk:key:{north} mpsk:key:{other} mpsk:key:{there} "
says()
{
	like "line $1 is named" "$err" "wrong.csv:$1: $2"
}
says 3 'psk: the PSK has 5 octets'
says 4 "vlan: '4095' is not a VLAN"
says 5 'has 3 cells, and there are 7 columns'
says 6 'a quote stands where none may'
says 7 'exp: expected a time'
says 8 'id: expected 1 to 64'
says 9 'name: is empty'
says 10 'line 2 is key good already'
says 11 'line 2 has this passphrase'
says 13 'key there of the store has this passphrase'
says 15 'has no passphrase'
unlike "no passphrase is repeated" "$err" 'correct-|short:'
run key import "$dir/wrong.csv" --json
ok "--json reports each line" json 'length == 14 and .[2] == {"id": "vlan", "line": 4, "result": "refused",
	"column": "vlan", "reason": .[2].reason} and (.[2].reason | startswith("'"'4095'"'")) and .[0].result == "unchanged"'

# 64 hex digits that are the PMK of a passphrase: in the file, and in the store.
pmk=f42c6fc52df0ebef9ebb4b90b38a5f902e83fe1b135a70e23aed762e9710a12e
for order in "hex:$pmk word:password" "word:password hex:$(echo $pmk | tr a-f A-F)"; do
	fresh
	echo id,ssid,psk >"$dir/hex.csv"
	for line in $order; do echo "${line%%:*},IEEE,${line##*:}" >>"$dir/hex.csv"; done
	run key import "$dir/hex.csv"
	is "a passphrase and its PMK: one of them" "$code $out $(redis --raw keys 'mpsk:key:*' | wc -l)" "2 2 lines: 1 added, 1 refused 1"
done
fresh
redis hset 'mpsk:key:{hex}' psk $pmk ssid IEEE >/dev/null
printf 'id,ssid,psk\nword,IEEE,password\n' >"$dir/hex.csv"
run key import "$dir/hex.csv"
like "a passphrase whose PMK is in the store" "$code $err" '^2 .*key hex of the store has this passphrase'

fresh
before=$(digest)
printf 'id,ssid,psk,colour\n' >"$dir/in.csv"
run key import "$dir/in.csv"
refused "a column that is not known" 2 "in.csv:1: 'colour' is no column"
printf 'id,ssid,psk,SSID\n' >"$dir/in.csv"
run key import "$dir/in.csv"
refused "a column twice" 2 "column 'SSID' is there twice"
: >"$dir/in.csv"
run key import "$dir/in.csv"
refused "an empty file" 2 "is empty"
printf '\377\376i\0d\0' >"$dir/in.csv"
run key import "$dir/in.csv"
refused "UTF-16" 2 "is UTF-16"
run key import "$dir/none.csv"
refused "a file that is not there" 2 "none.csv: No such file"
run key import "$dir"
refused "a directory" 2 "Is a directory"
run key import "$dir/in.csv" --update --skip-existing
refused "--update and --skip-existing" 64 "one of --update and --skip-existing"
printf '[{"id": "a", "psk": "correct-horse", "vlan": 1.5}, {"id": "b", "psk": "correct-mule", "colour": 1}, 7,
{"id": "c", "psk": "correct-pony"}, {"id": "d", "psk": "correct-secret]' >"$dir/in.json"
run key import "$dir/in.json"
is "JSON: the good line" "$code $out $(field c psk)" "2 5 lines: 1 added, 4 refused correct-pony"
like "JSON: a value that is none" "$err" 'in.json:1: vlan: expected a text, a whole number'
like "JSON: a field that is not known" "$err" 'in.json:1: colour: is no field'
like "JSON: no object" "$err" 'in.json:1: expected an object'
like "JSON: where it ends to be JSON" "$err" 'in.json:2: is no JSON'
unlike "JSON: what it is is not repeated" "$err" secret

#
# --- Keys that are there ---
#
fresh
printf 'id,ssid,psk,vlan,role\na,IEEE,password,10,staff\nb,Acme,correct-mule,10,staff\n' >"$dir/in.csv"
run key import "$dir/in.csv"
"$MPSKCTL" key edit a --note kept --quiet
printf 'id,ssid,psk,vlan,role\na,IEEE,password,20,\nb,Acme,correct-mule,10,staff\n' >"$dir/in.csv"
before=$(digest)
run key import "$dir/in.csv"
is "a key that differs" "$code $out" "2 2 lines: 1 unchanged, 1 refused"
like "a key that differs: in what" "$err" 'in.csv:2: there is a key a already, which differs in vlan, role: --update'
is "a key that differs is left" "$(digest)" "$before"
run key import "$dir/in.csv" --skip-existing
is "--skip-existing" "$code $out" "0 2 lines: 1 unchanged, 1 skipped"
like "--skip-existing tells of it" "$err" 'in.csv:2: skipped: key a differs in vlan, role'
is "--skip-existing leaves it" "$(digest)" "$before"
run key import "$dir/in.csv" --update --dry-run
is "--update --dry-run" "$code $out $(digest)" "0 2 lines, nothing was written: 1 changed, 1 unchanged $before"
run key import "$dir/in.csv" --update
is "--update" "$code $out" "0 2 lines: 1 changed, 1 unchanged"
is "--update sets, removes and leaves" "$(field a vlan) $(has_field a role && echo role) $(field a note)" "20  kept"
is "--update leaves the PMK" "$(pmk_fields a)" "pmk:IEEE "
printf 'id,ssid,psk\na,Guests,correct-pony\n' >"$dir/in.csv"
run key import "$dir/in.csv" --update
is "--update with another passphrase and SSID" "$code $(field a psk) $(pmk_fields a)" "0 correct-pony pmk:Guests "
printf 'id,vlan\na,30\nz,30\n' >"$dir/in.csv"
run key import "$dir/in.csv" --update
is "--update without passphrases" "$code $out $(field a vlan) $(field a psk)" "2 2 lines: 1 changed, 1 refused 30 correct-pony"
printf 'id,ssid\na,Acme\n' >"$dir/in.csv"
run key import "$dir/in.csv" --update
like "--update of the SSID alone" "$code $err" '2 .*wants one for the passphrase'
redis hset 'mpsk:key:{a}' max inf >/dev/null
run key import "$dir/in.csv" --update
like "a malformed key is not touched" "$code $err" '2 .*key a of the store is malformed'

#
# --- There and back ---
#
fresh
redis hset 'mpsk:key:{full}' psk correct-full ssid 'a\b' name 'Full, "F."' org acme site 'north,south' role staff \
	vlan 20 usage macs macs '00:00:5E:00:53:01 aabbc*' max 0 concurrent 2 idle 60 enabled 0 nbf 5 exp 4102444800 \
	old_psk correct-old old_exp 7 email full@example.com note 'a;b' tags 'roof cellar' notify_expiry 1 \
	notify_days 3 notify_edit 1 created 8 modified 9 >/dev/null
redis hset 'mpsk:key:{least}' psk correct-least >/dev/null
redis hset 'mpsk:key:{raw}' psk "$(printf 'caf\351-caf\351')" name "$(printf 'caf\351')" \
	ssid "$(printf 'Caf\303\251')" note "$(printf 'caf\303\251')" created 1 modified 1 >/dev/null
redis hset 'mpsk:key:{hex}' psk $pmk ssid IEEE created 1 modified 1 >/dev/null
run key derive --quiet
run key export "$dir/one.json"
is "key export" "$code $out" "0 4 keys written to $dir/one.json"
is "nobody else may read it" "$(stat -c %a "$dir/one.json")" 600
run key export "$dir/one.csv" --quiet
stored=$(for id in full raw hex; do redis --raw hgetall "mpsk:key:{$id}"; done | paste - - | sort | sed 's/^macs.*/macs/; s/^tags.*/tags/')
for form in json csv; do
	fresh
	run key import "$dir/one.$form"
	is "key import of the $form" "$code $out$err" "0 4 lines: 4 added"
	# A key without times gets them when it is imported: take those of one export for the next.
	redis hdel 'mpsk:key:{least}' created modified >/dev/null
	run key export "$dir/two.json" --quiet
	ok "$form: there and back, byte for byte" cmp "$dir/one.json" "$dir/two.json"
	is "$form: and in the store" "$(for id in full raw hex; do redis --raw hgetall "mpsk:key:{$id}"; done | paste - - |
		grep -v '^enabled.1' | sort | sed 's/^macs.*/macs/; s/^tags.*/tags/')" "$(printf '%s\n' "$stored" |
		grep -v '^enabled.1')"
done
fresh
"$MPSKCTL" key import - <"$dir/one.json" >/dev/null
"$MPSKCTL" key list --json --show-psk >"$dir/list.json"
fresh
run key import "$dir/list.json"
is "what key list shows can be imported" "$code $out" "0 4 lines: 4 added"

before=$(digest)
run key export
refused "key export without a file" 64 "give FILE.*--show-psk"
run key export "$dir/x.json" --show-psk
refused "key export with a file and --show-psk" 64 "give FILE.*--show-psk"
run key export "$dir/none/x.json"
refused "a folder that is not there" 3 "x.json: No such file"
run key export --format xml --show-psk
refused "--format xml" 2 "--format: expected csv, json, mist or mist-site"
run key export --json --show-psk --role staff
is "key export chooses" "$(json '[.[].id]')" '["full"]'
redis hset 'mpsk:key:{bad}' psk short >/dev/null
run key export "$dir/x.json"
is "a malformed key is left out" "$code $out" "2 4 keys written to $dir/x.json"
like "a malformed key is named" "$err" "key bad is malformed, and left out"

redis shutdown nosave >/dev/null 2>&1
run key import "$dir/one.json"
exits "without Redis: import" 3
run key export "$dir/x.json"
exits "without Redis: export" 3

done_testing
