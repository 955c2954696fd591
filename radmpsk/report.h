/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is printed, for a person or as JSON.
 */
#ifndef RADMPSK_REPORT_H
#define RADMPSK_REPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/status.h"
#include "radmpsk/answer.h"
#include "radmpsk/load.h"
#include "radmpsk/request.h"

typedef struct {
	char const	*server;	/* as resolved */
	request_t const	*request;
	bool		show_psk;
	bool		random_macs;	/* each request has a MAC of its own */
	uint32_t	stations;	/* more than 1: MACs from that of the request on */
} report_subject_t;

/* One request and its answer, which took so long to come. ERR where there is no memory or out fails. */
mpsk_status_t report_answer_text(FILE *out, report_subject_t const *subject, answer_t const *answer, int64_t took_us);
mpsk_status_t report_answer_json(FILE *out, report_subject_t const *subject, answer_t const *answer, int64_t took_us);

/* A load run. */
mpsk_status_t report_load_text(FILE *out, report_subject_t const *subject, load_result_t const *result);
mpsk_status_t report_load_json(FILE *out, report_subject_t const *subject, load_result_t const *result);

#endif
