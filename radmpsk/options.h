/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command line.
 */
#ifndef RADMPSK_OPTIONS_H
#define RADMPSK_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mac.h"
#include "base/octets.h"
#include "base/ssid.h"
#include "radmpsk/dialect.h"
#include "radmpsk/supplicant.h"

/* Exit codes beyond those of answer_verdict_t. */
#define OPTIONS_EXIT_USAGE	64
#define OPTIONS_EXIT_INTERNAL	70

/* What --acct takes. */
typedef struct {
	char const	*name;
	unsigned	status;		/* accounting_status_t; 0: a load */
} options_acct_t;

typedef struct {
	char const		*server;
	char const		*secret_file;		/* "-": standard input; NULL: the terminal */
	char const		*passphrase_file;	/* likewise */
	char const		*nas_id;
	bool			has_ssid;
	mpsk_ssid_t		ssid;
	mpsk_mac_t		mac;
	mpsk_mac_t		bssid;
	supplicant_akm_t const	*akm;
	dialect_t const		*dialect;
	char const		*replay;		/* a file, or NULL */
	bool			bound;
	bool			json;
	bool			show_psk;
	int64_t			timeout;	/* seconds */
	int64_t			retries;
	int64_t			count;		/* 0: a single request */
	int64_t			window;
	int64_t			rate;		/* requests a second; 0: the window decides */
	bool			random_macs;
	int64_t			stations;	/* so many MACs by turns; 0: one, or random */
	bool			wrong;		/* handshakes of keys that nobody has */
	options_acct_t const	*acct;		/* NULL: Access-Requests */
	mpsk_octets_t		session_id;	/* empty: the MAC */
	char const		*user_name;	/* in accounting; NULL: the MAC */
	int64_t			octets_in, octets_out;
	int64_t			session_time;
	int64_t			ago;		/* seconds since it happened */
	char const		*model;		/* a file, or NULL */
} options_t;

/* Read argv. Does not return where it is wrong: says why and ends with OPTIONS_EXIT_USAGE. */
void options_read(options_t *options, int argc, char **argv);

#endif
