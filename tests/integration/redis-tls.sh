#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The module and mpskctl over TLS, with certificates made as
# docs/how-to/redis-tls.md says.
set -u
cd "${srcdir:?}" || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh
# shellcheck source=tests/integration/lab.sh
. tests/integration/lab.sh

command -v openssl > /dev/null || bail_out "openssl is not installed"
lab_up MPSK_LAB_SET="log_accept = yes
$lab_patient"
certs=$lab/certs
mkdir "$certs"

# The page's commands, with the host that the test has.
page=docs/how-to/redis-tls.md
commands=$(sed -n 's/^ *\(openssl req .*\)/\1/p' "$page" | sed 's/DNS:redis.example.org,IP:192.0.2.10/IP:127.0.0.1/')
is "$page has the commands for a CA and two certificates" "$(printf '%s\n' "$commands" | wc -l)" 3
ok "and they run" sh -c "cd '$certs' && { $commands
} 2> openssl.log"

serve_tls()
{
	port=$((20000 + $(od -An -N2 -tu2 /dev/urandom) % 10000))
	[ "$(rcli config set tls-cert-file "$certs/redis.pem" tls-key-file "$certs/redis.key" \
		tls-ca-cert-file "$certs/ca.pem" tls-port "$port" 2>&1)" = OK ]
}
ok "Redis speaks TLS" wait_for 10 serve_tls

MPSKCTL=${builddir:?}/mpskctl/mpskctl
ctl()
{
	"$MPSKCTL" --redis "rediss://127.0.0.1:$port" "$@"
}
not_ok "mpskctl without the CA is refused" ctl ping 2> "$lab/err"
like "and told why" "$(cat "$lab/err")" "is the CA file that of the server's CA"
not_ok "without a certificate too" ctl ping --tls-ca-file "$certs/ca.pem" 2> "$lab/err"
like "and told why: the certificate" "$(cat "$lab/err")" "the server wants a client certificate"
MPSK_TLS_CA_FILE=$certs/ca.pem MPSK_TLS_CERTIFICATE_FILE=$certs/client.pem MPSK_TLS_PRIVATE_KEY_FILE=$certs/client.key
export MPSK_TLS_CA_FILE MPSK_TLS_CERTIFICATE_FILE MPSK_TLS_PRIVATE_KEY_FILE
ok "with both it is let in" ctl ping --quiet
printf 'a passphrase of bob\n' > "$lab/passphrase"
ok "and adds a key" ctl key add bob --ssid Acme --passphrase-file "$lab/passphrase" --quiet

# with_tls URI: the sample with its section for TLS.
with_tls()
{
	sed -e "s|^\tredis = .*|\tredis = \"$1\"|" -e '/^#\ttls {/,/^#\t}/s/^#//' \
		-e "s|^\t\tca_file = .*|\t\tca_file = $certs/ca.pem|" -e 's|^\t\tca_path = .*||' \
		-e "s|^\t\tcertificate_file = .*|\t\tcertificate_file = $certs/client.pem|" \
		-e "s|^\t\tprivate_key_file = .*|\t\tprivate_key_file = $certs/client.key|" \
		-e 's|^\t\tserver_name = .*||' "$lab/sample" > "$lab/raddb/mods-enabled/mpsk"
}
tests/lab radius "$lab" stop
cp "$lab/raddb/mods-enabled/mpsk" "$lab/sample"
with_tls "$MPSK_REDIS"
not_ok "settings for TLS beside a URI without it are an error" tests/lab radius "$lab" start 2> "$lab/err"
like "that names the cure" "$(cat "$lab/err")" "begin it with rediss in place of redis"
with_tls "rediss://127.0.0.1:$port"
ok "radiusd starts with TLS" tests/lab radius "$lab" start
# shellcheck source=/dev/null
. "$lab/env"
let_in()
{
	join Acme "a passphrase of bob" 00-00-5e-00-53-01
}
ok "and lets a device in" wait_for 10 let_in
is "whose claim is in Redis" "$(rcli zcard 'mpsk:dev:{bob}')" 1
like "by the connection that was meant" "$(cat "$MPSK_LOG")" "connected to rediss://127.0.0.1:$port: 1 keys loaded"

lab_done
done_testing
