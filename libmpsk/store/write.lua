-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Add or edit a key: all fields or none, in one atomic step.
--
-- KEYS  mpsk:key:{id} (hash)
-- ARGV  add|edit, fingerprint that the psk has to have ('': any),
--       number of fields to set, their names and values, names to remove
--
-- Answers OK, EXISTS, NOKEY, STALE or NOTHASH.
local mode, fingerprint, n_set = ARGV[1], ARGV[2], tonumber(ARGV[3])

local kind = redis.call('TYPE', KEYS[1]).ok
if mode == 'add' and kind ~= 'none' then return redis.status_reply('EXISTS') end
if mode == 'edit' then
  if kind == 'none' then return redis.status_reply('NOKEY') end
  if kind ~= 'hash' then return redis.status_reply('NOTHASH') end
  if fingerprint ~= '' and redis.sha1hex(redis.call('HGET', KEYS[1], 'psk') or '') ~= fingerprint then
    return redis.status_reply('STALE')
  end
end

-- Every write is told to every server: one that changes nothing is spared.
local set = {}
for i = 4, 2 + 2 * n_set, 2 do
  if mode == 'add' or redis.call('HGET', KEYS[1], ARGV[i]) ~= ARGV[i + 1] then
    set[#set + 1] = ARGV[i]
    set[#set + 1] = ARGV[i + 1]
  end
end
-- First the write that can be refused for lack of memory.
if #set > 0 then redis.call('HSET', KEYS[1], unpack(set)) end
if #ARGV >= 4 + 2 * n_set then redis.call('HDEL', KEYS[1], unpack(ARGV, 4 + 2 * n_set)) end
return redis.status_reply('OK')
