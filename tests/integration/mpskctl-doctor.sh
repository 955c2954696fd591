#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# mpskctl doctor, against servers and keys that are wrong in each way.
set -u

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/integration/ctl.sh
. "${srcdir:-.}/tests/integration/ctl.sh"

ctl_up
how_to=${srcdir:-.}/docs/how-to/redis-standalone.md

# finds NAME CHECK LEVEL ERE: the last run, with --json, found this, and its cure where there is something to cure.
finds()
{
	found=$(printf '%s\n' "$out" | jq -r --arg check "$2" --arg level "$3" \
		'.[] | select(.check == $check and .level == $level) | .finding')
	like "$1: $3 of $2" "$found" "$4"
	ok "$1: with a cure" json "all(.[]; (.level == \"ok\" or .level == \"info\") or (.cure | type == \"string\"))"
}

# A second server, with more options; its socket is in $sock2.
other_up()
{
	sock2=$dir/other-$1.sock
	mkdir "$dir/other-$1"
	shift
	"${MPSK_REDIS_SERVER:-redis-server}" --unixsocket "$sock2" --dir "${sock2%.sock}" "$@" >"$dir/other.log" 2>&1 &
	pids="$pids $!"
	wait_for 30 other_answers || bail_out "redis-server does not start: $(cat "$dir/other.log")"
}

other_answers()
{
	[ "$(redis-cli -s "$sock2" ping 2>/dev/null)" = PONG ]
}

#
# --- The server ---
#
before=$(digest)
run doctor --json
exits "neither AOF nor RDB" 2
finds "neither AOF nor RDB" persistence error 'neither AOF nor RDB'
finds "a server" version ok '^(redis|valkey) [0-9.]+$'
finds "a server" role ok primary
finds "a server" access ok 'user default may'
finds "a server" memory ok noeviction
finds "a server" replicas info 'no replica'
finds "a server" clock ok 'within 0\.'
finds "a server" tracking ok 'caching works'
finds "a server" script ok 'claim\.lua runs'
finds "a server" latency ok 'answers in'
ok "--json: its members" json 'all(.[]; keys == ["check", "cure", "finding", "level", "node"])'
ok "--json: the node" json "([.[] | select(.check == \"role\")][0].node) == \"$MPSK_REDIS\""
is "nothing is changed" "$(digest)" "$before"

redis config set save '3600 1' >/dev/null
run doctor --json
exits "RDB alone" 1
finds "RDB alone" persistence warning 'appendonly is off'
redis config set appendonly yes >/dev/null
run doctor
exits "a server that is as it should be" 0
like "text: grouped by server" "$out" "^$MPSK_REDIS\$"
like "text: a check" "$out" '^  ok +persistence +appendonly is on, appendfsync is everysec$'
like "text: the summary" "$out" '^0 errors, 0 warnings$'
run doctor --quiet
is "--quiet: nothing wrong, nothing said" "$code $out" "0 "
run doctor --tsv
is "--tsv: its first line" "$(printf '%s\n' "$out" | head -n 1)" "check${tab}level${tab}node${tab}finding${tab}cure"

redis config set appendfsync no >/dev/null
run doctor --json
exits "appendfsync no" 1
finds "appendfsync no" persistence warning 'appendfsync is no'
redis config set appendfsync everysec >/dev/null

for policy in allkeys-lru volatile-ttl; do
	redis config set maxmemory-policy $policy >/dev/null
	run doctor --json
	exits "$policy" 2
	finds "$policy" memory error "maxmemory-policy is $policy"
done
redis config set maxmemory-policy noeviction >/dev/null
used=$(redis info memory | sed -n 's/^used_memory:\([0-9]*\).*/\1/p')
redis config set maxmemory $((used + 20000)) >/dev/null
run doctor --json
finds "little memory left" memory warning 'of maxmemory are used'
redis config set maxmemory 0 >/dev/null

redis script flush >/dev/null
run doctor --json
finds "a script cache that is empty" script ok 'claim\.lua runs'

#
# --- The user ---
#
printf 'pw\n' >"$dir/password"
as_user=unix://mpsk@$sock
# The words of the line in the documentation, with a password that is known here.
acl=$(sed -n 's/^ *user mpsk on >PASSWORD //p' "$how_to")
like "$how_to has the ACL" "$acl" ' \+evalsha '
set -f
# shellcheck disable=SC2086
redis acl setuser mpsk reset on '>pw' $acl '+unlink' >/dev/null
run doctor --json --redis "$as_user" --password-file "$dir/password"
exits "the ACL of the documentation, and +unlink" 0
finds "the ACL of the documentation" access ok 'the user may'
finds "the ACL of the documentation" persistence info 'not allowed to look at appendfsync'
redis acl setuser mpsk -unlink >/dev/null
run doctor --json --redis "$as_user" --password-file "$dir/password"
exits "without +unlink" 1
finds "without +unlink" access warning 'lacks \+unlink$'
redis acl setuser mpsk +unlink >/dev/null
for word in $acl; do
	case $word in
	+subscribe | +scan) check=skip ;;
	+*) check=access ;;
	*) check=skip ;;
	esac
	[ $check = access ] || continue
	redis acl setuser mpsk "-${word#+}" >/dev/null
	run doctor --json --redis "$as_user" --password-file "$dir/password"
	exits "without $word" 2
	like "without $word: it is named" "$(printf '%s\n' "$out" | jq -r '.[] | select(.check == "access") | .finding')" \
		"lacks (.* )?\\${word}( |\$)"
	like "without $word: the cure names it" "$(printf '%s\n' "$out" | jq -r '.[] | select(.check == "access") | .cure')" \
		"SETUSER .*\\${word}"
	redis acl setuser mpsk "$word" >/dev/null
done
redis acl setuser mpsk -scan >/dev/null
run doctor --json --redis "$as_user" --password-file "$dir/password"
exits "without +scan" 2
finds "without +scan" read error 'could be read'
redis acl setuser mpsk +scan resetchannels >/dev/null
run doctor --json --redis "$as_user" --password-file "$dir/password"
exits "without the channel" 1
finds "without the channel" tracking warning 'no client-side caching'
redis acl setuser mpsk '&__redis__:invalidate' -subscribe >/dev/null
run doctor --json --redis "$as_user" --password-file "$dir/password"
exits "without +subscribe" 1
finds "without +subscribe" tracking warning 'no client-side caching'
redis acl setuser mpsk +subscribe resetkeys '~mpsk:key:*' >/dev/null
run doctor --json --redis "$as_user" --password-file "$dir/password"
exits "without the keys" 2
finds "without the keys" access error 'lacks ~mpsk:\*$'
redis acl setuser mpsk '~mpsk:*' +acl\|whoami >/dev/null
run doctor --json --redis "$as_user" --password-file "$dir/password"
exits "the user's name" 0
finds "the user's name" access ok 'user mpsk may'
set +f

#
# --- Keys and devices ---
#
pmk=f42c6fc52df0ebef9ebb4b90b38a5f902e83fe1b135a70e23aed762e9710a12e
fresh
run_with 'password\n' key add ieee --ssid IEEE --max 2 --passphrase-file -
redis hset 'mpsk:key:{guest}' psk guest-passphrase ssid Acme usage single >/dev/null
redis hset 'mpsk:meta' schema 1 >/dev/null
redis zadd 'mpsk:dev:{ieee}' 1 00-00-5e-00-53-01 2 00-00-5e-00-53-02 >/dev/null
redis zadd 'mpsk:dev:{guest}' 1 00-00-5e-00-53-01 >/dev/null
run doctor --json
exits "keys and devices that are as they should be" 0
finds "keys" malformed ok '^2 keys, none malformed$'
finds "keys" duplicate ok 'told from the others'
finds "keys" cap ok 'no key has more'
finds "keys" devices ok '^3 devices'
finds "a key without its PMK" pmk info '^1 keys .*: guest$'
finds "keys" expired ok 'no key has expired'
finds "keys" meta ok '^schema 1$'

before=$(digest)
redis hset 'mpsk:key:{short}' psk short >/dev/null
redis hset 'mpsk:key:{inf}' psk correct-horse max inf >/dev/null
redis set 'mpsk:key:{text}' x >/dev/null
redis hset 'mpsk:key:bare' psk correct-horse >/dev/null
run doctor --json
exits "malformed keys" 2
finds "a wrong psk" malformed error 'key short is malformed.*psk'
finds "a wrong max" malformed error 'key inf is malformed.*max'
finds "a wrong type" malformed error 'key text is malformed.*string'
finds "a wrong name" malformed error 'mpsk:key:bare is malformed.*mpsk:key:\{id\}'
unlike "no secret is told" "$out" 'correct-horse|guest-passphrase'
redis del 'mpsk:key:{short}' 'mpsk:key:{inf}' 'mpsk:key:{text}' mpsk:key:bare >/dev/null
is "nothing is changed" "$(digest)" "$before"

redis hset 'mpsk:key:{twin}' psk guest-passphrase >/dev/null
run doctor --json
exits "the same passphrase" 2
finds "the same passphrase" duplicate error 'key twin has the passphrase of key guest'
redis hset 'mpsk:key:{twin}' ssid Elsewhere >/dev/null
run doctor --json
exits "the same passphrase for another SSID" 0
redis hset 'mpsk:key:{twin}' ssid Acme psk another-passphrase old_psk guest-passphrase >/dev/null
run doctor --json
finds "the passphrase before a rotation" duplicate error 'key twin has the passphrase of key guest'
redis hset 'mpsk:key:{twin}' ssid IEEE psk "$(printf %s $pmk | tr a-f A-F)" old_psk '' >/dev/null
run doctor --json
finds "a PMK that is a passphrase's" duplicate error 'key twin has the passphrase of key ieee'
redis del 'mpsk:key:{twin}' >/dev/null

redis zadd 'mpsk:dev:{ieee}' 3 00-00-5e-00-53-03 >/dev/null
redis zadd 'mpsk:dev:{guest}' 3 00-00-5e-00-53-03 >/dev/null
run doctor --json
exits "over the cap" 1
finds "over the cap" cap warning 'key ieee has 3 devices, and its cap is 2'
finds "over the cap of a single device" cap warning 'key guest has 2 devices, and its cap is 1'
redis zrem 'mpsk:dev:{ieee}' 00-00-5e-00-53-03 >/dev/null
redis zrem 'mpsk:dev:{guest}' 00-00-5e-00-53-03 >/dev/null

redis zadd 'mpsk:dev:{gone}' 3 00-00-5e-00-53-03 >/dev/null
run doctor --json
exits "devices of no key" 1
finds "devices of no key" devices warning 'mpsk:dev:\{gone\} has 1 devices'
redis del 'mpsk:dev:{gone}' 'mpsk:dev:{guest}' >/dev/null
redis set 'mpsk:dev:{guest}' x >/dev/null
run doctor --json
exits "devices of a wrong type" 2
finds "devices of a wrong type" devices error 'key guest can have no device'
redis del 'mpsk:dev:{guest}' >/dev/null

redis hset 'mpsk:key:{guest}' exp 1 >/dev/null
run doctor --json
exits "a key that has expired" 0
finds "a key that has expired" expired info '^1 keys have expired: guest$'
redis hset mpsk:meta schema x >/dev/null
run doctor --json
exits "a wrong schema" 1
finds "a wrong schema" meta warning 'no number'

fresh
i=10
while [ $i -lt 40 ]; do
	echo "HSET mpsk:key:{k$i} psk same-passphrase"
	i=$((i + 1))
done | redis >/dev/null
run doctor
like "many findings of a kind: some for people" "$out" 'and 9 more: --json has them all'
is "many findings of a kind: shown" "$(printf '%s\n' "$out" | grep -c 'error  *duplicate')" 20
run doctor --json
is "many findings of a kind: all of them for scripts" "$(json '[.[] | select(.check == "duplicate")] | length')" 29

#
# --- Replicas ---
#
fresh
set -- --port 0 --save '' --appendonly no
port=0
for try in 1 2 3 4 5; do
	port=$(shuf -i 20000-60000 -n 1)
	[ "$(redis config set bind 127.0.0.1 port "$port" 2>&1)" != OK ] || break
	port=0
done
[ "$port" -gt 0 ] || bail_out "no free port in $try attempts"
follows()
{
	[ "$(redis info replication | grep -c 'state=online')" -eq "$1" ]
}
other_up one "$@" --replicaof 127.0.0.1 "$port"
wait_for 30 follows 1 || bail_out "the replica does not follow"
run doctor --json
exits "a replica" 0
finds "a replica" replicas ok '^1 replica follows$'
run doctor --json --redis "unix://$sock2"
exits "at the replica" 2
finds "at the replica" role error 'it is a replica'
other_up two "$@" --replicaof 127.0.0.1 "$port"
wait_for 30 follows 2 || bail_out "the replica does not follow"
run doctor --json
exits "two replicas without min-replicas-to-write" 1
finds "two replicas without min-replicas-to-write" replicas warning 'min-replicas-to-write is 0'
redis config set min-replicas-to-write 1 >/dev/null
run doctor --json
exits "two replicas with min-replicas-to-write" 0
finds "two replicas with min-replicas-to-write" replicas ok '^2 replicas follow$'
redis config set min-replicas-to-write 0 >/dev/null

#
# --- A cluster, of one node ---
#
cluster_port=0
for try in 1 2 3 4 5; do
	cluster_port=$(shuf -i 20000-50000 -n 1)
	sock2=$dir/cluster-$try.sock
	mkdir "$dir/cluster-$try"
	"${MPSK_REDIS_SERVER:-redis-server}" --unixsocket "$sock2" --dir "$dir/cluster-$try" \
		--bind 127.0.0.1 --port "$cluster_port" --cluster-enabled yes --save '' --appendonly yes >"$dir/other.log" 2>&1 &
	pids="$pids $!"
	! wait_for 5 other_answers || break
	cluster_port=0
done
[ "$cluster_port" -gt 0 ] || bail_out "no cluster in $try attempts: $(cat "$dir/other.log")"
cluster_is()
{
	redis-cli -s "$sock2" cluster info | grep -q "cluster_state:$1"
}
redis-cli -s "$sock2" cluster addslotsrange 0 16383 >/dev/null
wait_for 30 cluster_is ok || bail_out "the cluster is not whole"
cluster=redis+cluster://127.0.0.1:$cluster_port
run doctor --json --redis "$cluster"
exits "a cluster" 0
finds "a cluster" script ok 'claim\.lua runs'
finds "a cluster" tracking ok 'caching works'
ok "a cluster: the node" json "([.[] | select(.check == \"role\")][0].node) | test(\"127.0.0.1:$cluster_port\")"
redis-cli -s "$sock2" config set cluster-require-full-coverage no >/dev/null
redis-cli -s "$sock2" cluster delslots 16383 >/dev/null
run doctor --json --redis "$cluster"
exits "a slot that nobody has" 2
finds "a slot that nobody has" slots error 'some slots'

#
# --- Nobody there ---
#
run doctor --redis "unix://$dir/nobody"
exits "nobody answers" 3
is "nobody answers: no result" "$out" ""
run doctor --redis http://127.0.0.1
exits "a URI of another kind" 2

done_testing
