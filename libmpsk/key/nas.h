/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the store says of an access point or controller: `mpsk:cfg:nas:<id>`.
 */
#ifndef MPSK_KEY_NAS_H
#define MPSK_KEY_NAS_H

#include <stdbool.h>
#include <stdint.h>

#define MPSK_NAS_WORD_MAX 31	/* octets of dialect, reply */

/* Texts are borrowed, and "" where absent. */
typedef struct {
	char const	*org;
	char const	*site;
	char const	*dialect;		/* how it asks */
	char const	*reply;			/* how it is answered */
	bool		no_session_timeout;	/* it takes no reply that carries one */
	bool		has_interim_interval;
	uint32_t	interim_interval;	/* seconds between Interim-Updates; 0: it takes no reply that says */
} mpsk_nas_t;

#endif
