#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # DIR/env and vector() set them
#
# A device's way in, and what keeps it out.
set -u
cd "${srcdir:?}" || exit 1
. tests/tap.sh
. tests/integration/lab.sh

mac()
{
	printf '00-00-5e-00-53-%02x' "$1"
}

# Every claim is made at Redis, so that what is edited there shows at once.
lab_up MPSK_LAB_SET="log_accept = yes
claim_fresh = 0
session_timeout = 5000
$lab_patient"
now=$(date +%s)

# --- What the answer says ---

vector tests/vectors/wpa2-ccmp-min.txt
key full ssid PPSK psk 12345678 name "Room 12" role guest vlan 20 exp $((now + 1000))
wait_loaded
vector_request > "$lab/request"
ask_when_ready "$lab/request"
is "the device is let in" "$(code) $(reason)" "Access-Accept MATCHED"
is "Tunnel-Password" "$(answered Tunnel-Password)" '"12345678"'
is "Tunnel-Type" "$(answered Tunnel-Type)" VLAN
is "Tunnel-Medium-Type" "$(answered Tunnel-Medium-Type)" IEEE-802
is "Tunnel-Private-Group-Id" "$(answered Tunnel-Private-Group-Id)" '"20"'
is "User-Name is the key's name" "$(answered User-Name)" '"Room 12"'
is "so is Chargeable-User-Identity" "$(answered Chargeable-User-Identity)" \
	"0x$(printf 'Room 12' | od -An -tx1 | tr -d ' \n')"
is "policy.d/mpsk maps the role" "$(answered Filter-Id)" '"guest"'
timeout=$(answered Session-Timeout)
ok "Session-Timeout is what is left of the key's time" [ "$timeout" -le 1000 -a "$timeout" -ge 900 ]
like "the accept is signed" "$(answered Message-Authenticator)" '^0x[0-9a-f]{32}$'

key full exp $((now + 100000)) vlan '' role ''
in_force "an edit of another field" "0 MATCHED" PPSK 12345678 "$(mac 1)"
ask "$lab/request"
is "without a VLAN, none is answered" "$(answered Tunnel-Private-Group-Id)" ""
is "without a role, none is answered" "$(answered Filter-Id)" ""
is "Session-Timeout is the module's where the key's is longer" "$(answered Session-Timeout)" 5000

key full enabled 0
in_force "a disabled key" "1 DISABLED" PPSK 12345678 "$(mac 1)"
ask "$lab/request"
is "the reject" "$(code)" Access-Reject
like "the reject is signed" "$(answered Message-Authenticator)" '^0x[0-9a-f]{32}$'
is "the reject says no more" "$(sed -n '/^Received /,$ p' "$lab/answer" | grep -c '^[[:space:]]')" 1

# --- Unbound, then bound ---

key alice ssid Acme psk "alice's passphrase"
key bob ssid Acme psk "bob's passphrase"
in_force "a key added by hand" "0 MATCHED" Acme "alice's passphrase" "$(mac 1)"
joins "the same device by its MAC" "0 BOUND" Acme "alice's passphrase" "$(mac 1)" --bound
joins "a MAC that never came" "1 UNKNOWN_MAC" Acme "alice's passphrase" "$(mac 99)" --bound
joins "a MAC on an SSID where it never was" "1 UNKNOWN_MAC" Elsewhere "alice's passphrase" "$(mac 1)" --bound
joins "a wrong passphrase" "1 NO_MATCH" Acme "nobody's passphrase" "$(mac 2)"
joins "a wrong passphrase from a known MAC" "1 NO_MATCH" Acme "nobody's passphrase" "$(mac 1)"
joins "the right passphrase on another SSID" "1 NO_MATCH" Elsewhere "alice's passphrase" "$(mac 1)"
joins "a known MAC with another key" "0 MATCHED" Acme "bob's passphrase" "$(mac 1)"
joins "which is its key by MAC from then on" "0 BOUND" Acme "bob's passphrase" "$(mac 1)" --bound

tests/lab radius "$lab" stop
tests/lab radius "$lab" start
wait_loaded
joins "after a restart, by its MAC" "0 BOUND" Acme "bob's passphrase" "$(mac 1)" --bound
# Redis notes once a minute when a key saw a device, so that only the hint knows of the way back.
joins "back with the first key" "0 MATCHED" Acme "alice's passphrase" "$(mac 1)"
tests/lab radius "$lab" stop
tests/lab radius "$lab" start
wait_loaded
joins "which is its key after another restart" "0 BOUND" Acme "alice's passphrase" "$(mac 1)" --bound

# --- Every AKM ---

for akm in psk psk-tkip wpa wpa-ccmp psk-sha256 psk-sha256-gcmp256 psk-sha384 ft-psk ft-psk-sha384; do
	joins "$akm" "0 MATCHED" Acme "alice's passphrase" "$(mac 1)" --akm "$akm"
	joins "$akm, wrong passphrase" "1 NO_MATCH" Acme "nobody's passphrase" "$(mac 1)" --akm "$akm"
done
joins "a frame that takes two attributes" "0 MATCHED" Acme "alice's passphrase" "$(mac 1)" --akm ft-psk \
	--nas-id "a name of an access point that is 48 octets long"

# --- Caps ---

key capped ssid Acme psk "capped passphrase" max 2
in_force "first device" "0 MATCHED" Acme "capped passphrase" "$(mac 11)"
joins "second device" "0 MATCHED" Acme "capped passphrase" "$(mac 12)"
joins "third device of two" "1 CAP_REACHED" Acme "capped passphrase" "$(mac 13)"
like "the log says how many" "$(lab_log)" 'key=capped detail=".*2'
join Acme "capped passphrase" "$(mac 11)"
is "the first is let in still" "$?" 0
is "Redis knows two devices" "$(rcli zcard 'mpsk:dev:{capped}')" 2
ok "forget one" "$MPSKCTL" --redis "$MPSK_REDIS" device forget capped "$(mac 12)"
joins "there is room again" "0 MATCHED" Acme "capped passphrase" "$(mac 13)"
joins "and none for the one that was forgotten" "1 CAP_REACHED" Acme "capped passphrase" "$(mac 12)"

key single ssid Acme psk "single passphrase" usage single
in_force "the one device" "0 MATCHED" Acme "single passphrase" "$(mac 21)"
join Acme "single passphrase" "$(mac 22)"
is "no other" "$?" 1

key listed ssid Acme psk "listed passphrase" usage macs macs "$(mac 31), 00005e0053a*"
in_force "a listed device" "0 MATCHED" Acme "listed passphrase" "$(mac 31)"
joins "one by its beginning" "0 MATCHED" Acme "listed passphrase" "$(mac 160)"
joins "one that is not listed" "1 WRONG_MAC" Acme "listed passphrase" "$(mac 32)"

# --- Time ---

key early ssid Acme psk "early passphrase" nbf $((now + 100000))
in_force "before its time" "1 NOT_YET" Acme "early passphrase" "$(mac 41)"
key late ssid Acme psk "late passphrase" exp $((now - 10))
in_force "after its time" "1 EXPIRED" Acme "late passphrase" "$(mac 42)"
key short ssid Acme psk "short passphrase" exp $(($(date +%s) + 3))
in_force "within its time" "0 MATCHED" Acme "short passphrase" "$(mac 43)"
expired()
{
	! join Acme "short passphrase" "$(mac 43)" && [ "$(reason)" = EXPIRED ]
}
ok "until it ends" wait_for 6 expired
join Acme "short passphrase" "$(mac 43)" --bound
is "and by MAC too" "$? $(reason)" "1 EXPIRED"

# --- Edits ---

key bob psk "bob's new passphrase"
in_force "a new passphrase by hand" "0 MATCHED" Acme "bob's new passphrase" "$(mac 1)"
joins "for another device too" "0 MATCHED" Acme "bob's new passphrase" "$(mac 2)"
joins "the old one is refused" "1 NO_MATCH" Acme "bob's passphrase" "$(mac 1)"
ok "disable with mpskctl" "$MPSKCTL" --redis "$MPSK_REDIS" key disable bob
in_force "disabled" "1 DISABLED" Acme "bob's new passphrase" "$(mac 1)"
ok "enable with mpskctl" "$MPSKCTL" --redis "$MPSK_REDIS" key enable bob
in_force "enabled" "0 MATCHED" Acme "bob's new passphrase" "$(mac 1)"
rcli del 'mpsk:key:{bob}' > /dev/null
in_force "deleted by hand" "1 NO_MATCH" Acme "bob's new passphrase" "$(mac 1)"
join Acme "bob's new passphrase" "$(mac 2)" --bound
is "and no more by MAC" "$?" 1
printf 'a passphrase of dora\n' > "$lab/dora"
ok "add with mpskctl" "$MPSKCTL" --redis "$MPSK_REDIS" key add dora --ssid Acme --passphrase-file "$lab/dora"
in_force "added" "0 MATCHED" Acme "a passphrase of dora" "$(mac 51)"
ok "delete with mpskctl" "$MPSKCTL" --redis "$MPSK_REDIS" key delete dora
in_force "deleted" "1 NO_MATCH" Acme "a passphrase of dora" "$(mac 51)"

# --- Sites ---

key here ssid Acme psk "a passphrase of here" site hq
rcli hset mpsk:cfg:nas:ap-1 site elsewhere > /dev/null
site_request()
{
	vector tests/vectors/wpa2-ccmp-min.txt
	vector_request > "$lab/request"
	ask "$lab/request"
}
key full enabled 1 site hq
wrong_site()
{
	site_request
	[ "$(code) $(reason)" = "Access-Reject WRONG_SITE" ]
}
ok "a NAS at another site" wait_for 3 wrong_site
rcli hset mpsk:cfg:nas:ap-1 site hq > /dev/null
right_site()
{
	site_request
	[ "$(code) $(reason)" = "Access-Accept MATCHED" ]
}
ok "a NAS at the key's site" wait_for 3 right_site

lab_done
done_testing
