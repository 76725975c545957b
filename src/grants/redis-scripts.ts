/**
 * What runs inside Redis, each on one key and each as a whole. Redis 7.0 knows all of it. Lives are counted by the
 * clock of Redis, so that no two processes can disagree on them.
 */

/** ARGV: value, life in ms. */
export const set = "redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])";

/** ARGV: value, life in ms. 1 for the one who takes it. */
export const setIfAbsent = "return redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) and 1 or 0";

/** ARGV: value. */
export const deleteIfEqual = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end";

/** The value and how many milliseconds are left to it; nothing when it is absent. */
export const read = `
local value = redis.call('GET', KEYS[1])
if value then return { value, redis.call('PTTL', KEYS[1]) } end`;

/** ARGV: version, value, life in ms (absent: as it was). 1 when the stored version was this one, -1 when there is none. */
export const setIfVersion = `
local stored = redis.call('GET', KEYS[1])
if not stored then return -1 end
if string.match(stored, '^%d+') ~= ARGV[1] then return 0 end
if ARGV[3] then redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
else redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL') end
return 1`;

/** The value that was deleted; nothing when there was none, or one of another kind. */
export const take = `
local value = redis.pcall('GET', KEYS[1])
redis.call('DEL', KEYS[1])
if type(value) == 'string' then return value end`;

const now = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)`;

/** ARGV: member, life in ms. The set lives as long as its longest-lived member; what has ended is swept out. */
export const addMember = `${now}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('ZADD', KEYS[1], string.format('%.0f', now + ARGV[2]), ARGV[1])
local longest = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')
redis.call('PEXPIREAT', KEYS[1], string.format('%.0f', longest[2]))`;

/** ARGV: member. */
export const removeMember = "redis.call('ZREM', KEYS[1], ARGV[1])";

export const liveMembers = `${now}
return redis.call('ZRANGEBYSCORE', KEYS[1], string.format('(%.0f', now), '+inf')`;
