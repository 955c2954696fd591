#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# mpskctl maintain: its lease, its report, and each step before, at and after
# its limit. What it mails is in mpskctl-mail.sh.
set -u

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/integration/ctl.sh
. "${srcdir:-.}/tests/integration/ctl.sh"

ctl_up
lease=mpsk:lease:maintain

# put ID FIELD VALUE...: a key by hand.
put()
{
	put_id=$1
	shift
	redis hset "mpsk:key:{$put_id}" psk "passphrase of $put_id" ssid Acme "$@" >/dev/null
}

#
# --- The lease ---
#
fresh
put bob old_psk 'long ago' old_exp 5 old_used 4
before=$(digest)
run maintain --dry-run
is "--dry-run" "$code $out" "0 grace: key bob: would end"
is "--dry-run writes nothing, and takes no lease" "$(digest)" "$before"
redis hset $lease holder ap1/77/0123abcd >/dev/null
before=$(digest)
run maintain
refused "another machine is at it" 1 "nothing was done: another one is at it \(host/process ap1/77\)$"
run maintain --dry-run --quiet
is "a dry run needs no lease" "$code $out" "0 "
redis expire $lease 1 >/dev/null
lease_is_over()
{
	[ "$(redis exists $lease)" = 0 ]
}
wait_for 10 lease_is_over || fail "the lease of a machine that died ends"
run maintain --json
exits "the lease of a machine that died ends" 0
ok "--json" json '. == [{"step": "grace", "id": "bob", "what": null, "result": "ended", "reason": null}]'
is "the lease is dropped" "$(redis exists $lease)" 0
run maintain --tsv
is "nothing is due, --tsv" "$code $out" "0 step${tab}id${tab}what${tab}result${tab}reason"
run maintain
is "nothing is due" "$code $out$err" "0 "
redis set $lease a >/dev/null
run maintain
exits "a lease of another type" 2
redis del $lease >/dev/null

#
# --- Options ---
#
run maintain --only frobnicate
exits "a step that there is not" 2
like "a step that there is not: said" "$err" "--only: there is no step 'frobnicate'"
run maintain --at +7d
exits "--at without --dry-run" 64
run maintain --dry-run --at yesterday
exits "--at that is no time" 2
run maintain bob
exits "an operand" 64
like "an operand: said" "$err" "too many operands"

#
# --- grace: ends by time ---
#
fresh
put bob old_psk 'long ago' old_exp 2000000000 old_used 1700000000 note 'stays'
put never old_psk 'long ago'
put none
redis hset 'mpsk:key:{bad}' psk correct-horse max inf old_psk 'long ago' old_exp 5 >/dev/null
run maintain --only grace --dry-run --at 1999999999
is "grace: before its end" "$code $out" "0 "
run maintain --only grace --dry-run --at 2000000000
is "grace: at its end" "$code $out" "0 grace: key bob: would end"
redis hset 'mpsk:key:{bob}' old_exp "$(date +%s)" >/dev/null
run maintain --only grace
is "grace: ends" "$code $out" "0 grace: key bob: ended"
is "grace: nothing is left of the old one" "$(field bob old_psk)$(field bob old_exp)$(field bob old_used)" ""
is "grace: all else stays" "$(field bob psk) $(field bob note)" "passphrase of bob stays"
is "grace: one without an end stays" "$(field never old_psk)" "long ago"

#
# --- rotate: passphrases that are as old as their keys allow ---
#
fresh
now=$(date +%s)
put bob rotate_every 604800 rotated $((now - 604800)) created 5 vlan 20
put young rotate_every 604800 rotated $((now - 604000)) created 5
put made rotate_every 604800 created $((now - 604000))
put hand rotate_every 86400
put never created 5
put off rotate_every 604800 enabled 0
put over rotate_every 604800 exp $((now - 5))
put grace rotate_every 604800 old_psk 'long ago' old_exp $((now + 600))
redis hset 'mpsk:key:{digits}' psk 0123456789 ssid Acme rotate_every 604800 >/dev/null
redis hset 'mpsk:key:{words}' psk room-root-rope-rose ssid Acme rotate_every 604800 >/dev/null
redis zadd 'mpsk:dev:{bob}' 1 00-00-5e-00-53-01 >/dev/null
before=$(digest)
run maintain --only rotate --dry-run
is "rotate: --dry-run" "$code $out" "0 rotate: key bob: would rotate
rotate: key digits: would rotate
rotate: key hand: would rotate
rotate: key words: would rotate"
is "rotate: --dry-run writes nothing" "$(digest)" "$before"
run maintain --only rotate --dry-run --at +1h
like "rotate: --at, when the others are as old" "$out" 'key grace: .*
rotate: key hand: .*
rotate: key made: would rotate
rotate: key words: would rotate
rotate: key young: would rotate$'
run maintain --only rotate
is "rotate" "$code $out$err" "0 rotate: key bob: rotated
rotate: key digits: rotated
rotate: key hand: rotated
rotate: key words: rotated"
is "rotate: the old passphrase" "$(field bob old_psk)" "passphrase of bob"
is "rotate: its grace is 7 days" "$(field bob old_exp)" $(($(field bob rotated) + 604800))
is "rotate: or until the next rotation" "$(field hand old_exp)" $(($(field hand rotated) + 86400))
ok "rotate: when it was" [ "$(field bob rotated)" -ge "$now" ]
is "rotate: holders are told of the change" "$(field bob modified)" "$(field bob rotated)"
is "rotate: all else stays" "$(field bob vlan) $(field bob created) $(redis zcard 'mpsk:dev:{bob}')" "20 5 1"
like "rotate: a new passphrase, by the policy keyboard" "$(field bob psk)" '^[a-z2-9]{16}$'
like "rotate: as many digits as before" "$(field digits psk)" '^[0-9]{10}$'
unlike "rotate: as many digits as before, and others" "$(field digits psk)" '^0123456789$'
like "rotate: as many words as before" "$(field words psk)" '^[a-z]{3,7}(-[a-z]{3,7}){3}$'
is "rotate: with its PMK" "$(field bob pmk:Acme | cut -d : -f 1)" "$(field bob psk | tr -d '\n' | sha1sum | cut -c 1-16)"
for id in young made never off over grace; do
	is "rotate: not $id" "$(field $id psk)" "passphrase of $id"
done
run log --key bob --json
ok "rotate: it is in the trail of edits" json '.[-1] | .verb == "maintain" and .changes.psk == "changed" and .changes.old_psk == "set"'
run maintain --only rotate
is "rotate: once" "$code $out" "0 "
redis hset 'mpsk:key:{bob}' rotated $((now - 604800)) >/dev/null
run maintain --only rotate
is "rotate: a key in a grace waits for its end" "$code $out" "0 "
redis hset 'mpsk:key:{bob}' old_exp $((now - 1)) >/dev/null
run maintain --only rotate --rotate-grace 2d --json
ok "rotate: --json" json '. == [{"step": "rotate", "id": "bob", "what": null, "result": "rotated", "reason": null}]'
is "rotate: --rotate-grace" "$(field bob old_exp)" $(($(field bob rotated) + 172800))
redis hset 'mpsk:key:{bob}' rotated 5 old_exp 5 >/dev/null
run maintain --only grace --only rotate --rotate-grace 0
is "rotate: after the grace before, and without one" "$code $out $(field bob old_psk)" "0 grace: key bob: ended
rotate: key bob: rotated "
for grace in never x 999999999999; do
	run maintain --rotate-grace $grace
	exits "rotate: --rotate-grace $grace" 2
done

# What the schedule counts from.
put bob rotate_every 604800 rotated 5
printf 'chosen by bob\n' | "$MPSKCTL" key edit bob --passphrase-file - --quiet
ok "key edit of the passphrase counts as a rotation" [ "$(field bob rotated)" -ge "$now" ]
redis hset 'mpsk:key:{bob}' rotated 5 >/dev/null
"$MPSKCTL" key edit bob --vlan 5 --quiet
is "key edit of something else does not" "$(field bob rotated)" 5
"$MPSKCTL" key rotate bob --now --quiet >/dev/null
ok "key rotate does" [ "$(field bob rotated)" -ge "$now" ]
redis hset 'mpsk:key:{bob}' rotated 5 >/dev/null
printf 'id,psk\nbob,imported by bob\n' >"$dir/bob.csv"
"$MPSKCTL" key import --update "$dir/bob.csv" --quiet
ok "and so does an import" [ "$(field bob rotated)" -ge "$now" ]
run key add carol --generate --rotate-every 7d
is "key add --rotate-every" "$code $(field carol rotate_every)$(field carol rotated)" "0 604800"
run key edit carol --rotate-every 2w --quiet
is "key edit --rotate-every" "$code $(field carol rotate_every)" "0 1209600"
run key show carol
like "key show: rotate_every" "$out" '^rotate_every +14d$'
run key edit carol --rotate-every 59m
like "key edit --rotate-every: an hour at least" "$code $err" "2 mpskctl key edit: --rotate-every: '59m' is less than an hour"
run key edit carol --rotate-every never
is "key edit --rotate-every never" "$code $(field carol rotate_every)" "0 0"

#
# --- grace: ends early, where nobody uses the old passphrase ---
#
fresh
now=$(date +%s)
one=00-00-5e-00-53-01
# rotated ID FIELD VALUE...: a key that was rotated a day ago, and has six days of grace left.
rotated()
{
	put "$@" old_psk 'long ago' old_exp $((now + 518400)) rotated $((now - 86400))
}
seen()
{
	redis zadd "mpsk:dev:{$1}" "$2" "${3:-$one}" >/dev/null
}
rotated bob
seen bob $((now - 43200))
seen bob $((now - 86000)) 00-00-5e-00-53-02
rotated used old_used $((now - 43200))
seen used $((now - 43000))
rotated lately old_used $((now - 3000))
seen lately "$now"
rotated before
seen before $((now - 80000))
seen before $((now - 86400)) 00-00-5e-00-53-02
rotated lag old_used $((now - 43200))
seen lag $((now - 43080))
rotated nobody
put unknown old_psk 'long ago' old_exp $((now + 518400))
seen unknown "$now"
before=$(digest)
run maintain --only grace
is "early grace: only where it is asked for" "$code $out $(digest)" "0  $before"
run maintain --only grace --early-grace 1h --dry-run
is "early grace: --dry-run" "$code $out $(digest)" "0 grace: key bob: would end early
grace: key used: would end early $before"
MPSK_EARLY_GRACE=12h run maintain --only grace
is "early grace: where the old one was not used for so long, and all came since" "$code $out" "0 grace: key bob: ended early
grace: key used: ended early"
is "early grace: nothing is left of the old one" \
	"$(field used old_psk)$(field used old_exp)$(field used old_used)" ""
for id in lately before lag nobody unknown; do is "early grace: not $id" "$(field $id old_psk)" "long ago"; done
run maintain --early-grace 5m
like "early grace: ten minutes at least" "$code $err" "2 .*--early-grace: '5m' is less than 10m"

#
# --- idle: devices that nobody saw for long ---
#
fresh
put bob
seen bob $((now - 200 * 86400))
seen bob $((now - 10 * 86400)) 00-00-5e-00-53-02
seen bob 0 00-00-5e-00-53-03
put own idle 864000
seen own $((now - 11 * 86400))
seen own $((now - 9 * 86400)) 00-00-5e-00-53-02
put never idle 0
seen never $((now - 200 * 86400))
put listed macs $one
seen listed $((now - 200 * 86400))
put on
seen on $((now - 200 * 86400))
redis hset 'mpsk:sess:{on}' ap/1 "{\"mac\":\"$one\",\"seen\":$now}" >/dev/null
redis zadd 'mpsk:live:{bob}' 9000000000 $one >/dev/null
before=$(digest)
run maintain --only idle
is "idle: only where it is asked for" "$code $out $(digest)" "0  $before"
run maintain --only idle --idle-devices 180d --dry-run
is "idle: --dry-run" "$code $(printf '%s\n' "$out" | sort) $(digest)" "0 idle: key bob: would forget $one
idle: key own: would forget $one $before"
run maintain --only idle --idle-devices 180d
is "idle: not seen for so long, or for the key's idle" "$code $(printf '%s\n' "$out" | sort)" "0 idle: key bob: forgot $one
idle: key own: forgot $one"
is "idle: the others stay" "$(redis zrange 'mpsk:dev:{bob}' 0 -1) $(redis zrange 'mpsk:dev:{own}' 0 -1)" \
	"00-00-5e-00-53-03
00-00-5e-00-53-02 00-00-5e-00-53-02"
is "idle: its place is free" "$(redis exists 'mpsk:live:{bob}')" 0
for id in never listed on; do is "idle: not of $id" "$(redis zcard "mpsk:dev:{$id}")" 1; done
run log --key own --json
ok "idle: it is in the trail of edits" json ".[-1] | .verb == \"maintain\" and .action == \"device forgotten\" and .mac == \"$one\""

#
# --- purge: keys that expired long ago ---
#
fresh
put bob exp $((now - 90 * 86400 - 60)) org acme
put less exp $((now - 90 * 86400 + 600))
put future exp $((now + 600))
put always
seen bob "$now"
redis hset 'mpsk:sess:{bob}' ap/1 "{\"mac\":\"$one\",\"seen\":$now,\"ended\":$now}" >/dev/null
redis zadd 'mpsk:live:{bob}' 9000000000 $one >/dev/null
redis hset 'mpsk:mail:{bob}' change 5 >/dev/null
before=$(digest)
run maintain --only purge
is "purge: only where it is asked for" "$code $out $(digest)" "0  $before"
run maintain --only purge --purge-expired 90d --dry-run
is "purge: --dry-run" "$code $out $(digest)" "0 purge: key bob: would delete $before"
run maintain --only purge --purge-expired 90d
is "purge" "$code $out" "0 purge: key bob: deleted"
is "purge: what goes with it" "$(redis keys 'mpsk:*{bob}')" ""
is "purge: the others stay" "$(redis keys 'mpsk:key:*' | sort | tr '\n' ' ')" \
	"mpsk:key:{always} mpsk:key:{future} mpsk:key:{less} "
run log --key bob --json
ok "purge: it is in the trail of edits" json '.[-1] | .verb == "maintain" and .action == "deleted" and .org == "acme"'
run maintain --purge-expired 0
exits "purge: not at once" 2

#
# --- sessions: those whose end nobody told ---
#
# session ID NUMBER SECONDS_AGO [MORE_MEMBERS]: one that was last heard of so long ago.
session()
{
	redis hset "mpsk:sess:{$1}" "ap/$2" \
		"{\"mac\":\"00-00-5e-00-53-0$2\",\"seen\":$(($(date +%s) - $3))${4-}}" >/dev/null
	redis hset mpsk:nas:ap "$2" "$1" >/dev/null
}
ends()
{
	redis hget "mpsk:sess:{$1}" "ap/$2" | jq -r '[.ended == .seen, .cause] | join(" ")'
}
fresh
put bob concurrent 3
session bob 1 100
session bob 2 4000
session bob 3 90000
session bob 4 90000 ",\"ended\":$(($(date +%s) - 90000))"
session bob 5 5000 ",\"ended\":$(($(date +%s) - 5000)),\"cause\":\"User-Request\""
redis zadd 'mpsk:live:{bob}' 9000000000 00-00-5e-00-53-01 9000000000 00-00-5e-00-53-02 >/dev/null
before=$(digest)
run maintain --only sessions --dry-run
is "sessions: --dry-run" "$code $out" "0 sessions: key bob: would end ap/2"
is "sessions: --dry-run writes nothing" "$(digest)" "$before"
run maintain --only sessions
is "sessions: one that nothing was heard of for an hour ends" "$code $out" "0 sessions: key bob: ended ap/2"
is "sessions: and ended when it was last heard of" "$(ends bob 2)" "true Stale"
is "sessions: its place is free" "$(redis zrange 'mpsk:live:{bob}' 0 -1)" 00-00-5e-00-53-01
is "sessions: those of a day ago are forgotten" "$(redis hkeys 'mpsk:sess:{bob}' | sort | tr '\n' ' ')" "ap/1 ap/2 ap/5 "
is "sessions: and so are the pointers to them" "$(redis hkeys mpsk:nas:ap | sort | tr '\n' ' ')" "1 2 5 "
run maintain --only sessions
is "sessions: that was all" "$code $out" "0 "
run maintain --only sessions --session-stale 90
is "sessions: --session-stale" "$code $out" "0 sessions: key bob: ended ap/1"
run maintain --session-stale 59
exits "sessions: --session-stale of less than a minute" 2
redis del 'mpsk:sess:{bob}' >/dev/null
redis rpush 'mpsk:sess:{bob}' x >/dev/null
run maintain --only sessions
is "sessions: what is none is passed over" "$code $out" "0 "

done_testing
