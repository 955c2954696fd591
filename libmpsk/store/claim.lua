-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Claim, check, touch or release one device of a key, in one atomic step.
--
-- KEYS  mpsk:key:{id} (hash), mpsk:dev:{id} (sorted set: MAC -> last seen)
-- ARGV  MAC, now (0: this server's clock), claim|check|touch|release,
--       fingerprint ('': not compared, and no use of the key), max and idle of a key without them
--
-- While a cluster moves the two to another node, one of them may be there
-- already, or not exist and so be on neither: no script can have both. Then
-- KEYS is mpsk:dev:{id} alone, and more ARGV say what the caller read of the
-- key: its type, and the values of NAMES ('': absent), of psk and old_psk
-- only the fingerprints. The cap stays exact, for the devices are one set.
--
-- Answers {code, new, used, max, exp, evicted MACs...} or {'BADKEY', text}.
--
-- There is no '#!lua' line: with one, a server that is out of memory or
-- read-only would refuse even a device that it knows.
local REFRESH = 60 -- seconds that last-seen and old_used may lag behind, to spare writes

local NAMES = {'psk', 'old_psk', 'old_exp', 'usage', 'max', 'idle', 'enabled', 'nbf', 'exp', 'valid_for', 'activated',
               'old_used'}

local mac, op, fingerprint = ARGV[1], ARGV[3], ARGV[4]
local alone = #KEYS == 1
local DEV = KEYS[#KEYS]

local function is_error(reply)
  return type(reply) == 'table' and reply.err ~= nil
end

local function wrong_type(reply)
  return is_error(reply) and string.find(reply.err, '^WRONGTYPE') ~= nil
end

-- Not tonumber() alone: it takes 'inf', '0x10', '1e9' and 400 digits.
local function number(text)
  if #text <= 12 and string.find(text, '^%d+$') then return tonumber(text) end
end

local function plain(n)
  return string.format('%.0f', n)
end

local function key_type()
  if alone then return ARGV[7] end
  return redis.call('TYPE', KEYS[1]).ok
end

local function key_values()
  if not alone then return redis.pcall('HMGET', KEYS[1], unpack(NAMES)) end
  return {unpack(ARGV, 8)}
end

local function print_of(psk)
  return alone and psk or redis.sha1hex(psk)
end

local now = number(ARGV[2])
local default_max, default_idle = number(ARGV[5]), number(ARGV[6])
if not now or not default_max or not default_idle then
  return redis.error_reply('ERR now, max and idle have to be numbers of 1 to 12 digits')
end
if now == 0 then now = tonumber(redis.call('TIME')[1]) end

local seen = redis.pcall('ZSCORE', DEV, mac)
if wrong_type(seen) then return {'BADKEY', DEV .. ': has to be a sorted set'} end
if is_error(seen) then return seen end

-- A device can be taken from any key, also from one that nobody may use.
if op == 'release' then
  if redis.call('ZREM', DEV, mac) == 1 then
    return {'OK', 0, redis.call('ZCARD', DEV), 0, 0}
  end
  local used = redis.call('ZCARD', DEV)
  if used == 0 and key_type() == 'none' then return {'NOKEY', 0, 0, 0, 0} end
  return {'NODEV', 0, used, 0, 0}
end

local values = key_values()
if wrong_type(values) then return {'BADKEY', KEYS[1] .. ': has to be a hash'} end
if is_error(values) then return values end

local key = {}
for i, name in ipairs(NAMES) do
  if values[i] and values[i] ~= '' then key[name] = values[i] end
end
if not key.psk and key_type() == 'none' then return {'NOKEY', 0, 0, 0, 0} end

for _, name in ipairs({'old_exp', 'max', 'idle', 'nbf', 'exp', 'valid_for', 'activated', 'old_used'}) do
  if key[name] then
    key[name] = number(key[name])
    if not key[name] then return {'BADKEY', name .. ': has to be a number of 1 to 12 digits'} end
  end
end
if key.enabled and key.enabled ~= '0' and key.enabled ~= '1' then
  return {'BADKEY', 'enabled: has to be 0 or 1'}
end
if key.usage and key.usage ~= 'single' and key.usage ~= 'multi' and key.usage ~= 'macs' then
  return {'BADKEY', 'usage: has to be single, multi or macs'}
end

local max = key.usage == 'single' and 1 or key.max or default_max
local idle = key.idle or default_idle
local nbf, exp = key.nbf or 0, key.exp or 0
local used = redis.call('ZCARD', DEV)

local function answer(code, added)
  return {code, added and 1 or 0, used, max, exp}
end

local is_newest = fingerprint == '' or key.psk and print_of(key.psk) == fingerprint

-- Whether the caller's fingerprint is that of the psk before, while its grace lasts.
local function is_old()
  if is_newest or not key.old_psk then return false end
  local grace = not key.old_exp or key.old_exp == 0 or now < key.old_exp
  return grace and print_of(key.old_psk) == fingerprint
end

-- The first use of a key with valid_for says when it ends. A claim without a fingerprint is none: nobody has shown the
-- PSK, and an administrator registers a device. A server that cannot write now, or has not the key, leaves that to the
-- next use.
local function activate()
  if op == 'check' or fingerprint == '' or (key.valid_for or 0) == 0 or (key.activated or 0) > 0 then return end
  local ends = now + key.valid_for
  if exp == 0 or ends < exp then exp = ends end
  if not alone then redis.pcall('HSET', KEYS[1], 'activated', plain(now), 'exp', plain(exp)) end
end

if key.enabled == '0' then return answer('DISABLED') end
if now < nbf then return answer('NOTYET') end
if exp > 0 and now >= exp then return answer('EXPIRED') end
local old = is_old()
if not is_newest and not old then return answer('STALE') end

-- What was granted is a use: of the key, and of the psk before where that is what the device has.
local function use()
  activate()
  if op == 'check' or not old or alone then return end
  -- Every write to a key is told to every server.
  if now - (key.old_used or 0) >= REFRESH then redis.pcall('HSET', KEYS[1], 'old_used', plain(now)) end
end

if seen then
  -- pcall: a server that cannot write right now still knows the device.
  if op ~= 'check' and now - tonumber(seen) >= REFRESH then redis.pcall('ZADD', DEV, plain(now), mac) end
  use()
  return answer('OK')
end
if op ~= 'claim' then return answer('NODEV') end

local evicted = {}
if max > 0 and used >= max then
  local excess = used + 1 - max
  if idle == 0 then return answer('FULL') end
  evicted = redis.call('ZRANGE', DEV, '-inf', '(' .. plain(now - idle), 'BYSCORE', 'LIMIT', 0, excess)
  if #evicted < excess then return answer('FULL') end
end

-- First the write that can be refused, so that nobody is evicted for nothing.
local added = redis.pcall('ZADD', DEV, plain(now), mac)
if is_error(added) then return added end
for _, idler in ipairs(evicted) do redis.call('ZREM', DEV, idler) end
used = used + 1 - #evicted
use()

local reply = answer('OK', true)
for _, idler in ipairs(evicted) do reply[#reply + 1] = idler end
return reply
