#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# mpskctl keyring and rekey, and what the other verbs make of sealed secrets.
set -u

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/integration/ctl.sh
. "${srcdir:-.}/tests/integration/ctl.sh"

ctl_up

# Everything that mpskctl says is looked through at the end.
said=$dir/said
ring=$dir/keyring
keep()
{
	printf '%s\n%s\n' "$out" "$err" >> "$said"
}

# The store's values, one a line.
values()
{
	redis --raw eval "local all = {}
		for _, name in ipairs(redis.call('KEYS', 'mpsk:key:*')) do
			for _, value in ipairs(redis.call('HVALS', name)) do all[#all + 1] = value end
		end
		return all" 0
}

#
# --- keyring ---
#
run keyring init "$ring" --id k1
exits "keyring init" 0
keep
is "keyring init: only its owner reads it" "$(stat -c %a "$ring")" 400
is "keyring init: one key of 32 octets" "$(sed -n 's/^k1 //p' "$ring" | base64 -d | wc -c)" 32
kept=$(cat "$ring")
run keyring init "$ring"
exits "keyring init over a file" 2
keep
is "keyring init over a file: it stays" "$(cat "$ring")" "$kept"
run keyring add "$dir/nothing"
exits "keyring add to no file" 2
run keyring add "$ring" --id k1
exits "keyring add of a name that is there" 2
keep
is "keyring add of a name that is there: the file stays" "$(cat "$ring")" "$kept"
run keyring list "$ring" --json
is "keyring list" "$code $(json .)" '0 [{"id":"k1","seals":true}]'
keep

#
# --- What is written ---
#
fresh
MPSK_KEYRING=$ring
export MPSK_KEYRING
run_with 'correct-horse\n' key add bob --ssid Acme --passphrase-file -
exits "key add with a keyring" 0
keep
like "key add: the psk is sealed" "$(field bob psk)" '^enc1:k1:[A-Za-z0-9+/]+=*$'
digest16=$(field bob psk | tr -d '\n' | sha1sum | cut -c 1-16)
like "key add: the PMK is sealed, and hangs on the sealed psk" "$(field bob pmk:Acme)" "^$digest16:enc1:k1:"
run key show bob --show-psk --json
is "key show --show-psk" "$code $(json .psk)" '0 "correct-horse"'
run key edit bob --max 3
is "key edit of another field" "$code $(field bob psk | cut -c 1-8)" "0 enc1:k1:"
keep
sealed=$(field bob psk)
run key edit bob --ssid IEEE
is "key edit of the SSID: the psk stays as it is" "$code $(field bob psk)" "0 $sealed"
keep
like "key edit of the SSID: its PMK is sealed" "$(field bob pmk:IEEE)" "^$digest16:enc1:k1:"
is "key edit of the SSID: and is taken" "$("$MPSKCTL" key derive --dry-run --json | jq -c '[.wanted, .stored_before]')" \
	"[0,1]"
run_with 'battery-staple\n' key edit bob --passphrase-file -
exits "key edit of the passphrase" 0
keep
like "key edit of the passphrase: sealed" "$(field bob psk)" '^enc1:k1:'
before=$(digest)
run_with 'battery-staple\n' key add eve --passphrase-file -
refused "the same passphrase twice" 2 'already has this passphrase'
keep
run_with 'enc1:correct-horse\n' key add eve --passphrase-file -
refused "a passphrase that begins with enc1:" 2 'begins with enc1:'
run key export "$dir/keys.json"
exits "key export" 0
keep
is "key export: in clear" "$(jq -r '.[0].psk' "$dir/keys.json")" battery-staple
run key import "$dir/keys.json"
is "key import of the same: nothing to do" "$code $out" "0 1 lines: 1 unchanged"
is "key import of the same: nothing is written" "$(digest)" "$before"
sealed=$(field bob psk)
jq '.[0].note = "changed"' "$dir/keys.json" > "$dir/changed.json"
run key import "$dir/changed.json" --update
is "key import --update of another field" "$code $out" "0 1 lines: 1 changed"
keep
is "key import --update: the psk stays as it is" "$(field bob psk) $(field bob note)" "$sealed changed"
printf 'id,psk,ssid\nsly,enc1:correct-horse,Acme\n' > "$dir/sly.csv"
run key import "$dir/sly.csv"
exits "key import of a passphrase that begins with enc1:" 2
like "key import of a passphrase that begins with enc1: says so" "$err" 'psk: begins with enc1:'
jq 'del(.[0].id) | .[0].name = "Carol"' "$dir/keys.json" > "$dir/carol.json"
redis del 'mpsk:key:{bob}' > /dev/null
run key import "$dir/carol.json"
exits "key import of a new key" 0
keep
carol=$(redis --raw keys 'mpsk:key:{Carol-*' | sed 's/.*{\(.*\)}/\1/')
like "key import of a new key: sealed" "$(field "$carol" psk)" '^enc1:k1:'

#
# --- Without the keyring ---
#
unset MPSK_KEYRING
run key show "$carol"
exits "key show without the keyring" 2
like "key show without the keyring: what to do" "$err" "sealed with the key 'k1'.*option 'keyring'"
run key list --keyring "$dir/nothing"
exits "a keyring that is not there" 2
like "a keyring that is not there: named" "$err" "keyring: $dir/nothing: "
chmod 644 "$ring"
run key list --keyring "$ring"
exits "a keyring that others may read" 2
chmod 400 "$ring"
run rekey
exits "rekey without a keyring" 64

#
# --- rekey ---
#
fresh
i=0
while [ $i -lt 300 ]; do
	echo "HSET mpsk:key:{k$i} psk passphrase-$i old_psk before-that-$i ssid Acme pmk:Gone 0123456789abcdef:$(printf %064d $i)"
	i=$((i + 1))
done | redis > /dev/null
export MPSK_KEYRING="$ring"
run key derive
exits "key derive with a keyring" 0
keep
like "key derive: the PMK is sealed" "$(field k1 pmk:Acme)" '^[0-9a-f]{16}:enc1:k1:'
redis --raw hset 'mpsk:key:{bad}' psk short > /dev/null
run rekey --dry-run --json
is "rekey --dry-run" "$code $(json '[.wanted, .rewritten, .current, .malformed]')" "2 [300,0,0,1]"
is "rekey --dry-run: nothing was sealed" "$(field k7 psk)" passphrase-7
redis del 'mpsk:key:{bad}' > /dev/null
run rekey --json
is "rekey" "$code $(json '[.wanted, .rewritten, .failed]')" "0 [300,300,0]"
keep
is "rekey: no secret is left in clear" "$(values | grep -c -e passphrase- -e before-that -e '^[0-9a-f]*:[0-9a-f]*$')" 0
is "rekey: PMKs hang on the sealed psk" "$("$MPSKCTL" key derive --dry-run --json | jq -c '[.wanted, .stored_before]')" \
	"[0,300]"
is "rekey: PMKs that no psk has are gone" "$(pmk_fields k7)" "pmk:Acme "
before=$(digest)
run rekey
is "rekey again: nothing to do" "$code $out" "0 0 keys sealed; 300 were"
is "rekey again: nothing is written" "$(digest)" "$before"
run keyring add "$ring" --id k2
exits "keyring add" 0
keep
is "keyring add: the mode stays" "$(stat -c %a "$ring")" 400
run keyring list "$ring" --tsv
is "keyring list: the new one seals" "$(printf '%s\n' "$out" | tail -n 2 | tr '\t\n' '  ')" "k1 false k2 true "
run key show k7 --show-psk --json
is "what the older key sealed opens" "$code $(json .psk)" '0 "passphrase-7"'
run rekey
is "rekey with the new key" "$code $out" "0 300 keys sealed; 0 were"
keep
is "rekey with the new key: none of the older one is left" "$(values | grep -c enc1:k1:)" 0
redis hset 'mpsk:key:{k7}' psk "$(field k8 psk)" > /dev/null
run key show k7
exits "a sealed psk that was moved to another key" 2
like "a sealed psk that was moved to another key: said" "$err" 'psk: sealed for another key'
redis del 'mpsk:key:{k7}' > /dev/null
run rekey --clear
is "rekey --clear" "$code $out" "0 299 keys put in clear; 0 were"
keep
is "rekey --clear: nothing is sealed" "$(values | grep -c enc1:)" 0
is "rekey --clear: as it was" "$(field k9 psk) $(field k9 old_psk)" "passphrase-9 before-that-9"
is "rekey --clear: PMKs hang on the psk" "$(unset MPSK_KEYRING
	"$MPSKCTL" key derive --dry-run --json | jq -c '[.wanted, .stored_before]')" "[0,299]"

# An edit while it runs is never lost, whichever of the two comes first.
(
	i=0
	while [ $i -lt 299 ]; do
		[ $i -eq 7 ] || echo "HSET mpsk:key:{k$i} psk new-passphrase-$i old_psk passphrase-$i"
		i=$((i + 1))
	done | redis > /dev/null
) &
edits=$!
run rekey --json
wait $edits
exits "rekey under edits" 0
keep
run rekey
run key export --show-psk --json
is "rekey under edits: each edit stands" "$(json '[.[] | select(.id != "k299") |
	select(.psk != ("new-passphrase-" + .id[1:]) or .old_psk != ("passphrase-" + .id[1:]))] | length')" 0

# Sessions that began before a rotation go by the fingerprint of what is sealed.
run_with 'correct-horse\n' key add rot --passphrase-file -
sealed=$(field rot psk)
run key rotate rot --quiet
is "key rotate: the old passphrase stays sealed as it is" "$code $(field rot old_psk)" "0 $sealed"
like "key rotate: the new one is sealed" "$(field rot psk)" '^enc1:'

for secret in correct-horse battery-staple passphrase-7 before-that-7 $(sed 's/^[^ ]* //' "$ring"); do
	is "what mpskctl said does not hold $secret" "$(grep -c -F -e "$secret" "$said")" 0
done

done_testing
