#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # DIR/env sets them
#
# Nothing secret in any log at any level of debugging: a session of all that handles a secret, and a look for each of
# them in what radiusd, mpskctl, radmpsk and Redis wrote.
set -u
cd "${srcdir:?}" || exit 1
. tests/tap.sh
. tests/integration/lab.sh

command -v openssl > /dev/null || bail_out "openssl is not installed"
ring_dir=$(mktemp -d) || bail_out "mktemp failed"
ring=$ring_dir/keyring
redis_password=aPasswordForRedis77
bad_password=aPasswordThatRedisRefuses
"${builddir:?}/mpskctl/mpskctl" keyring init "$ring" --id k1 > /dev/null || bail_out "no keyring"

# Each is told of by name, so that one that leaks can be found.
passphrases='sealed sealed-passphrase-1
hand written-by-hand-22
rotated passphrase-before-3
fresh passphrase-after-44
wrong no-such-passphrase-5
offered offered-to-unknown-6
edited edited-passphrase-7
imported imported-passphrase-8
refused sh0rt!'

passphrase()
{
	printf '%s\n' "$passphrases" | sed -n "s/^$1 //p"
}

# pmk NAME: that of a passphrase on Acme, in lower-case hex.
pmk()
{
	openssl kdf -keylen 32 -kdfopt digest:SHA1 -kdfopt "pass:$(passphrase "$1")" -kdfopt salt:Acme \
		-kdfopt iter:4096 PBKDF2 | tr -d ':\n' | tr A-F a-f
}

# ctl WORD...: its words are kept, with all that it can say.
ctl()
{
	"$MPSKCTL" "$@" --redis "$redis" --keyring "$ring" >> "$lab/said" 2>&1
}

# ctl_psk NAME WORD...: with a passphrase of its own.
ctl_psk()
{
	passphrase "$1" > "$lab/psk"
	shift
	ctl "$@" --passphrase-file "$lab/psk"
}

# The sample with its section for TLS, and a user with a password in the URI.
configure()
{
	sed -i -e "s|^\tredis = .*|\tredis = \"$1\"|" -e '/^#\ttls {/,/^#\t}/s/^#//' \
		-e "s|^\t\tca_file = .*|\t\tca_file = $lab/certs/ca.pem|" -e 's|^\t\tca_path = .*||' \
		-e "s|^\t\tcertificate_file = .*|\t\tcertificate_file = $lab/certs/client.pem|" \
		-e "s|^\t\tprivate_key_file = .*|\t\tprivate_key_file = $lab/certs/client.key|" \
		-e 's|^\t\tserver_name = .*||' "$lab/raddb/mods-enabled/mpsk"
}

serve_tls()
{
	port=$((20000 + $(od -An -N2 -tu2 /dev/urandom) % 10000))
	[ "$(rcli config set tls-cert-file "$lab/certs/redis.pem" tls-key-file "$lab/certs/redis.key" \
		tls-ca-cert-file "$lab/certs/ca.pem" tls-port "$port" 2>&1)" = OK ]
}

account()
{
	printf 'User-Name = "bob"\nAcct-Status-Type = %s\nAcct-Session-Id = "s1"\nCalling-Station-Id = "%s"\n' "$1" \
		"$lab_mac" | "$RADCLIENT" -q -r 1 -t 5 "$MPSK_ACCT" acct "$MPSK_SECRET" >> "$lab/said" 2>&1
}

# play NAME PASSPHRASE-NAME MAC [RADMPSK_OPTION...]: whatever comes of it; radmpsk's words are kept.
play()
{
	play_passphrase=$(passphrase "$1")
	shift
	join Acme "$play_passphrase" "$@" || :
	cat "$lab/joined" >> "$lab/said"
}

# Handshakes and MACs alone, in every form that a key is given in; and what is wrong.
session()
{
	for name in sealed hand rotated fresh; do
		n=$((n + 1))
		play "$name" "00-00-5e-00-53-1$((n % 10))"
	done
	is "$1: the last of them was let in" "$(reason)" MATCHED
	mac=00-00-5e-00-53-1$((n % 10))
	for dialect in ruckus cisco meraki eleven omada; do
		play sealed "$lab_mac" --dialect $dialect --nas-id "ap-$dialect"
	done
	for dialect in hostapd generic aruba mist fortinet unifi omada eleven mikrotik huawei lancom; do
		play fresh "$mac" --bound --dialect $dialect --nas-id "ap-$dialect"
	done
	play wrong "$lab_mac"
	is "$1: a wrong passphrase is not" "$(reason)" NO_MATCH
	play offered 00-00-5e-00-53-f9 --bound
	is "$1: a MAC that nobody knows is given several keys" "$(reason)" CANDIDATES
	for status in Start Interim-Update Stop; do account $status; done
}

# What the server itself prints, as docs/how-to/seal-secrets.md says: the attributes of requests and replies, and with
# -xxx the values of its configuration.
our_log()
{
	grep -v -E "^(.*: )?\([0-9]+\) +[A-Za-z0-9-]+(:[0-9]+)? :?= |^(.*: )?[[:space:]]+(secret|redis) = " "$MPSK_LOG"
}

# Each secret that stands anywhere.
told()
{
	our_log > "$lab/ours"
	while read -r name secret; do
		grep -q -i -a -F -e "$secret" "$lab/ours" "$lab/said" "$lab/log/redis.log" && echo "$name"
	done < "$lab/secrets"
}

lab_up MPSK_LAB_DEBUG=1 MPSK_LAB_SECRET=theSecretOfTheRadius8 MPSK_LAB_SET="log_accept = yes
keyring = \"$ring\"
snapshot = \"$ring_dir/snapshot\"
claim_fresh = 0
unknown_mac = candidates
$lab_patient"
mkdir "$lab/certs"
page=docs/how-to/redis-tls.md
commands=$(sed -n 's/^ *\(openssl req .*\)/\1/p' "$page" | sed 's/DNS:redis.example.org,IP:192.0.2.10/IP:127.0.0.1/')
ok "there are certificates" sh -c "cd '$lab/certs' && { $commands
} 2> openssl.log"
ok "Redis speaks TLS" wait_for 10 serve_tls
rcli acl setuser mpsk on ">$redis_password" '~*' '&*' '+@all' > /dev/null
redis=rediss://mpsk:$redis_password@127.0.0.1:$port
MPSK_TLS_CA_FILE=$lab/certs/ca.pem MPSK_TLS_CERTIFICATE_FILE=$lab/certs/client.pem
MPSK_TLS_PRIVATE_KEY_FILE=$lab/certs/client.key
export MPSK_TLS_CA_FILE MPSK_TLS_CERTIFICATE_FILE MPSK_TLS_PRIVATE_KEY_FILE
configure "$redis"

# mpskctl, with what it refuses as well.
ok "a key is added" ctl_psk sealed key add sealed --ssid Acme
ok "a second one" ctl_psk rotated key add rotated --ssid Acme
ok "is rotated" ctl_psk fresh key rotate rotated
ok "a third one" ctl_psk sealed key add edited --ssid Other
ok "is edited" ctl_psk edited key edit edited
not_ok "a passphrase that is too short is refused" ctl_psk refused key add refused --ssid Acme
not_ok "and one that another key has" ctl_psk sealed key add twin --ssid Acme
printf 'name,passphrase,ssid\nimported,%s,Acme\nbad,%s,Acme\n' "$(passphrase imported)" "$(passphrase refused)" \
	> "$lab/keys.csv"
not_ok "a file of keys is taken in, but for one" ctl key import "$lab/keys.csv"
key offered ssid Acme psk "$(passphrase offered)"
rcli zadd 'mpsk:dev:{offered}' 1700000000 00-00-5e-00-53-77 > /dev/null
for verb in 'key list' 'key show sealed' 'key show rotated' 'key derive' 'device list sealed' 'key expiring --within 1d' \
	rekey "keyring list $ring" doctor ping; do
	# shellcheck disable=SC2086 # words
	ctl $verb
	is "mpskctl $verb: no crash" "$(($? <= 2))" 1
done
key hand ssid Acme psk "$(passphrase hand)"
redis=rediss://mpsk:$bad_password@127.0.0.1:$port
not_ok "a wrong password for Redis is refused" ctl ping
redis=rediss://mpsk:$redis_password@127.0.0.1:$port

sed -i 's/^\tauth = no$/&\n\tsuppress_secrets = yes/' "$lab/raddb/radiusd.conf"

# radiusd -X, and -X -x, which is all that the module can say.
n=0
for debug in 1 2; do
	ok "radiusd is stopped" tests/lab radius "$lab" stop
	ok "and started with debugging of level $debug" env MPSK_LAB_DEBUG=$debug tests/lab radius "$lab" start
	wait_for 10 loaded
	session "level $debug"
	tests/lab redis "$lab" pause
	# The server is as patient with Redis as radmpsk is with a server.
	play sealed 00-00-5e-00-53-a$debug --timeout 20
	is "level $debug: Redis hangs, and one is let in on trust" "$(reason)" PROVISIONAL
	play wrong 00-00-5e-00-53-b$debug
	tests/lab redis "$lab" resume
	ok "level $debug: Redis is asked again" wait_for 20 join Acme "$(passphrase sealed)" "$lab_mac"
done
sed -i "s|$redis_password|$bad_password|" "$lab/raddb/mods-enabled/mpsk"
ok "radiusd is stopped" tests/lab radius "$lab" stop
ok "and started with a password that Redis refuses" env MPSK_LAB_DEBUG=2 tests/lab radius "$lab" start
play sealed "$lab_mac"

is "radiusd may leave no core file" "$(sed -n 's/^Max core file size *\([0-9]*\) .*/\1/p' "/proc/$(sed 's/ .*//' \
	"$lab/run/radiusd.pid")/limits")" 0
not_ok "and the log warns of none" grep -q 'a core dump would hold' "$MPSK_LOG"
ok "radiusd is stopped" tests/lab radius "$lab" stop
sed -i 's/allow_core_dumps = no/allow_core_dumps = yes/' "$lab/raddb/radiusd.conf"
ok "and started with allow_core_dumps" env MPSK_LAB_DEBUG=2 tests/lab radius "$lab" start
ok "which the log warns of" grep -q 'a core dump would hold every passphrase' "$MPSK_LOG"

{
	printf '%s\n' "$passphrases"
	printf '%s\n' "$passphrases" | while read -r name rest; do echo "pmk-$name $(pmk "$name")"; done
	echo "radius $MPSK_SECRET"
	echo "redis $redis_password"
	echo "redis-refused $bad_password"
	sed 's/^\([^ ]*\) /kek-\1 /' "$ring"
	echo "kek-hex $(sed 's/^[^ ]* //' "$ring" | openssl base64 -d -A | od -An -tx1 -v | tr -d ' \n')"
	sed -n '/^-----/!s/^/tls-key /p' "$lab/certs/client.key"
} > "$lab/secrets"
ok "there are many to look for" [ "$(wc -l < "$lab/secrets")" -gt 22 ]
ok "each is one" [ "$(grep -c -v -E '^[a-z0-9-]+ .{6,}$' "$lab/secrets")" -eq 0 ]
ok "the server prints some of them itself, so that they were there" grep -q -F -e "$(passphrase fresh)" "$MPSK_LOG"
ok "and it printed with all its words" grep -q '^.* : Debug: ' "$MPSK_LOG"
is "no secret stands in a log, nor in what was said" "$(told)" ""

# -X alone, with suppress_secrets: the server hides its configuration, and the attributes that it knows to be secret.
sed '/ : Debug: /,$d' "$MPSK_LOG" > "$lab/quiet"
shown=$(while read -r _ secret; do grep -i -a -F -e "$secret" "$lab/quiet"; done < "$lab/secrets" |
	sed 's/^([0-9]*) *//; s/[: ].*//' | sort -u)
like "level 1: it shows an attribute that carries a key in clear" "$shown" 'Cisco-AVPair'
is "level 1: and none but those of the page" "$(for name in $shown; do
	grep -q "\`$name\`" docs/how-to/seal-secrets.md || echo "$name"
done)" ""

rm -rf "$ring_dir"
lab_done
done_testing
