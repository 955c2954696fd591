#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # DIR/env sets them
#
# What a MAC that nobody knows gets, where its access point asks by MAC alone:
# several keys to try, or one that is for all such.
set -u
cd "${srcdir:?}" || exit 1
. tests/tap.sh
. tests/integration/lab.sh
. tests/integration/sessions.sh

mac()
{
	printf '00-00-5e-00-53-%02x' "$1"
}

said()
{
	sed -n "s/^$1  *//p" "$lab/joined"
}

# offered NAME "EXIT REASON" "KEYS" PASSPHRASE [RADMPSK_OPTION...]: to a MAC that nobody knows.
offered()
{
	offered_name=$1
	offered_expected=$2
	offered_keys=$3
	shift 3
	passphrase=$1
	shift
	joins "$offered_name" "$offered_expected" Acme "$passphrase" "$(mac 200)" --bound "$@"
	is "$offered_name: the keys" "$(said keys)" "$offered_keys"
}

lab_up MPSK_LAB_SET="log_accept = yes
claim_fresh = 0
unknown_mac = candidates
max_candidates = 4
$lab_patient"
now=$(date +%s)

key one ssid Acme psk "passphrase of one"
key two ssid Acme psk "passphrase of two"
key three ssid Acme psk "passphrase of three" exp $((now + 1000))
for id in one two three; do
	key_at=$((${key_at-0} + 1))
	rcli zadd "mpsk:dev:{$id}" $((now - 100 * key_at)) "$(mac $key_at)" > /dev/null
done
# None of these is to be offered.
key vlan ssid Acme psk "passphrase with vlan" vlan 20
key role ssid Acme psk "passphrase with role" role staff
key late ssid Acme psk "passphrase too late" exp 1000
key off ssid Acme psk "passphrase that is off" enabled 0
key full ssid Acme psk "passphrase at its cap" max 1
rcli zadd 'mpsk:dev:{full}' "$now" "$(mac 9)" > /dev/null
key listed ssid Acme psk "passphrase of others" usage macs macs "$(mac 10)"
key site ssid Acme psk "passphrase of a site" site hq
key else ssid Else psk "passphrase of Else"
wait_loaded
in_force "the keys are derived" "0 MATCHED" Else "passphrase of Else" "$(mac 99)"

offered "the one used last" "0 CANDIDATES" "3 attributes, 3 usable, 1 tried" "passphrase of one"
is "no key's name goes with several" "$(said 'key name')" ""
like "the session ends with the first of the keys" "$(said Session-Timeout)" '^(9[0-9][0-9]|1000) s$'
like "the log says how many" "$(lab_log)" 'reason=CANDIDATES .*key=- detail="3 keys"'
offered "the one used before" "0 CANDIDATES" "3 attributes, 3 usable, 2 tried" "passphrase of two"
offered "the one before that" "0 CANDIDATES" "3 attributes, 3 usable, 3 tried" "passphrase of three"
for other in "with vlan" "with role" "too late" "that is off" "at its cap" "of others" "of a site"; do
	offered "not the passphrase $other" "2 CANDIDATES" "3 attributes, 3 usable, 3 tried" "passphrase $other"
done
is "nothing was claimed" "$(rcli zcard 'mpsk:dev:{one}') $(rcli exists "mpsk:mac:$(mac 200)")" "1 0"
joins "a device that is known gets its own key" "0 BOUND" Acme "passphrase of two" "$(mac 2)" --bound
is "and that alone" "$(said keys)" "1 attribute, 1 usable, 1 tried"
rcli hset mpsk:cfg:nas:ap-hq site hq > /dev/null
in_force "at its site, that of a site" "0 CANDIDATES" Acme "passphrase of a site" "$(mac 200)" --bound --nas-id ap-hq
offered "an access point that tries one key gets none" "1 UNKNOWN_MAC" "" "passphrase of one" --dialect generic

digits=$(printf '%064x' 77)
key digits ssid Acme psk "$digits"
rcli zadd 'mpsk:dev:{digits}' "$((now + 10))" "$(mac 11)" > /dev/null
in_force "a PMK, used last of all" "0 CANDIDATES" Acme "$digits" "$(mac 200)" --bound
offered "stands behind a passphrase, for SAE takes the last" "0 CANDIDATES" "4 attributes, 4 usable, 1 tried" \
	"passphrase of two"
key five ssid Acme psk "passphrase of five"
rcli zadd 'mpsk:dev:{five}' "$((now + 20))" "$(mac 12)" > /dev/null
in_force "a fifth, used last" "0 CANDIDATES" Acme "passphrase of five" "$(mac 200)" --bound
offered "the oldest makes way" "2 CANDIDATES" "4 attributes, 4 usable, 4 tried" "passphrase of three"

# --- The truth, where accounting can tell it ---

joins "of an SSID with one key" "0 CANDIDATES" Else "passphrase of Else" "$(mac 203)" --bound
is "the answer tells its name" "$(said 'key name')" else
joins "which says nothing of the device yet" "0 CANDIDATES" Else "passphrase of Else" "$(mac 203)" --bound
acct_ssid=Else
ok "its session begins" acct start "$(mac 203)" --user-name else
acct_ssid=Acme
learned()
{
	join Else "passphrase of Else" "$(mac 203)" --bound && [ "$(reason)" = BOUND ]
}
ok "so it holds that key" wait_for 10 learned
is "and counts as its device" "$(rcli zcard 'mpsk:dev:{else}') $(rcli hget "mpsk:mac:{$(mac 203)}" Else)" "2 else"
ok "of several, whose name no answer holds" acct start "$(mac 204)" --user-name "$(mac 204)"
joins "none is learned" "0 CANDIDATES" Acme "passphrase of five" "$(mac 204)" --bound

# --- As many as there may be, of the longest ---

wide()
{
	printf 'passphrase %02d %049d' "$1" 0
}
i=0
while [ $i -lt 21 ]; do
	key "wide-$i" ssid Wide psk "$(wide $i)"
	rcli zadd "mpsk:dev:{wide-$i}" $((now - i)) "$(mac $((100 + i)))" > /dev/null
	i=$((i + 1))
done
tests/lab radius "$lab" stop
sed 's/^\([[:space:]]*max_candidates = \).*/\120/' "$lab/raddb/mods-enabled/mpsk" > "$lab/changed"
cp "$lab/changed" "$lab/raddb/mods-enabled/mpsk"
tests/lab radius "$lab" start
wide_offered()
{
	join Wide "$(wide 0)" "$(mac 205)" --bound && [ "$(said keys)" = "20 attributes, 20 usable, 1 tried" ]
}
ok "twenty of 63 octets fit into an answer" wait_for 10 wide_offered
joins "and the last of them is found" "0 CANDIDATES" Wide "$(wide 19)" "$(mac 205)" --bound
is "where hostapd comes to it at last" "$(said keys)" "20 attributes, 20 usable, 20 tried"
joins "one more has no room" "2 CANDIDATES" Wide "$(wide 20)" "$(mac 205)" --bound

# --- One key for all whom nobody knows ---

rewrite()
{
	sed "s/^\([[:space:]]*unknown_mac = \).*/\1$1/; s/^#*\([[:space:]]*unknown_key = \).*/\1$2/" \
		"$lab/raddb/mods-enabled/mpsk" > "$lab/changed"
	cp "$lab/changed" "$lab/raddb/mods-enabled/mpsk"
}
tests/lab radius "$lab" stop
rewrite key vlan
tests/lab radius "$lab" start
loaded_again()
{
	join Acme "passphrase with vlan" "$(mac 201)" --bound
}
ok "unknown_key is offered" wait_for 10 loaded_again
is "with its VLAN" "$(said VLAN)" 20
is "as CANDIDATES" "$(reason)" CANDIDATES
joins "in any dialect" "0 CANDIDATES" Acme "passphrase with vlan" "$(mac 202)" --bound --dialect cisco
joins "on its SSID alone" "1 UNKNOWN_MAC" Else "passphrase with vlan" "$(mac 202)" --bound
key vlan enabled 0
in_force "and not where it may not be used" "1 DISABLED" Acme "passphrase with vlan" "$(mac 202)" --bound

# starts SET: whether a server with these options does.
starts()
{
	mkdir -p "$lab/other"
	env MPSK_BUILD="$builddir" MPSK_LAB_REDIS=none MPSK_LAB_SET="$1" tests/lab up "$lab/other" > "$lab/said" 2>&1
	starts_status=$?
	tests/lab down "$lab/other" > /dev/null 2>&1
	rm -rf "$lab/other"
	return $starts_status
}
not_ok "a rule that is none" starts "unknown_mac = nobody"
like "the error says which there are" "$(cat "$lab/said")" 'unknown_mac = "nobody": give reject, key or candidates'
not_ok "a key that is not named" starts "unknown_mac = key"
like "the error says where to name it" "$(cat "$lab/said")" 'give the id of that key in unknown_key'

lab_done
done_testing
