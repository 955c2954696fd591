/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "lab.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

#define LABS_MAX	16
#define SCRIPT		BENCH_SRC "/tests/lab"
#define THREADS		"4"

extern char **environ;

/* One thing at a time happens to labs: a signal waits for a lab that is on its way up, to take that down too. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char root[LAB_TEXT_MAX];
static char dirs[LABS_MAX][LAB_TEXT_MAX];
static size_t n_dirs;

/* Run a command to its end. Its group is its own: the terminal's Ctrl-C is for us, who then clean up. */
static bool command_run(char const *const argv[])
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none, pipe;
	pid_t pid;
	int status = -1, why;

	sigemptyset(&none);
	sigemptyset(&pipe);
	sigaddset(&pipe, SIGPIPE);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
	posix_spawnattr_setsigdefault(&attr, &pipe);
	posix_spawnattr_setsigmask(&attr, &none);
	why = posix_spawnp(&pid, argv[0], &files, &attr, (char **) argv, environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	if (why) return false;
	while (waitpid(pid, &status, 0) < 0) continue;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool script_run(char const *verb, char const *dir, char const *what)
{
	return command_run((char const *[]) { SCRIPT, verb, dir, what, NULL });
}

/* The lock stays taken: nothing is started any more. */
static void labs_end(void)
{
	pthread_mutex_lock(&lock);
	while (n_dirs > 0) {
		n_dirs--;
		if (dirs[n_dirs][0]) script_run("down", dirs[n_dirs], NULL);
	}
	if (root[0]) command_run((char const *[]) { "rm", "-rf", root, NULL });
	root[0] = '\0';
}

static void *signals_await(void *signals)
{
	int number;

	sigwait(signals, &number);
	labs_end();
	_exit(128 + number);
}

void labs_begin(void)
{
	static sigset_t signals;
	pthread_t thread;

	/* A Redis that is taken down while keys are written to it must not end us before its folder is gone. */
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&signals);
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	bench_assert(pthread_sigmask(SIG_BLOCK, &signals, NULL) == 0 &&
		     pthread_create(&thread, NULL, signals_await, &signals) == 0 &&
		     pthread_detach(thread) == 0 && atexit(labs_end) == 0, "no thread for signals");
	setenv("MPSK_BUILD", BENCH_BUILD, 1);
	/* As many for all: a server that has to wait a little makes more and more of them, which costs it more. */
	setenv("MPSK_LAB_THREADS", THREADS, 1);
}

/* NAME='value' of DIR/env, where no value holds a quote. */
static void env_get(lab_t const *lab, char const *name, char *value)
{
	char path[LAB_TEXT_MAX + 8], line[2 * LAB_TEXT_MAX];
	size_t len = strlen(name);
	FILE *file;

	snprintf(path, sizeof(path), "%s/env", lab->dir);
	file = fopen(path, "r");
	bench_assert(file != NULL, "the lab has no env");
	value[0] = '\0';
	while (fgets(line, sizeof(line), file)) {
		if (strncmp(line, name, len) != 0 || strncmp(line + len, "='", 2) != 0) continue;
		snprintf(value, LAB_TEXT_MAX, "%.*s", (int) strcspn(line + len + 2, "'"), line + len + 2);
	}
	fclose(file);
}

static void env_read(lab_t *lab)
{
	char pid[LAB_TEXT_MAX];

	env_get(lab, "MPSK_RADIUS", lab->radius);
	env_get(lab, "MPSK_SECRET", lab->secret);
	env_get(lab, "MPSK_REDIS_SOCKET", lab->redis_socket);
	env_get(lab, "MPSK_RADIUS_PID", pid);
	lab->radius_pid = (pid_t) strtol(pid, NULL, 10);
}

void lab_up(lab_t *lab, lab_kind_t kind, char const *reply)
{
	char const *tmp = getenv("TMPDIR");
	bool up;

	pthread_mutex_lock(&lock);
	if (!root[0]) {
		snprintf(root, sizeof(root), "%s/mpsk-bench-XXXXXX", tmp && strlen(tmp) < 64 ? tmp : "/tmp");
		if (!mkdtemp(root)) root[0] = '\0';
	}
	up = root[0] && n_dirs < LABS_MAX;
	if (up) {
		snprintf(lab->dir, sizeof(lab->dir), "%.*s/%zu", LAB_TEXT_MAX - 8, root, n_dirs);
		memcpy(dirs[n_dirs++], lab->dir, sizeof(lab->dir));
		if (kind == LAB_BARE) setenv("MPSK_LAB_BARE", "1", 1);
		if (reply) setenv("MPSK_LAB_REPLY", reply, 1);
		up = script_run("up", lab->dir, NULL);
		unsetenv("MPSK_LAB_BARE");
		unsetenv("MPSK_LAB_REPLY");
	}
	pthread_mutex_unlock(&lock);
	bench_assert(up, "FreeRADIUS and Redis cannot be started, see above; --help says how to leave them out");
	env_read(lab);
}

void lab_down(lab_t *lab)
{
	bool down;

	pthread_mutex_lock(&lock);
	for (size_t i = 0; i < n_dirs; i++) {
		if (strcmp(dirs[i], lab->dir) == 0) dirs[i][0] = '\0';
	}
	down = script_run("down", lab->dir, NULL);
	pthread_mutex_unlock(&lock);
	bench_assert(down, "the servers did not run to the end");
}

static void radius_turn(lab_t *lab, char const *to)
{
	bool done;

	pthread_mutex_lock(&lock);
	done = script_run("radius", lab->dir, to);
	pthread_mutex_unlock(&lock);
	bench_assert(done, "FreeRADIUS cannot be started or stopped, see above");
	env_read(lab);
}

void lab_radius_stop(lab_t *lab)
{
	radius_turn(lab, "stop");
}

void lab_radius_start(lab_t *lab)
{
	radius_turn(lab, "start");
}

double lab_radius_cpu(lab_t const *lab)
{
	struct timespec spent = { 0 };
	clockid_t clock;

	bench_assert(clock_getcpuclockid(lab->radius_pid, &clock) == 0 && clock_gettime(clock, &spent) == 0,
		     "the server has ended");
	return (double) spent.tv_sec + (double) spent.tv_nsec * 1e-9;
}

size_t lab_radius_resident(lab_t const *lab, bool peak)
{
	char path[64], line[LAB_TEXT_MAX];
	size_t kib = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%ld/status", (long) lab->radius_pid);
	file = fopen(path, "r");
	while (file && fgets(line, sizeof(line), file)) sscanf(line, peak ? "VmHWM: %zu" : "VmRSS: %zu", &kib);
	if (file) fclose(file);
	bench_assert(kib > 0, "the server has ended");
	return kib * 1024;
}
