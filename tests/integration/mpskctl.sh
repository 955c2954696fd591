#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# mpskctl against a private Redis: every verb, every way to fail with its
# exit code, and what stands in the store afterwards.
set -u

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"

MPSKCTL=${MPSKCTL:-${builddir:-.}/mpskctl/mpskctl}
dir=$(mktemp -d "${TMPDIR:-/tmp}/mpskctl-test.XXXXXX") || bail_out "no directory for the test"
sock=$dir/redis.sock
pids=

finish()
{
	for pid in $pids; do
		kill -CONT "$pid" 2>/dev/null
		kill "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	rm -rf "$dir"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

redis()
{
	redis-cli -s "$sock" "$@"
}

redis_answers()
{
	[ "$(redis ping 2>/dev/null)" = PONG ]
}

[ -x "$MPSKCTL" ] || bail_out "$MPSKCTL is not built"
for tool in redis-server redis-cli jq script; do
	command -v "$tool" >/dev/null || bail_out "$tool is not installed"
done
redis-server --port 0 --unixsocket "$sock" --dir "$dir" --save '' --appendonly no >"$dir/redis.log" 2>&1 &
redis_pid=$!
pids=$redis_pid
wait_for 30 redis_answers || bail_out "redis-server does not start: $(cat "$dir/redis.log")"

MPSK_REDIS=unix://$sock
TZ=UTC
LC_ALL=C.UTF-8
export MPSK_REDIS TZ LC_ALL
unset POSIXLY_CORRECT

tab=$(printf '\t')
esc=$(printf '\033')

# Runs mpskctl; leaves its standard output, error and exit code in $out, $err and $code.
run()
{
	code=0
	out=$("$MPSKCTL" "$@" 2>"$dir/err" </dev/null) || code=$?
	err=$(cat "$dir/err")
}

# The same with a text for the standard input, which printf %b makes of the first argument.
run_with()
{
	printf '%b' "$1" >"$dir/in"
	shift
	code=0
	out=$("$MPSKCTL" "$@" 2>"$dir/err" <"$dir/in") || code=$?
	err=$(cat "$dir/err")
}

# exits NAME CODE: how the last run ended.
exits()
{
	if [ "$code" -eq "$2" ]; then
		pass "$1: exit $2"
	else
		fail "$1: exit $2" "exit $code
stdout: $out
stderr: $err"
	fi
}

# One number for all that the store holds.
digest()
{
	redis eval "local names, all = redis.call('KEYS', '*'), {}
		table.sort(names)
		for i, name in ipairs(names) do all[i] = name .. redis.call('DUMP', name) end
		return redis.sha1hex(table.concat(all))" 0
}

# refused NAME CODE ERE: the last run ended with this code and message, printed no result, and wrote nothing
# since $before was taken.
refused()
{
	exits "$1" "$2"
	like "$1: says why" "$err" "$3"
	is "$1: no result" "$out" ""
	is "$1: nothing was written" "$(digest)" "$before"
}

field()
{
	redis --raw hget "mpsk:key:{$1}" "$2"
}

has_field()
{
	[ "$(redis hexists "mpsk:key:{$1}" "$2")" = 1 ]
}

pmk_fields()
{
	redis --raw hkeys "mpsk:key:{$1}" | grep '^pmk:' | sort | tr '\n' ' '
}

# fresh: an empty store.
fresh()
{
	redis flushall >/dev/null
}

json()
{
	printf '%s\n' "$out" | jq -c -e "$1" 2>&1
}

#
# --- Options ---
#
before=$(digest)
run
exits "no arguments" 0
like "no arguments: the verbs" "$out" '^  key add '
run --help
exits "--help" 0
like "--help: an example" "$out" 'mpskctl key add bob'
like "--help: the exit codes" "$out" '^Exit codes: 0 '
run --version
exits "--version" 0
like "--version" "$out" '^mpskctl [0-9]+\.[0-9]+'

for verb in "key add" "key list" "key show" "key edit" "key delete" "key enable" "key disable" \
	"device list" "device add" "device forget" ping; do
	# shellcheck disable=SC2086
	run $verb --help
	exits "$verb --help" 0
	like "$verb --help: how it is called" "$out" "^Usage: mpskctl $verb"
	like "$verb --help: an example" "$out" "^  mpskctl $verb"
	like "$verb --help: the exit codes" "$out" '^Exit codes: 0 '
	# shellcheck disable=SC2086
	run $verb --no-such-option
	refused "$verb with an unknown option" 64 "unrecognized option '--no-such-option'"
	like "$verb with an unknown option: points to its help" "$err" "See .mpskctl $verb --help"
done

run frobnicate
refused "an unknown noun" 64 "unknown verb 'frobnicate'"
run key
refused "a noun alone" 64 "add, list, show, edit, delete, enable, disable"
run key frobnicate
refused "an unknown verb" 64 "unknown verb 'key frobnicate'"
run --frobnicate key list
refused "an unknown common option" 64 "unrecognized option"
for call in "key show" "key edit" "key delete" "key enable" "key disable" "device list" "device add" \
	"device add bob" "device forget" "device forget bob"; do
	# shellcheck disable=SC2086
	run $call
	refused "$call without an operand" 64 "operand is missing"
done
for call in "key add bob carol --generate" "key list bob" "key show bob carol" "key edit bob carol --vlan 1" \
	"device list bob carol" "device forget bob 00-00-5e-00-53-01 --all" "ping bob"; do
	# shellcheck disable=SC2086
	run $call
	refused "$call" 64 "too many operands"
done

#
# --- Redis ---
#
run ping
exits "ping" 0
like "ping: who it is" "$out" '^(redis|valkey) [0-9.]+ answers as master in [0-9.]+ ms$'
run ping --json
ok "ping --json" json '(.server | type == "string") and .role == "master" and (.rtt_ms | type == "number")'
run ping --tsv
is "ping --tsv: its first line" "$(printf '%s\n' "$out" | head -n 1)" "server${tab}role${tab}rtt_ms"
run ping --quiet
is "ping --quiet" "$code $out" "0 "
for call in "--redis unix://$dir/nobody ping" "ping --redis unix://$dir/nobody" \
	"key --redis unix://$dir/nobody list" "--redis redis://127.0.0.1:1 key list"; do
	# shellcheck disable=SC2086
	run $call
	refused "nobody answers: ${call%%unix*}" 3 "mpskctl: ."
done
out=$(MPSK_REDIS=unix://$dir/nobody "$MPSKCTL" ping 2>&1) && code=0 || code=$?
is "MPSK_REDIS is where Redis is sought" "$code" 3
out=$(MPSK_REDIS=unix://$dir/nobody "$MPSKCTL" ping --quiet --redis "unix://$sock" 2>&1) && code=0 || code=$?
is "--redis counts for more than MPSK_REDIS" "$code $out" "0 "
run --redis http://127.0.0.1 ping
refused "a URI of another kind" 2 "redis://"
for value in 0 -1 x 1s 1e9 nan ''; do
	run ping --timeout "$value"
	refused "--timeout '$value'" 2 "--timeout: expected seconds"
done
run ping --timeout 2.5
exits "--timeout 2.5" 0

kill -STOP "$redis_pid"
code=0
err=$(timeout 30 "$MPSKCTL" key list --timeout 0.2 2>&1) || code=$?
kill -CONT "$redis_pid"
is "a Redis that hangs: exit" "$code" 3
like "a Redis that hangs: said" "$err" "mpskctl: ."

#
# --- key add ---
#
fresh
run_with 'password\n' key add bob --ssid IEEE --name 'Bob B.' --org acme --site north,south --role staff --vlan 20 \
	--max 3 --concurrent 2 --idle 30d --usage multi --macs '00:00:5E:00:53:01' --email bob@example.com \
	--note 'flat 3' --nbf 1700000000 --expires 4102444800 --passphrase-file -
exits "key add" 0
is "key add: said" "$out" "added key bob"
is "key add: psk" "$(field bob psk)" password
is "key add: ssid" "$(field bob ssid)" IEEE
is "key add: name" "$(field bob name)" "Bob B."
is "key add: org" "$(field bob org)" acme
is "key add: site" "$(field bob site)" "north,south"
is "key add: role" "$(field bob role)" staff
is "key add: vlan" "$(field bob vlan)" 20
is "key add: max" "$(field bob max)" 3
is "key add: concurrent" "$(field bob concurrent)" 2
is "key add: idle" "$(field bob idle)" 2592000
is "key add: usage" "$(field bob usage)" multi
is "key add: macs" "$(field bob macs)" "00:00:5E:00:53:01"
is "key add: email" "$(field bob email)" bob@example.com
is "key add: note" "$(field bob note)" "flat 3"
is "key add: nbf" "$(field bob nbf)" 1700000000
is "key add: exp" "$(field bob exp)" 4102444800
is "key add: enabled" "$(field bob enabled)" 1
like "key add: created" "$(field bob created)" '^[0-9]{10}$'
is "key add: modified" "$(field bob modified)" "$(field bob created)"
# IEEE 802.11-2020, J.4.2, test case 1; before it the digest of the passphrase.
is "key add: the PMK" "$(field bob pmk:IEEE)" \
	"$(printf password | sha1sum | cut -c 1-16):f42c6fc52df0ebef9ebb4b90b38a5f902e83fe1b135a70e23aed762e9710a12e"
is "key add: no other field" "$(redis hlen 'mpsk:key:{bob}')" 20

fresh
run_with 'correct-horse\n' key add least --passphrase-file -
exits "key add with a passphrase alone" 0
is "key add with a passphrase alone: its fields" \
	"$(redis --raw hkeys 'mpsk:key:{least}' | sort | tr '\n' ' ')" "created enabled modified psk "
run_with 'correct-mule\n' key add star --ssid '*' --passphrase-file -
is "every SSID: no PMK" "$code $(field star ssid) $(pmk_fields star)" "0 * "
run_with 'correct-pony\n' key add lazy --ssid Acme --no-pmk --passphrase-file -
is "--no-pmk" "$code $(pmk_fields lazy)" "0 "
run_with 'correct-donkey\n' key add off --enabled 0 --passphrase-file -
is "--enabled 0" "$code $(field off enabled)" "0 0"

fresh
run_with 'correct-horse\n' key add cafe --ssid 'Caf\xc3\xa9' --passphrase-file -
is "--ssid with escapes" "$code $(field cafe ssid)" "0 $(printf 'Caf\303\251')"
like "--ssid with escapes: the PMK's field" "$(pmk_fields cafe)" "^pmk:$(printf 'Caf\303\251') "
run_with 'correct-mule\n' key add back --ssid 'a\\b' --passphrase-file -
is "--ssid with a backslash" "$code $(field back ssid)" '0 a\b'
run_with 'correct-pony\n' key add hex --ssid-hex 41636d65 --passphrase-file -
is "--ssid-hex" "$code $(field hex ssid)" "0 Acme"

fresh
before=$(digest)
run key add --generate --name Bob --ssid Acme
exits "key add without an id" 0
id=$(printf '%s\n' "$out" | sed -n 's/^added key //p')
like "key add without an id: ten characters" "$id" '^[a-z0-9]{10}$'
is "key add without an id: the name" "$(field "$id" name)" Bob
psk=$(printf '%s\n' "$out" | sed -n 's/^passphrase: //p')
like "--generate: 16 characters" "$psk" '^[a-z0-9]{16}$'
is "--generate: what was printed is stored" "$(field "$id" psk)" "$psk"
run key add --generate=63 --quiet
is "--quiet prints the id that was made, and the passphrase" "$code $(printf '%s\n' "$out" | wc -l)" "0 2"
like "--generate=63" "$out" '^[a-z0-9]{63}$'
run key add dan --generate --quiet
is "--quiet prints the passphrase alone where the id was given" "$out" "$(field dan psk)"
run key add eve --generate --json
ok "key add --json" json ".id == \"eve\" and .result == \"added\" and .psk == \"$(field eve psk)\""
run_with 'correct-horse\n' key add fay --json --passphrase-file -
ok "key add --json tells no passphrase that it was given" json 'has("psk") | not'
run key add gus --generate --tsv
is "key add --tsv" "$out" "id${tab}result${tab}psk
gus${tab}added${tab}$(field gus psk)"
before=$(digest)
for length in 7 64 0 x '' 8x 99999999999999999999; do
	run key add hal --generate="$length"
	refused "--generate=$length" 2 "--generate: expected a length of 8 to 63"
done

# A passphrase is never taken from the command line, nor shown in the refusal.
for option in --passphrase --psk; do
	run key add hal "$option" correct-horse
	refused "$option X" 64 "every user of this machine.*--passphrase-file"
	run key add hal "$option=correct-horse"
	refused "$option=X" 64 "every user of this machine.*--passphrase-file"
	unlike "$option=X: not repeated" "$err" correct-horse
done
run key add hal
refused "no passphrase and no terminal" 64 "no terminal.*--passphrase-file"
run key add hal --generate --passphrase-file "$dir/in"
refused "two sources of a passphrase" 64 "one of --passphrase-file, --generate and --ask"
run key add hal --passphrase-file "$dir/nothing"
refused "a file that is not there" 2 "$dir/nothing: No such file"
run key add hal --passphrase-file "$dir"
refused "a directory for a file" 2 "$dir: Is a directory"

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
bad "a VLAN that is none" 2 "vlan" --vlan x
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

#
# --- The same passphrase twice ---
#
fresh
run_with 'correct-horse\n' key add bob --ssid Acme --site north --passphrase-file -
before=$(digest)
run_with 'correct-horse\n' key add bob --ssid Other --passphrase-file -
refused "an id that is taken" 2 "there is a key bob already"
run_with 'correct-horse\n' key add carol --ssid Acme --site north --passphrase-file -
refused "the same passphrase on the same SSID and site" 2 "key bob already has this passphrase"
run_with 'correct-horse\n' key add carol --ssid Acme --passphrase-file -
refused "the same passphrase at every site" 2 "key bob already has"
run_with 'correct-horse\n' key add carol --passphrase-file -
refused "the same passphrase on every SSID" 2 "key bob already has"
# The same key in 64 hex digits is known by the PMK that is stored.
run_with "$(field bob pmk:Acme | cut -d : -f 2)\n" key add carol --ssid Acme --passphrase-file -
refused "a passphrase's PMK in hex" 2 "key bob already has"
run_with 'correct-horse\n' key add carol --ssid Other --passphrase-file -
exits "the same passphrase on another SSID" 0
run_with 'correct-horse\n' key add dan --ssid Acme --site south --passphrase-file -
exits "the same passphrase at another site" 0
run_with 'correct-mule\n' key add eve --ssid Acme --passphrase-file -
before=$(digest)
run key edit carol --ssid Acme
refused "an SSID where the passphrase is another key's" 2 "key (bob|dan) already has"
run key edit dan --site north,south
refused "a site where the passphrase is another key's" 2 "key bob already has"
run key edit dan --unset site
refused "every site, where the passphrase is another key's" 2 "key bob already has"
run_with 'correct-horse\n' key edit eve --passphrase-file -
refused "a passphrase that is another key's" 2 "key (bob|dan) already has"
run_with 'correct-horse\n' key edit bob --passphrase-file -
exits "its own passphrase again" 0
redis hset 'mpsk:key:{bad}' psk correct-horse max inf >/dev/null
run_with 'correct-pony\n' key add fay --passphrase-file -
exits "a malformed key is passed over" 0
like "a malformed key is passed over: with a warning" "$err" "warning: key bad is malformed.*max"

#
# --- key edit ---
#
fresh
run_with 'correct-horse\n' key add bob --ssid Acme --vlan 20 --role staff --note x --passphrase-file -
redis hset 'mpsk:key:{bob}' modified 1 >/dev/null
pmk=$(field bob pmk:Acme)
run key edit bob --vlan 30 --max 2
exits "key edit" 0
is "key edit: said" "$out" "changed key bob"
is "key edit: what was named" "$(field bob vlan) $(field bob max)" "30 2"
is "key edit: what was not" "$(field bob role) $(field bob psk) $(field bob pmk:Acme)" "staff correct-horse $pmk"
like "key edit: modified" "$(field bob modified)" '^[0-9]{10}$'
run key edit bob --note '' --unset role --unset vlan
exits "key edit --unset" 0
not_ok "key edit --unset: gone" has_field bob vlan
ok "an empty value is no removal" has_field bob note
is "an empty value" "$(field bob note)" ""
run key edit bob --ssid Guests
is "another SSID: its PMK instead" "$code $(pmk_fields bob)" "0 pmk:Guests "
run key edit bob --unset ssid
is "every SSID: the PMK that still fits stays" "$code $(pmk_fields bob)" "0 pmk:Guests "
run_with 'correct-mule\n' key edit bob --passphrase-file -
is "another passphrase on every SSID: no stale PMK" "$code $(field bob psk) $(pmk_fields bob)" "0 correct-mule "
run_with 'password\n' key edit bob --ssid IEEE --passphrase-file -
like "another passphrase: its PMK" "$(field bob pmk:IEEE)" \
	':f42c6fc52df0ebef9ebb4b90b38a5f902e83fe1b135a70e23aed762e9710a12e$'
run key edit bob --generate --no-pmk
is "--no-pmk: no stale PMK" "$code $(pmk_fields bob)" "0 "
is "key edit --generate prints what it stored" \
	"$(printf '%s\n' "$out" | sed -n 's/^passphrase: //p')" "$(field bob psk)"
run key edit bob --json --vlan 7
ok "key edit --json" json '.id == "bob" and .result == "changed"'
before=$(digest)
run key edit bob --vlan 4095
refused "key edit with a wrong value" 2 "key bob: vlan"
run key edit bob --unset psk
refused "a key without a passphrase" 2 "cannot be without psk"
run key edit bob --unset nothing
refused "--unset of no field" 2 "no field 'nothing'"
run key edit bob
refused "key edit without a change" 64 "nothing to change"
run_with 'short\n' key edit bob --passphrase-file -
refused "key edit with a wrong passphrase" 2 "5 octets"
run key edit nobody --vlan 1
refused "key edit of an unknown id" 1 "no key nobody"
redis hset 'mpsk:key:{bad}' psk correct-horse max inf >/dev/null
redis set 'mpsk:key:{string}' x >/dev/null
before=$(digest)
run key edit bad --vlan 1
refused "key edit of a malformed key" 2 "key bad: .*max"
run key edit string --vlan 1
refused "key edit of what is no hash" 2 "key string: "

#
# --- key enable, key disable, key delete ---
#
fresh
for id in bob carol; do
	redis hset "mpsk:key:{$id}" psk "correct-$id" modified 1 >/dev/null
done
redis hset 'mpsk:key:{bad}' psk correct-horse max inf >/dev/null
run key disable bob nobody carol bad
exits "key disable: an id among them is unknown" 1
is "key disable: the others" "$(field bob enabled) $(field carol enabled) $(field bad enabled)" "0 0 0"
is "key disable: said" "$out" "disabled key bob
disabled key carol
disabled key bad"
is "key disable: what failed" "$err" "mpskctl: there is no key nobody"
is "key disable makes no key" "$(redis exists 'mpsk:key:{nobody}')" 0
like "key disable: modified" "$(field bob modified)" '^[0-9]{10}$'
run key enable bob --json
exits "key enable" 0
ok "key enable --json" json '. == [{"id": "bob", "result": "enabled"}]'
is "key enable" "$(field bob enabled)" 1
run key enable nobody --tsv
is "key enable --tsv of an unknown id" "$code $out" "1 id${tab}result
nobody${tab}not found"
before=$(digest)
run key disable bob a/b
refused "key disable with a wrong id does nothing at all" 2 "ID: 1 to 64"

redis zadd 'mpsk:dev:{bob}' 1 00-00-5e-00-53-01 >/dev/null
redis hset 'mpsk:sess:{bob}' x y >/dev/null
run key delete bob nobody bad
exits "key delete: an id among them is unknown" 1
is "key delete: said" "$out$err" "deleted key bob
deleted key badmpskctl: there is no key nobody"
is "key delete: with devices and sessions" "$(redis --raw keys '*')" "mpsk:key:{carol}"
run key delete carol --quiet
is "key delete --quiet" "$code $out" "0 "
run key delete carol --json
is "key delete again" "$code" 1
ok "key delete again, --json" json '. == [{"id": "carol", "result": "not found"}]'

#
# --- key list ---
#
fresh
run key list
is "key list of nothing" "$code $out" "0 "
run key list --json
is "key list --json of nothing" "$code $out" "0 []"
run key list --tsv
like "key list --tsv of nothing" "$out" "^id${tab}name${tab}ssid"

redis hset 'mpsk:key:{carol}' psk correct-carol ssid Acme site 'north south' role staff org acme vlan 20 max 0 \
	exp 4102444800 name Carol >/dev/null
redis hset 'mpsk:key:{bob}' psk correct-bob ssid Guests exp 1 macs '00:00:5e:00:53:01,aabbc*' idle 2592000 >/dev/null
redis hset 'mpsk:key:{any}' psk correct-any enabled 0 >/dev/null
redis hset 'mpsk:key:{Zoe}' psk correct-zoe nbf 4102444800 ssid "$(printf 'Caf\303\251')" \
	name "$(printf 'Zo\303\253')" >/dev/null
run key list
exits "key list" 0
is "key list: by id" "$(printf '%s\n' "$out" | sed 's/ .*//' | tr '\n' ' ')" "ID Zoe any bob carol "
like "key list: a key" "$out" \
	'^carol  Carol  Acme +north,south  staff  20 +unlimited  2100-01-01T00:00:00\+00:00  enabled$'
like "key list: expired" "$out" '^bob .* 1970-01-01T00:00:01\+00:00  expired$'
like "key list: disabled" "$out" '^any +any +\* +\* +- +- +- +never +disabled$'
like "key list: not yet" "$out" "^Zoe +$(printf 'Zo\303\253') +Caf.xc3.xa9 .* not yet\$"
unlike "key list: no passphrase" "$out" correct-
run key list --json
ok "key list --json: by id" json '[.[].id] == ["Zoe", "any", "bob", "carol"]'
ok "key list --json: typed" json '.[3] | .vlan == 20 and .max == 0 and .exp == 4102444800 and .enabled == true and
	.site == ["north", "south"] and .role == "staff" and .state == "enabled"'
ok "key list --json: absent is null" json '.[2] | .vlan == null and .max == null and .role == null and .org == null'
ok "key list --json: MACs" json '.[2].macs == ["00-00-5e-00-53-01", "aabbc*"]'
ok "key list --json: SSIDs are octets" json '.[0] | .ssid == "Caf\\xc3\\xa9" and .ssid_hex == "436166c3a9"'
ok "key list --json: every SSID" json '.[1] | .ssid == "*" and .ssid_hex == null and .site == ["*"]'
ok "key list --json: no passphrase" json 'all(.[]; has("psk") or has("psk_hex") | not)'
run key list --json --show-psk
ok "key list --json --show-psk" json '.[2] | .psk == "correct-bob" and .psk_hex == "636f72726563742d626f62"'
run key list --show-psk
like "key list --show-psk" "$out" '^carol .* correct-carol$'

# chosen NAME IDS OPTION...
chosen()
{
	chosen_name=$1
	chosen_ids=$2
	shift 2
	run key list --json "$@"
	is "key list $chosen_name" "$(printf '%s\n' "$out" | jq -r '.[].id' | tr '\n' ' ')" "$chosen_ids"
}
chosen "--ssid" "any carol " --ssid Acme
chosen "--ssid, as octets" "Zoe any " --ssid 'Caf\xc3\xa9'
chosen "--ssid '*'" "any " --ssid '*'
chosen "--site" "Zoe any bob carol " --site south
chosen "--site, another" "Zoe any bob " --site west
chosen "--site '*'" "Zoe any bob " --site '*'
chosen "--role" "carol " --role staff
chosen "--org" "carol " --org acme
chosen "--name" "carol " --name aRO
chosen "two at once" "" --name aRO --ssid Guests

fresh
redis hset 'mpsk:key:{bad}' psk correct-horse max inf >/dev/null
redis set 'mpsk:key:{string}' x >/dev/null
redis hset 'mpsk:key:{good}' psk correct-horse >/dev/null
run key list
exits "key list with malformed keys" 0
like "key list with malformed keys: the reason" "$out" '^bad .* malformed +max: '
like "key list with malformed keys: another" "$out" '^string .* malformed +.+'
like "key list with malformed keys: the good one" "$out" '^good .* enabled +-$'
run key list --json
ok "key list --json with malformed keys" json '.[0].id == "bad" and .[0].state == "malformed" and
	(.[0].malformed | startswith("max: ")) and .[1].malformed == null'
run key list --name good
like "malformed keys where keys are chosen" "$err" "warning: key bad is malformed: max"
unlike "malformed keys where keys are chosen: not listed" "$out" '^bad'

# What others wrote must not steer a terminal nor break a table.
fresh
redis hset 'mpsk:key:{esc}' psk correct-horse name "$(printf 'a\302\233b')" role 'a\b' >/dev/null
redis hset 'mpsk:key:{raw}' psk "$(printf 'caf\351-caf\351')" name "$(printf 'caf\351')" >/dev/null
run key list
like "a control character in UTF-8" "$out" '^esc +a.xc2.x9bb '
unlike "no escape reaches the terminal" "$out" "$esc"
like "what is no UTF-8" "$out" '^raw +caf.xe9 '
run key list --tsv
like "key list --tsv escapes a backslash" "$out" '^esc.*a\\\\b'
run key list --json --show-psk
ok "what is no UTF-8, in JSON" json '.[1] | .name == "caf\\xe9" and .psk == null and .psk_hex == "636166e92d636166e9"'

#
# --- key show, and the devices ---
#
fresh
run_with 'correct-horse\n' key add bob --ssid Acme --max 2 --idle 30d --passphrase-file -
before=$(digest)
run key show nobody
refused "key show of an unknown id" 1 "no key nobody"
run key show a/b
refused "key show of a wrong id" 2 "ID: 1 to 64"
run device list nobody
refused "device list of an unknown id" 1 "no key nobody"
run device add nobody 00-00-5e-00-53-01
refused "device add to an unknown id" 1 "no key nobody"
run device forget nobody 00-00-5e-00-53-01
refused "device forget of an unknown id" 1 "no key nobody"
run device add bob 00-00-5e-00-53
refused "device add of what is no MAC" 2 "MAC: expected twelve hex digits"
run device forget bob 00-00-5e-00-53-01-
refused "device forget of what is no MAC" 2 "MAC: expected twelve hex digits"
run device list bob
is "device list of none" "$code $out" "0 "
run device list bob --json
is "device list --json of none" "$code $out" "0 []"
run device forget bob --all --json
is "device forget --all of none" "$code $out" "0 []"

run device add bob 00:00:5E:00:53:01 0000.5e00.5302
exits "device add" 0
is "device add: said" "$out" "added device 00-00-5e-00-53-01 of key bob
added device 00-00-5e-00-53-02 of key bob"
is "device add: stored" "$(redis --raw zrange 'mpsk:dev:{bob}' 0 -1 | sort | tr '\n' ' ')" \
	"00-00-5e-00-53-01 00-00-5e-00-53-02 "
is "device add: the hint" "$(redis --raw keys 'mpsk:mac:*' | sort | while read -r name; do
	redis --raw hget "$name" Acme; done | tr '\n' ' ')" "bob bob "
run device add bob 00-00-5e-00-53-01
is "device add again" "$code $out" "0 known device 00-00-5e-00-53-01 of key bob"
before=$(digest)
run device add bob 00-00-5e-00-53-03
refused "device add past the cap" 2 "device 00-00-5e-00-53-03 of key bob: .*--max"
redis zadd 'mpsk:dev:{bob}' 1700000000 00-00-5e-00-53-01 >/dev/null
run device list bob
is "device list: last seen first" "$(printf '%s\n' "$out" | sed 's/ .*//' | tr '\n' ' ')" \
	"MAC 00-00-5e-00-53-02 00-00-5e-00-53-01 "
like "device list: last seen" "$out" '^00-00-5e-00-53-01  2023-11-14T22:13:20\+00:00$'
run device list bob --json
ok "device list --json" json '.[1] == {"mac": "00-00-5e-00-53-01", "last_seen": 1700000000}'
run device list bob --tsv
like "device list --tsv" "$out" "^00-00-5e-00-53-01${tab}1700000000\$"
run key show bob
exits "key show" 0
like "key show: a field" "$out" '^max +2$'
like "key show: a duration" "$out" '^idle +30d$'
like "key show: its devices" "$out" '^ +00-00-5e-00-53-01  last seen 2023-11-14T22:13:20\+00:00$'
unlike "key show: no passphrase" "$out" correct-horse
run key show bob --show-psk
like "key show --show-psk" "$out" '^psk +correct-horse$'
run key show bob --json
ok "key show --json" json '.id == "bob" and .max == 2 and (.devices | length) == 2 and
	.devices[1].last_seen == 1700000000 and (has("psk") | not) and (has("malformed") | not)'
run key show bob --tsv
is "key show --tsv: two lines" "$(printf '%s\n' "$out" | wc -l)" 2

run device forget bob 00-00-5e-00-53-01 00-00-5e-00-53-09
exits "device forget: one among them is unknown" 1
is "device forget: said" "$out" "forgot device 00-00-5e-00-53-01 of key bob"
like "device forget: what failed" "$err" "device 00-00-5e-00-53-09 of key bob: this is none of its devices"
is "device forget: stored" "$(redis --raw zrange 'mpsk:dev:{bob}' 0 -1)" "00-00-5e-00-53-02"
is "device forget: the hint is gone" "$(redis --raw keys 'mpsk:mac:*' | wc -l)" 1
for name in $(redis --raw keys 'mpsk:mac:*'); do redis hset "$name" Acme carol >/dev/null; done
run device forget bob --all --json
exits "device forget --all" 0
ok "device forget --all --json" json '. == [{"id": "bob", "mac": "00-00-5e-00-53-02", "result": "forgot"}]'
is "device forget --all: stored" "$(redis exists 'mpsk:dev:{bob}')" 0
is "a hint to another key stays" "$(redis --raw keys 'mpsk:mac:*' | wc -l)" 1

redis hset 'mpsk:key:{bob}' usage macs macs 00005e005301 >/dev/null
before=$(digest)
run device add bob 00-00-5e-00-53-02
refused "device add against the key's macs" 2 "its macs do not cover"
run device add bob 00-00-5e-00-53-01
exits "device add within the key's macs" 0
redis del 'mpsk:dev:{bob}' >/dev/null
for change in "enabled 0" "enabled 1 exp 1" "exp 0 nbf 4102444800" "nbf 0 max inf"; do
	# shellcheck disable=SC2086
	redis hset 'mpsk:key:{bob}' $change >/dev/null
	before=$(digest)
	run device add bob 00-00-5e-00-53-01
	refused "device add to a key with $change" 2 "key bob: "
done
run key show bob
refused "key show of a malformed key" 2 "key bob: .*max"
redis zadd 'mpsk:dev:{bob}' 1 00-00-5e-00-53-01 >/dev/null
run device forget bob 00-00-5e-00-53-01
is "device forget of a malformed key" "$code $(redis exists 'mpsk:dev:{bob}')" "0 0"

#
# --- Where the result goes ---
#
code=0
"$MPSKCTL" ping >/dev/full 2>"$dir/err" || code=$?
is "a result that cannot be written: exit" "$code" 3
like "a result that cannot be written: said" "$(cat "$dir/err")" "cannot write the result: No space left"
code=0
"$MPSKCTL" ping >&- 2>"$dir/err" || code=$?
is "a standard output that is closed: exit" "$code" 3
like "a standard output that is closed: said" "$(cat "$dir/err")" "cannot write the result"
mkfifo "$dir/pipe"
exec 4<>"$dir/pipe"
exec 5>"$dir/pipe"
exec 4<&-
code=0
"$MPSKCTL" ping >&5 2>"$dir/err" || code=$?
exec 5>&-
is "a reader that left early: exit, and nothing is said" "$code $(cat "$dir/err")" "3 "

#
# --- The password of Redis ---
#
run ping --password-file "$dir/none"
exits "a password file that is not there" 2
redis config set requirepass 'open sesame' >/dev/null
printf 'open sesame\n' >"$dir/password"
printf 'close sesame\n' >"$dir/wrong"
run ping --password-file "$dir/password"
exits "the right password" 0
run --password-file "$dir/password" key list
exits "the right password, before the verb" 0
run ping --password-file "$dir/wrong"
exits "the wrong password" 3
unlike "the wrong password is not repeated" "$err" sesame
run key show bob
exits "no password" 3

done_testing
