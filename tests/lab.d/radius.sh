# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2153,SC2154 # tests/lab sets dir and src, and writes the MPSK_ variables into DIR/env
#
# The private radiusd, with the sample configuration of raddb/.

# The sample configuration as it is, but for the Redis it asks and what MPSK_LAB_SET says.
copy_samples() {
	mkdir -p "$dir/raddb/mods-enabled" "$dir/raddb/policy.d" "$dir/raddb/sites-enabled"
	printf 'redis = "%s"\n%s\n' "$MPSK_REDIS" "${MPSK_LAB_SET-}" > "$dir/raddb/changes"
	awk '
		FNR == NR { if (NF) { value[$1] = $0 } next }
		{ name = $1 == "#" && $3 == "=" ? $2 : $2 == "=" ? $1 : "" }
		name in value { print "\t" value[name]; delete value[name]; next }
		{ print }
		END { for (name in value) { print "lab: mods-available/mpsk has no option " name > "/dev/stderr"; bad = 1 }
		      exit bad }
	' "$dir/raddb/changes" "$src/raddb/mods-available/mpsk" > "$dir/raddb/mods-enabled/mpsk" || exit 1
	cp "$src/raddb/policy.d/mpsk" "$dir/raddb/policy.d/mpsk"
	cp "$src/raddb/sites-available/mpsk" "$dir/raddb/sites-enabled/mpsk"
}

# In the place of copy_samples. The name is the one that the listeners have.
write_bare_site() {
	reply=
	[ -z "${MPSK_LAB_REPLY-}" ] || reply=$(printf 'update reply {\n%s\n}' "$MPSK_LAB_REPLY")
	mkdir -p "$dir/raddb/mods-enabled" "$dir/raddb/policy.d" "$dir/raddb/sites-enabled"
	cat > "$dir/raddb/sites-enabled/mpsk" <<-END
	server mpsk {
		authorize {
			update control {
				Auth-Type := Accept
			}
			$reply
		}
		authenticate {
		}
	}
	END
}

# client NAME NETWORK
client() {
	cat <<-END
	client $1 {
		ipaddr = $2
		secret = "$(printf '%s' "$MPSK_SECRET" | sed 's/[\\"]/\\&/g')"
		shortname = $1
	}
	END
}

# listener TYPE PORT
listener() {
	cat <<-END
	listen {
		type = $1
		ipaddr = $listen
		port = $2
		virtual_server = mpsk
		recv_buff = 4194304
	}
	END
}

# What hostapd sends comes in bursts; a test wants its answers at once, so nothing is delayed.
write_radiusd_conf() {
	{
		cat <<-END
		name = radiusd
		prefix = /usr
		libdir = "$MPSK_BUILD/rlm_mpsk/.libs:/usr/lib/freeradius"
		raddbdir = "$dir/raddb"
		confdir = \${raddbdir}
		logdir = "$dir/log"
		run_dir = "$dir/run"
		pidfile = \${run_dir}/server.pid
		correct_escapes = true
		max_requests = 65536
		max_request_time = 10
		cleanup_delay = 2
		hostname_lookups = no
		proxy_requests = no
		log {
			destination = stdout
			colourise = no
			auth = no
		}
		security {
			allow_core_dumps = no
			max_attributes = 200
			reject_delay = 0
			status_server = yes
			allow_vulnerable_openssl = yes
		}
		thread pool {
			start_servers = ${MPSK_LAB_THREADS:-4}
			max_servers = ${MPSK_LAB_THREADS:-32}
			min_spare_servers = ${MPSK_LAB_THREADS:-2}
			max_spare_servers = ${MPSK_LAB_THREADS:-16}
			max_requests_per_server = 0
		}
		END
		client loopback 127.0.0.0/8
		client loopback6 ::1/128
		[ -z "${MPSK_LAB_CLIENTS-}" ] || client points "$MPSK_LAB_CLIENTS"
		cat <<-END
		modules {
			always reject {
				rcode = reject
			}
			always fail {
				rcode = fail
			}
			always ok {
				rcode = ok
			}
			always handled {
				rcode = handled
			}
			expr {
			}
			\$INCLUDE mods-enabled/
		}
		policy {
			\$INCLUDE policy.d/
		}
		\$INCLUDE sites-enabled/
		END
		listener auth "$1"
		listener acct $(($1 + 1))
	} > "$dir/raddb/radiusd.conf"
}

# The server opens modules so that they see their own symbols first, past the sanitizer's: tests/deepbind.c.
sanitizer_preload() {
	deepbind=$MPSK_BUILD/tests/.libs/deepbind.so
	[ -f "$deepbind" ] || return 0
	runtime=$(ldd "$MPSK_BUILD/rlm_mpsk/.libs/rlm_mpsk.so" | awk '/lib(clang_rt\.)?[at]san/ { print $3; exit }')
	[ -n "$runtime" ] || return 0
	# A library that is loaded with the module begins within dlopen(), and GnuTLS then waits for a lock for ever.
	http=$(ldd "$MPSK_BUILD/rlm_mpsk/.libs/rlm_mpsk.so" | awk '/libmicrohttpd/ { print $3; exit }')
	echo "LD_PRELOAD=$deepbind:$runtime${http:+:$http}"
	# The server closes its standard error.
	common=log_path=$dir/log/sanitizer:print_stacktrace=1
	echo "ASAN_OPTIONS=$common:verify_asan_link_order=0:abort_on_error=1:detect_leaks=1:fast_unwind_on_malloc=0"
	echo "LSAN_OPTIONS=suppressions=$src/tests/lsan.supp:print_suppressions=0"
	# What hands a request from thread to thread is the server's, which is not instrumented.
	echo "TSAN_OPTIONS=$common:halt_on_error=1:ignore_noninstrumented_modules=1"
	echo "UBSAN_OPTIONS=$common"
}

# A Status-Server request, which the server answers without asking any module.
radius_answers() {
	echo 'Message-Authenticator = 0x00' |
		"$RADCLIENT" -q -r 1 -t 0.5 "$MPSK_RADIUS" status "$MPSK_SECRET" > /dev/null 2>&1
}

# Ready by its own word first: at the port of another server it is the other that answers.
radius_ready() {
	tail -c "+$((log_before + 1))" "$dir/log/radiusd.log" | grep -q 'Ready to process requests' && radius_answers
}

radius_settled() {
	radius_ready || gone radiusd
}

radius_start() {
	! pid_of radiusd > /dev/null || die "radiusd runs already"
	set -f
	old_ifs=$IFS
	IFS='
'
	# -m frees all on the way out, so that what is left then is a leak.
	# shellcheck disable=SC2046 # one word a line
	set -- env $(sanitizer_preload) "$radiusd" -f -m -d "$dir/raddb" -n radiusd
	IFS=$old_ifs
	set +f
	if [ -n "${MPSK_LAB_DEBUG-}" ]; then
		set -- "$@" -X
		[ "$MPSK_LAB_DEBUG" = 1 ] || set -- "$@" -x
	else
		set -- "$@" -l stdout
	fi
	[ -f "$dir/log/radiusd.log" ] || : > "$dir/log/radiusd.log"
	log_before=$(wc -c < "$dir/log/radiusd.log")
	spawn radiusd "$@"
	wait_for 40 radius_settled || return 1
	read -r MPSK_RADIUS_PID started < "$dir/run/radiusd.pid"
	! gone radiusd
}

radius_start_anywhere() {
	listen=${MPSK_LAB_LISTEN:-127.0.0.1}
	case $listen in
	'*' | 0.0.0.0)	host=127.0.0.1 ;;
	*:*)		host="[$listen]" ;;
	*)		host=$listen ;;
	esac
	for try in 1 2 3 4 5 6 7 8 9 10; do
		port=${MPSK_LAB_PORT:-$(random_port)}
		MPSK_RADIUS=$host:$port
		MPSK_ACCT=$host:$((port + 1))
		write_radiusd_conf "$port"
		! radius_start || return 0
		tail -n 10 "$dir/log/radiusd.log" | grep -q 'Address already in use' || break
		[ -z "${MPSK_LAB_PORT-}" ] || break
		rm -f "$dir/run/radiusd.pid"
	done
	show_log radiusd
	die "radiusd did not start (try $try)"
}

radius_stop() {
	pid_of radiusd > /dev/null || die "radiusd does not run"
	stop radiusd
	MPSK_RADIUS_PID=
}

# What a sanitizer wrote, and the server's last words.
broken() {
	cat "$dir"/log/sanitizer.* 2>/dev/null && return
	grep -E 'ASSERT FAILED|CAUGHT SIGNAL' "$dir/log/radiusd.log" 2>/dev/null
}
