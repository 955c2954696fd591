/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the store says of an access point or controller: `mpsk:cfg:nas:<id>`.
 */
#ifndef MPSK_KEY_NAS_H
#define MPSK_KEY_NAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "key/key.h"
#include "key/keyring.h"

#define MPSK_NAS_ID_MAX		253	/* octets of a RADIUS attribute's value */
#define MPSK_NAS_WORD_MAX	31	/* octets of dialect, reply */
#define MPSK_NAS_SECRET_MAX	128
#define MPSK_NAS_ADDRESS_MAX	253

/* For a server. Texts are borrowed, and "" where absent. */
typedef struct {
	char const	*org;
	char const	*site;
	char const	*dialect;		/* how it asks */
	char const	*reply;			/* how it is answered */
	bool		no_session_timeout;	/* it takes no reply that carries one */
	bool		has_interim_interval;
	uint32_t	interim_interval;	/* seconds between Interim-Updates; 0: it takes no reply that says */
} mpsk_nas_t;

/* How it is reached with Disconnect-Requests. Wipe it. */
typedef struct {
	size_t		secret_len;				/* 0: none is known */
	uint8_t		secret[MPSK_NAS_SECRET_MAX];
	uint16_t	port;					/* 0: that of its dialect */
	char		address[MPSK_NAS_ADDRESS_MAX + 1];	/* a name or an address; "": where it sends from */
	char		dialect[MPSK_NAS_WORD_MAX + 1];		/* coa_dialect, else dialect; "": neither is set */
	int64_t		cache;					/* seconds that it keeps answers; -1: not told */
} mpsk_nas_coa_t;

/* Whether this may be the id of a NAS: 1 to MPSK_NAS_ID_MAX octets, and no NUL among them. */
bool mpsk_nas_id_valid(char const *id, size_t len);

/* Its fields, in the order in which people want to read them; ends with a NULL name. */
typedef struct {
	char const	*name;
	bool		secret;		/* never shown */
	char const	*help;		/* one line: grammar and default */
} mpsk_nas_field_t;

extern mpsk_nas_field_t const mpsk_nas_fields[];

/*
 * See whether a value, not sealed, is one that a field may have; an empty one
 * always is, for it counts as absent. MISS where there is no such field, BAD,
 * with a text that does not name it, where the value breaks its rule.
 */
mpsk_status_t mpsk_nas_field_check(char const *name, char const *value, size_t len, mpsk_error_t *err);

/*
 * Read what is said of how it is reached; other fields are passed over. A
 * sealed secret is opened with the keyring, which may be NULL. BAD, with a
 * text that names the field, where one breaks its rule or cannot be opened;
 * ERR where libcrypto fails. The result is then empty.
 */
mpsk_status_t mpsk_nas_coa_parse(mpsk_nas_coa_t *coa, char const *id, mpsk_field_t const *fields, size_t n_fields,
				 mpsk_keyring_t const *keyring, mpsk_error_t *err);

#endif
