/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "redis.h"

#include <dirent.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/deadline.h"

#define START_MS 20000

static void fail(char const *what)
{
	fprintf(stderr, "redis-server: %s\n", what);
	exit(1);
}

#define OPTIONS_MAX 40

/* Not a child that outlives a test that crashed. */
static void run_server(redis_t const *redis)
{
	char const *argv[OPTIONS_MAX] = {
		"redis-server", "--port", "0", "--unixsocket", redis->socket, "--save", "", "--appendonly", "no",
		"--loglevel", "warning", "--logfile", "redis.log",
	};
	char const *server = getenv("MPSK_REDIS_SERVER");
	int argc = redis->bare ? 1 : 13;

	for (int i = 0; redis->options && redis->options[i] && argc < OPTIONS_MAX - 1; i++) {
		argv[argc++] = redis->options[i];
	}
	argv[argc] = NULL;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (!server || !*server) server = argv[0];
	if (chdir(redis->dir) == 0) execvp(server, (char *const *) (uintptr_t) argv);
	_exit(127);
}

/* Connect the hand; false where nobody answers. */
static bool hand_connect(redis_t *redis)
{
	redisReply *reply;
	bool ok;

	if (redis->hand) redisFree(redis->hand);
	redis->hand = redisConnectUnix(redis->socket);
	ok = redis->hand && !redis->hand->err;
	if (ok && redis->password && (reply = redisCommand(redis->hand, "AUTH %s", redis->password)) != NULL) {
		freeReplyObject(reply);
	}
	reply = ok ? redisCommand(redis->hand, "PING") : NULL;
	ok = reply && reply->type == REDIS_REPLY_STATUS;
	if (reply) freeReplyObject(reply);
	return ok;
}

static bool answers(void const *uctx)
{
	redis_t *redis = (redis_t *) (uintptr_t) uctx;

	if (waitpid(redis->pid, NULL, WNOHANG) == redis->pid) fail("ended at once; is it installed?");
	return hand_connect(redis);
}

void redis_revive(redis_t *redis)
{
	signal(SIGPIPE, SIG_IGN);
	unlink(redis->socket);
	redis->pid = fork();
	if (redis->pid < 0) fail("cannot fork");
	if (redis->pid == 0) run_server(redis);
	if (!wait_for(answers, redis, START_MS)) fail("does not answer");
}

void redis_folder(redis_t *redis)
{
	memset(redis, 0, sizeof(*redis));
	snprintf(redis->dir, sizeof(redis->dir), "/tmp/mpsk-test-XXXXXX");
	if (!mkdtemp(redis->dir)) fail("no temporary folder");
	snprintf(redis->socket, sizeof(redis->socket), "%s/redis.sock", redis->dir);
	snprintf(redis->uri, sizeof(redis->uri), "unix://%s", redis->socket);
}

void redis_start_as(redis_t *redis, char const *const *options)
{
	redis->options = options;
	redis_revive(redis);
}

void redis_start(redis_t *redis)
{
	redis_folder(redis);
	redis_start_as(redis, NULL);
}

void redis_kill(redis_t *redis)
{
	if (redis->hand) redisFree(redis->hand);
	redis->hand = NULL;
	kill(redis->pid, SIGKILL);
	waitpid(redis->pid, NULL, 0);
}

void redis_stop(redis_t *redis)
{
	DIR *dir;
	struct dirent *entry;

	redis_kill(redis);
	dir = opendir(redis->dir);
	while (dir && (entry = readdir(dir)) != NULL) (void) unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir) closedir(dir);
	rmdir(redis->dir);
}

/* Below the ports that the kernel gives to clients, so that none of them takes it before the server does. */
int free_port(void)
{
	static unsigned next;
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { .s_addr = htonl(INADDR_LOOPBACK) } };

	if (!next) next = (unsigned) getpid() * 31;
	for (int i = 0; i < 10000; i++) {
		int port = 20000 + (int) (next++ % 10000);
		int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		bool is_free;

		address.sin_port = htons((uint16_t) port);
		is_free = bind(fd, (struct sockaddr const *) &address, sizeof(address)) == 0;
		close(fd);
		if (is_free) return port;
	}
	fail("no port is free");
	return 0;
}

/* A server that is made a replica cuts all connections: the hand comes back. */
static redisReply *hand_command(redis_t *redis, char const *format, va_list ap)
{
	redisReply *reply;
	va_list again;

	va_copy(again, ap);
	reply = redisvCommand(redis->hand, format, ap);
	if (!reply && hand_connect(redis)) reply = redisvCommand(redis->hand, format, again);
	va_end(again);
	if (!reply) fail("the test's own connection failed");
	return reply;
}

redisReply *redis_reply(redis_t *redis, char const *format, ...)
{
	redisReply *reply;
	va_list ap;

	va_start(ap, format);
	reply = hand_command(redis, format, ap);
	va_end(ap);
	return reply;
}

static redisReply *redis_command(redis_t *redis, char const *format, va_list ap)
{
	redisReply *reply = hand_command(redis, format, ap);

	if (reply->type == REDIS_REPLY_ERROR) fail(reply->str);
	return reply;
}

long long redis_do(redis_t *redis, char const *format, ...)
{
	redisReply *reply;
	long long n;
	va_list ap;

	va_start(ap, format);
	reply = redis_command(redis, format, ap);
	va_end(ap);
	n = reply->type == REDIS_REPLY_INTEGER ? reply->integer : -1;
	freeReplyObject(reply);
	return n;
}

char const *redis_ask(redis_t *redis, char const *format, ...)
{
	static char text[4096];
	redisReply *reply;
	va_list ap;

	va_start(ap, format);
	reply = redis_command(redis, format, ap);
	va_end(ap);
	snprintf(text, sizeof(text), "%s", reply->str ? reply->str : "");
	freeReplyObject(reply);
	return text;
}

bool wait_for(bool (*condition)(void const *uctx), void const *uctx, int ms)
{
	mpsk_deadline_t deadline = mpsk_deadline_in(ms);

	while (!condition(uctx)) {
		if (mpsk_deadline_passed(deadline)) return false;
		usleep(1000);
	}
	return true;
}
