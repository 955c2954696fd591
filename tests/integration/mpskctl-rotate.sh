#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# mpskctl key rotate, and the lists of keys in a grace. What the server makes
# of the two passphrases is in rotate.sh.
set -u

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/integration/ctl.sh
. "${srcdir:-.}/tests/integration/ctl.sh"

ctl_up

# make ID OPTION...: a key with the passphrase "passphrase of ID".
make()
{
	printf 'passphrase of %s\n' "$1" | "$MPSKCTL" key add "$@" --passphrase-file - --quiet
}

printed()
{
	printf '%s\n' "$out" | sed -n "s/^$1: //p"
}

#
# --- One key ---
#
fresh
make bob --ssid Acme --vlan 20 --role staff --max 3
redis zadd 'mpsk:dev:{bob}' 1 00-00-5e-00-53-01 >/dev/null
redis hset 'mpsk:key:{bob}' modified 1 >/dev/null
pmk=$(field bob pmk:Acme)
before=$(digest)
run key rotate bob --dry-run
is "--dry-run" "$code $(printf '%s\n' "$out" | head -n 1)" "0 would rotate key bob"
is "--dry-run writes nothing" "$(digest)" "$before"
is "--dry-run shows no passphrase" "$(printed passphrase)" ""
run key rotate bob
exits "key rotate" 0
like "key rotate: said" "$out" "^rotated key bob$"
is "the new passphrase is printed, as it was stored" "$(printed passphrase)" "$(field bob psk)"
like "it was made by the policy keyboard" "$(field bob psk)" '^[a-z0-9]{16}$'
is "the old passphrase" "$(field bob old_psk)" "passphrase of bob"
is "the grace is 7 days, from the time of the change on" "$(field bob old_exp)" $(($(field bob modified) + 7 * 86400))
is "until when is said" "$(date -d "$(printed 'old passphrase until')" +%s)" "$(field bob old_exp)"
is "all else stays" "$(field bob vlan) $(field bob role) $(field bob max) $(redis zcard 'mpsk:dev:{bob}')" "20 staff 3 1"
is "one PMK, of the new passphrase" "$(pmk_fields bob)" "pmk:Acme "
unlike "one PMK, of the new passphrase: another than before" "$(field bob pmk:Acme)" "^$pmk\$"
psk=$(field bob psk)
is "the PMK is of the passphrase that is stored" "$(field bob pmk:Acme | cut -d : -f 1)" \
	"$(printf %s "$psk" | sha1sum | cut -c 1-16)"
run key show bob --json
ok "key show: until when" json ".old_exp == $(field bob old_exp) and .old_used == null"
unlike "key show: no passphrase" "$out" "passphrase of bob"

# In a grace already.
before=$(digest)
run key rotate bob --generate=strong
refused "a key in a grace" 2 "key bob: .*taken until $(date -d "@$(field bob old_exp)" +%Y-%m-%d).*--force"
run key rotate bob --json
is "a key in a grace, --json: exit" "$code" 2
ok "a key in a grace, --json" json '.[0] | .id == "bob" and .result == "in grace" and .psk == null and .old_exp == null'
run key rotate bob --force --grace 1d --json
exits "--force" 0
is "--force: the present one gets the grace" "$(field bob old_psk)" "$psk"
is "--force: of the length asked for" "$(field bob old_exp)" $(($(field bob modified) + 86400))
ok "--json: one row for each key" json "length == 1 and .[0].id == \"bob\" and .[0].result == \"rotated\" and
	.[0].reason == null and .[0].old_exp == $(field bob old_exp) and .[0].psk == \"$(field bob psk)\" and .[0].bits > 70"

# Its end.
redis hset 'mpsk:key:{bob}' old_used 5 >/dev/null
psk=$(field bob psk)
run key rotate bob --end --dry-run
is "--end --dry-run" "$code $out $(field bob old_used)" "0 would end the old passphrase of key bob 5"
run key rotate bob --end
is "--end" "$code $out" "0 ended the old passphrase of key bob"
is "--end: nothing is left of the old one" "$(field bob old_psk)$(field bob old_exp)$(field bob old_used)" ""
is "--end: the present one stays" "$(field bob psk)" "$psk"
before=$(digest)
run key rotate bob --end
refused "--end of what has no grace" 2 "key bob: it has no old passphrase"

# At once.
run key rotate bob --now --tsv
is "--now: no old passphrase" "$code $(field bob old_psk)$(field bob old_exp)" "0 "
is "--tsv" "$out" "id${tab}result${tab}reason${tab}old_exp${tab}psk${tab}bits${tab}sessions
bob${tab}rotated${tab}${tab}${tab}$(field bob psk)${tab}$(printf '%s\n' "$out" | tail -n 1 | cut -f 6)${tab}"
run key rotate bob
run key rotate bob --grace 0
is "--grace 0, within a grace" "$code $(field bob old_psk)" "0 "
redis hset 'mpsk:key:{bob}' old_psk 'long ago' old_exp 5 old_used 4 >/dev/null
run key rotate bob
is "a grace that is over does not count" "$code" 0
unlike "a grace that is over does not count: the next has begun" "$(field bob old_psk)" 'long ago'
not_ok "nobody has used the old one yet" has_field bob old_used
run key rotate bob --end --quiet
is "--end --quiet" "$code $out" "0 "

# A passphrase that was chosen.
make carol --ssid Acme
run_with 'chosen by bob\n' key rotate bob --passphrase-file -
is "--passphrase-file" "$code $(field bob psk)" "0 chosen by bob"
unlike "--passphrase-file: it is not repeated" "$out" 'chosen'
run key rotate bob --end
before=$(digest)
run_with 'passphrase of carol\n' key rotate bob --passphrase-file -
refused "a passphrase that is another key's" 2 "key carol already has this passphrase"
run_with "$(field carol pmk:Acme | cut -d : -f 2)\n" key rotate bob --passphrase-file -
refused "the PMK of another key's passphrase" 2 "key carol already has"
run_with 'chosen by bob\n' key rotate bob --passphrase-file -
refused "the passphrase that it has" 2 "key bob: it has this passphrase already"
run_with 'short\n' key rotate bob --passphrase-file -
refused "a wrong passphrase" 2 "5 octets"
run key rotate bob --generate=digits --length 3
refused "a length that is none" 2 "8 to 63 characters, not 3"
for call in "bob --grace never" "bob --grace x" "bob --grace 999999999999"; do
	# shellcheck disable=SC2086
	run key rotate $call
	refused "key rotate $call" 2 "--grace: "
done
for call in "" "bob --role staff" "bob --all" "bob --end --generate" "bob --end --now" "bob carol --ask" \
	"--all --yes --passphrase-file /dev/null"; do
	# shellcheck disable=SC2086
	run key rotate $call
	refused "key rotate $call" 64 "mpskctl: |key rotate"
done
run key rotate bob a/b
refused "a wrong id" 2 "ID: 1 to 64"
run key rotate --role nobody --yes
refused "no key is chosen" 1 "no key"

# A collision that was there before does not stand in the way of its cure.
redis hset 'mpsk:key:{twin}' psk 'chosen by bob' ssid Acme >/dev/null
run key rotate twin
exits "a key that has another's passphrase gets its own" 0
run_with 'chosen by bob\n' key rotate carol --passphrase-file -
exits "an old passphrase is taken, too" 2

# An edit meanwhile is not lost, and a key of every SSID has no PMKs of another passphrase.
fresh
make any
run key derive --ssid Acme
is "a key for every SSID" "$(pmk_fields any)" "pmk:Acme "
run key rotate any
is "a key for every SSID: no PMK of the old passphrase" "$code $(pmk_fields any)" "0 "
make plain --ssid Acme
run key rotate plain --no-pmk
is "--no-pmk" "$code $(pmk_fields plain)" "0 "

#
# --- Several ---
#
fresh
for id in ann ben cat; do make $id --ssid Acme --role guest; done
make dan --ssid Acme --role staff
redis hset 'mpsk:key:{bad}' psk correct-horse max inf >/dev/null
before=$(digest)
run key rotate --role guest
refused "keys by options, without a terminal" 64 "--yes"
run key rotate --role guest --dry-run
is "keys by options, --dry-run" "$code $out $(digest)" "0 would rotate key ann
would rotate key ben
would rotate key cat $before"
like "a malformed key is passed over" "$err" "warning: key bad is malformed"

# At a terminal.
code=0
{ sleep 1; echo n; } | script -qec "'$MPSKCTL' key rotate --role guest" /dev/null >"$dir/tty" 2>&1 || code=$?
like "a terminal: asked" "$(cat "$dir/tty")" "Rotate 3 keys, whose present passphrases are then taken until .*\? \[y/N\]"
is "a terminal: no" "$code $(digest)" "1 $before"
{ sleep 1; echo y; } | script -qec "'$MPSKCTL' key rotate --role guest" /dev/null >"$dir/tty" 2>&1
for id in ann ben cat; do is "a terminal: yes: $id" "$(field $id old_psk)" "passphrase of $id"; done
unlike "a terminal: the passphrases of several are not shown" "$(cat "$dir/tty")" "$(field ann psk)"
not_ok "another role is left alone" has_field dan old_psk

run key rotate dan ann nobody --generate=words
is "ids, one in a grace and one unknown: the worst exit" "$code" 2
is "ids: the other is rotated, and not shown" "$out" "rotated key dan"
like "ids: what failed" "$err" "key ann: it was rotated before.*
.*key nobody: there is no such key"
run key rotate ann ben --force --show-psk --tsv
is "--show-psk" "$code $(printf '%s\n' "$out" | cut -f 1,5 | tail -n 2)" "0 ann${tab}$(field ann psk)
ben${tab}$(field ben psk)"
run key rotate ann ann --force --show-psk --json
ok "an id that is named twice is rotated once" json "length == 1 and .[0].psk == \"$(field ann psk)\""

# 'aaaaaaaa' to 'bbbbbbbb' are 256 passphrases, which do not go round.
fresh
i=0
while [ $i -lt 300 ]; do
	i=$((i + 1))
	echo "HSET mpsk:key:{k$i} psk passphrase-$i ssid Acme tags few"
done | redis >/dev/null
run key rotate --tag few --yes --generate --alphabet ab --length 8 --json
is "passphrases that come twice: exit" "$code" 2
ok "passphrases that come twice: some keys get one" json '[.[] | select(.result == "rotated")] | length > 50 and length <= 256'
like "passphrases that come twice: said" "$err" "key k[0-9]+: key k[0-9]+ already has the passphrase that it would get"
is "passphrases that come twice: each is one key's" "$(redis eval "local seen, twice = {}, 0
	for _, name in ipairs(redis.call('KEYS', 'mpsk:key:*')) do
		local psk = redis.call('HGET', name, 'psk')
		if seen[psk] then twice = twice + 1 end
		seen[psk] = true
	end
	return twice" 0)" 0
run key rotate --all --yes --now --json
is "--all: exit" "$code" 0
ok "--all: each, in the order of the ids" json 'length == 300 and ([.[].id] == ([.[].id] | sort)) and all(.result == "rotated")'
is "--all: with a PMK each" "$(redis eval "local n = 0
	for _, name in ipairs(redis.call('KEYS', 'mpsk:key:*')) do n = n + redis.call('HEXISTS', name, 'pmk:Acme') end
	return n" 0)" 300

#
# --- Lists ---
#
fresh
make idle --ssid Acme
make used --ssid Acme
make over --ssid Acme
make none --ssid Acme
run key rotate idle used over
redis hset 'mpsk:key:{used}' old_used 1700000000 >/dev/null
redis hset 'mpsk:key:{over}' old_used 1700000000 old_exp 1700000001 >/dev/null
run key list --rotating --json
ok "--rotating" json '[.[].id] == ["idle", "used"]'
run key list --old-psk-in-use --json
ok "--old-psk-in-use" json '[.[].id] == ["used"] and .[0].old_used == 1700000000'
run key list --old-psk-in-use
like "--old-psk-in-use: a column says when" "$out" "OLD USED.*
.*2023-11-14T22:13:20"
run key rotate --end --rotating --yes
is "--end by options" "$code $out" "0 ended the old passphrase of key idle
ended the old passphrase of key used"
run key list --rotating
is "nobody is rotating" "$code $out" "0 "

done_testing
