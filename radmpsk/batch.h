/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A batch of requests, computed before the clock starts.
 */
#ifndef RADMPSK_BATCH_H
#define RADMPSK_BATCH_H

#include <stdint.h>

#include "base/status.h"
#include "radmpsk/answer.h"
#include "radmpsk/load.h"

#define BATCH_SIZE		8192
#define BATCH_PACKET_MAX	1024

typedef struct {
	mpsk_mac_t		mac;
	supplicant_handshake_t	handshake;
	size_t			len;
	uint8_t			packet[BATCH_PACKET_MAX];	/* signed anew for the id it is sent with */
} batch_request_t;

/* Fill n requests of a plan, from its first-th on. ERR, BAD or MISS as load_run(). */
mpsk_status_t batch_fill(batch_request_t *requests, uint32_t n, uint32_t first, load_plan_t const *plan,
			 mpsk_error_t *err);

/* Give a request the id that it is sent with. ERR where libcrypto fails. */
mpsk_status_t batch_request_number(batch_request_t *request, uint8_t id, radius_secret_t const *secret);

/* Judge what came in answer to one of them. */
void batch_request_judge(answer_t *answer, batch_request_t const *request, load_plan_t const *plan,
			 uint8_t const *octets, size_t len);

#endif
