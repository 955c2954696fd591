/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "radius/exchange.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "radius/packet.h"

#define AUTHENTICATOR_OFFSET	4

/* A request that is under way. */
typedef struct {
	radius_exchange_t	*exchange;
	int64_t			start_us;
	int64_t			interval_us;	/* between the last transmission and the next */
	int64_t			next_us;	/* when it is sent again, or given up */
} flight_t;

typedef struct {
	radius_exchange_t *const *exchanges;
	size_t			n;
	size_t			next;		/* those before it were begun, or have ended */
	radius_patience_t	patience;
	size_t			in_flight;
	flight_t		flights[RADIUS_EXCHANGE_WINDOW];
	struct pollfd		fds[RADIUS_EXCHANGE_WINDOW];
} run_t;

int64_t radius_exchange_now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t) now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* The authenticator is as good as random: with it requests that were sent together are not sent again together. */
static int64_t spread(int64_t interval_us, radius_exchange_t const *exchange)
{
	return interval_us + interval_us / 10 * (exchange->request[AUTHENTICATOR_OFFSET] - 128) / 128;
}

static int64_t end_of(run_t const *run, flight_t const *flight)
{
	return flight->start_us + run->patience.timeout_ms * 1000;
}

/* When the next transmission is due; where there is none any more, the end of patience. */
static void next_plan(run_t const *run, flight_t *flight, int64_t now)
{
	radius_exchange_t const *exchange = flight->exchange;
	int64_t const max_us = run->patience.retransmit_max_ms * 1000, end = end_of(run, flight);
	int64_t interval = flight->interval_us;

	if (max_us) {
		flight->interval_us = 2 * interval < max_us ? 2 * interval : max_us;
		interval = spread(interval, exchange);
	}
	flight->next_us = now + interval;
	if (exchange->sent > run->patience.retries || flight->next_us > end) flight->next_us = end;
}

/* What an earlier transmission met is told by the send after it; the reply, not this, decides. */
static mpsk_status_t transmit(radius_exchange_t *exchange, int fd)
{
	exchange->sent++;
	if (send(fd, exchange->request, exchange->request_len, 0) >= 0 || errno == ECONNREFUSED || errno == EAGAIN ||
	    errno == EWOULDBLOCK || errno == ENOBUFS) return MPSK_OK;
	return mpsk_error_set(&exchange->err, radius_peer_failure(errno), "sending: %s", strerror(errno));
}

/* Whether it was not begun yet. */
static bool is_waiting(radius_exchange_t const *exchange)
{
	return exchange->status == MPSK_MISS && !exchange->sent;
}

/* Where a peer is silent, whoever waits for it would wait in vain. */
static void rest_fail(run_t *run, radius_exchange_t const *silent)
{
	for (size_t i = 0; i < run->n; i++) {
		if (run->exchanges[i]->peer == silent->peer && run->exchanges[i]->status == MPSK_OK) return;
	}
	for (size_t i = run->next; i < run->n; i++) {
		radius_exchange_t *exchange = run->exchanges[i];

		if (exchange->peer != silent->peer || !is_waiting(exchange)) continue;
		exchange->status = mpsk_error_set(&exchange->err, MPSK_AGAIN, "%s", silent->err.text);
	}
}

static void flight_end(run_t *run, size_t at, mpsk_status_t status)
{
	flight_t *flight = &run->flights[at];

	flight->exchange->status = status;
	flight->exchange->took_us = radius_exchange_now_us() - flight->start_us;
	close(run->fds[at].fd);
	run->in_flight--;
	run->flights[at] = run->flights[run->in_flight];
	run->fds[at] = run->fds[run->in_flight];
}

static void flight_begin(run_t *run, radius_exchange_t *exchange)
{
	flight_t *flight = &run->flights[run->in_flight];
	struct pollfd *fd = &run->fds[run->in_flight];

	*fd = (struct pollfd) { .events = POLLIN };
	exchange->status = radius_peer_connect(&fd->fd, exchange->peer, &exchange->err);
	if (exchange->status != MPSK_OK) return;

	*flight = (flight_t) {
		.exchange = exchange, .start_us = radius_exchange_now_us(),
		.interval_us = run->patience.retransmit_ms * 1000,
	};
	exchange->status = transmit(exchange, fd->fd);
	if (exchange->status != MPSK_OK) {
		close(fd->fd);
		return;
	}
	/* Neither answered nor given up: the others see to it that this is told from an answer. */
	exchange->status = MPSK_MISS;
	next_plan(run, flight, flight->start_us);
	run->in_flight++;
}

/* Take what has come until it is the reply. MISS: it has not come. */
static mpsk_status_t reply_receive(radius_exchange_t *exchange, int fd)
{
	uint8_t octets[RADIUS_PACKET_MAX];

	for (;;) {
		ssize_t n = recv(fd, octets, sizeof(octets), 0);

		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return MPSK_MISS;
		if (n < 0 && errno == EINTR) continue;
		if (n < 0 && errno == ECONNREFUSED) {
			return mpsk_error_set(&exchange->err, MPSK_AGAIN, "nothing listens on that port");
		}
		if (n < 0) {
			return mpsk_error_set(&exchange->err, radius_peer_failure(errno), "receiving: %s",
					      strerror(errno));
		}
		if (n < 2 || octets[1] != exchange->request[1]) continue;
		if (exchange->take(exchange, octets, (size_t) n)) return MPSK_OK;
	}
}

/* What is to be done at a flight's moment: MISS where it goes on. */
static mpsk_status_t due(run_t *run, flight_t *flight, int fd, int64_t now)
{
	radius_exchange_t *exchange = flight->exchange;
	mpsk_status_t status;

	if (now < flight->next_us) return MPSK_MISS;
	if (now >= end_of(run, flight)) {
		return mpsk_error_set(&exchange->err, MPSK_AGAIN, "no reply within %lld ms to %u transmission%s",
				      (long long) run->patience.timeout_ms, exchange->sent,
				      exchange->sent == 1 ? "" : "s");
	}
	status = transmit(exchange, fd);
	next_plan(run, flight, now);
	return status == MPSK_OK ? MPSK_MISS : status;
}

static int wait_ms(run_t const *run)
{
	int64_t first = INT64_MAX, now = radius_exchange_now_us();

	for (size_t i = 0; i < run->in_flight; i++) {
		if (run->flights[i].next_us < first) first = run->flights[i].next_us;
	}
	if (first <= now) return 0;
	first = (first - now + 999) / 1000;	/* upwards, or the last millisecond would be spent in a loop */
	return first < INT_MAX ? (int) first : INT_MAX;
}

static bool is_full(run_t const *run, radius_peer_t const *peer)
{
	size_t n = 0;

	for (size_t i = 0; i < run->in_flight; i++) n += run->flights[i].exchange->peer == peer;
	return n >= RADIUS_EXCHANGE_AT_ONE;
}

static void window_fill(run_t *run)
{
	radius_peer_t const *full = NULL;

	while (run->next < run->n && !is_waiting(run->exchanges[run->next])) run->next++;
	for (size_t i = run->next; i < run->n && run->in_flight < RADIUS_EXCHANGE_WINDOW; i++) {
		radius_exchange_t *exchange = run->exchanges[i];

		/* Those of one peer stand together as a rule, so that it is counted once for all. */
		if (exchange->peer == full || !is_waiting(exchange)) continue;
		if (is_full(run, exchange->peer)) {
			full = exchange->peer;
		} else {
			flight_begin(run, exchange);
		}
	}
}

static mpsk_status_t run_all(run_t *run, mpsk_error_t *err)
{
	for (window_fill(run); run->in_flight; window_fill(run)) {
		int64_t now;

		if (poll(run->fds, run->in_flight, wait_ms(run)) < 0 && errno != EINTR) {
			return mpsk_error_set(err, MPSK_ERR, "waiting: %s", strerror(errno));
		}
		now = radius_exchange_now_us();
		/* From the last to the first, for the last takes the place of one that ends. */
		for (size_t i = run->in_flight; i > 0; i--) {
			radius_exchange_t *exchange = run->flights[i - 1].exchange;
			mpsk_status_t status = reply_receive(exchange, run->fds[i - 1].fd);

			if (status == MPSK_MISS) status = due(run, &run->flights[i - 1], run->fds[i - 1].fd, now);
			if (status == MPSK_MISS) continue;
			flight_end(run, i - 1, status);
			if (status == MPSK_AGAIN) rest_fail(run, exchange);
		}
	}
	return MPSK_OK;
}

mpsk_status_t radius_exchange_run(radius_exchange_t *const *exchanges, size_t n, radius_patience_t const *patience,
				  mpsk_error_t *err)
{
	run_t *run = malloc(sizeof(*run));
	mpsk_status_t status;

	if (!run) return mpsk_error_set(err, MPSK_ERR, "out of memory");
	*run = (run_t) { .exchanges = exchanges, .n = n, .patience = *patience };
	for (size_t i = 0; i < n; i++) {
		exchanges[i]->status = MPSK_MISS;
		exchanges[i]->err.text[0] = '\0';
		exchanges[i]->sent = 0;
		exchanges[i]->took_us = 0;
	}
	status = run_all(run, err);
	for (size_t i = 0; i < run->in_flight; i++) close(run->fds[i].fd);
	free(run);
	return status;
}
