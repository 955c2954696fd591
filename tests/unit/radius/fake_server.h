/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A RADIUS server of one thread on loopback, that answers as it is told.
 */
#ifndef MPSK_TESTS_FAKE_SERVER_H
#define MPSK_TESTS_FAKE_SERVER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

typedef enum {
	FAKE_ACCEPT,		/* with the right passphrase, FAKE_PASSPHRASE */
	FAKE_ACCEPT_OTHER,	/* with another one */
	FAKE_ACCEPT_BARE,	/* with none */
	FAKE_UNSIGNED,		/* right, but no Message-Authenticator */
	FAKE_FORGED,		/* right, but a wrong authenticator */
	FAKE_REJECT,
	FAKE_SILENT,
	FAKE_DEAF_AT_FIRST,	/* passes over the first of all requests, then FAKE_ACCEPT */
	FAKE_NOISY		/* another's reply and half a header first, then FAKE_ACCEPT */
} fake_mode_t;

#define FAKE_PASSPHRASE "correct horse"

typedef struct {
	fake_mode_t	mode;
	int		fd;
	int		stop[2];
	pthread_t	thread;
	char		address[32];	/* "127.0.0.1:port" */
	atomic_uint	requests;
} fake_server_t;

/* Each fails the test where it cannot do what it says. */
void fake_server_start(fake_server_t *server, fake_mode_t mode);
void fake_server_stop(fake_server_t *server);

#endif
