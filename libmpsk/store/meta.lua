-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- What tells one set of data from another, and how old it is.
--
-- KEYS  mpsk:meta (hash)
-- ARGV  stamp|accept, the epoch that it has to have ('': any), an epoch for one that has none, our schema
--
-- Answers epoch, seen, accepted, schema, made, as they are then. A stamp that is refused for
-- lack of memory or replicas is none, and no error.
local function get(field)
  return redis.call('HGET', KEYS[1], field) or ''
end

local mode, wanted, epoch = ARGV[1], ARGV[2], get('epoch')

if wanted == '' or wanted == epoch then
  local field = mode == 'accept' and 'accepted' or 'seen'
  local now, last = tonumber(redis.call('TIME')[1]), tonumber(get(field)) or 0
  local set = { 'HSET', KEYS[1], field, string.format('%d', math.max(now, mode == 'accept' and last + 1 or last)) }
  if epoch == '' then
    for _, word in ipairs({ 'schema', ARGV[4], 'epoch', ARGV[3], 'made', string.format('%d', now) }) do
      set[#set + 1] = word
    end
  end
  if mode == 'accept' then
    redis.call(unpack(set))
  else
    redis.pcall(unpack(set))
  end
end
return { get('epoch'), get('seen'), get('accepted'), get('schema'), get('made') }
