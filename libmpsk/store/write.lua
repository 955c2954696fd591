-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Add or edit a key: all fields or none, in one atomic step.
--
-- KEYS  mpsk:key:{id} (hash)
-- ARGV  add|edit|secrets, fingerprints that psk and old_psk have to have ('': any),
--       number of fields to set, their names and values, names to remove
--
-- `secrets` is an edit that sets all secrets of a key: pmk: fields that it
-- does not set go.
--
-- Answers EXISTS, NOKEY, STALE or NOTHASH; or an array: OK, the key's org, and for
-- each field that was changed in an edit its name and what it held before: nil where it
-- was absent, and '' in place of a secret.
local mode, n_set = ARGV[1], tonumber(ARGV[4])
local expected = {psk = ARGV[2], old_psk = ARGV[3]}

local kind = redis.call('TYPE', KEYS[1]).ok
if mode == 'add' and kind ~= 'none' then return redis.status_reply('EXISTS') end
if mode ~= 'add' then
  if kind == 'none' then return redis.status_reply('NOKEY') end
  if kind ~= 'hash' then return redis.status_reply('NOTHASH') end
  for name, fingerprint in pairs(expected) do
    if fingerprint ~= '' and redis.sha1hex(redis.call('HGET', KEYS[1], name) or '') ~= fingerprint then
      return redis.status_reply('STALE')
    end
  end
end

local function is_secret(name)
  return name == 'psk' or name == 'old_psk' or string.sub(name, 1, 4) == 'pmk:'
end

-- Every write is told to every server: one that changes nothing is spared.
local set, named, changed = {}, {}, {}
local function note(name, old)
  changed[#changed + 1] = name
  changed[#changed + 1] = old and is_secret(name) and '' or old
end

for i = 5, 3 + 2 * n_set, 2 do
  local old = mode ~= 'add' and redis.call('HGET', KEYS[1], ARGV[i])

  named[ARGV[i]] = true
  if old ~= ARGV[i + 1] then
    set[#set + 1] = ARGV[i]
    set[#set + 1] = ARGV[i + 1]
    if mode ~= 'add' then note(ARGV[i], old) end
  end
end
for i = 5 + 2 * n_set, #ARGV do
  local old = redis.call('HGET', KEYS[1], ARGV[i])

  if old then note(ARGV[i], old) end
end
-- First the write that can be refused for lack of memory.
if #set > 0 then redis.call('HSET', KEYS[1], unpack(set)) end
if #ARGV >= 5 + 2 * n_set then redis.call('HDEL', KEYS[1], unpack(ARGV, 5 + 2 * n_set)) end
if mode == 'secrets' then
  local all = redis.call('HGETALL', KEYS[1])
  for i = 1, #all, 2 do
    if string.sub(all[i], 1, 4) == 'pmk:' and not named[all[i]] then redis.call('HDEL', KEYS[1], all[i]) end
  end
end
return { 'OK', redis.call('HGET', KEYS[1], 'org') or '', unpack(changed) }
