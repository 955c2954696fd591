-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Add, edit or delete a key, or put what is known of a NAS: all fields or none,
-- in one atomic step.
--
-- KEYS  mpsk:key:{id} or mpsk:cfg:nas:<id> (hash); with `delete`, all else that goes with the key;
--       with devices, mpsk:dev:{id} (zset)
-- ARGV  add|edit|secrets|put|delete, fingerprints that psk and old_psk have to have ('': any),
--       number of fields that have to be as they were, their names and values ('': absent),
--       number of fields to set, number of devices, names and values of the fields,
--       names to remove, times last seen and MACs of the devices
--
-- `secrets` is an edit that sets all secrets of a key, sealed otherwise than
-- before: pmk: fields that it does not set go, and `resealed` notes which
-- fingerprint became which, for sessions go by them. `put` edits what is there
-- or makes it, and the first fingerprint is that of `secret`.
--
-- Answers EXISTS, NOKEY, STALE, NOTHASH or NOTSET; or an array: OK, the key's org, and for
-- each field that was changed in an edit its name and what it held before: nil where it
-- was absent, and '' in place of a secret.
local mode = ARGV[1]
local first = 5 + 2 * tonumber(ARGV[4]) -- in ARGV, of what is to be set
local n_set = tonumber(ARGV[first])
local set_at, remove = first + 2, first + 2 + 2 * n_set
local last = #ARGV - 2 * tonumber(ARGV[first + 1]) -- of what is to be removed
local expected = mode == 'put' and {secret = ARGV[2]} or {psk = ARGV[2], old_psk = ARGV[3]}

local kind = redis.call('TYPE', KEYS[1]).ok
if mode == 'add' and kind ~= 'none' then return redis.status_reply('EXISTS') end
if mode ~= 'add' then
  if kind == 'none' and mode ~= 'put' then return redis.status_reply('NOKEY') end
  if kind ~= 'hash' and kind ~= 'none' then return redis.status_reply('NOTHASH') end
  for name, fingerprint in pairs(expected) do
    if fingerprint ~= '' and redis.sha1hex(redis.call('HGET', KEYS[1], name) or '') ~= fingerprint then
      return redis.status_reply('STALE')
    end
  end
end

-- A hand may have written 007.
local function same(a, b)
  return a == b or a ~= '' and b ~= '' and tonumber(a) ~= nil and tonumber(a) == tonumber(b)
end

for i = 5, first - 1, 2 do
  if not same(redis.call('HGET', KEYS[1], ARGV[i]) or '', ARGV[i + 1]) then return redis.status_reply('STALE') end
end

if last < #ARGV then
  kind = redis.call('TYPE', KEYS[2]).ok
  if kind ~= 'zset' and kind ~= 'none' then return redis.status_reply('NOTSET') end
end

if mode == 'delete' then
  local org = redis.call('HGET', KEYS[1], 'org') or ''
  redis.call('UNLINK', unpack(KEYS))
  return { 'OK', org }
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

for i = set_at, remove - 1, 2 do
  local old = mode ~= 'add' and redis.call('HGET', KEYS[1], ARGV[i])

  named[ARGV[i]] = true
  if old ~= ARGV[i + 1] then
    set[#set + 1] = ARGV[i]
    set[#set + 1] = ARGV[i + 1]
    if mode ~= 'add' then note(ARGV[i], old) end
  end
end
for i = remove, last do
  local old = redis.call('HGET', KEYS[1], ARGV[i])

  if old then note(ARGV[i], old) end
end
-- First the write that can be refused for lack of memory.
if #set > 0 then redis.call('HSET', KEYS[1], unpack(set)) end
if last >= remove then redis.call('HDEL', KEYS[1], unpack(ARGV, remove, last)) end
-- A device that came meanwhile was seen later than any file can tell.
for i = last + 1, #ARGV, 2 do redis.call('ZADD', KEYS[2], 'GT', ARGV[i], ARGV[i + 1]) end
if mode == 'secrets' then
  local steps = redis.call('HGET', KEYS[1], 'resealed') or ''
  for name, before in pairs(expected) do
    local now = redis.sha1hex(redis.call('HGET', KEYS[1], name) or '')
    if before ~= '' and before ~= now then
      steps = steps .. string.sub(before, 1, 16) .. '>' .. string.sub(now, 1, 16) .. ' '
    end
  end
  -- The last 16 steps, of 34 characters each.
  if steps ~= '' then redis.call('HSET', KEYS[1], 'resealed', string.sub(steps, -544)) end
  local all = redis.call('HGETALL', KEYS[1])
  for i = 1, #all, 2 do
    if string.sub(all[i], 1, 4) == 'pmk:' and not named[all[i]] then redis.call('HDEL', KEYS[1], all[i]) end
  end
end
return { 'OK', redis.call('HGET', KEYS[1], 'org') or '', unpack(changed) }
