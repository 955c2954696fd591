/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Times and durations, as mpskctl takes them. The input: an octet that picks
 * a time zone, then the text.
 */
#include <time.h>

#include "base/text.h"
#include "mpskctl/when.h"
#include "tests/fuzz/fuzz.h"

#define NOW 1700000000

/* Spelled out: no zone files are needed. */
static char const *const zones[] = { "UTC0", "CET-1CEST,M3.5.0,M10.5.0/3", "NST3:30NDT,M3.2.0,M11.1.0", "LINT-14" };
#define N_ZONES (sizeof(zones) / sizeof(zones[0]))

static void zone_set(size_t i)
{
	static size_t now = N_ZONES;

	if (i == now) return;
	now = i;
	FUZZ_CHECK(setenv("TZ", zones[i], 1) == 0);
	tzset();
}

static void check_time(char const *text, ctl_when_kind_t kind)
{
	mpsk_error_t err = { "" };
	char printed[CTL_WHEN_TEXT_MAX];
	int64_t at = -1, again = -1;
	mpsk_status_t status = ctl_when_parse(&at, text, kind, NOW, &err);

	if (status != MPSK_OK) {
		FUZZ_CHECK(status == MPSK_BAD);
		fuzz_check_error(&err);
		return;
	}
	FUZZ_CHECK(at >= 0 && at <= MPSK_NUMBER_MAX);
	FUZZ_CHECK(ctl_when_print(printed, at) == printed && strlen(printed) < sizeof(printed) - 1);
	if (at == 0) return;	/* which is "never" or "at once" and not a time */
	FUZZ_CHECK(ctl_when_parse(&again, printed, kind, NOW, &err) == MPSK_OK && again == at);
}

static void check_duration(char const *text)
{
	mpsk_error_t err = { "" };
	char printed[CTL_WHEN_TEXT_MAX];
	int64_t seconds = -1, again = -1;
	mpsk_status_t status = ctl_when_duration(&seconds, text, &err);

	if (status != MPSK_OK) {
		FUZZ_CHECK(status == MPSK_BAD);
		fuzz_check_error(&err);
		return;
	}
	FUZZ_CHECK(seconds >= 0 && seconds <= MPSK_NUMBER_MAX);
	ctl_when_print_duration(printed, seconds);
	FUZZ_CHECK(ctl_when_duration(&again, printed, &err) == MPSK_OK && again == seconds);
}

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
	fuzz_input_t in = { data, size };
	char *text;

	zone_set(fuzz_octet(&in) % N_ZONES);
	text = fuzz_text(in.p, in.left);
	check_time(text, CTL_WHEN_FROM);
	check_time(text, CTL_WHEN_UNTIL);
	check_duration(text);
	free(text);
	return 0;
}
