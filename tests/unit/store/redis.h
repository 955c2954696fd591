/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A private redis-server on a unix socket in a folder of its own, for one
 * test program. What cannot be started fails the test.
 */
#ifndef TEST_STORE_REDIS_H
#define TEST_STORE_REDIS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <hiredis/hiredis.h>

typedef struct {
	pid_t		pid;
	char		dir[40];
	char		socket[64];
	char		uri[80];
	char const	*const *options;	/* more words of its command line, to NULL; or NULL */
	bool		bare;			/* there are no others */
	char const	*password;		/* for the hand, or NULL */
	redisContext	*hand;		/* the connection of somebody who types commands */
} redis_t;

/* Start, or exit the program with a message. Keeps nothing on disk. */
void redis_start(redis_t *redis);

/* The same with more options, of which only the texts are kept: --port and so on. The folder is there already. */
void redis_folder(redis_t *redis);
void redis_start_as(redis_t *redis, char const *const *options);

/* A TCP port of this machine that nobody listens on now. */
int free_port(void);

/* Kill the server, and bring an empty one up at the same place. */
void redis_kill(redis_t *redis);
void redis_revive(redis_t *redis);

/* Kill the server and remove the folder. */
void redis_stop(redis_t *redis);

/* Any reply to a command typed by hand, also an error; freeReplyObject() it. */
redisReply *redis_reply(redis_t *redis, char const *format, ...);

/* A command typed by hand; its integer, or -1 where it answered something else. An error reply fails the test. */
long long redis_do(redis_t *redis, char const *format, ...);

/* The text of a reply ("" for nil), in a buffer that the next call overwrites. */
char const *redis_ask(redis_t *redis, char const *format, ...);

/* Wait for a condition, at most ms: returns whether it came true. */
bool wait_for(bool (*condition)(void const *uctx), void const *uctx, int ms);

#endif
