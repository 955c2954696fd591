-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- A lease: one of several holders at a time, each known by its token.
--
-- KEYS  mpsk:lease:<name> (hash: holder)
-- ARGV  take|renew|drop, the token, for how many seconds
--
-- Answers OK, FREE (renew, drop: nobody holds it), or HELD and the token of
-- who does. To take what one holds is to renew it: an answer may have got lost.
-- A hash, for which the ACL of mpsk has all that is needed.
local op, token, seconds = ARGV[1], ARGV[2], ARGV[3]
local holder = redis.call('HGET', KEYS[1], 'holder')

if holder and holder ~= token then return { 'HELD', holder } end
if not holder and op ~= 'take' then return { 'FREE' } end
if op == 'drop' then
  redis.call('HDEL', KEYS[1], 'holder')
else
  redis.call('HSET', KEYS[1], 'holder', token)
  redis.call('EXPIRE', KEYS[1], seconds)
end
return { 'OK' }
