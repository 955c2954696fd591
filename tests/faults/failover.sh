#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # DIR/env sets them
#
# A primary, two replicas and three Sentinels: the primary is killed and
# stopped by turns, under load. FAILOVERS says how many times.
set -u
cd "${srcdir:?}" || exit 1
. tests/tap.sh
. tests/integration/lab.sh
. tests/faults/rig.sh

base=$((20000 + $(od -An -N2 -tu2 /dev/urandom) % 6000 * 2))
cap=400

# node N [OPTION...]: 0 to 2 are Redis, 3 to 5 Sentinels.
node()
{
	node_n=$1
	shift
	mkdir -p "$lab/node.$node_n"
	"$fault_server" "$@" > "$lab/node.$node_n/log" 2>&1 &
	eval "node_pid_$node_n=\$!"
	fault_pids="$fault_pids $!"
}

data_node()
{
	node_data=$1
	shift
	node "$node_data" --bind 127.0.0.1 --port $((base + node_data)) --dir "$lab/node.$node_data" --save '' \
		--appendonly no --repl-diskless-sync-delay 0 --repl-ping-replica-period 1 --min-replicas-to-write 1 \
		--min-replicas-max-lag 3 "$@"
}

at()
{
	at_n=$1
	shift
	"$MPSK_REDIS_CLI" -p $((base + at_n)) "$@" 2>/dev/null
}

sentinel()
{
	mkdir -p "$lab/node.$1"
	cat > "$lab/node.$1/conf" <<-END
	port $((base + $1))
	bind 127.0.0.1
	dir $lab/node.$1
	sentinel monitor mymaster 127.0.0.1 $base 2
	sentinel down-after-milliseconds mymaster 1000
	sentinel failover-timeout mymaster 6000
	END
	node "$1" "$lab/node.$1/conf" --sentinel
}

# Which of the three the Sentinels name.
primary()
{
	primary_port=$(at "${1:-3}" sentinel get-master-addr-by-name mymaster | tail -n 1)
	echo $((primary_port - base))
}

others_know()
{
	[ "$(at 3 sentinel master mymaster | sed -n '/^num-slaves$/{n;p;}')" = 2 ] &&
		[ "$(at 3 sentinel master mymaster | sed -n '/^num-other-sentinels$/{n;p;}')" = 2 ]
}

replicated()
{
	at "$(primary)" info replication | grep -q "^connected_slaves:2"
}

moved()
{
	[ "$(primary)" != "$1" ] && [ "$(primary 4)" = "$(primary)" ] && [ "$(primary 5)" = "$(primary)" ] &&
		at "$(primary)" role | grep -q '^master$'
}

is_replica()
{
	at "$1" role | grep -q '^slave$'
}

devices()
{
	at "$(primary)" zrange "mpsk:dev:{$1}" 0 -1
}

# Every device that was let in by a claim.
acknowledged()
{
	sed -n 's/.* reason=MATCHED mac=\([^ ]*\) .* key=crowd .*/\1/p' "$MPSK_LOG" | sort -u
}

missing()
{
	devices crowd | sort > "$lab/devices"
	acknowledged | comm -23 - "$lab/devices" > "$lab/missing"
}

none_missing()
{
	missing
	[ ! -s "$lab/missing" ]
}

alive()
{
	joined_as "0 MATCHED" "a passphrase of ann" "$1"
}

# failover N: by kill where N is odd, else by stop.
failover()
{
	old=$(primary)
	eval "old_pid=\$node_pid_$old"
	load crowd "a passphrase of a crowd" 20 8 --macs random
	load known "$fault_psk" 200 8 --macs 50
	sleep 1
	if [ $(($1 % 2)) -eq 1 ]; then
		how='kill'
		kill -KILL "$old_pid"
		wait "$old_pid" 2>/dev/null
	else
		how=stop
		kill -STOP "$old_pid"
	fi
	ok "$1, by $how: another is named within 30 s" wait_for 30 moved "$old"
	if [ $how = kill ]; then
		data_node "$old" --replicaof 127.0.0.1 $((base + $(primary)))
	else
		kill -CONT "$old_pid"
	fi
	ok "$1: the old one is a replica within 30 s" wait_for 30 is_replica "$old"
	load_unharmed known
	load_end crowd
	load_is crowd "new devices are answered within $fault_ms ms" \
		".accepted > 0 and .wrong == 0 and .lost == 0 and .latency_ms.max <= $fault_ms"
	ok "$1: a new device is claimed" wait_for 15 alive "00-00-5e-00-53-b$1"
	ok "$1: both replicas are there within 30 s" wait_for 30 replicated
	ok "$1: no acknowledged claim is missing within 10 s" wait_for 10 none_missing
	diag "$(acknowledged | wc -l) acknowledged, $(wc -l < "$lab/devices") devices, missing: $(tr '\n' ' ' < "$lab/missing")"
}

fault_options="$fault_options
redis = \"redis+sentinel://127.0.0.1:$((base + 3)),127.0.0.1:$((base + 4)),127.0.0.1:$((base + 5))/mymaster\""
fault_up
data_node 0
data_node 1 --replicaof 127.0.0.1 "$base"
data_node 2 --replicaof 127.0.0.1 "$base"
for n in 3 4 5; do
	sentinel $n
done
ok "the replicas are there" wait_for 20 replicated
ok "the Sentinels know each other" wait_for 20 others_know
at 0 hset 'mpsk:key:{bob}' ssid Acme psk "$fault_psk" > /dev/null
at 0 hset 'mpsk:key:{ann}' ssid Acme psk "a passphrase of ann" > /dev/null
at 0 hset 'mpsk:key:{crowd}' ssid Acme psk "a passphrase of a crowd" max $cap > /dev/null
ok "the keys are in force" wait_for 20 alive 00-00-5e-00-53-b0
devices_known
for n in $(seq "${FAILOVERS:-2}"); do
	failover "$n"
done
trusted=$(grep -c 'reason=PROVISIONAL .* key=crowd' "$MPSK_LOG")
ok "no more devices than the cap: $(devices crowd | wc -l) of $cap" [ "$(devices crowd | wc -l)" -le $cap ]
accepted=$(sed -n 's/.* reason=\(MATCHED\|PROVISIONAL\) mac=\([^ ]*\) .* key=crowd .*/\2/p' "$MPSK_LOG" | sort -u | wc -l)
ok "nor were let in, but for $trusted on trust: $accepted" [ "$accepted" -le $((cap + trusted)) ]
is "no key was ever missing" "$(grep -c 'reason=NO_MATCH' "$MPSK_LOG")" 0

fault_done
