#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # DIR/env sets them
#
# Decisions in the store: what they hold and what not, what repeats itself
# is merged, and mpskctl watch shows them.
set -u
cd "${srcdir:?}" || exit 1
. tests/tap.sh
. tests/integration/lab.sh

MPSKCTL=${MPSKCTL:-${builddir:-.}/mpskctl/mpskctl}
mac=00-00-5e-00-53-01

decisions()
{
	"$MPSKCTL" --redis "unix://$MPSK_REDIS_SOCKET" watch --past 1000 --json "$@"
}

# told COUNT OPTION...
told()
{
	count=$1
	shift
	[ "$(decisions "$@" | jq length)" -eq "$count" ]
}

lab_up MPSK_LAB_SET="log_decisions = all
$lab_patient"
key bob ssid Acme psk 'passphrase of bob' org acme max 1 vlan 20
wait_loaded
"$MPSKCTL" --redis "unix://$MPSK_REDIS_SOCKET" watch --json --mac 00-00-5e-00-53-07 > "$lab/live" 2>"$lab/live.err" &
watcher=$!
ok "a device is let in" wait_for 5 join Acme 'passphrase of bob' $mac
ok "which is told" wait_for 5 told 1 --mac $mac
ok "with key, organisation, VLAN and where" jq -e '.[0] | .decision == "accept" and .reason == "MATCHED" and
	.key == "bob" and .org == "acme" and .vlan == "20" and .ssid == "Acme" and .server != null and .times == null' <<JSON
$(decisions --mac $mac)
JSON
join Acme 'passphrase of bob' 00-00-5e-00-53-02
ok "a second device is refused, which is told" wait_for 5 told 1 --mac 00-00-5e-00-53-02 --reason CAP_REACHED --key bob
for device in 02 02 02 02 02; do join Acme 'passphrase of bob' 00-00-5e-00-53-$device; done
join Acme 'no key has it' 00-00-5e-00-53-03
ok "a wrong passphrase is told" wait_for 5 told 1 --mac 00-00-5e-00-53-03 --reason NO_MATCH
join Acme 'no key has it' $mac
ok "a wrong passphrase of a device that is known is told" wait_for 5 told 1 --mac $mac --reason NO_MATCH
is "with the key that has it" "$(decisions --mac $mac --reason NO_MATCH | jq -r '.[0] | .holder, .key' | tr '\n' ' ')" \
	"bob null "
is "what repeats itself is told once" "$(decisions --mac 00-00-5e-00-53-02 | jq length)" 1
unlike "no passphrase is told" "$(rcli --raw xrange 'mpsk:log:{acme}' - +; rcli --raw xrange 'mpsk:log:{*}' - +)" \
	'passphrase of bob|no key has it'
seen_live()
{
	join Acme 'no key has it' 00-00-5e-00-53-07
	[ -s "$lab/live" ]
}
ok "watch shows decisions as they are made" wait_for 10 seen_live
is "and those alone that are asked for" "$(head -n 1 "$lab/live" | jq -r .mac)" 00-00-5e-00-53-07
kill $watcher
wait $watcher 2>/dev/null

lab_done
done_testing
