#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What mpskctl takes for a passphrase and for every other field, and what it
# refuses.
set -u

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/integration/ctl.sh
. "${srcdir:-.}/tests/integration/ctl.sh"

ctl_up

#
# --- What a passphrase may be ---
#
x8=12345678
x63=123456789012345678901234567890123456789012345678901234567890123
hex64=00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF

# takes NAME INPUT STORED
takes()
{
	fresh
	run_with "$2" key add p --passphrase-file -
	exits "a passphrase: $1" 0
	is "a passphrase: $1: stored" "$(field p psk)" "$3"
}

# takes_not NAME INPUT ERE
takes_not()
{
	run_with "$2" key add p --passphrase-file -
	refused "a passphrase: $1" 2 "$3"
}

takes "8 characters" "$x8\n" "$x8"
takes "63 characters" "$x63\n" "$x63"
takes "64 hex digits" "$hex64\n" "$hex64"
takes "no newline at the end" "$x8" "$x8"
takes "a line that ends in CR LF" "$x8\r\n" "$x8"
takes "64 hex digits and CR LF" "$hex64\r\n" "$hex64"
takes "the first line of two" "$x8\nsecond-line\n" "$x8"
takes "blanks are part of it" " 1234 67 \n" " 1234 67 "
takes "every kind of ASCII" "~!\"'%%\\\\\\\\ x\n" "~!\"'%%\\\\ x"

fresh
before=$(digest)
takes_not "none" '' "0 octets"
takes_not "an empty line" '\nsecond-line\n' "0 octets"
takes_not "7 characters" '1234567\n' "7 octets"
takes_not "7 characters and CR LF" '1234567\r\n' "7 octets"
takes_not "64 characters that are no hex digits" "${x63}x\n" "64 octets"
takes_not "65 hex digits" "${hex64}0\n" "65 octets"
takes_not "300 characters" "$x63$x63$x63$x63$x63\n" "over 256"
takes_not "a NUL" '1234\000567890\n' "not printable ASCII"
takes_not "a tab" '1234\t567890\n' "not printable ASCII"
takes_not "DEL" '1234\177567890\n' "not printable ASCII"
takes_not "UTF-8" 'correct-h\303\266rse\n' "not printable ASCII"
takes_not "octets past ASCII" '\377\376\375\374\373\372\371\370\n' "not printable ASCII"
takes_not "CR within" '1234\r567890\n' "not printable ASCII"
unlike "a refusal does not repeat the passphrase" "$err" 567890

#
# --- The terminal ---
#
mkfifo "$dir/keyboard"
exec 3<>"$dir/keyboard"

seen()
{
	grep -q -e "$1" "$dir/screen"
}

# at_terminal FIRST SECOND: both are typed when they are asked for; the exit code is left in $code.
at_terminal()
{
	: >"$dir/screen"
	script -qefc "$MPSKCTL key add tina --ssid Acme" "$dir/screen" <"$dir/keyboard" >/dev/null 2>&1 &
	script_pid=$!
	pids="$redis_pid $script_pid"
	wait_for 30 seen 'Passphrase: ' || fail "the terminal is asked"
	printf '%s\n' "$1" >&3
	if [ $# -gt 1 ]; then
		wait_for 30 seen 'Once more: ' || fail "the terminal is asked twice"
		printf '%s\n' "$2" >&3
	fi
	code=0
	wait "$script_pid" || code=$?
	pids=$redis_pid
	out=
	err=$(cat "$dir/screen")
}

fresh
before=$(digest)
at_terminal correct-horse correct-mule
refused "two passphrases that differ, at the terminal" 2 "the two differ"
at_terminal short
refused "a passphrase that is too short, at the terminal" 2 "5 octets"
at_terminal correct-horse correct-horse
exits "a passphrase at the terminal" 0
is "a passphrase at the terminal: stored" "$(field tina psk)" correct-horse
unlike "a passphrase at the terminal: no echo" "$err" correct-horse
exec 3>&-

#
# --- Values that are refused ---
#
fresh
before=$(digest)

# bad NAME CODE ERE OPTION...
bad()
{
	bad_name=$1
	bad_code=$2
	bad_ere=$3
	shift 3
	run key add bob --generate "$@"
	refused "$bad_name" "$bad_code" "$bad_ere"
}

bad "a VLAN over 4094" 2 "vlan" --vlan 4095
bad "a VLAN that is none" 2 "vlan" --vlan 'no name'
bad "an empty VLAN" 2 "--vlan: is empty" --vlan ''
bad "a cap that is none" 2 "max" --max inf
bad "a negative cap" 2 "max" --max -1
bad "a cap of 13 digits" 2 "max" --max 1234567890123
bad "a usage that is none" 2 "usage" --usage both
bad "an empty usage" 2 "--usage: is empty" --usage ''
bad "a MAC that is none" 2 "macs" --macs 00-00-5e
bad "an SSID that is too long" 2 "--ssid: expected at most 32" --ssid 123456789012345678901234567890123
bad "an SSID with a broken escape" 2 "--ssid: expected" --ssid 'a\xg0'
bad "an empty SSID" 2 "--ssid: is empty" --ssid ''
bad "an SSID of one asterisk" 2 "asterisk" --ssid '\x2a'
bad "an SSID in odd hex" 2 "--ssid-hex: expected" --ssid-hex 123
bad "an SSID in hex that is too long" 2 "--ssid-hex: expected" --ssid-hex "$hex64"00
bad "an empty site" 2 "--site: is empty" --site ''
bad "a site with a slash" 2 "site" --site a/b
bad "a name that is too long" 2 "name" --name "$x63$x63$x63"
bad "a name with a newline" 2 "name" --name "a
b"
bad "a time that is none" 2 "--expires: expected a time" --expires tomorrow
bad "a day that is none" 2 "--exp: expected a time" --exp 2027-02-29
bad "a beginning that never comes" 2 "--not-before: never" --not-before never
bad "an idle time that is none" 2 "--idle: expected a duration" --idle 30x
bad "an enabled that is none" 2 "enabled" --enabled yes
bad "an option for the creation" 64 "unrecognized option" --created 1
for id in '' a/b 'a b' '{a}' "$x63$x63" "$(printf 'b\303\266b')"; do
	run key add "$id" --generate
	refused "the id '$id'" 2 "ID: 1 to 64"
done

#
# --- Times ---
#
fresh
run key add t --generate --exp 2099-12-31 --nbf 2099-12-31
is "a date ends at its end, and begins at its beginning" "$(field t exp) $(field t nbf)" "4102444800 4102358400"
TZ='CET-1CEST,M3.5.0,M10.5.0/3' "$MPSKCTL" key edit t --exp 2099-12-31T18:00 --nbf 2099-06-01 --quiet
is "local time" "$(field t exp) $(field t nbf)" "4102419600 4083948000"
run key edit t --exp 2099-12-31T18:00:00Z --nbf 2099-12-31T18:00:00+02:00
is "times with a zone" "$(field t exp) $(field t nbf)" "4102423200 4102416000"
now=$(date +%s)
run key edit t --expires +90d --not-before +12h
exp=$(field t exp)
nbf=$(field t nbf)
ok "+90d" test "$((exp - now - 90 * 86400))" -ge 0 -a "$((exp - now - 90 * 86400))" -le 60
ok "+12h" test "$((nbf - now - 12 * 3600))" -ge 0 -a "$((nbf - now - 12 * 3600))" -le 60
run key edit t --expires never --idle never
is "never" "$(field t exp) $(field t idle)" "0 0"
run key edit t --unset expires --unset nbf --unset idle
not_ok "--unset takes the option's name as well" has_field t exp
not_ok "--unset takes the field's name" has_field t nbf
for value in w1 90m 1d12h 45; do
	case $value in
	w1) run key edit t --idle 1w ; is "--idle 1w" "$(field t idle)" 604800 ;;
	90m) run key edit t --idle 90m ; is "--idle 90m" "$(field t idle)" 5400 ;;
	1d12h) run key edit t --idle 1d12h ; is "--idle 1d12h" "$(field t idle)" 129600 ;;
	45) run key edit t --idle 45 ; is "--idle 45" "$(field t idle)" 45 ;;
	esac
done

done_testing
