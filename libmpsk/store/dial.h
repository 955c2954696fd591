/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sockets: connecting to an address, and waiting with a deadline.
 */
#ifndef MPSK_STORE_DIAL_H
#define MPSK_STORE_DIAL_H

#include "base/deadline.h"
#include "base/status.h"
#include "store/uri.h"

/*
 * Wait until one of poll()'s events is there, or an error or hang-up, which
 * the next send or receive tells. AGAIN where the deadline passed or
 * cancel_fd (-1: none) became readable.
 */
mpsk_status_t mpsk_dial_wait(int fd, short events, int cancel_fd, mpsk_deadline_t deadline);

/*
 * A connected stream socket, non-blocking and closed on exec; the caller
 * closes it. Every address of a name gets its share of the time. AGAIN
 * where nobody answers, with a text that says why.
 */
mpsk_status_t mpsk_dial(int *fd, mpsk_address_t const *address, int cancel_fd, mpsk_deadline_t deadline,
			mpsk_error_t *err);

#endif
