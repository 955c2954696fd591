-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Take into one session of a key what accounting told of it, in one atomic
-- step. Whatever the order in which events come, and however often each, the
-- record ends the same: times and counters go one way, and what may change
-- goes by the time of the event.
--
-- KEYS  mpsk:sess:{id} (hash), mpsk:dev:{id} (sorted set: MAC -> last seen),
--       mpsk:live:{id} (sorted set: MAC -> when its place runs out), mpsk:key:{id}
-- ARGV  what to do, the session's field, now, seconds after which a session that is not heard of is no more, seconds
--       within which the Start of a claim's session comes (concurrent_grace), then
--   event    1: a Start is among them, when it began at the soonest or 0, 1: another one of this field ended before,
--            when its NAS was last started or 0, and the values of NAMES ('': not told)
--   restart  when its NAS was started or stopped, and the radio that this is about ('': all)
--   reap     seconds for which a session that ended is kept
--
-- A session that ended stays for a time, so that a late event wakes nothing.
-- One that is only held to have ended (GUESSED) is woken by a later event.
-- What a device's place is: claim.lua. One that ends at half a second is of a
-- claim whose session has not begun yet, as far as anybody knows: only a Start
-- makes it a session's. Interims make it last longer, and the end of a session,
-- which may be the one before, leaves it for as long as a Start may take.
--
-- Answers OPEN or ENDED; or NONE, where there is no such session (any more).
local LIFE = 604800 -- seconds for which sessions are kept that nobody hears of or asks for
local REFRESH = 60 -- seconds that last-seen may lag behind: every server is told of a write to it
local STALE, RESTART = 'Stale', 'Accounting-On-Off'
local GUESSED = {[STALE] = true, [RESTART] = true}

local NAMES = {'mac', 'bssid', 'ssid', 'site', 'address', 'name', 'vlan', 'role', 'print', 'since', 'seen', 'ended',
               'cause', 'in', 'out'}
-- The counters may pass what a number of Lua holds.
local KINDS = {vlan = 'number', since = 'number', seen = 'number', ended = 'number', ['in'] = 'count', out = 'count'}
local CHANGING = {'bssid', 'ssid', 'site', 'address', 'name'}
local FIRST = 9 -- in ARGV, of the values of NAMES

local SESS, DEV, LIVE, KEY = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local op, field = ARGV[1], ARGV[2]
local now, stale, coming = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local started = false

-- Not tonumber() alone: it takes 'inf' and 'nan', which no record can hold.
local function number(value)
  value = tonumber(value)
  return value and value >= 0 and value <= 999999999999 and math.floor(value) or nil
end

local function digits(value)
  if type(value) == 'number' then value = string.format('%.0f', value) end
  return type(value) == 'string' and string.match(value, '^0*(%d+)$') or nil
end

-- A hand may have written a record, or what is none.
local function read(text)
  local known, found = pcall(cjson.decode, text or '')
  if not known or type(found) ~= 'table' or type(found.mac) ~= 'string' then return nil end
  local record = {first = number(found.first)}
  for _, name in ipairs(NAMES) do
    local value = found[name]
    if KINDS[name] == 'number' then
      record[name] = number(value)
    elseif KINDS[name] == 'count' then
      record[name] = digits(value)
    elseif type(value) == 'string' then
      record[name] = value
    end
  end
  record.seen = record.seen or 0
  return record
end

-- The larger of two counters, which are digits without a zero before them.
local function larger(a, b)
  if not a or not b then return a or b end
  if #a ~= #b then return #a > #b and a or b end
  return a > b and a or b
end

local function is_open(record)
  return (record.ended or 0) == 0
end

local function finish(record, at, cause)
  record.ended, record.cause = at, cause
end

-- The end that a Stop told stands; of several the first.
local function stop(record, event)
  if not event.ended then return end
  local guessed = is_open(record) or GUESSED[record.cause]
  if guessed or event.ended < record.ended then
    finish(record, event.ended, event.cause)
  elseif event.ended == record.ended and event.cause and event.cause > (record.cause or '') then
    record.cause = event.cause
  end
end

-- Its NAS was started at this time: it did not outlive that unless it was heard of since.
local function restart(record, at)
  if not is_open(record) and (not GUESSED[record.cause] or record.ended <= at) then return end
  if (record.since or 0) < at and record.seen <= at then finish(record, at, RESTART) end
end

local function merge(record, event)
  for _, name in ipairs(CHANGING) do
    local value, had = event[name], record[name]
    if value and (not had or event.seen > record.seen or event.seen == record.seen and value > had) then
      record[name] = value
    end
  end
  record['in'], record.out = larger(record['in'], event['in']), larger(record.out, event.out)
  if event.since and (not record.since or event.since < record.since) then record.since = event.since end
  if event.seen > record.seen then record.seen = event.seen end
  stop(record, event)
  if not is_open(record) and GUESSED[record.cause] and record.seen > record.ended then finish(record) end
end

local function take(record)
  local event = {}
  for i, name in ipairs(NAMES) do
    local value = ARGV[FIRST + i]
    if value ~= '' then event[name] = KINDS[name] == 'number' and tonumber(value) or value end
  end
  local first, another, at = tonumber(ARGV[7]), ARGV[8] == '1', tonumber(ARGV[9])
  started = ARGV[6] == '1'

  -- Some NASes count their sessions from 1 each time they start.
  local reused = record and (another or record.mac ~= event.mac or not is_open(record) and first > record.ended)
  if reused and event.seen < record.seen then return record end
  if record and not reused and record.first and event.seen < record.first then return record end
  if not record or reused then
    record = {mac = event.mac, vlan = event.vlan, role = event.role, print = event.print, seen = 0,
              first = reused and math.max(first, record.seen) or nil}
  end
  merge(record, event)
  if at > 0 then restart(record, at) end
  return record
end

-- Until when the device's other sessions give it a place.
local function others(mac)
  local last = 0
  local all = redis.call('HGETALL', SESS)
  for i = 1, #all, 2 do
    -- Of hundreds of sessions few are the device's: the others are not worth decoding.
    local record = all[i] ~= field and string.find(all[i + 1], mac, 1, true) and read(all[i + 1])
    if record and record.mac == mac and is_open(record) and record.seen > last then last = record.seen end
  end
  return last > 0 and last + stale or 0
end

local function place(record)
  local concurrent = redis.pcall('HGET', KEY, 'concurrent')
  if type(concurrent) ~= 'string' or (tonumber(concurrent) or 0) <= 0 then return end
  local mac = record.mac
  local score = redis.pcall('ZSCORE', LIVE, mac)
  score = type(score) == 'string' and tonumber(score) or nil
  local claimed = score and score % 1 ~= 0 and score > now
  local till = record.seen + stale
  if is_open(record) then
    if claimed and not started then till = till - 0.5 end
    if till > now and (not score or claimed and started or till > score) then redis.pcall('ZADD', LIVE, till, mac) end
  elseif score then
    till = others(mac)
    if claimed then till = math.min(score, math.max(till, now + coming) - 0.5) end
    if till > now then redis.pcall('ZADD', LIVE, till, mac) else redis.pcall('ZREM', LIVE, mac) end
  end
end

-- A device that was taken from the key is none of its own again.
local function refresh(record)
  local last = redis.pcall('ZSCORE', DEV, record.mac)
  if type(last) ~= 'string' or record.seen - tonumber(last) < REFRESH then return end
  redis.pcall('ZADD', DEV, 'XX', record.seen, record.mac)
end

-- A device that is on by the passphrase before a rotation uses it, though it may not ask for long.
local function use_old(record)
  if not record.print then return end
  local key = redis.pcall('HMGET', KEY, 'old_psk', 'old_used', 'rotated')
  if key.err or not key[1] or key[1] == '' or redis.sha1hex(key[1]) ~= record.print then return end
  if record.seen - (number(key[2]) or 0) < REFRESH or record.seen < (number(key[3]) or 0) then return end
  redis.pcall('HSET', KEY, 'old_used', string.format('%.0f', record.seen))
end

local text = redis.call('HGET', SESS, field)
local record = read(text)

if op == 'event' then
  record = take(record)
elseif not record then
  return 'NONE'
elseif op == 'restart' then
  if ARGV[7] == '' or ARGV[7] == record.bssid then restart(record, tonumber(ARGV[6])) end
else
  if is_open(record) and record.seen <= now - stale then finish(record, record.seen, STALE) end
  if not is_open(record) and record.ended < now - tonumber(ARGV[6]) then
    redis.call('HDEL', SESS, field)
    return 'NONE'
  end
end

redis.call('HSET', SESS, field, cjson.encode(record))
if op ~= 'reap' then redis.call('EXPIRE', SESS, LIFE) end
place(record)
refresh(record)
use_old(record)
return is_open(record) and 'OPEN' or 'ENDED'
