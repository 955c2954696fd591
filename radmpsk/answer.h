/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a reply means to the access point that asked: judged as hostapd does,
 * in whose place other makers' look for the key in attributes of their own.
 */
#ifndef RADMPSK_ANSWER_H
#define RADMPSK_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ssid.h"
#include "base/status.h"
#include "radius/packet.h"
#include "wpa/handshake.h"
#include "wpa/pmk.h"

/* The numbers are exit codes. */
typedef enum {
	ANSWER_RIGHT = 0,	/* the key made the handshake; bound: it is the one expected */
	ANSWER_REJECTED = 1,
	ANSWER_WRONG = 2,
	ANSWER_NONE = 3
} answer_verdict_t;

typedef struct {
	bool	present;
	uint8_t	len;
	uint8_t	octets[RADIUS_VALUE_MAX];
} answer_text_t;

/* What was asked, by one who knows the key. */
typedef struct {
	radius_secret_t const	*secret;
	uint8_t const		*authenticator;	/* the request's */
	mpsk_ssid_t		ssid;
	wpa_psk_t const		*psk;		/* the station's own */
	wpa_pmk_t const		*pmk;		/* of psk, for that SSID */
	wpa_handshake_t const	*handshake;	/* NULL: a bound request */
	bool			by_sae;		/* the last passphrase counts alone, and a PMK is none */
	unsigned		keys;		/* bits by keys_kind_t: where a key is looked for; 0: Tunnel-Password */
} answer_question_t;

typedef struct {
	answer_verdict_t	verdict;
	mpsk_error_t		why;			/* one line, whatever the verdict */
	uint8_t			code;			/* 0: no packet */
	bool			signed_reply;		/* it carries a right Message-Authenticator */
	answer_text_t		user_name;
	answer_text_t		cui;
	answer_text_t		filter_id;
	answer_text_t		reply_message;
	unsigned		vlan;			/* 0: none that hostapd would use */
	bool			vlan_incomplete;	/* a group id, but no VLAN that hostapd would use */
	bool			has_session_timeout;
	uint32_t		session_timeout;
	unsigned		passwords;		/* Tunnel-Passwords */
	unsigned		usable;			/* of 8 to 63 octets, or 64 hex digits */
	unsigned		tries;			/* tried until one was right, the last first */
	wpa_psk_t		psk;			/* the right one; len 0: none */
} answer_t;

/*
 * Judge a datagram. Any octets will do: what is malformed is a wrong answer.
 * The caller wipes the answer, which may hold a PSK.
 */
void answer_judge(answer_t *answer, answer_question_t const *question, uint8_t const *octets, size_t len);

/* "right", "rejected", "wrong", "none". */
char const *answer_verdict_name(answer_verdict_t verdict);

#endif
