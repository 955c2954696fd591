/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/brake.h"

#include <string.h>

#include "base/deadline.h"

#define BRAKE_LOST_MIN	100	/* keys; whoever has fewer may take them all away */
#define BRAKE_OLD_S	60	/* a crash loses the stamps of this time at most where Redis keeps its data */
#define BRAKE_TELL_MS	60000

struct mpsk_brake {
	mpsk_sync_sink_t const	*sink;
	void			*uctx;
	int			hold_ms;
	mpsk_meta_t		known;		/* of the data that the copy was made from */
	mpsk_meta_t		offered;	/* of those that are being loaded */
	bool			held;
	bool			for_good;	/* time does not end it */
	int64_t			held_at;
	int64_t			told_at;
};

mpsk_brake_t *mpsk_brake_create(TALLOC_CTX *ctx, mpsk_sync_sink_t const *sink, void *uctx, int hold_ms)
{
	mpsk_brake_t *brake = talloc_zero(ctx, mpsk_brake_t);

	if (!brake) return NULL;
	brake->sink = sink;
	brake->uctx = uctx;
	brake->hold_ms = hold_ms;
	return brake;
}

/* Why data are not those that were there; NULL where they are. */
static char const *brake_doubt(mpsk_brake_t const *brake, mpsk_meta_t const *meta)
{
	if (!brake->known.epoch[0]) return NULL;
	if (!meta->epoch[0]) return "mpsk:meta is gone";
	if (strcmp(meta->epoch, brake->known.epoch) != 0) return "mpsk:meta has another epoch";
	if (meta->seen + BRAKE_OLD_S < brake->known.seen) return "its data are older than those that were there";
	return NULL;
}

/* Whether no more may be lost than the epoch: one that was stamped but once is what a failover may lose. */
static bool brake_lost_epoch(mpsk_brake_t const *brake, mpsk_meta_t const *meta)
{
	return brake->known.made && brake->known.seen <= brake->known.made &&
	       strcmp(meta->epoch, brake->known.epoch) != 0;
}

static bool brake_accepted(mpsk_brake_t const *brake, mpsk_meta_t const *meta)
{
	return meta->accepted > brake->known.accepted;
}

static bool brake_expired(mpsk_brake_t const *brake)
{
	return brake->held && !brake->for_good && mpsk_monotonic_ms() - brake->held_at >= brake->hold_ms;
}

static void brake_log(mpsk_brake_t *brake, mpsk_sync_level_t level, mpsk_error_t const *line)
{
	brake->sink->log(brake->uctx, level, line->text);
}

static bool brake_hold(mpsk_brake_t *brake, mpsk_error_t const *line, bool for_good)
{
	int64_t now = mpsk_monotonic_ms();

	if (!brake->held) brake->held_at = now;
	if (!brake->held || now - brake->told_at >= BRAKE_TELL_MS) {
		brake_log(brake, MPSK_SYNC_ERROR, line);
		brake->told_at = now;
	}
	brake->held = true;
	brake->for_good = for_good;
	return false;
}

static bool brake_hold_lost(mpsk_brake_t *brake, char const *why, bool for_good)
{
	mpsk_error_t line;

	mpsk_error_set(&line, MPSK_OK, "Redis seems to have lost data: %s. The keys in memory stay in force; "
		       "bring the data back, or take over what is there with `mpskctl resync --accept`%s", why,
		       for_good ? "" : "; it is taken over by itself some minutes after the first such line");
	return brake_hold(brake, &line, for_good);
}

static bool brake_go(mpsk_brake_t *brake)
{
	static mpsk_error_t const line = { "what Redis holds is taken over" };

	if (brake->held) brake_log(brake, MPSK_SYNC_WARN, &line);
	brake->held = false;
	brake->known = brake->offered;
	return true;
}

void mpsk_brake_restore(mpsk_brake_t *brake, mpsk_meta_t const *meta)
{
	brake->known = *meta;
}

bool mpsk_brake_begin(mpsk_brake_t *brake, mpsk_meta_t const *meta)
{
	char const *doubt = brake->hold_ms ? brake_doubt(brake, meta) : NULL;
	mpsk_error_t line;

	brake->offered = *meta;
	/* Neither a person's word nor time makes them readable. */
	if (mpsk_meta_readable(meta->schema, &line) != MPSK_OK) return brake_hold(brake, &line, true);
	if (!doubt || brake_accepted(brake, meta) || brake_expired(brake)) return true;
	if (brake_lost_epoch(brake, meta)) return true;
	return brake_hold_lost(brake, doubt, !meta->epoch[0]);
}

bool mpsk_brake_end(mpsk_brake_t *brake, size_t had, size_t lost)
{
	char const *doubt = brake_doubt(brake, &brake->offered);
	mpsk_error_t line;

	if (!brake->hold_ms || brake_accepted(brake, &brake->offered) || brake_expired(brake)) return brake_go(brake);
	if (doubt && lost) return brake_hold_lost(brake, doubt, !brake->offered.epoch[0]);
	if (lost > BRAKE_LOST_MIN && lost > had / 2) {
		mpsk_error_set(&line, MPSK_OK, "%zu of %zu keys are gone", lost, had);
		return brake_hold_lost(brake, line.text, false);
	}
	if (doubt) {
		mpsk_error_set(&line, MPSK_OK, "%s, seconds after it was made: what Redis holds is taken over, for no "
			       "key is missing", doubt);
		brake_log(brake, MPSK_SYNC_WARN, &line);
	}
	return brake_go(brake);
}

bool mpsk_brake_released(mpsk_brake_t *brake, mpsk_meta_t const *meta)
{
	return meta->schema <= MPSK_SCHEMA && (brake_accepted(brake, meta) || brake_expired(brake));
}

mpsk_meta_t const *mpsk_brake_meta(mpsk_brake_t const *brake)
{
	return &brake->known;
}

bool mpsk_brake_stamped(mpsk_brake_t *brake, mpsk_meta_t const *meta)
{
	if (meta->schema > MPSK_SCHEMA) return false;
	if (brake->known.epoch[0] && strcmp(meta->epoch, brake->known.epoch) != 0) return false;
	brake->known = *meta;
	return true;
}

bool mpsk_brake_held(mpsk_brake_t const *brake)
{
	return brake->held;
}
