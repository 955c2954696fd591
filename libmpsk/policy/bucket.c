/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "policy/bucket.h"

static void bucket_fill(mpsk_bucket_t *bucket, mpsk_bucket_size_t const *size, int64_t now_ms)
{
	int64_t full = size->burst * 1000, room = full - bucket->thousandths, passed = now_ms - bucket->at_ms;

	if (!bucket->begun) {
		*bucket = (mpsk_bucket_t) { .begun = true, .at_ms = now_ms, .thousandths = full };
		return;
	}
	/* Of two threads the later one may have looked at its clock before the other. */
	if (passed <= 0) return;
	bucket->at_ms = now_ms;
	/* Compared before it is multiplied: a day's worth may not fit. */
	bucket->thousandths = passed >= room / size->rate + 1 ? full : bucket->thousandths + passed * size->rate;
	if (bucket->thousandths > full) bucket->thousandths = full;
}

bool mpsk_bucket_take(mpsk_bucket_t *bucket, mpsk_bucket_size_t const *size, int64_t now_ms, int64_t n,
		      int64_t *wait_ms)
{
	int64_t needed = (n < size->burst ? n : size->burst) * 1000;

	bucket_fill(bucket, size, now_ms);
	if (bucket->thousandths < needed) {
		*wait_ms = (needed - bucket->thousandths + size->rate - 1) / size->rate;
		return false;
	}
	bucket->thousandths -= n * 1000;
	return true;
}

void mpsk_bucket_charge(mpsk_bucket_t *bucket, mpsk_bucket_size_t const *size, int64_t now_ms, int64_t n)
{
	int64_t full = size->burst * 1000, before;

	bucket_fill(bucket, size, now_ms);
	before = bucket->thousandths;
	bucket->thousandths -= n * 1000;
	if (bucket->thousandths > full) bucket->thousandths = full;
	if (bucket->thousandths < -full) bucket->thousandths = before < -full ? before : -full;
}
