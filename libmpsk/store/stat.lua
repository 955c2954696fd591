-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- One server's figures, in the place of its last ones as a whole: what is not
-- among them any more, of a server that was started anew, must not stay.
--
-- KEYS[1]  mpsk:stat:<server>
-- ARGV     seconds to keep them, then names and values

-- The ACL of mpsk has no DEL.
redis.call('EXPIRE', KEYS[1], 0)
redis.call('HSET', KEYS[1], unpack(ARGV, 2))
return redis.call('EXPIRE', KEYS[1], ARGV[1])
