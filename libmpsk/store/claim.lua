-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Claim, check, touch or release one device of a key, in one atomic step.
--
-- KEYS  mpsk:key:{id} (hash), mpsk:dev:{id} (sorted set: MAC -> last seen),
--       mpsk:live:{id} (sorted set: MAC -> when its place runs out; of keys with `concurrent`)
-- ARGV  MAC, now (0: this server's clock), claim|check|touch|release|leave,
--       fingerprint ('': not compared, and no use of the key), max and idle of a key without them,
--       when_full of the site and of the configuration ('': unset), seconds for which a place is held (0: none
--       is taken, for nobody comes with the device: it is registered, or in a session that has its place)
--
-- A place that accounting has not confirmed since ends half a second before a
-- whole one (1700000299.5), so that the end of a session before, which the
-- device has just left for this one, can be told from the end of this one.
--
-- While a cluster moves the three to another node, one of them may be there
-- already, or not exist and so be on neither: no script can have all. Then
-- KEYS is one set alone, and more ARGV say which (dev|live) and what the caller
-- read of the key: its type, the values of NAMES ('': absent), of psk and
-- old_psk only the fingerprints, and macs. The place is taken first, and given
-- back (leave) where the other step refuses; both caps stay exact, for each
-- goes by one set. Of a key with `concurrent` nobody makes way meanwhile, for
-- who is live is not known where the devices are.
--
-- Answers {code, new, used, max, exp, live, concurrent, evicted MACs...} or {'BADKEY', text}.
--
-- There is no '#!lua' line: with one, a server that is out of memory or
-- read-only would refuse even a device that it knows.
local REFRESH = 60 -- seconds that last-seen and old_used may lag behind, to spare writes
local IDLE = 2592000 -- of who asks for replace-idle, and nobody says how long: 30 days
local BATCH = 1000 -- members at a time: unpack() has a limit

local NAMES = {'psk', 'old_psk', 'old_exp', 'usage', 'max', 'idle', 'enabled', 'nbf', 'exp', 'valid_for', 'activated',
               'old_used', 'concurrent', 'when_full'}
local NUMBERS = {'old_exp', 'max', 'idle', 'nbf', 'exp', 'valid_for', 'activated', 'old_used', 'concurrent'}
local RULES = {['reject'] = true, ['replace-idle'] = true, ['replace-oldest-random'] = true}

local mac, op, fingerprint, site_rule, default_rule = ARGV[1], ARGV[3], ARGV[4], ARGV[7], ARGV[8]
local part = ARGV[10] -- nil: KEYS is all three
local FIELDS = 12 -- in ARGV, with a part
local KEY = not part and KEYS[1]
local DEV = not part and KEYS[2] or part == 'dev' and KEYS[1]
local LIVE = not part and KEYS[3] or part == 'live' and KEYS[1]

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
  if part then return ARGV[FIELDS - 1] end
  return redis.call('TYPE', KEY).ok
end

local function key_values()
  if not part then return redis.pcall('HMGET', KEY, unpack(NAMES)) end
  return {unpack(ARGV, FIELDS, FIELDS + #NAMES - 1)}
end

local function key_macs()
  if part then return ARGV[FIELDS + #NAMES] end
  return redis.call('HGET', KEY, 'macs') or ''
end

local function print_of(psk)
  return part and psk or redis.sha1hex(psk)
end

local now = number(ARGV[2])
local default_max, default_idle, grace = number(ARGV[5]), number(ARGV[6]), number(ARGV[9])
if not now or not default_max or not default_idle or not grace then
  return redis.error_reply('ERR now, max, idle and the seconds of a place have to be numbers of 1 to 12 digits')
end
if now == 0 then now = tonumber(redis.call('TIME')[1]) end

local seen = DEV and redis.pcall('ZSCORE', DEV, mac)
if wrong_type(seen) then return {'BADKEY', DEV .. ': has to be a sorted set'} end
if is_error(seen) then return seen end

local function devices()
  return DEV and redis.call('ZCARD', DEV) or 0
end

-- A device can be taken from any key, also from one that nobody may use; and its place with it.
if op == 'release' then
  if LIVE then redis.pcall('ZREM', LIVE, mac) end
  local had = DEV and redis.call('ZREM', DEV, mac) == 1
  local used = devices()
  if had or not DEV then return {'OK', 0, used, 0, 0, 0, 0} end
  if used == 0 and key_type() == 'none' then return {'NOKEY', 0, 0, 0, 0, 0, 0} end
  return {'NODEV', 0, used, 0, 0, 0, 0}
end

local values = key_values()
if wrong_type(values) then return {'BADKEY', KEY .. ': has to be a hash'} end
if is_error(values) then return values end

local key = {}
for i, name in ipairs(NAMES) do
  if values[i] and values[i] ~= '' then key[name] = values[i] end
end
if not key.psk and key_type() == 'none' then return {'NOKEY', 0, 0, 0, 0, 0, 0} end

for _, name in ipairs(NUMBERS) do
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
if key.when_full and not RULES[key.when_full] then
  return {'BADKEY', 'when_full: has to be reject, replace-idle or replace-oldest-random'}
end

local max = key.usage == 'single' and 1 or key.max or default_max
local nbf, exp = key.nbf or 0, key.exp or 0
local concurrent, live = key.concurrent or 0, 0
local used = devices()

local function answer(code, added)
  return {code, added and 1 or 0, used, max, exp, live, concurrent}
end

local is_newest = fingerprint == '' or key.psk and print_of(key.psk) == fingerprint

-- Whether the caller's fingerprint is that of the psk before, while its grace lasts.
local function is_old()
  if is_newest or not key.old_psk then return false end
  local lasts = not key.old_exp or key.old_exp == 0 or now < key.old_exp
  return lasts and print_of(key.old_psk) == fingerprint
end

-- The first use of a key with valid_for says when it ends. A claim without a fingerprint is none: nobody has shown the
-- PSK, and an administrator registers a device. A server that cannot write now, or has not the key, leaves that to the
-- next use.
local function activate()
  if op == 'check' or fingerprint == '' or (key.valid_for or 0) == 0 or (key.activated or 0) > 0 then return end
  local ends = now + key.valid_for
  if exp == 0 or ends < exp then exp = ends end
  if KEY then redis.pcall('HSET', KEY, 'activated', plain(now), 'exp', plain(exp)) end
end

if op ~= 'leave' then
  if key.enabled == '0' then return answer('DISABLED') end
  if now < nbf then return answer('NOTYET') end
  if exp > 0 and now >= exp then return answer('EXPIRED') end
end
local old = is_old()
if op ~= 'leave' and not is_newest and not old then return answer('STALE') end

-- What was granted is a use: of the key, and of the psk before where that is what the device has.
local function use()
  activate()
  if op == 'check' or not old or not KEY then return end
  -- Every write to a key is told to every server.
  if now - (key.old_used or 0) >= REFRESH then redis.pcall('HSET', KEY, 'old_used', plain(now)) end
end

--
-- Places
--
local counted = LIVE and concurrent > 0 and grace > 0 and op ~= 'check'
local place -- when the device's runs out; nil: it has none

-- Drop the places that ran out, and find the device's among the others.
local function places_read()
  repeat
    local over = redis.pcall('ZRANGE', LIVE, '-inf', plain(now), 'BYSCORE', 'LIMIT', 0, BATCH)
    if is_error(over) then return over end
    if #over > 0 then redis.call('ZREM', LIVE, unpack(over)) end
  until #over < BATCH
  live = redis.call('ZCARD', LIVE)
  local ends = redis.call('ZSCORE', LIVE, mac)
  place = ends and tonumber(ends) or nil
end

-- Hold the device's place. What accounting has said of it lasts longer, as a rule.
local function place_take()
  local ends = math.max(place and math.ceil(place) or 0, now + grace) - 0.5
  if ends == place then return end
  local held = redis.pcall('ZADD', LIVE, string.format('%.1f', ends), mac)
  -- A server that cannot write right now still knows who has a place.
  if is_error(held) then return not place and held or nil end
  if not place then live = live + 1 end
end

if counted then
  local failed = places_read()
  if wrong_type(failed) then return {'BADKEY', LIVE .. ': has to be a sorted set'} end
  if failed then return failed end
end
local busy = counted and not place and live >= concurrent

if part == 'live' then
  if op == 'leave' then
    if place == now + grace - 0.5 then live = live - redis.call('ZREM', LIVE, mac) end
    return answer('OK')
  end
  if busy then return answer('BUSY') end
  local failed = counted and place_take()
  if failed then return failed end
  return answer('OK', counted and not place)
end

if seen then
  if busy then return answer('BUSY') end
  local failed = counted and place_take()
  if failed then return failed end
  -- pcall: a server that cannot write right now still knows the device.
  if op ~= 'check' and now - tonumber(seen) >= REFRESH then redis.pcall('ZADD', DEV, plain(now), mac) end
  use()
  return answer('OK')
end
if op ~= 'claim' then return answer('NODEV') end

--
-- Who makes way
--
local asked = key.when_full or site_rule ~= '' and site_rule
local rule = asked or default_rule ~= '' and default_rule or 'replace-idle'
local idle = key.idle or default_idle
if asked == 'replace-idle' and not key.idle and idle == 0 then idle = IDLE end

-- The addresses that the key lists whole, and so registers.
local function listed()
  local macs = {}
  for item in string.gmatch(key_macs(), '[^, ]+') do
    local digits = string.lower((string.gsub(item, '[:.-]', '')))
    if string.find(digits, '^' .. string.rep('%x%x', 6) .. '$') then
      macs[string.gsub(string.sub(digits, 1, 10), '%x%x', '%0-') .. string.sub(digits, 11)] = true
    end
  end
  return macs
end

-- IEEE 802-2014, 8.2: the second bit of the first octet. What is no MAC is nobody's random one.
local function is_local(one)
  return string.find(one, '^%x[2367abef]' .. string.rep('%-%x%x', 5) .. '$') ~= nil
end

local function is_live(one)
  local ends = concurrent > 0 and redis.call('ZSCORE', LIVE, one)
  return ends and tonumber(ends) > now
end

-- As many as are wanted, who was seen longest ago first; fewer where no more may go.
local function make_way(wanted)
  local found, from, batch = {}, 0, nil
  local random = rule == 'replace-oldest-random'
  if rule == 'reject' or not random and idle == 0 or concurrent > 0 and not LIVE then return found end
  local upto = random and '+inf' or '(' .. plain(now - idle)
  local keeps = random and listed()
  repeat
    batch = redis.call('ZRANGE', DEV, '-inf', upto, 'BYSCORE', 'LIMIT', from, BATCH)
    for _, one in ipairs(batch) do
      if #found == wanted then return found end
      if (not random or is_local(one) and not keeps[one]) and not is_live(one) then found[#found + 1] = one end
    end
    from = from + BATCH
  until #batch < BATCH
  return found
end

local evicted = {}
if max > 0 and used >= max then
  evicted = make_way(used + 1 - max)
  if #evicted < used + 1 - max then return answer('FULL') end
end
if busy then return answer('BUSY') end

-- First the write that can be refused, so that nobody is evicted for nothing.
local added = redis.pcall('ZADD', DEV, plain(now), mac)
if is_error(added) then return added end
local failed = counted and place_take()
if failed then return failed end
for _, other in ipairs(evicted) do redis.call('ZREM', DEV, other) end
used = used + 1 - #evicted
use()

local reply = answer('OK', true)
for _, other in ipairs(evicted) do reply[#reply + 1] = other end
return reply
