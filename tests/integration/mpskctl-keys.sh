#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# mpskctl key add and key list: what is stored, and what is shown of it.
set -u

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/integration/ctl.sh
. "${srcdir:-.}/tests/integration/ctl.sh"

ctl_up

#
# --- key add ---
#
fresh
run_with 'password\n' key add bob --ssid IEEE --name 'Bob B.' --org acme --site north,south --role staff --vlan 20 \
	--max 3 --concurrent 2 --idle 30d --usage multi --macs '00:00:5E:00:53:01' --email bob@example.com \
	--note 'flat 3' --nbf 1700000000 --expires 4102444800 --passphrase-file -
exits "key add" 0
is "key add: said" "$out" "added key bob"
is "key add: psk" "$(field bob psk)" password
is "key add: ssid" "$(field bob ssid)" IEEE
is "key add: name" "$(field bob name)" "Bob B."
is "key add: org" "$(field bob org)" acme
is "key add: site" "$(field bob site)" "north,south"
is "key add: role" "$(field bob role)" staff
is "key add: vlan" "$(field bob vlan)" 20
is "key add: max" "$(field bob max)" 3
is "key add: concurrent" "$(field bob concurrent)" 2
is "key add: idle" "$(field bob idle)" 2592000
is "key add: usage" "$(field bob usage)" multi
is "key add: macs" "$(field bob macs)" "00:00:5E:00:53:01"
is "key add: email" "$(field bob email)" bob@example.com
is "key add: note" "$(field bob note)" "flat 3"
is "key add: nbf" "$(field bob nbf)" 1700000000
is "key add: exp" "$(field bob exp)" 4102444800
is "key add: enabled" "$(field bob enabled)" 1
like "key add: created" "$(field bob created)" '^[0-9]{10}$'
is "key add: modified" "$(field bob modified)" "$(field bob created)"
# IEEE 802.11-2020, J.4.2, test case 1; before it the digest of the passphrase.
is "key add: the PMK" "$(field bob pmk:IEEE)" \
	"$(printf password | sha1sum | cut -c 1-16):f42c6fc52df0ebef9ebb4b90b38a5f902e83fe1b135a70e23aed762e9710a12e"
is "key add: no other field" "$(redis hlen 'mpsk:key:{bob}')" 20

fresh
run_with 'correct-horse\n' key add least --passphrase-file -
exits "key add with a passphrase alone" 0
is "key add with a passphrase alone: its fields" \
	"$(redis --raw hkeys 'mpsk:key:{least}' | sort | tr '\n' ' ')" "created enabled modified psk "
run_with 'correct-mule\n' key add star --ssid '*' --passphrase-file -
is "every SSID: no PMK" "$code $(field star ssid) $(pmk_fields star)" "0 * "
run_with 'correct-pony\n' key add lazy --ssid Acme --no-pmk --passphrase-file -
is "--no-pmk" "$code $(pmk_fields lazy)" "0 "
run_with 'correct-donkey\n' key add off --enabled 0 --passphrase-file -
is "--enabled 0" "$code $(field off enabled)" "0 0"

fresh
run_with 'correct-horse\n' key add cafe --ssid 'Caf\xc3\xa9' --passphrase-file -
is "--ssid with escapes" "$code $(field cafe ssid)" "0 $(printf 'Caf\303\251')"
like "--ssid with escapes: the PMK's field" "$(pmk_fields cafe)" "^pmk:$(printf 'Caf\303\251') "
run_with 'correct-mule\n' key add back --ssid 'a\\b' --passphrase-file -
is "--ssid with a backslash" "$code $(field back ssid)" '0 a\b'
run_with 'correct-pony\n' key add hex --ssid-hex 41636d65 --passphrase-file -
is "--ssid-hex" "$code $(field hex ssid)" "0 Acme"

fresh
before=$(digest)
run key add --generate --name Bob --ssid Acme
exits "key add without an id" 0
id=$(printf '%s\n' "$out" | sed -n 's/^added key //p')
like "key add without an id: ten characters" "$id" '^[a-z0-9]{10}$'
is "key add without an id: the name" "$(field "$id" name)" Bob
psk=$(printf '%s\n' "$out" | sed -n 's/^passphrase: //p')
like "--generate: 16 characters" "$psk" '^[a-z0-9]{16}$'
is "--generate: what was printed is stored" "$(field "$id" psk)" "$psk"
run key add --generate=63 --quiet
is "--quiet prints the id that was made, and the passphrase" "$code $(printf '%s\n' "$out" | wc -l)" "0 2"
like "--generate=63" "$out" '^[a-z0-9]{63}$'
run key add dan --generate --quiet
is "--quiet prints the passphrase alone where the id was given" "$out" "$(field dan psk)"
run key add eve --generate --json
ok "key add --json" json ".id == \"eve\" and .result == \"added\" and .psk == \"$(field eve psk)\""
run_with 'correct-horse\n' key add fay --json --passphrase-file -
ok "key add --json tells no passphrase that it was given" json 'has("psk") | not'
run key add gus --generate --tsv
is "key add --tsv" "$out" "id${tab}result${tab}psk${tab}bits
gus${tab}added${tab}$(field gus psk)${tab}80"
# generates NAME ERE ENTROPY OPTION...
n=0
generates()
{
	generates_name=$1
	generates_ere=$2
	generates_bits=$3
	shift 3
	n=$((n + 1))
	run key add "made$n" "$@"
	like "$generates_name: the passphrase" "$(field "made$n" psk)" "^$generates_ere\$"
	is "$generates_name: its entropy" "$(printf '%s\n' "$out" | tail -n 1)" "entropy: $generates_bits bits"
}
generates "--generate=keyboard" '[a-km-np-z2-9]{16}' 80 --generate=keyboard
generates "--generate=strong" '[]A-HJ-NP-Za-km-np-z2-9!#%+=?@[-]{20}' 120 --generate=strong
generates "--generate=digits" '[0-9]{16}' 53 --generate=digits
generates "--generate=words" '[a-z]{3,7}(-[a-z]{3,7}){5}' 66 --generate=words
generates "--length with words" '[a-z]{3,7}(-[a-z]{3,7}){2}' 33 --generate=words --length 3
generates "--length" '[0-9]{8}' 26 --generate=digits --length 8
generates "--alphabet" '[abc]{40}' 63 --generate --length 40 --alphabet abc
generates "--generate=LENGTH" '[a-z2-9]{20}' 100 --generate=20
before=$(digest)
run key add hal --generate=words --length 9
refused "too many words" 2 "--generate: a passphrase has 3 to 8 words, not 9"
run key add hal --generate=digits --length 7
refused "too few digits" 2 "--generate: a passphrase has 8 to 63 characters, not 7"
run key add hal --generate --alphabet aab
refused "an alphabet with a letter twice" 2 "--generate: the alphabet holds 'a' twice"
run key add hal --generate=words --alphabet abc
refused "words from an alphabet" 2 "--generate: words are made of no alphabet"
run key add hal --length 20 --passphrase-file "$dir/in"
refused "--length without --generate" 64 "--length and --alphabet go with --generate"
before=$(digest)
for length in 7 64 0 x '' 8x 99999999999999999999; do
	run key add hal --generate="$length"
	refused "--generate=$length" 2 "--generate: expected a length of 8 to 63"
done

# A passphrase is never taken from the command line, nor shown in the refusal.
for option in --passphrase --psk; do
	run key add hal "$option" correct-horse
	refused "$option X" 64 "every user of this machine.*--passphrase-file"
	run key add hal "$option=correct-horse"
	refused "$option=X" 64 "every user of this machine.*--passphrase-file"
	unlike "$option=X: not repeated" "$err" correct-horse
done
run key add hal
refused "no passphrase and no terminal" 64 "no terminal.*--passphrase-file"
run key add hal --generate --passphrase-file "$dir/in"
refused "two sources of a passphrase" 64 "one of --passphrase-file, --generate and --ask"
run key add hal --passphrase-file "$dir/nothing"
refused "a file that is not there" 2 "$dir/nothing: No such file"
run key add hal --passphrase-file "$dir"
refused "a directory for a file" 2 "$dir: Is a directory"

#
# --- key list ---
#
fresh
run key list
is "key list of nothing" "$code $out" "0 "
run key list --json
is "key list --json of nothing" "$code $out" "0 []"
run key list --tsv
like "key list --tsv of nothing" "$out" "^id${tab}name${tab}ssid"

redis hset 'mpsk:key:{carol}' psk correct-carol ssid Acme site 'north south' role staff org acme vlan 20 max 0 \
	exp 4102444800 name Carol >/dev/null
redis hset 'mpsk:key:{bob}' psk correct-bob ssid Guests exp 1 macs '00:00:5e:00:53:01,aabbc*' idle 2592000 >/dev/null
redis hset 'mpsk:key:{any}' psk correct-any enabled 0 >/dev/null
redis hset 'mpsk:key:{Zoe}' psk correct-zoe nbf 4102444800 ssid "$(printf 'Caf\303\251')" \
	name "$(printf 'Zo\303\253')" >/dev/null
run key list
exits "key list" 0
is "key list: by id" "$(printf '%s\n' "$out" | sed 's/ .*//' | tr '\n' ' ')" "ID Zoe any bob carol "
like "key list: a key" "$out" \
	'^carol  Carol  Acme +north,south  staff  20 +unlimited  2100-01-01T00:00:00\+00:00  enabled$'
like "key list: expired" "$out" '^bob .* 1970-01-01T00:00:01\+00:00  expired$'
like "key list: disabled" "$out" '^any +any +\* +\* +- +- +- +never +disabled$'
like "key list: not yet" "$out" "^Zoe +$(printf 'Zo\303\253') +Caf.xc3.xa9 .* not yet\$"
unlike "key list: no passphrase" "$out" correct-
run key list --json
ok "key list --json: by id" json '[.[].id] == ["Zoe", "any", "bob", "carol"]'
ok "key list --json: typed" json '.[3] | .vlan == 20 and .max == 0 and .exp == 4102444800 and .enabled == true and
	.site == ["north", "south"] and .role == "staff" and .state == "enabled"'
ok "key list --json: absent is null" json '.[2] | .vlan == null and .max == null and .role == null and .org == null'
ok "key list --json: MACs" json '.[2].macs == ["00-00-5e-00-53-01", "aabbc*"]'
ok "key list --json: SSIDs are octets" json '.[0] | .ssid == "Caf\\xc3\\xa9" and .ssid_hex == "436166c3a9"'
ok "key list --json: every SSID" json '.[1] | .ssid == "*" and .ssid_hex == null and .site == ["*"]'
ok "key list --json: no passphrase" json 'all(.[]; has("psk") or has("psk_hex") | not)'
run key list --json --show-psk
ok "key list --json --show-psk" json '.[2] | .psk == "correct-bob" and .psk_hex == "636f72726563742d626f62"'
run key list --show-psk
like "key list --show-psk" "$out" '^carol .* correct-carol$'

# chosen NAME IDS OPTION...
chosen()
{
	chosen_name=$1
	chosen_ids=$2
	shift 2
	run key list --json "$@"
	is "key list $chosen_name" "$(printf '%s\n' "$out" | jq -r '.[].id' | tr '\n' ' ')" "$chosen_ids"
}
chosen "--ssid" "any carol " --ssid Acme
chosen "--ssid, as octets" "Zoe any " --ssid 'Caf\xc3\xa9'
chosen "--ssid '*'" "any " --ssid '*'
chosen "--site" "Zoe any bob carol " --site south
chosen "--site, another" "Zoe any bob " --site west
chosen "--site '*'" "Zoe any bob " --site '*'
chosen "--role" "carol " --role staff
chosen "--org" "carol " --org acme
chosen "--name" "carol " --name aRO
chosen "two at once" "" --name aRO --ssid Guests

#
# --- Finding ---
#
fresh
now=$(date +%s)
redis hset 'mpsk:key:{a}' psk correct-a name Zoe role staff exp $((now + 86400)) tags 'roof,cellar' vlan 9 >/dev/null
redis hset 'mpsk:key:{b}' psk correct-b name Adam ssid Acme exp $((now + 3600)) vlan 100 >/dev/null
redis hset 'mpsk:key:{c}' psk correct-c name Mia ssid Guests role guest exp $((now - 1)) tags roof >/dev/null
redis hset 'mpsk:key:{d}' psk correct-d name Bea enabled 0 exp $((now + 60)) >/dev/null
redis hset 'mpsk:key:{e}' psk correct-e name Cem nbf $((now + 3600)) exp $((now + 40 * 86400)) >/dev/null
redis hset 'mpsk:key:{f}' psk correct-f name Dora >/dev/null
redis zadd 'mpsk:dev:{b}' 100 00-00-5e-00-53-01 200 00-00-5e-00-53-02 >/dev/null
redis zadd 'mpsk:dev:{f}' 300 00-00-5e-00-53-03 >/dev/null
chosen "--tag" "a c " --tag roof
chosen "--tag, another" "a " --tag cellar
chosen "--state expired" "c " --state expired
chosen "--state disabled" "d " --state disabled
chosen "--state 'not yet'" "e " --state 'not yet'
chosen "--expiring-within" "a b " --expiring-within 2d
chosen "--expiring-within an hour" "b " --expiring-within 3600
chosen "--sort name" "b d e f c a " --sort name
chosen "--sort name --reverse" "a c f e d b " --sort name --reverse
chosen "--sort exp: never is last" "c d b a e f " --sort exp
chosen "--sort vlan: a number" "a b c d e f " --sort vlan
chosen "--sort role: none is last" "c a b d e f " --sort role
chosen "--sort ssid" "a d e f b c " --sort ssid
chosen "--sort used" "a c d e f b " --sort used
chosen "--sort last_seen --reverse" "f b e d c a " --sort last_seen --reverse
ok "--sort last_seen shows it" json '.[1] | .id == "b" and .used == 2 and .last_seen == 200'
run key list --used --name Adam
like "--used" "$out" 'USED +LAST SEEN'
run key list --json
ok "no use unless it is asked for" json 'all(.[]; has("used") | not)'
run key expiring --json
is "key expiring" "$code $(json '[.[].id]')" '0 ["b","a"]'
run key expiring --within 3600 --json
is "key expiring --within" "$(json '[.[].id]')" '["b"]'
run key expiring --within 14d --role staff --json
is "key expiring, and a role" "$(json '[.[].id]')" '["a"]'
before=$(digest)
run key list --sort colour
refused "--sort of what is no field" 2 "--sort: 'colour' is no field"
run key list --sort psk
refused "--sort psk" 2 "--sort: 'psk' is no field"
run key list --state merry
refused "--state of what is none" 2 "--state: 'merry' is no state"
run key expiring --within soon
refused "--within of what is no time" 2 "--within: expected a duration"

fresh
redis hset 'mpsk:key:{bad}' psk correct-horse max inf >/dev/null
redis set 'mpsk:key:{string}' x >/dev/null
redis hset 'mpsk:key:{good}' psk correct-horse >/dev/null
run key list
exits "key list with malformed keys" 0
like "key list with malformed keys: the reason" "$out" '^bad .* malformed +max: '
like "key list with malformed keys: another" "$out" '^string .* malformed +.+'
like "key list with malformed keys: the good one" "$out" '^good .* enabled +-$'
run key list --json
ok "key list --json with malformed keys" json '.[0].id == "bad" and .[0].state == "malformed" and
	(.[0].malformed | startswith("max: ")) and .[1].malformed == null'
run key list --name good
like "malformed keys where keys are chosen" "$err" "warning: key bad is malformed: max"
unlike "malformed keys where keys are chosen: not listed" "$out" '^bad'

# What others wrote must not steer a terminal nor break a table.
fresh
esc=$(printf '\033')
redis hset 'mpsk:key:{esc}' psk correct-horse name "$(printf 'a\302\233b')" role 'a\b' >/dev/null
redis hset 'mpsk:key:{raw}' psk "$(printf 'caf\351-caf\351')" name "$(printf 'caf\351')" >/dev/null
run key list
like "a control character in UTF-8" "$out" '^esc +a.xc2.x9bb '
unlike "no escape reaches the terminal" "$out" "$esc"
like "what is no UTF-8" "$out" '^raw +caf.xe9 '
run key list --tsv
like "key list --tsv escapes a backslash" "$out" '^esc.*a\\\\b'
run key list --json --show-psk
ok "what is no UTF-8, in JSON" json '.[1] | .name == "caf\\xe9" and .psk == null and .psk_hex == "636166e92d636166e9"'

done_testing
