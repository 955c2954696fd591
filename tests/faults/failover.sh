#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # DIR/env sets them
#
# A primary, two replicas and three Sentinels: the primary is killed and
# stopped by turns, under load, ten times (two where FAULTS_BRIEF is set), or as
# often as FAILOVERS says. Then one that was stopped goes on, and is not told
# that it is no primary any more.
set -u
cd "${srcdir:?}" || exit 1
. tests/tap.sh
. tests/integration/lab.sh
. tests/faults/rig.sh

base=$(free_ports 6) || bail_out "no 6 free ports"
cap=100

# node_data N [OPTION...]: 0 to 2 are Redis, 3 to 5 Sentinels.
node_data()
{
	data_n=$1
	shift
	node "$data_n" --bind 127.0.0.1 --port $((base + data_n)) --dir "$lab/node.$data_n" --save '' \
		--appendonly no --repl-diskless-sync-delay 0 --repl-ping-replica-period 1 --min-replicas-to-write 1 \
		--min-replicas-max-lag 3 "$@"
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

# Both replicas have what the primary has, and it is in force.
key_at_primary()
{
	at "$(primary)" hset "mpsk:key:{$1}" ssid Acme psk "a passphrase of $1" max "$2" > /dev/null
	key_in_force "$1"
	ok "$1: and at both replicas" wait_for 15 copied "$1"
}

copied()
{
	for copied_n in 0 1 2; do
		[ "$(at $copied_n exists "mpsk:key:{$1}")" = 1 ] || return 1
	done
}

alive()
{
	joined_as "0 MATCHED" "a passphrase of ann" "$(printf '00-00-5e-00-53-%02x' "$((176 + $1))")"
}

# failover N: by kill where N is odd, else by stop.
failover()
{
	crowd=crowd$1
	key_at_primary "$crowd" $cap
	old=$(primary)
	eval "old_pid=\$node_pid_$old"
	load "$crowd" "a passphrase of $crowd" 20 8 --macs random
	load_known 200 8
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
		node_data "$old" --replicaof 127.0.0.1 $((base + $(primary)))
	else
		kill -CONT "$old_pid"
	fi
	ok "$1: the old one is a replica within 30 s" wait_for 30 is_replica "$old"
	load_unharmed
	load_end "$crowd"
	load_is "$crowd" "new devices are answered within $fault_ms ms" \
		".accepted > 0 and .wrong == 0 and .lost == 0 and .latency_ms.max <= $fault_ms"
	ok "$1: a new device is claimed" wait_for 15 alive "$1"
	ok "$1: both replicas are there within 30 s" wait_for 30 replicated
	no_more_than_cap "$crowd" "at $(primary)" $cap
}

scripts_run()
{
	at "$1" info commandstats | awk -F '[=,]' '/^cmdstat_eval(sha)?:/ { n += $2 } END { print n + 0 }'
}

is_master()
{
	at "$1" role | grep -q '^master$'
}

# It lacks the right to be made a replica, and needs none to write to: it goes on as the primary that it was.
resumed()
{
	key_at_primary late 100000
	old=$(primary)
	eval "old_pid=\$node_pid_$old"
	at "$old" config set min-replicas-to-write 0 > /dev/null
	at "$old" acl setuser default -slaveof -replicaof > /dev/null
	load late "a passphrase of late" 20 6 --macs random
	load_known 200 6
	sleep 1
	kill -STOP "$old_pid"
	ok "a primary is stopped: another is named within 30 s" wait_for 30 moved "$old"
	kill -CONT "$old_pid"
	ok "it goes on, and takes itself for the primary" wait_for 10 is_master "$old"
	load_unharmed
	load_end late
	ok "a new device is claimed" wait_for 15 alive 0
	resumed_scripts=$(scripts_run "$old")
	load late "a passphrase of late" 50 4 --macs random
	load_known 200 4
	load_unharmed
	load_end late
	load_is late "new devices are let in" '.accepted == 200'
	is "the old one was asked for none of all these claims" "$(scripts_run "$old")" "$resumed_scripts"
	ok "which it would have taken" is_master "$old"
	at "$old" acl setuser default +slaveof +replicaof > /dev/null
	ok "it is made a replica within 60 s" wait_for 60 is_replica "$old"
	ok "no claim is missing at the new one within 10 s" wait_for 10 none_missing late at "$(primary)"
}

fault_options="$fault_options
redis = \"redis+sentinel://127.0.0.1:$((base + 3)),127.0.0.1:$((base + 4)),127.0.0.1:$((base + 5))/mymaster\""
fault_up
node_data 0
node_data 1 --replicaof 127.0.0.1 "$base"
node_data 2 --replicaof 127.0.0.1 "$base"
for n in 3 4 5; do
	sentinel $n
done
ok "the replicas are there" wait_for 20 replicated
ok "the Sentinels know each other" wait_for 20 others_know
at 0 hset 'mpsk:key:{bob}' ssid Acme psk "$fault_psk" > /dev/null
at 0 hset 'mpsk:key:{ann}' ssid Acme psk "a passphrase of ann" max 0 > /dev/null
key_in_force ann
devices_known
times=10
[ -z "${FAULTS_BRIEF-}" ] || times=2
for n in $(seq "${FAILOVERS:-$times}"); do
	failover "$n"
done
resumed
none_was_missing

fault_done
