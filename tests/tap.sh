# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# TAP for tests written in POSIX shell. A test begins with
#	. "${srcdir:-.}/tests/tap.sh"
# and ends with done_testing, which prints the plan: a script that dies on
# its way has no plan, and that is a failure.
#
#	ok NAME COMMAND [ARGUMENT...]	passes where the command exits 0
#	not_ok NAME COMMAND [ARGUMENT...]	passes where the command exits with anything else
#	is NAME GOT EXPECTED		passes where two texts are equal
#	like NAME GOT ERE		passes where a line of GOT has a match of the extended regular expression
#	unlike NAME GOT ERE		passes where none has
#	pass NAME, fail NAME [TEXT]	a result that the caller found
#	skip NAME REASON		counted as skipped, never as passed
#	diag TEXT			a comment in the log
#	bail_out REASON			ends the run: the ground itself is missing
#	wait_for SECONDS COMMAND [ARGUMENT...]	polls a command until it exits 0; 1 where it never does

# shellcheck source=tests/wait.sh
. "${srcdir:-.}/tests/wait.sh"

tap_run=0
tap_failures=0

diag()
{
	printf '%s\n' "$*" | sed 's/^/# /'
}

pass()
{
	tap_run=$((tap_run + 1))
	printf 'ok %d - %s\n' "$tap_run" "$1"
}

fail()
{
	tap_run=$((tap_run + 1))
	tap_failures=$((tap_failures + 1))
	printf 'not ok %d - %s\n' "$tap_run" "$1"
	shift
	[ $# -eq 0 ] || diag "$@"
}

skip()
{
	tap_run=$((tap_run + 1))
	printf 'ok %d - %s # SKIP %s\n' "$tap_run" "$1" "$2"
}

bail_out()
{
	printf 'Bail out! %s\n' "$*"
	exit 1
}

# The command runs in this shell, so that it may be a function and may set variables.
ok()
{
	tap_name=$1
	shift
	"$@" && tap_status=0 || tap_status=$?
	if [ "$tap_status" -eq 0 ]; then
		pass "$tap_name"
	else
		fail "$tap_name" "exit $tap_status: $*"
	fi
}

not_ok()
{
	tap_name=$1
	shift
	if "$@"; then
		fail "$tap_name" "exit 0: $*"
	else
		pass "$tap_name"
	fi
}

is()
{
	if [ "$2" = "$3" ]; then
		pass "$1"
	else
		fail "$1" "got:      $2
expected: $3"
	fi
}

like()
{
	if printf '%s\n' "$2" | grep -E -q -e "$3"; then
		pass "$1"
	else
		fail "$1" "got:      $2
expected: a match of $3"
	fi
}

unlike()
{
	if printf '%s\n' "$2" | grep -E -q -e "$3"; then
		fail "$1" "got:      $2
expected: no match of $3"
	else
		pass "$1"
	fi
}

# The exit status tells a person who runs the script by hand; the harness reads the lines.
done_testing()
{
	printf '1..%d\n' "$tap_run"
	[ "$tap_failures" -eq 0 ] && [ "$tap_run" -gt 0 ]
}
