/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "radmpsk/load.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/secret.h"
#include "radmpsk/answer.h"
#include "radmpsk/batch.h"

#define IDS		256	/* of one socket: RFC 2865, section 3 */
#define WINDOW_SHARE	64	/* requests per socket: an id then rests long before it is used again */
#define SOCKETS_MAX	(LOAD_WINDOW_MAX / WINDOW_SHARE)
#define NOBODY		UINT32_MAX
#define KEPT_MAX	512	/* octets of an answer that waits to be judged; longer ones are rare */

/* The kernel's send buffer is full: let it drain. */
static struct timespec const busy_wait = { .tv_nsec = 1000000 };

/* A socket and id. Slot k is id k / n_sockets of socket k % n_sockets. */
typedef struct {
	uint32_t	request;	/* in the batch, or NOBODY */
	bool		lost_one;	/* a late answer to a request that was given up may still come */
} slot_t;

typedef struct {
	int64_t		sent_us;	/* with a rate: was due */
	bool		done;
} flight_t;

/* An answer that is judged when the clock stands, so that what it costs to judge it is not taken for the server's. */
typedef struct {
	size_t	len;	/* 0: there is none, or it was judged at once */
	uint8_t	octets[KEPT_MAX];
} kept_t;

typedef struct {
	load_plan_t const	*plan;
	load_result_t		*result;
	mpsk_error_t		*err;

	uint32_t		n_sockets;
	struct pollfd		sockets[SOCKETS_MAX];
	slot_t			slots[SOCKETS_MAX * IDS];
	uint32_t		next_slot;
	uint32_t		*times_us;	/* of all answers */
	uint32_t		n_times;

	batch_request_t		*batch;
	kept_t			*kept;		/* one for each request of the batch */
	flight_t		flights[BATCH_SIZE];
	uint32_t		n;		/* requests in this batch */
	int64_t			start_us;	/* of this batch */
	uint32_t		sent;
	uint32_t		oldest;		/* of those sent, the first not done */
	uint32_t		in_flight;
} load_t;

static uint32_t slot_take(load_t *load, uint32_t request)
{
	uint32_t n_slots = load->n_sockets * IDS, slot;

	/* The window is a quarter of the slots: one is free. */
	do {
		slot = load->next_slot;
		load->next_slot = (slot + 1) % n_slots;
	} while (load->slots[slot].request != NOBODY);
	load->slots[slot].request = request;
	return slot;
}

/* When the next request is to be sent: at once, but for a rate. */
static int64_t due_us(load_t const *load, int64_t now)
{
	return load->plan->rate ? load->start_us + (int64_t) load->sent * 1000000 / load->plan->rate : now;
}

/* Send what is due and what the window has room for. MISS: the kernel takes no more for now. */
static mpsk_status_t window_fill(load_t *load)
{
	while (load->sent < load->n && load->in_flight < load->plan->window) {
		int64_t const now = radius_exchange_now_us(), due = due_us(load, now);
		batch_request_t *request = &load->batch[load->sent];
		uint32_t slot;
		ssize_t n;
		int fd;

		if (due > now) return MPSK_OK;
		slot = slot_take(load, load->sent);
		fd = load->sockets[slot % load->n_sockets].fd;
		if (batch_request_number(request, (uint8_t) (slot / load->n_sockets), load->plan->secret) != MPSK_OK) {
			return mpsk_error_set(load->err, MPSK_ERR, "libcrypto has no HMAC-MD5, which RADIUS needs");
		}
		load->flights[load->sent] = (flight_t) { .sent_us = due };
		n = send(fd, request->packet, request->len, 0);
		/* A refusal is of an earlier datagram, which the timeout will tell. */
		if (n < 0 && errno == ECONNREFUSED) n = send(fd, request->packet, request->len, 0);
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS)) {
			load->slots[slot].request = NOBODY;
			return MPSK_MISS;
		}
		if (n < 0 && errno != ECONNREFUSED) {
			return mpsk_error_set(load->err, MPSK_ERR, "sending: %s", strerror(errno));
		}
		load->sent++;
		load->in_flight++;
	}
	return MPSK_OK;
}

static void flight_end(load_t *load, slot_t *slot)
{
	load->flights[slot->request].done = true;
	slot->request = NOBODY;
	load->in_flight--;
	while (load->oldest < load->sent && load->flights[load->oldest].done) load->oldest++;
}

static void verdict_count(load_result_t *result, answer_t const *answer)
{
	switch (answer->verdict) {
	case ANSWER_RIGHT:
		result->right++;
		break;
	case ANSWER_REJECTED:
		result->rejected++;
		break;
	case ANSWER_WRONG:
	case ANSWER_NONE:
		if (!result->wrong++) result->first_wrong = answer->why;
		break;
	}
}

/* Judge an answer to a request. False: it is none, for it is to one that was given up. */
static bool answer_take(load_t *load, uint32_t request, bool lost_one, uint8_t const *octets, size_t len)
{
	bool is_late;
	answer_t answer;

	batch_request_judge(&answer, &load->batch[request], load->plan, octets, len);
	is_late = answer.verdict == ANSWER_WRONG && lost_one && !answer.signed_reply;
	if (!is_late) verdict_count(load->result, &answer);
	mpsk_secret_wipe(&answer, sizeof(answer));
	return !is_late;
}

static void datagram_take(load_t *load, uint32_t socket, uint8_t const *octets, size_t len)
{
	slot_t *slot;
	int64_t took;

	if (len < 2) return;
	slot = &load->slots[octets[1] * load->n_sockets + socket];
	if (slot->request == NOBODY) return;

	took = radius_exchange_now_us() - load->flights[slot->request].sent_us;
	if (!slot->lost_one && len <= KEPT_MAX) {
		kept_t *kept = &load->kept[slot->request];

		memcpy(kept->octets, octets, len);
		kept->len = len;
	} else if (!answer_take(load, slot->request, slot->lost_one, octets, len)) {
		slot->lost_one = false;
		return;
	}
	load->times_us[load->n_times++] = took > UINT32_MAX ? UINT32_MAX : (uint32_t) took;
	flight_end(load, slot);
}

static void kept_judge(load_t *load)
{
	for (uint32_t i = 0; i < load->n; i++) {
		kept_t *kept = &load->kept[i];

		if (kept->len) (void) answer_take(load, i, false, kept->octets, kept->len);
		mpsk_secret_wipe(kept->octets, kept->len);
		kept->len = 0;
	}
}

/* AGAIN: nothing listens there, and nothing ever did. */
static mpsk_status_t socket_drain(load_t *load, uint32_t socket)
{
	uint8_t octets[RADIUS_PACKET_MAX];

	for (;;) {
		ssize_t n = recv(load->sockets[socket].fd, octets, sizeof(octets), 0);

		if (n < 0 && errno == ECONNREFUSED && !load->n_times) {
			return mpsk_error_set(load->err, MPSK_AGAIN, "nothing listens on that port");
		}
		if (n < 0 && (errno == EINTR || errno == ECONNREFUSED)) continue;
		if (n < 0) return MPSK_OK;
		datagram_take(load, socket, octets, (size_t) n);
	}
}

/* Give up what has waited too long. */
static void overdue_end(load_t *load)
{
	int64_t const now = radius_exchange_now_us(), timeout_us = load->plan->timeout_ms * 1000;

	for (uint32_t i = 0; i < load->n_sockets * IDS && load->oldest < load->sent; i++) {
		slot_t *slot = &load->slots[i];

		if (now - load->flights[load->oldest].sent_us < timeout_us) break;
		if (slot->request == NOBODY || now - load->flights[slot->request].sent_us < timeout_us) continue;
		load->result->lost++;
		slot->lost_one = true;
		flight_end(load, slot);
	}
}

/* How long to wait at most: until the oldest is given up, or the next is due. */
static struct timespec patience(load_t const *load)
{
	int64_t const now = radius_exchange_now_us();
	int64_t until = load->oldest < load->sent ?
		load->flights[load->oldest].sent_us + load->plan->timeout_ms * 1000 : now;

	if (load->plan->rate && load->sent < load->n && load->in_flight < load->plan->window) {
		int64_t due = due_us(load, now);

		if (load->oldest == load->sent || due < until) until = due;
	}
	if (until < now) until = now;
	return (struct timespec) { .tv_sec = (until - now) / 1000000, .tv_nsec = (until - now) % 1000000 * 1000 };
}

/* Send what may be sent, wait, and take what has come. */
static mpsk_status_t turn(load_t *load)
{
	mpsk_status_t status = window_fill(load);
	struct timespec const wait = status == MPSK_MISS ? busy_wait : patience(load);

	if (status != MPSK_OK && status != MPSK_MISS) return status;
	if (ppoll(load->sockets, load->n_sockets, &wait, NULL) < 0 && errno != EINTR) {
		return mpsk_error_set(load->err, MPSK_ERR, "waiting: %s", strerror(errno));
	}
	for (uint32_t i = 0; i < load->n_sockets; i++) {
		status = load->sockets[i].revents ? socket_drain(load, i) : MPSK_OK;
		if (status != MPSK_OK) return status;
	}
	overdue_end(load);
	/* A server that is not there would cost the timeout once per window, for hours. */
	if (!load->n_times && load->result->lost >= load->plan->window) {
		return mpsk_error_set(load->err, MPSK_AGAIN, "no reply to the first %u requests: is the server up, and "
				      "is this machine one of its clients?", load->result->lost);
	}
	return MPSK_OK;
}

/* The time for which this thread has had a core. */
static int64_t busy_now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (int64_t) now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static mpsk_status_t batch_run(load_t *load)
{
	int64_t const busy = busy_now_us();
	mpsk_status_t status = MPSK_OK;

	load->start_us = radius_exchange_now_us();
	load->sent = load->oldest = 0;
	while (status == MPSK_OK && load->oldest < load->n) status = turn(load);
	load->result->spent_us += radius_exchange_now_us() - load->start_us;
	load->result->busy_us += busy_now_us() - busy;
	kept_judge(load);
	return status;
}

static int by_size(void const *a, void const *b)
{
	uint32_t x = *(uint32_t const *) a, y = *(uint32_t const *) b;

	return (x > y) - (x < y);
}

/* The least time that this many of a hundred answers did not exceed. */
static uint32_t percentile(load_t const *load, uint64_t percent)
{
	return load->n_times ? load->times_us[((uint64_t) load->n_times * percent + 99) / 100 - 1] : 0;
}

static void times_sum_up(load_t *load)
{
	qsort(load->times_us, load->n_times, sizeof(*load->times_us), by_size);
	load->result->p50_us = percentile(load, 50);
	load->result->p99_us = percentile(load, 99);
	load->result->max_us = percentile(load, 100);
}

static mpsk_status_t sockets_open(load_t *load)
{
	uint32_t wanted = (load->plan->window + WINDOW_SHARE - 1) / WINDOW_SHARE;
	mpsk_status_t status = MPSK_OK;

	for (size_t i = 0; i < SOCKETS_MAX * IDS; i++) load->slots[i].request = NOBODY;
	while (status == MPSK_OK && load->n_sockets < wanted) {
		struct pollfd *socket = &load->sockets[load->n_sockets];

		socket->events = POLLIN;
		status = radius_peer_connect(&socket->fd, load->plan->server, load->err);
		if (status == MPSK_OK) load->n_sockets++;
	}
	return status;
}

static void load_free(load_t *load)
{
	if (!load) return;
	for (uint32_t i = 0; i < load->n_sockets; i++) close(load->sockets[i].fd);
	free(load->times_us);
	free(load->batch);
	free(load->kept);
	free(load);
}

mpsk_status_t load_run(load_result_t *result, load_plan_t const *plan, mpsk_error_t *err)
{
	uint32_t const batch = plan->count < BATCH_SIZE ? plan->count : BATCH_SIZE;
	load_t *load = calloc(1, sizeof(*load));
	mpsk_status_t status;

	*result = (load_result_t) { 0 };
	if (!load) return mpsk_error_set(err, MPSK_ERR, "no memory");

	load->plan = plan;
	load->result = result;
	load->err = err;
	load->times_us = calloc(plan->count, sizeof(*load->times_us));
	load->batch = calloc(batch, sizeof(*load->batch));
	load->kept = calloc(batch, sizeof(*load->kept));
	status = load->times_us && load->batch && load->kept ? sockets_open(load) :
		 mpsk_error_set(err, MPSK_ERR, "no memory");

	for (uint32_t left = plan->count; status == MPSK_OK && left; left -= load->n) {
		load->n = left < BATCH_SIZE ? left : BATCH_SIZE;
		status = batch_fill(load->batch, load->n, plan->count - left, plan, err);
		if (status == MPSK_OK) status = batch_run(load);
	}
	if (status == MPSK_OK) times_sum_up(load);
	load_free(load);
	return status;
}
