# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # tests/lab sets dir, and writes the MPSK_ variables into DIR/env
#
# The private Redis.

# Debian's redis-tools has the server under the name of one of its other trades; its name decides what it does.
redis_server() {
	if [ -n "${MPSK_REDIS_SERVER-}" ]; then
		echo "$MPSK_REDIS_SERVER"
		return
	fi
	if command -v redis-server; then
		return
	fi
	binary=$(command -v redis-check-rdb) || die "redis-server is not installed: run build-aux/install-packages"
	ln -sf "$binary" "$dir/run/redis-server"
	echo "$dir/run/redis-server"
}

redis_cli() {
	"$MPSK_REDIS_CLI" -s "$MPSK_REDIS_SOCKET" "$@" 2>/dev/null
}

redis_answers() {
	[ "$(redis_cli ping)" = PONG ]
}

redis_settled() {
	redis_answers || gone redis
}

redis_start() {
	! pid_of redis > /dev/null || die "Redis runs already"
	redis_port=${MPSK_REDIS##*:}
	binary=$(redis_server) || exit 1
	spawn redis "$binary" --bind 127.0.0.1 --port "$redis_port" --unixsocket "$MPSK_REDIS_SOCKET" \
		--unixsocketperm 700 --dir "$dir/redis" --save '' --appendonly no --daemonize no \
		--maxmemory-policy noeviction
	wait_for 20 redis_settled || return 1
	read -r MPSK_REDIS_PID started < "$dir/run/redis.pid"
	! gone redis
}

# As redis_start, on a port that is found to be free.
redis_start_anywhere() {
	for try in 1 2 3 4 5 6 7 8 9 10; do
		MPSK_REDIS=redis://127.0.0.1:$(random_port)
		! redis_start || return 0
		tail -n 5 "$dir/log/redis.log" | grep -q 'Address already in use' || break
		rm -f "$dir/run/redis.pid"
	done
	show_log redis
	die "Redis did not start (try $try)"
}

redis_stop() {
	pid_of redis > /dev/null || die "Redis does not run"
	redis_cli shutdown save || :
	wait_for 20 gone redis || die "Redis did not end within 20 s"
	rm -f "$dir/run/redis.pid"
	MPSK_REDIS_PID=
}
