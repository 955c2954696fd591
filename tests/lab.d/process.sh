# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# shellcheck disable=SC2154 # tests/lab sets dir
#
# Processes of the lab. DIR/run/NAME.pid holds the pid and the start time:
# a pid that the system has given to somebody else is not ours to stop.

# When a process started; nothing where it is gone, or where all its threads have ended and no parent took note (Z, X).
# All from one read: between two it may vanish.
start_time() {
	awk '{ sub(/.*\) /, ""); if ($1 !~ /[ZX]/ || $18 > 1) print $20 }' "/proc/$1/stat" 2>/dev/null
}

# The pid of NAME where it runs.
pid_of() {
	[ -f "$dir/run/$1.pid" ] || return 1
	read -r pid started < "$dir/run/$1.pid" || return 1
	[ -n "$started" ] && [ "$(start_time "$pid")" = "$started" ] || return 1
	echo "$pid"
}

# spawn NAME COMMAND...: in a session of its own, so that a Ctrl-C meant for the caller does not reach it.
spawn() {
	name=$1
	shift
	setsid "$@" < /dev/null >> "$dir/log/$name.log" 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
	echo "$! $(start_time $!)" > "$dir/run/$name.pid"
}

# stop NAME: 1 where it had ended by itself or had to be killed.
stop() {
	[ -f "$dir/run/$1.pid" ] || return 0
	result=0
	if pid=$(pid_of "$1"); then
		kill -CONT "$pid" 2>/dev/null || :
		kill -TERM "$pid" 2>/dev/null || :
		if ! wait_for 20 gone "$1"; then
			echo "lab: $1 did not end within 20 s and was killed" >&2
			kill -KILL "$pid" 2>/dev/null || :
			wait_for 5 gone "$1" || :
			result=1
		fi
	else
		echo "lab: $1 had ended by itself" >&2
		show_log "$1"
		result=1
	fi
	rm -f "$dir/run/$1.pid"
	return $result
}

gone() {
	! pid_of "$1" > /dev/null
}

show_log() {
	echo "lab: the end of $dir/log/$1.log:" >&2
	tail -n 40 "$dir/log/$1.log" | sed 's/^/  | /' >&2
}

# Below the ports from which Linux takes those of outgoing connections.
random_port() {
	echo $((20000 + $(od -An -N2 -tu2 /dev/urandom) % 6000 * 2))
}
