#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # DIR/env sets them
#
# Sealed passphrases and the server: devices stay let in while all keys are sealed anew, and no secret stands in the
# log at the highest level of debugging.
set -u
cd "${srcdir:?}" || exit 1
. tests/tap.sh
. tests/integration/lab.sh

keys=200
ring_dir=$(mktemp -d) || bail_out "mktemp failed"
ring=$ring_dir/keyring
"${builddir:?}/mpskctl/mpskctl" keyring init "$ring" --id k1 > /dev/null || bail_out "no keyring"

told()
{
	grep -q -e "$1" "$MPSK_LOG"
}

ctl()
{
	"$MPSKCTL" "$@" --redis "$MPSK_REDIS" --keyring "$ring" >> "$lab/said" 2>&1
}

stored()
{
	rcli --raw hget "mpsk:key:{$1}" "$2"
}

is_sealed()
{
	case $(stored "$1" "$2") in
	*enc1:k1:*) return 0 ;;
	esac
	return 1
}

is_sealed_by_k2()
{
	case $(stored "$1" "$2") in
	enc1:k2:*) return 0 ;;
	esac
	return 1
}

# What the server itself prints of the attributes of a reply is its own; see docs/how-to/seal-secrets.md.
our_log()
{
	grep -v -E '\([0-9]+\) +(Tunnel-Password|User-Password)(:[0-9]+)? :?= ' "$MPSK_LOG"
}

# Each secret that the log, or what mpskctl said, holds.
told_secrets()
{
	our_log > "$lab/ours"
	while read -r secret; do
		grep -q -i -F -e "$secret" "$lab/ours" "$lab/said" && echo "$secret"
	done < "$lab/secrets"
}

lab_up MPSK_LAB_DEBUG=2 MPSK_LAB_SET="log_accept = yes
keyring = \"$ring\"
$lab_patient"
wait_loaded

printf 'sealed-from-the-start\n' > "$lab/psk"
ok "a key is added, sealed" ctl key add bob --ssid Acme --max 2 --no-pmk --passphrase-file "$lab/psk"
ok "it is sealed" is_sealed bob psk
in_force "a device with a sealed key is let in" "0 MATCHED" Acme sealed-from-the-start "$lab_mac"
ok "the PMK that the server derived is kept, sealed" wait_for 5 is_sealed bob pmk:Acme

i=0
while [ $i -lt $keys ]; do
	echo "HSET mpsk:key:{k$i} psk in-clear-at-first-$i ssid Acme max 1"
	i=$((i + 1))
done | rcli > /dev/null
key any psk for-every-network-1
in_force "a device with a key in clear is let in" "0 MATCHED" Acme in-clear-at-first-0 00-00-5e-00-53-02
in_force "and one with a key for every SSID" "0 MATCHED" Other for-every-network-1 00-00-5e-00-53-03

# Through the real server, as fast as it goes, while every key is sealed and put back in clear.
(
	for _ in 1 2 3; do
		ctl rekey --clear || exit 1
		ctl rekey || exit 1
	done
) &
rekey=$!
asked=0
refused=
while kill -0 $rekey 2>/dev/null || [ $asked -lt 20 ]; do
	join Acme in-clear-at-first-0 00-00-5e-00-53-02 || refused="$refused $(reason)"
	asked=$((asked + 1))
done
wait $rekey && rekey_exit=0 || rekey_exit=$?
is "mpskctl rekey: no error" "$rekey_exit" 0
is "the device is let in all the while" "$refused" ""
is "all keys are sealed" "$(i=0
	while [ $i -lt $keys ]; do
		stored k$i psk | cut -c 1-8
		i=$((i + 1))
	done | sort | uniq -c | tr -s ' ')" " $keys enc1:k1:"
is "it is the key's only device" "$(rcli zcard 'mpsk:dev:{k0}')" 1
joins "another device is beyond the cap" "1 CAP_REACHED" Acme in-clear-at-first-0 00-00-5e-00-53-04

# The server's keyring is the one of its start.
ok "a key is added to the keyring" "$MPSKCTL" keyring add "$ring" --id k2 --quiet
ok "and seals" ctl rekey
ok "the log tells of what the server's keyring does not hold" \
	wait_for 10 told "key [a-z0-9]* refused: psk: sealed with the key 'k2', which the keyring does not hold"
ok "the server is stopped" tests/lab radius "$lab" stop
ok "and started anew" tests/lab radius "$lab" start
wait_loaded
in_force "the device is let in again" "0 MATCHED" Acme in-clear-at-first-0 00-00-5e-00-53-02

# With their PMKs, which are in clear for a moment.
{
	cat <<-END
	written-by-hand-1
	and-the-one-before
	sealed-from-the-start
	in-clear-at-first-
	for-every-network-1
	END
	sed 's/^[^ ]* //' "$ring"
	for key_id in bob k0; do
		"$MPSKCTL" rekey --clear --quiet --redis "$MPSK_REDIS" --keyring "$ring"
		stored $key_id pmk:Acme | cut -d : -f 2
	done
	stored any pmk:Other | cut -d : -f 2
} > "$lab/secrets"

# seal_plaintext: what a hand writes is sealed.
ok "the server is stopped once more" tests/lab radius "$lab" stop
sed -i 's/^\tseal_plaintext = no$/\tseal_plaintext = yes/' "$lab/raddb/mods-enabled/mpsk"
lab_mark
ok "and started with seal_plaintext" tests/lab radius "$lab" start
wait_loaded
key hand psk written-by-hand-1 old_psk and-the-one-before ssid Acme
ok "seal_plaintext: the psk is sealed" wait_for 10 is_sealed_by_k2 hand psk
ok "seal_plaintext: so is old_psk" is_sealed_by_k2 hand old_psk
ok "seal_plaintext: the log says so" wait_for 5 told 'keys were in clear, and are sealed now'
in_force "seal_plaintext: the device is let in" "0 MATCHED" Acme written-by-hand-1 00-00-5e-00-53-05
sealed=$(stored hand psk)
key hand note edited
in_force "seal_plaintext: the device of the passphrase before is let in" "0 MATCHED" Acme and-the-one-before \
	00-00-5e-00-53-06
is "seal_plaintext: what is sealed stays as it is" "$(stored hand psk)" "$sealed"

ok "the log has debugging in it" told "Debug: .*Tunnel-Password"
is "there are secrets to look for" "$(grep -c -E '^[^ ]{18,}$' "$lab/secrets")" 9
is "no secret stands in the log, nor in what mpskctl said" "$(told_secrets)" ""

rm -rf "$ring_dir"
lab_done
done_testing
