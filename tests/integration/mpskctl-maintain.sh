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
