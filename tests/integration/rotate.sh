#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # DIR/env sets them
#
# A rotation through the server: before it, in its grace and after it, with
# both passphrases and with wrong ones.
set -u
cd "${srcdir:?}" || exit 1
. tests/tap.sh
. tests/integration/lab.sh

MPSKCTL=${MPSKCTL:-$builddir/mpskctl/mpskctl}
old="the passphrase before"
new="the passphrase after"

ctl()
{
	"$MPSKCTL" --redis "unix://$MPSK_REDIS_SOCKET" "$@"
}

field()
{
	rcli --raw hget "mpsk:key:{bob}" "$1"
}

# rotate PASSPHRASE OPTION...
rotate()
{
	printf '%s\n' "$1" > "$lab/new"
	shift
	ctl key rotate bob --passphrase-file "$lab/new" --quiet "$@"
}

listed()
{
	ctl key list "$1" --json | jq -r 'map(.id) | join(" ")'
}

# Every claim is made at Redis, so that what is noted there shows at once.
lab_up MPSK_LAB_SET="log_accept = yes
claim_fresh = 0
$lab_patient"
wait_loaded
printf '%s\n' "$old" > "$lab/old"
ctl key add bob --ssid Acme --vlan 20 --role staff --max 2 --passphrase-file "$lab/old" --quiet
echo "the passphrase of any" > "$lab/any"
ctl key add any --passphrase-file "$lab/any" --quiet

in_force "before: the passphrase" "0 MATCHED" Acme "$old" "$lab_mac"
joins "before: what will be the new one" "1 NO_MATCH" Acme "$new" "$lab_mac"
is "before: nothing is noted" "$(field old_used)" ""

rotate "$new" --grace 1h
in_force "in the grace: the new passphrase" "0 MATCHED" Acme "$new" 00-00-5e-00-53-02
is "in the grace: it alone is no use of the old one" "$(field old_used) $(listed --rotating) $(listed --old-psk-in-use)" " bob "
joins "in the grace: the old passphrase" "0 MATCHED" Acme "$old" "$lab_mac"
like "in the grace: the role and the VLAN stay" "$(field vlan) $(field role)" '^20 staff$'
is "in the grace: the devices are the key's as before" "$(rcli zcard 'mpsk:dev:{bob}')" 2
ok "in the grace: the old one's use is noted" [ $(($(date +%s) - $(field old_used))) -le 60 ]
is "in the grace: it is in the lists" "$(listed --rotating) $(listed --old-psk-in-use)" "bob bob"
joins "in the grace: a wrong passphrase" "1 NO_MATCH" Acme "the passphrase of nobody" "$lab_mac"
joins "in the grace: the cap counts for both" "1 CAP_REACHED" Acme "$old" 00-00-5e-00-53-03
joins "in the grace: on another SSID" "1 NO_MATCH" Elsewhere "$old" "$lab_mac"

# A server that starts in the grace derives the old one's PMK itself.
tests/lab radius "$lab" stop
tests/lab radius "$lab" start
wait_loaded
in_force "after a restart: the old passphrase" "0 MATCHED" Acme "$old" "$lab_mac"
joins "after a restart: the new one" "0 MATCHED" Acme "$new" "$lab_mac"

ctl key rotate bob --end --quiet
in_force "after --end: the old passphrase" "1 NO_MATCH" Acme "$old" "$lab_mac"
joins "after --end: the new one" "0 MATCHED" Acme "$new" "$lab_mac"
is "after --end: nothing is noted" "$(field old_used)$(listed --rotating)" ""

# A grace that ends by itself: to the second.
rotate "a third passphrase" --grace 6s
in_force "a short grace: the newest" "0 MATCHED" Acme "a third passphrase" "$lab_mac"
joined=
wrong=
limit=$(field old_exp)
while :; do
	before=$(date +%s)
	join Acme "$new" "$lab_mac" || :
	after=$(date +%s)
	if [ "$after" -lt "$limit" ]; then
		joined=in
		[ "$(reason)" = MATCHED ] || wrong="$wrong $(reason) in the grace"
	elif [ "$before" -ge "$limit" ]; then
		[ "$(reason)" = EXPIRED ] || wrong="$wrong $(reason) after the grace"
		break
	fi
done
is "a short grace: until its last second, and no longer" "$joined$wrong" in
joins "after the grace: the newest" "0 MATCHED" Acme "a third passphrase" "$lab_mac"
is "after the grace: the list" "$(listed --rotating)" ""

# No grace.
rotate "a fourth passphrase" --now
in_force "--now: the new passphrase" "0 MATCHED" Acme "a fourth passphrase" "$lab_mac"
joins "--now: the old one" "1 NO_MATCH" Acme "a third passphrase" "$lab_mac"

# A key of every SSID, in bulk.
in_force "every SSID: before" "0 MATCHED" Elsewhere "the passphrase of any" 00-00-5e-00-53-09
ctl key rotate --all --yes --quiet
in_force "every SSID: the old one" "0 MATCHED" Elsewhere "the passphrase of any" 00-00-5e-00-53-09
rcli --raw hget 'mpsk:key:{any}' psk > "$lab/psk"
in_force "every SSID: the new one" "0 MATCHED" Elsewhere "$(cat "$lab/psk")" 00-00-5e-00-53-09

lab_done
done_testing
