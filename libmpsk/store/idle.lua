-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Forget a device that was not seen lately, in one atomic step.
--
-- KEYS  mpsk:dev:{id} (sorted set: MAC -> last seen), mpsk:live:{id} (sorted set: MAC -> until when it has a place)
-- ARGV  MAC, the last second at which it may have been seen
--
-- Answers 1; or 0, where it was seen later or is no device of the key.
local seen = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not seen or tonumber(seen) > tonumber(ARGV[2]) then return 0 end
redis.call('ZREM', KEYS[1], ARGV[1])
redis.pcall('ZREM', KEYS[2], ARGV[1])
return 1
