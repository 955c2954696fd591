/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "radius/exchange.h"
#include "radmpsk/accounting.h"

#define KINDS		4	/* Start, two Interim-Updates, Stop */
#define TWICE		4	/* every so many-th packet is sent twice */
#define IDS		256	/* of one socket */
#define SOCKETS_MAX	64
#define PACKET_MAX	512
#define AGAIN_US	1000000
#define AGO_S		420	/* when the first session began */
#define SPREAD_S	100	/* and the last one after it */
#define STEP_S		60	/* between two events of one session */

/* A packet under way; of socket k / IDS, with id k % IDS. */
typedef struct {
	bool		busy;
	int64_t		sent_us, first_us;
	size_t		len;
	uint8_t		octets[PACKET_MAX];
} flight_t;

typedef struct {
	accounting_plan_t const	*plan;
	accounting_result_t	*result;
	uint32_t		*order;		/* of all packets: session * KINDS + kind */
	uint32_t		next;
	uint32_t		n_sockets;
	uint32_t		n_slots;
	uint32_t		free;		/* where a free slot is sought next */
	uint32_t		in_flight;
	int64_t			start_us;
	struct pollfd		sockets[SOCKETS_MAX];
	flight_t		*flights;
} load_t;

/*
 * --- What happens: a function of the plan alone ---
 */
static bool session_stops(uint32_t session)
{
	return session % 4 != 3;
}

/* Some hold what no text does. */
static void session_id(mpsk_octets_t *sid, uint32_t session)
{
	char const *more = session % 16 == 5 ? "/\"\\\xff\x01" : "";
	char text[32];
	int len = snprintf(text, sizeof(text), "%08" PRIX32 "%s", session, more);

	(void) mpsk_octets_set(sid, text, (size_t) len);
}

static mpsk_mac_t session_mac(accounting_plan_t const *plan, uint32_t session)
{
	mpsk_mac_t mac = plan->request.mac;
	uint32_t add = plan->stations ? session % plan->stations : 0;

	for (int i = MPSK_MAC_LEN; i-- > 0 && add; ) {
		add += mac.octets[i];
		mac.octets[i] = (uint8_t) add;
		add >>= 8;
	}
	return mac;
}

static int64_t session_since(accounting_plan_t const *plan, uint32_t session)
{
	return plan->now - AGO_S + session % SPREAD_S;
}

/* The event of a kind: 0 Start, 1 and 2 Interim-Updates, 3 Stop. Counters pass 32 bits on their way. */
static accounting_event_t event_of(accounting_plan_t const *plan, uint32_t session, uint32_t kind)
{
	static accounting_status_t const statuses[KINDS] = {
		ACCOUNTING_START, ACCOUNTING_INTERIM, ACCOUNTING_INTERIM, ACCOUNTING_STOP,
	};
	accounting_event_t event = {
		.status = statuses[kind],
		.user_name = plan->user_name,
		.at = session_since(plan, session) + STEP_S * kind,
		.session_time = STEP_S * kind,
		.in = (uint64_t) kind * (session + 1) * 1000,
		.out = (uint64_t) kind * 3000000000 + session,
		.cause = kind == KINDS - 1 ? 1 + session % 5 : 0,
	};

	session_id(&event.sid, session);
	return event;
}

mpsk_status_t accounting_model(FILE *out, accounting_plan_t const *plan)
{
	static char const *const causes[] = {
		"User-Request", "Lost-Carrier", "Lost-Service", "Idle-Timeout", "Session-Timeout"
	};

	for (uint32_t i = 0; i < plan->sessions; i++) {
		bool stops = session_stops(i);
		accounting_event_t last = event_of(plan, i, stops ? KINDS - 1 : KINDS - 2);
		mpsk_mac_t mac = session_mac(plan, i);
		char sid[MPSK_OCTETS_TEXT_MAX], text[MPSK_MAC_TEXT_MAX];

		(void) mpsk_octets_print(sid, last.sid.octets, last.sid.len);
		if (fprintf(out, "%s/%s\t%s\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t%" PRIu64 "\t%" PRIu64 "\t%s\n",
			    plan->request.nas_id, sid, mpsk_mac_print(text, &mac), session_since(plan, i), last.at,
			    stops ? last.at : 0, last.in, last.out, stops ? causes[last.cause - 1] : "") < 0) {
			return MPSK_ERR;
		}
	}
	return MPSK_OK;
}

/*
 * --- In which order ---
 */

/* xorshift32: an order that a second run draws again. */
static uint32_t draw(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static uint32_t order_fill(uint32_t *order, uint32_t sessions)
{
	uint32_t n = 0, seed = 2463534242u;

	for (uint32_t i = 0; i < sessions * KINDS; i++) {
		if (i % KINDS == KINDS - 1 && !session_stops(i / KINDS)) continue;
		order[n++] = i;
		if (i % TWICE == i / KINDS % TWICE) order[n++] = i;
	}
	for (uint32_t i = n; i > 1; i--) {
		uint32_t j = draw(&seed) % i, swap = order[i - 1];

		order[i - 1] = order[j];
		order[j] = swap;
	}
	return n;
}

/*
 * --- Sending ---
 */
static void flight_send(load_t *load, uint32_t slot)
{
	flight_t *flight = &load->flights[slot];
	int fd = load->sockets[slot / IDS].fd;

	flight->sent_us = radius_exchange_now_us();
	/* What cannot be sent now is sent again, as what is lost. */
	if (send(fd, flight->octets, flight->len, 0) < 0) (void) send(fd, flight->octets, flight->len, 0);
}

static mpsk_status_t packet_send(load_t *load, mpsk_error_t *err)
{
	accounting_plan_t const *plan = load->plan;
	uint32_t at = load->order[load->next++], slot;
	accounting_event_t event = event_of(plan, at / KINDS, at % KINDS);
	request_t request = plan->request;
	radius_packet_t packet;
	mpsk_status_t status;

	while (load->flights[load->free].busy) load->free = (load->free + 1) % load->n_slots;
	slot = load->free;
	load->free = (slot + 1) % load->n_slots;
	request.mac = session_mac(plan, at / KINDS);
	status = accounting_build(&packet, &request, &event, plan->secret, (uint8_t) (slot % IDS), err);
	if (status != MPSK_OK) return status;
	if (packet.len > PACKET_MAX) return mpsk_error_set(err, MPSK_BAD, "a packet is too long");
	memcpy(load->flights[slot].octets, packet.octets, packet.len);
	load->flights[slot].len = packet.len;
	load->flights[slot].busy = true;
	load->flights[slot].first_us = radius_exchange_now_us();
	load->in_flight++;
	flight_send(load, slot);
	return MPSK_OK;
}

/* When the next packet is due. */
static int64_t due_us(load_t const *load)
{
	return load->start_us + (load->plan->rate ? (int64_t) load->next * 1000000 / load->plan->rate : 0);
}

static bool may_send(load_t const *load)
{
	return load->next < load->result->packets && load->in_flight < load->plan->window;
}

static void flight_end(load_t *load, uint32_t slot)
{
	load->flights[slot].busy = false;
	load->in_flight--;
}

static void again_send(load_t *load)
{
	int64_t const now = radius_exchange_now_us();

	for (uint32_t i = 0; i < load->n_slots; i++) {
		flight_t const *flight = &load->flights[i];

		if (!flight->busy || now - flight->sent_us < AGAIN_US) continue;
		if (now - flight->first_us >= load->plan->timeout_ms * 1000) {
			load->result->lost++;
			flight_end(load, i);
		} else {
			load->result->repeated++;
			flight_send(load, i);
		}
	}
}

static void socket_drain(load_t *load, uint32_t socket)
{
	uint8_t octets[RADIUS_PACKET_MAX];
	radius_reply_t reply;
	ssize_t n;

	while ((n = recv(load->sockets[socket].fd, octets, sizeof(octets), 0)) >= 0 || errno == EINTR) {
		uint32_t slot = socket * IDS + (n > 1 ? octets[1] : 0);

		if (n < 0 || radius_reply_parse(&reply, octets, (size_t) n, NULL) != MPSK_OK) continue;
		if (reply.code != RADIUS_ACCOUNTING_RESPONSE || !load->flights[slot].busy) continue;
		if (radius_reply_verify(&reply, load->flights[slot].octets + 4, load->plan->secret,
					NULL) == MPSK_BAD) continue;
		load->result->answered++;
		flight_end(load, slot);
	}
}

static mpsk_status_t load_turn(load_t *load, int64_t *again_at, mpsk_error_t *err)
{
	struct timespec wait = { .tv_nsec = 10000000 };
	int64_t now = radius_exchange_now_us();
	mpsk_status_t status = MPSK_OK;

	while (status == MPSK_OK && may_send(load) && due_us(load) <= now) status = packet_send(load, err);
	if (status != MPSK_OK) return status;
	if (may_send(load) && due_us(load) - now < 10000) wait.tv_nsec = (due_us(load) - now) * 1000;
	if (wait.tv_nsec < 0) wait.tv_nsec = 0;
	if (ppoll(load->sockets, load->n_sockets, &wait, NULL) < 0 && errno != EINTR) {
		return mpsk_error_set(err, MPSK_ERR, "waiting: %s", strerror(errno));
	}
	for (uint32_t i = 0; i < load->n_sockets; i++) {
		if (load->sockets[i].revents) socket_drain(load, i);
	}
	if (now < *again_at) return MPSK_OK;
	*again_at = now + AGAIN_US / 10;
	again_send(load);
	return MPSK_OK;
}

static mpsk_status_t load_open(load_t *load, mpsk_error_t *err)
{
	uint32_t wanted = (2 * load->plan->window + IDS - 1) / IDS;
	mpsk_status_t status = MPSK_OK;

	if (wanted > SOCKETS_MAX) wanted = SOCKETS_MAX;
	load->n_slots = wanted * IDS;
	load->flights = calloc(load->n_slots, sizeof(*load->flights));
	load->order = calloc((size_t) load->plan->sessions * KINDS * 2, sizeof(*load->order));
	if (!load->flights || !load->order) return mpsk_error_set(err, MPSK_ERR, "no memory");
	load->result->packets = order_fill(load->order, load->plan->sessions);
	while (status == MPSK_OK && load->n_sockets < wanted) {
		struct pollfd *socket = &load->sockets[load->n_sockets];

		socket->events = POLLIN;
		status = radius_peer_connect(&socket->fd, load->plan->server, err);
		if (status == MPSK_OK) load->n_sockets++;
	}
	return status;
}

mpsk_status_t accounting_load(accounting_result_t *result, accounting_plan_t const *plan, mpsk_error_t *err)
{
	load_t load = { .plan = plan, .result = result };
	int64_t again_at = 0;
	mpsk_status_t status;

	*result = (accounting_result_t) { 0 };
	status = load_open(&load, err);
	load.start_us = radius_exchange_now_us();
	while (status == MPSK_OK && (load.next < result->packets || load.in_flight)) {
		status = load_turn(&load, &again_at, err);
	}
	result->spent_us = radius_exchange_now_us() - load.start_us;
	for (uint32_t i = 0; i < load.n_sockets; i++) close(load.sockets[i].fd);
	free(load.flights);
	free(load.order);
	return status;
}
