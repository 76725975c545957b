import { now } from "../../../redis/scripts";

/**
 * What runs inside Redis, each on the keys of one hash tag and each as a whole. Redis 7.0 knows all of it. Lives are
 * counted by the clock of Redis, so that no two processes can disagree on them. Clients send a command again when a
 * connection is cut, so every script may run twice: the second time changes nothing and answers the same.
 */

/** Lets a key live for this many milliseconds, if it would not live longer anyway. */
const prolongKey = `
local function prolong(key, life)
  if redis.call('PTTL', key) < tonumber(life) then redis.call('PEXPIRE', key, life) end
end`;

/** ARGV: value, life in ms. */
export const set = "redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])";

/** ARGV: value, life in ms. KEYS: a grant, and perhaps a link to it. */
export const create = `
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
if KEYS[2] then redis.call('SET', KEYS[2], '1', 'PX', ARGV[2]) end`;

/** ARGV: owner, life in ms. Whether it is this owner's, and how many ms ago it was claimed. */
export const claim = `${now}
local held = redis.call('GET', KEYS[1])
if not held then
  redis.call('SET', KEYS[1], string.format('%.0f ', now) .. ARGV[1], 'PX', ARGV[2])
  return { 1, 0 }
end
local at, owner = string.match(held, '^(%d+) (.*)$')
return { owner == ARGV[1] and 1 or 0, string.format('%.0f', now - (tonumber(at) or now)) }`;

/** ARGV: owner. */
export const unclaim = `
local held = redis.call('GET', KEYS[1])
if held and string.match(held, '^%d+ (.*)$') == ARGV[1] then redis.call('DEL', KEYS[1]) end`;

/** ARGV: owner, life in ms. 1 when it still was this owner's. */
export const renewClaim = `
local held = redis.call('GET', KEYS[1])
if not held or string.match(held, '^%d+ (.*)$') ~= ARGV[1] then return 0 end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1`;

/** ARGV: owner, life in ms. 1 for the one who holds it. */
export const lock = `
local held = redis.call('GET', KEYS[1])
if held then return held == ARGV[1] and 1 or 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;

/** ARGV: value. */
export const deleteIfEqual = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end";

export const remove = "redis.call('DEL', KEYS[1])";

/** KEYS: a value, and perhaps a link without which it is absent. */
export const read = `
if KEYS[2] and redis.call('EXISTS', KEYS[2]) == 0 then return nil end
return redis.call('GET', KEYS[1])`;

/** ARGV: version, value. 1 when the stored version was this one, or the value stands there already. */
export const setIfVersion = `
local stored = redis.call('GET', KEYS[1])
if stored == ARGV[2] then return 1 end
if not stored or string.match(stored, '^%d+') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
return 1`;

/** ARGV: life in ms. KEYS: a grant, and perhaps a link to it. What the grant's value is; nothing when either has ended. */
export const prolong = `${prolongKey}
local value = redis.call('GET', KEYS[1])
if not value or (KEYS[2] and redis.call('EXISTS', KEYS[2]) == 0) then return nil end
prolong(KEYS[1], ARGV[1])
if KEYS[2] then prolong(KEYS[2], ARGV[1]) end
return value`;

/** ARGV: life in ms. KEYS: a grant, a link to it, and perhaps another link. 1 unless the grant or the other is absent. */
export const link = `
if redis.call('EXISTS', KEYS[1]) == 0 or (KEYS[3] and redis.call('EXISTS', KEYS[3], KEYS[2]) == 0) then return 0 end
redis.call('SET', KEYS[2], '1', 'PX', ARGV[1])
return 1`;

/** The value that was deleted; nothing when there was none, or one of another kind. */
export const take = `
local value = redis.pcall('GET', KEYS[1])
redis.call('DEL', KEYS[1])
if type(value) == 'string' then return value end`;

/** ARGV: member, life in ms. The set lives as long as its longest-lived member; what has ended is swept out. */
export const addMember = `${now}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('ZADD', KEYS[1], string.format('%.0f', now + ARGV[2]), ARGV[1])
local longest = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')
redis.call('PEXPIREAT', KEYS[1], string.format('%.0f', longest[2]))`;

/** ARGV: member. */
export const removeMember = "redis.call('ZREM', KEYS[1], ARGV[1])";

/** ARGV: member, the score it was seen with. */
export const removeIfScore = `
if redis.call('ZSCORE', KEYS[1], ARGV[1]) == ARGV[2] then redis.call('ZREM', KEYS[1], ARGV[1]) end`;

/** KEYS: a record, and the index of its part. ARGV: its name, the version that stands there or nothing, value, life in ms. */
export const putRecord = `${prolongKey}
local stored = redis.call('GET', KEYS[1])
if stored == ARGV[3] then return 1 end
if (stored and string.match(stored, '^%d+') or '') ~= ARGV[2] then return 0 end
redis.call('ZADD', KEYS[2], 0, ARGV[1])
redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[4])
prolong(KEYS[2], ARGV[4])
return 1`;

/** KEYS: as above. ARGV: its name, what stands for it for a while, the version that stands there or nothing for any. */
export const deleteRecord = `
local stored = redis.call('GET', KEYS[1])
if stored == ARGV[2] then return 1 end
local version = stored and string.match(stored, '^%d+')
if not version or (ARGV[3] ~= '' and ARGV[3] ~= version) then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', 10000)
redis.call('ZREM', KEYS[2], ARGV[1])
return 1`;

/** KEYS: an index. ARGV: from where, how many. */
export const recordNames = "return redis.call('ZRANGEBYLEX', KEYS[1], ARGV[1], '+', 'LIMIT', 0, ARGV[2])";

/** KEYS: an index, and records noted there. ARGV: their names. Forgets the names of those that have ended. */
export const readRecords = `
local values = {}
for at, name in ipairs(ARGV) do
  local value = redis.call('GET', KEYS[at + 1])
  if not value then redis.call('ZREM', KEYS[1], name) end
  values[at] = value or ''
end
return values`;

/** Tries what is done to a kind of key. The command that failed, and its error; nothing when all may be done. */
const attempt = `
local function failed(...)
  local reply = redis.pcall(...)
  return type(reply) == 'table' and reply.err and { (...), reply.err }
end`;

/** KEYS: one where nothing stands. */
export const tryValue = `${attempt}
return failed('TIME') or failed('EXISTS', KEYS[1]) or failed('GET', KEYS[1]) or failed('SET', KEYS[1], '', 'PX', 1000)
  or failed('PTTL', KEYS[1]) or failed('PEXPIRE', KEYS[1], 1000) or failed('DEL', KEYS[1])
  or failed('INCRBY', KEYS[1], 1) or failed('DEL', KEYS[1])`;

/** KEYS: one where nothing stands. */
export const tryIndex = `${attempt}
return failed('TIME') or failed('ZREMRANGEBYSCORE', KEYS[1], '-inf', 0) or failed('ZADD', KEYS[1], 1, '')
  or failed('PEXPIREAT', KEYS[1], redis.call('TIME')[1] * 1000 + 1000) or failed('ZRANGE', KEYS[1], -1, -1)
  or failed('ZRANGEBYSCORE', KEYS[1], '-inf', '+inf') or failed('ZRANGEBYLEX', KEYS[1], '-', '+')
  or failed('ZREM', KEYS[1], '')`;

/** ARGV: perhaps WITHSCORES. */
export const liveMembers = `${now}
return redis.call('ZRANGEBYSCORE', KEYS[1], string.format('(%.0f', now), '+inf', unpack(ARGV))`;
