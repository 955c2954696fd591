#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # DIR/env sets them
#
# Every command that a document shows is run, in its order on the page, against
# a private server; what acts on the machine or builds for minutes is looked up
# instead, and a command that is neither is a failure.
set -u
cd "${srcdir:?}" || exit 1
. tests/tap.sh
. tests/integration/lab.sh

# The lines of code blocks that are commands, joined where they go on: FILE:LINE, a tab, the command.
commands()
{
	awk 'function flush() { if (text != "") print file ":" line "\t" text; text = "" }
	     FNR == 1 { flush(); fence = 0 }
	     /^ *```/ { fence = !fence; next }
	     fence || /^    / {
		code = $0
		sub(/^ +/, "", code)
		sub(/^[$#] /, "", code)
		if (text != "") {
			text = text " " code
		} else if (code ~ /^(sudo |[A-Z_]+=[^ ]+ )*(export|mpskctl|redis-cli|radmpsk|openssl|make|apt-get|apt|dpkg-buildpackage|install|ln|cp|systemctl|git|docker|podman|buildah|freeradius|curl|tests\/[^ ]+|build-aux\/[^ ]+|\.\/[^ ]+) /) {
			file = FILENAME
			line = FNR
			text = code
		}
		if (text ~ /\\$/) sub(/ *\\$/, "", text)
		else if (text !~ /&&$/) flush()
		next
	     }
	     { flush() }
	     END { flush() }' "$@"
}

# The documents' addresses and paths are those of a network that is not here, and nobody is here to type a secret.
here()
{
	sed -e "s,--server 192\.0\.2\.10\(:1812\)* ,--server $MPSK_RADIUS ,g" -e "s,192\.0\.2\.10:1813,$MPSK_ACCT,g" \
		-e "s,^radmpsk --server 127\.0\.0\.1 ,&--secret-file secret --passphrase-file pass ," \
		-e "s,--server 127\.0\.0\.1 ,--server $MPSK_RADIUS ," -e "s,redis://127\.0\.0\.1:6379,$MPSK_REDIS,g" \
		-e "s,/run/redis/redis\.sock,$MPSK_REDIS_SOCKET,g" -e "s,/etc/freeradius/3\.0/certs,$lab/page,g" \
		-e "s,/var/lib/prometheus/node-exporter,$lab/page,g" -e "s,redis://other,$MPSK_REDIS,g" \
		-e "s,smtp://mail\.example\.org:587,sendmail:$lab/bin/sendmail,g"
}

# What a page takes for granted: some begin with no key.
ground()
{
	rm -rf "$lab/page"
	mkdir -p "$lab/page/docker/secrets"
	: > "$lab/page.env"
	rcli flushall > /dev/null
	rcli acl setuser mpsk on '>secret' '~*' '&*' +@all > /dev/null
	echo secret > "$lab/page/redis.password"
	echo testing123 > "$lab/page/secret"
	echo "correct-horse" > "$lab/page/pass"
	cp tests/vectors/import/rlm_dpsk.csv "$lab/page/psk.csv"
	cp tests/vectors/import/mist.csv "$lab/page/psks.csv"
	cp tests/vectors/import/mist.csv "$lab/page/site-psks.csv"
	cp tests/vectors/import/unifi.csv tests/vectors/import/hostapd.wpa_psk "$lab/page"
	case $1 in
	README.md | docs/tutorial/* | docs/how-to/move-from-elsewhere.md | empty)
		return ;;
	docs/how-to/monitor.md)
		wait_for 20 figures_there ;;
	docs/how-to/seal-secrets.md)
		echo "export MPSK_KEYRING='$lab/page/mpsk.keyring'" > "$lab/page.env" ;;
	esac
	soon=$(($(date +%s) + 86400))
	key bob ssid Acme psk correct-horse role guest email bob@example.org
	key carol ssid Acme psk battery-staple role guest email carol@example.org exp $soon
	[ "$1" != rotating ] || key bob old_psk horse-correct old_exp $soon
	key sensors ssid Acme psk a-sensor-of-many
	rcli zadd 'mpsk:dev:{bob}' 1 00-00-5e-00-53-01 2 00-00-5e-00-53-02 > /dev/null
}

# A server writes its own every ten seconds.
figures_there()
{
	[ "$(rcli zcard mpsk:stats)" -gt 0 ]
}

# run COMMAND: at a terminal, where it wants one, and is said yes to what it asks; what never ends by itself, ends after
# two seconds.
run()
{
	printf 'cd %s && . %s && %s\n' "$lab/page" "$lab/page.env" "$1" > "$lab/run.sh"
	run_status=0
	case $1 in
	*--follow* | "mpskctl watch"* | "mpskctl top" | "mpskctl top  "*)
		run_for=2 ;;
	*)
		run_for=20 ;;
	esac
	timeout $run_for sh "$lab/run.sh" > "$lab/said" 2>&1 < /dev/null || run_status=$?
	if [ $run_status -eq 64 ]; then
		run_status=0
		echo y | SHELL=/bin/sh timeout 30 \
			script -qec "timeout --foreground $run_for sh $lab/run.sh" /dev/null > "$lab/said" 2>&1 ||
			run_status=$?
	fi
	case "$1 $run_status" in
	*\ 0 | radmpsk*\ 1 | *--follow*\ 124 | "mpskctl watch"*\ 124 | "mpskctl top 124" | "mpskctl top  "*\ 124)
		;;
	*)
		return $run_status ;;
	esac
}

# After those before it on the page; or, where it goes with none of them, on its own.
run_there()
{
	run "$1" && return
	for there_ground in calm rotating empty; do
		ground $there_ground
		run "$1" && return
	done
	return $run_status
}

# A target is there where make knows what to do for it.
made()
{
	made_args=$(printf '%s\n' "$1" | sed 's/ *#.*//; s/^make//; s/ -C build//')
	# shellcheck disable=SC2086 # words
	eval "make -n -C \"$builddir\" $made_args" > "$lab/said" 2>&1
}

# Of the source, or made from it.
there()
{
	[ -x "$1" ] || make -n -C "$builddir" "$1" > "$lab/said" 2>&1
}

try()
{
	try_at=${1%%"$tab"*}
	try_command=$(printf '%s\n' "${1#*"$tab"}" | here)
	case $try_command in
	export\ *)
		printf '%s\n' "$try_command" >> "$lab/page.env" ;;
	docker\ * | sudo\ *)
		diag "$try_at: acts on the machine: ${1#*"$tab"}" ;;
	"mpskctl ping")
		diag "$try_at: by TLS, which redis-tls.sh is about: ${1#*"$tab"}" ;;
	*mpskctl\ * | *redis-cli\ * | radmpsk\ * | openssl\ *)
		ok "$try_at: ${1#*"$tab"}" run_there "$try_command" ;;
	make\ *)
		ok "$try_at: ${1#*"$tab"}" made "$try_command" ;;
	./* | tests/* | build-aux/*)
		ok "$try_at: ${1#*"$tab"}" there "${try_command%% *}" ;;
	*)
		diag "$try_at: acts on the machine: ${1#*"$tab"}" ;;
	esac
	[ "$tap_status" -eq 0 ] || diag "$(cat "$lab/said")"
}

lab_up MPSK_LAB_SET="$lab_patient"
tab=$(printf '\t')
mkdir "$lab/bin"
ln -s "$MPSKCTL" "$lab/bin/mpskctl"
ln -s "$RADMPSK" "$lab/bin/radmpsk"
printf '#!/bin/sh\ncat > /dev/null\n' > "$lab/bin/sendmail"
cat > "$lab/bin/redis-cli" <<END
#!/bin/sh
exec "$(command -v "$MPSK_REDIS_CLI")" -s "$MPSK_REDIS_SOCKET" "\$@"
END
chmod +x "$lab/bin/redis-cli" "$lab/bin/sendmail"
rcli config set appendonly yes appendfsync everysec > /dev/null
PATH=$lab/bin:$PATH
MPSK_REDIS=unix://$MPSK_REDIS_SOCKET
MAKEFLAGS=
export PATH MPSK_REDIS MAKEFLAGS
tap_status=0
find ./*.md docs -name '*.md' | sed 's,^\./,,' | sort | while read -r page; do commands "$page"; done > "$lab/commands"
page=
while IFS= read -r line; do
	[ "${line%%:*}" = "$page" ] || { page=${line%%:*}; ground "$page"; }
	try "$line"
done < "$lab/commands"
ok "there were some" [ "$(wc -l < "$lab/commands")" -gt 50 ]

lab_done
done_testing
