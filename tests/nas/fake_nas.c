/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An access point that takes Disconnect-Requests as hostapd does, for tests.
 * Its packets are read and signed by code of its own: an error in ours must
 * show.
 *
 *	fake_nas SECRET SESSIONS [MODE]
 *
 * listens on a loopback port that it prints first. SESSIONS is a file with a
 * line `MAC Acct-Session-Id` for each device that is on, read anew for each
 * request; what is disconnected is off from then on. A request that is
 * malformed, old or signed with another secret gets no answer. On standard
 * output stands a line for each datagram: milliseconds since 1970, the
 * attributes' numbers, MAC, session, and what became of it.
 *
 * MODE: `silent`; `late` (answers after 700 ms); `deaf` (passes over the first
 * two datagrams); `forged` (answers with a wrong authenticator); `strict`
 * (takes no Acct-Session-Id, as it knows none); `refuse` (NAK 506).
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#define PACKET_MAX	4096
#define TEXT_MAX	256
#define OFF_MAX		4096
#define WINDOW_S	300	/* as hostapd's radius_das_time_window */
#define LATE_NS		700000000

typedef struct {
	char	mac[TEXT_MAX];
	char	session[TEXT_MAX];
} session_t;

typedef struct {
	uint8_t	octets[PACKET_MAX];
	size_t	len;
	char	numbers[TEXT_MAX];	/* "80,31,44,55" */
	char	mac[TEXT_MAX];
	char	session[TEXT_MAX];
	bool	has_mac, has_session, has_timestamp, unsupported;
	size_t	signature;		/* where it stands; 0: nowhere */
	int64_t	timestamp;
} request_t;

static char const	*secret, *sessions_path, *mode;
static session_t	off[OFF_MAX];
static size_t		n_off;

static bool is_mode(char const *name)
{
	return strcmp(mode, name) == 0;
}

static void md5(uint8_t out[static 16], uint8_t const *packet, size_t len)
{
	uint8_t whole[PACKET_MAX + TEXT_MAX];

	memcpy(whole, packet, len);
	memcpy(whole + len, secret, strlen(secret));
	if (EVP_Digest(whole, len + strlen(secret), out, NULL, EVP_md5(), NULL) != 1) abort();
}

static void hmac(uint8_t out[static 16], uint8_t const *packet, size_t len)
{
	unsigned n = 16;

	if (!HMAC(EVP_md5(), secret, (int) strlen(secret), packet, len, out, &n)) abort();
}

/* RFC 5176, 2.3 and 3.5: of zeros in the place of the authenticator, then of the signature too. */
static bool is_signed(request_t const *request)
{
	uint8_t copy[PACKET_MAX], expected[16];

	memcpy(copy, request->octets, request->len);
	memset(copy + 4, 0, 16);
	md5(expected, copy, request->len);
	if (memcmp(expected, request->octets + 4, 16) != 0 || !request->signature) return false;
	memset(copy + request->signature, 0, 16);
	hmac(expected, copy, request->len);
	return memcmp(expected, request->octets + request->signature, 16) == 0;
}

static void text_take(char out[static TEXT_MAX], uint8_t const *value, size_t len)
{
	memcpy(out, value, len);
	out[len] = '\0';
}

/* As hostapd: User-Name, NAS-IP-Address, NAS-Identifier, CUI and so on are taken, and all else is not. */
static bool is_supported(uint8_t type)
{
	static uint8_t const supported[] = { 1, 4, 31, 32, 44, 50, 55, 80, 89, 95 };

	if (type == 44 && is_mode("strict")) return false;
	return memchr(supported, type, sizeof(supported)) != NULL;
}

static void attribute_take(request_t *request, uint8_t type, uint8_t const *value, size_t len)
{
	size_t used = strlen(request->numbers);

	snprintf(request->numbers + used, sizeof(request->numbers) - used, "%s%u", used ? "," : "", type);
	if (!is_supported(type)) request->unsupported = true;
	if (type == 31) {
		request->has_mac = true;
		text_take(request->mac, value, len);
	} else if (type == 44) {
		request->has_session = true;
		text_take(request->session, value, len);
	} else if (type == 55 && len == 4) {
		request->has_timestamp = true;
		request->timestamp = (int64_t) value[0] << 24 | value[1] << 16 | value[2] << 8 | value[3];
	} else if (type == 80 && len == 16) {
		request->signature = (size_t) (value - request->octets);
	}
}

static bool request_read(request_t *request)
{
	size_t at = 20;

	if (request->len < 20 || request->octets[0] != 40) return false;
	if ((size_t) (request->octets[2] << 8 | request->octets[3]) != request->len) return false;
	while (at < request->len) {
		size_t len = at + 1 < request->len ? request->octets[at + 1] : 0;

		if (len < 2 || at + len > request->len) return false;
		attribute_take(request, request->octets[at], request->octets + at + 2, len - 2);
		at += len;
	}
	return true;
}

static bool is_off(session_t const *session)
{
	for (size_t i = 0; i < n_off; i++) {
		if (strcmp(off[i].session, session->session) != 0) continue;
		if (strcasecmp(off[i].mac, session->mac) == 0) return true;
	}
	return false;
}

/* How many are meant; the first of them. */
static unsigned find(session_t *found, request_t const *request)
{
	FILE *file = fopen(sessions_path, "re");
	session_t session;
	unsigned n = 0;

	while (file && fscanf(file, "%255s %255s", session.mac, session.session) == 2) {
		if (request->has_mac && strcasecmp(session.mac, request->mac) != 0) continue;
		if (request->has_session && strcmp(session.session, request->session) != 0) continue;
		if (is_off(&session)) continue;
		if (n++ == 0) *found = session;
	}
	if (file) fclose(file);
	return n;
}

/* The Error-Cause; 0: it is disconnected. */
static unsigned act(request_t const *request)
{
	session_t found;
	unsigned n;

	if (request->unsupported) return 401;
	if (is_mode("refuse")) return 506;
	if (!request->has_mac && !request->has_session) return 503;
	n = find(&found, request);
	if (n != 1) return n ? 508 : 503;
	if (n_off == OFF_MAX) abort();
	off[n_off++] = found;
	return 0;
}

static void answer(int fd, request_t const *request, struct sockaddr_in const *to, unsigned cause)
{
	uint8_t reply[64] = { cause ? 42 : 41, request->octets[1] }, digest[16];
	size_t len = 20;

	memcpy(reply + 4, request->octets + 4, 16);
	if (cause) {
		uint8_t const attribute[] = { 101, 6, 0, 0, (uint8_t) (cause >> 8), (uint8_t) cause };

		memcpy(reply + len, attribute, sizeof(attribute));
		len += sizeof(attribute);
	}
	reply[len] = 80;
	reply[len + 1] = 18;
	len += 18;
	reply[3] = (uint8_t) len;
	hmac(digest, reply, len);
	memcpy(reply + len - 16, digest, 16);
	md5(digest, reply, len);
	memcpy(reply + 4, digest, 16);
	if (is_mode("forged")) reply[4] ^= 1;
	if (is_mode("late")) nanosleep(&(struct timespec) { .tv_nsec = LATE_NS }, NULL);
	sendto(fd, reply, len, 0, (struct sockaddr const *) to, sizeof(*to));
}

static void tell(request_t const *request, char const *what, unsigned cause)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	printf("%lld attributes=%s mac=%s session=%s %s", (long long) now.tv_sec * 1000 + now.tv_nsec / 1000000,
	       request->numbers, request->has_mac ? request->mac : "-", request->has_session ? request->session : "-",
	       what);
	if (cause) printf(" %u", cause);
	putchar('\n');
	fflush(stdout);
}

static void serve(int fd)
{
	static unsigned heard;
	struct sockaddr_in from;
	socklen_t from_len = sizeof(from);
	request_t request = { .len = 0 };
	ssize_t n = recvfrom(fd, request.octets, sizeof(request.octets), 0, (struct sockaddr *) &from, &from_len);
	unsigned cause;

	if (n < 0) return;
	request.len = (size_t) n;
	if (!request_read(&request)) {
		tell(&request, "malformed", 0);
	} else if (!is_signed(&request)) {
		tell(&request, "unsigned", 0);
	} else if (!request.has_timestamp || llabs(request.timestamp - (int64_t) time(NULL)) > WINDOW_S) {
		tell(&request, "old", 0);
	} else if (is_mode("silent") || (is_mode("deaf") && heard++ < 2)) {
		tell(&request, "ignored", 0);
	} else {
		cause = act(&request);
		tell(&request, cause ? "nak" : "ack", cause);
		answer(fd, &request, &from, cause);
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (argc < 3 || strlen(argv[1]) >= TEXT_MAX || fd < 0) return 2;
	secret = argv[1];
	sessions_path = argv[2];
	mode = argc > 3 ? argv[3] : "";
	if (bind(fd, (struct sockaddr const *) &address, sizeof(address)) != 0 ||
	    getsockname(fd, (struct sockaddr *) &address, &len) != 0) return 2;
	printf("%u\n", ntohs(address.sin_port));
	fflush(stdout);
	for (;;) serve(fd);
}
