/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rlm_mpsk/http.h"

#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/deadline.h"
#include "metrics/text.h"

#define CONNECTIONS	16
#define QUIET_S		5	/* for which one may say nothing */
#define WHOLE_MS	10000	/* that one may take in all, however it dribbles */
#define MEMORY		8192	/* for the head of a request */
#define STEP_MS		200	/* between two looks at the time */
#define BACKLOG		16
#define HOST_MAX	64
#define PORT_MAX	8

/* A connection, by its socket. */
typedef struct {
	int	fd;	/* -1: free */
	int64_t	since;	/* monotonic milliseconds; 0: it was cut off already */
} place_t;

struct rlm_mpsk_http {
	struct MHD_Daemon	*daemon;
	pthread_t		thread;
	bool			has_thread;
	atomic_bool		stopping;
	rlm_mpsk_http_page_t	page;
	void			*uctx;
	place_t			places[CONNECTIONS];	/* the thread's own */
};

/*
 * --- Where to listen ---
 */
typedef struct {
	char	host[HOST_MAX];
	char	port[PORT_MAX];
} at_t;

/* A port alone is one on loopback: to be seen from elsewhere takes an address. */
static bool at_read(at_t *at, char const *listen)
{
	char const *colon = strrchr(listen, ':');
	char const *port = colon ? colon + 1 : listen, *host = colon ? listen : "127.0.0.1";
	size_t len = colon ? (size_t) (colon - listen) : strlen(host);
	long number;

	if (len >= 2 && host[0] == '[' && host[len - 1] == ']') {
		host++;
		len -= 2;
	} else if (memchr(host, ':', len)) {
		return false;
	}
	if (len == 0 || len >= HOST_MAX || strlen(port) >= PORT_MAX || strspn(port, "0123456789") != strlen(port)) {
		return false;
	}
	number = strtol(port, NULL, 10);
	memcpy(at->host, host, len);
	at->host[len] = '\0';
	strcpy(at->port, port);
	return number >= 1 && number <= 65535;
}

static mpsk_status_t at_resolve(char const *listen, struct addrinfo **address, mpsk_error_t *err)
{
	struct addrinfo const hints = {
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM, .ai_family = AF_UNSPEC
	};
	at_t at;

	*address = NULL;
	if (at_read(&at, listen) && getaddrinfo(at.host, at.port, &hints, address) == 0) return MPSK_OK;
	return mpsk_error_set(err, MPSK_BAD, "give an address and a port, as 127.0.0.1:9812 or [::1]:9812");
}

mpsk_status_t rlm_mpsk_http_check(char const *listen, mpsk_error_t *err)
{
	struct addrinfo *address;
	mpsk_status_t status = at_resolve(listen, &address, err);

	if (address) freeaddrinfo(address);
	return status;
}

static mpsk_status_t socket_open(int *fd, char const *at, mpsk_error_t *err)
{
	struct addrinfo *address;
	mpsk_status_t status = at_resolve(at, &address, err);
	int const on = 1;

	*fd = -1;
	if (status != MPSK_OK) return status;
	*fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (*fd >= 0) (void) setsockopt(*fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (*fd >= 0 && address->ai_family == AF_INET6) {
		(void) setsockopt(*fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	}
	if (*fd < 0 || bind(*fd, address->ai_addr, address->ai_addrlen) != 0 || listen(*fd, BACKLOG) != 0) {
		status = mpsk_error_set(err, MPSK_ERR, "cannot listen there: %s", strerror(errno));
		if (*fd >= 0) close(*fd);
		*fd = -1;
	}
	freeaddrinfo(address);
	return status;
}

/*
 * --- On the thread ---
 */
static enum MHD_Result answer_queue(struct MHD_Connection *connection, unsigned code, char const *type,
				    char const *text)
{
	/* The copy is the library's: it takes no const. */
	struct MHD_Response *response = MHD_create_response_from_buffer(strlen(text), (void *) (uintptr_t) text,
									 MHD_RESPMEM_MUST_COPY);
	enum MHD_Result queued;

	if (!response) return MHD_NO;
	(void) MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	(void) MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
	if (code == MHD_HTTP_METHOD_NOT_ALLOWED) (void) MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET");
	queued = MHD_queue_response(connection, code, response);
	MHD_destroy_response(response);
	return queued;
}

static enum MHD_Result page_answer(rlm_mpsk_http_t *http, struct MHD_Connection *connection)
{
	TALLOC_CTX *ctx = talloc_new(NULL);
	char const *text = ctx ? http->page(http->uctx, ctx) : NULL;
	enum MHD_Result queued;

	if (text) {
		queued = answer_queue(connection, MHD_HTTP_OK, MPSK_METRICS_CONTENT_TYPE, text);
	} else {
		queued = answer_queue(connection, MHD_HTTP_SERVICE_UNAVAILABLE, "text/plain", "not ready\n");
	}
	talloc_free(ctx);
	return queued;
}

/* As soon as the head is there: no body is waited for. */
static enum MHD_Result request_answer(void *uctx, struct MHD_Connection *connection, char const *url,
				      char const *method, char const *version, char const *body, size_t *body_len,
				      void **state)
{
	(void) version;
	(void) body;
	(void) body_len;
	(void) state;
	if (strcmp(url, "/metrics") != 0) {
		return answer_queue(connection, MHD_HTTP_NOT_FOUND, "text/plain", "there is /metrics alone\n");
	}
	if (strcmp(method, MHD_HTTP_METHOD_GET) != 0) {
		return answer_queue(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "text/plain", "GET alone\n");
	}
	return page_answer(uctx, connection);
}

static place_t *place_free(rlm_mpsk_http_t *http)
{
	for (size_t i = 0; i < CONNECTIONS; i++) {
		if (http->places[i].fd < 0) return &http->places[i];
	}
	return NULL;
}

/* Connections come and go. */
static void connection_note(void *uctx, struct MHD_Connection *connection, void **state,
			    enum MHD_ConnectionNotificationCode code)
{
	union MHD_ConnectionInfo const *info;
	place_t *place = *state;

	if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
		if (place) place->fd = -1;
		return;
	}
	info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	*state = place = place_free(uctx);
	if (place && info) *place = (place_t) { .fd = info->connect_fd, .since = mpsk_monotonic_ms() };
}

/* The library's own limit is on silence, which an octet now and then breaks. */
static void connections_cut(rlm_mpsk_http_t *http)
{
	int64_t now = mpsk_monotonic_ms();

	for (size_t i = 0; i < CONNECTIONS; i++) {
		place_t *place = &http->places[i];

		if (place->fd < 0 || !place->since || now - place->since < WHOLE_MS) continue;
		(void) shutdown(place->fd, SHUT_RDWR);
		place->since = 0;
	}
}

static void *http_main(void *arg)
{
	rlm_mpsk_http_t *http = arg;

	while (!atomic_load(&http->stopping)) {
		(void) MHD_run_wait(http->daemon, STEP_MS);
		connections_cut(http);
	}
	return NULL;
}

/*
 * --- Life ---
 */

/* The host handles its signals on a thread of its own. */
static bool http_spawn(rlm_mpsk_http_t *http)
{
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	http->has_thread = pthread_create(&http->thread, NULL, http_main, http) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return http->has_thread;
}

mpsk_status_t rlm_mpsk_http_start(rlm_mpsk_http_t **out, char const *at, rlm_mpsk_http_page_t page, void *uctx,
				  mpsk_error_t *err)
{
	rlm_mpsk_http_t *http;
	mpsk_status_t status;
	int fd;

	*out = NULL;
	status = socket_open(&fd, at, err);
	if (status != MPSK_OK) return status;
	http = talloc_zero(NULL, rlm_mpsk_http_t);
	if (!http) {
		close(fd);
		return mpsk_error_set(err, MPSK_ERR, "out of memory");
	}
	http->page = page;
	http->uctx = uctx;
	for (size_t i = 0; i < CONNECTIONS; i++) http->places[i].fd = -1;
	/* Not select(): a server has more than 1024 files open. */
	http->daemon = MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, request_answer, http,
					MHD_OPTION_LISTEN_SOCKET, fd,
					MHD_OPTION_CONNECTION_LIMIT, (unsigned) CONNECTIONS,
					MHD_OPTION_CONNECTION_TIMEOUT, (unsigned) QUIET_S,
					MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t) MEMORY,
					MHD_OPTION_NOTIFY_CONNECTION, connection_note, http, MHD_OPTION_END);
	if (!http->daemon) close(fd);
	if (!http->daemon || !http_spawn(http)) {
		rlm_mpsk_http_stop(&http);
		return mpsk_error_set(err, MPSK_ERR, "the HTTP server cannot be started");
	}
	*out = http;
	return MPSK_OK;
}

void rlm_mpsk_http_stop(rlm_mpsk_http_t **http)
{
	if (!*http) return;
	atomic_store(&(*http)->stopping, true);
	if ((*http)->has_thread) pthread_join((*http)->thread, NULL);
	if ((*http)->daemon) MHD_stop_daemon((*http)->daemon);
	TALLOC_FREE(*http);
}
