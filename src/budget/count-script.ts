/**
 * One company's window is one number that expires with it, so no clock but Redis's counts. Counts what was sent without
 * asking, and what is asked for if it fits; answers what the number is or would be, the milliseconds left, and what
 * any process has learnt of the limit, which outlives windows.
 *
 * ARGV 1 asked, 3 cap (2 and 4 are rate-limiter-flexible's durations), 5 window, 6 sent without asking,
 * 7 used beside those and 8 milliseconds left as Aircall says (0: it has not), 9 whether that is news, 10 the limit
 * where it is news, 11 how long to keep it.
 */
export const countScript = `
local key = KEYS[1]
local asked, cap, window = tonumber(ARGV[1]), tonumber(ARGV[3]), tonumber(ARGV[5])
local sent, seen, ends = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
local used, left = tonumber(redis.call('GET', key)), redis.call('PTTL', key)
if not used or left <= 0 then
  used, left = seen, ends
  if left <= 0 then used, left = 0, window end
  redis.call('SET', key, used, 'PX', left)
elseif ends > 0 and ARGV[9] == '1' then
  if ends - left > window / 2 then used = seen else used = math.max(used, seen) end
  left = ends
  redis.call('SET', key, used, 'PX', left)
elseif ends > 0 and seen > used and math.abs(ends - left) < window / 4 then
  redis.call('INCRBY', key, seen - used)
  used = seen
end
local wanted = used + sent + asked
local counted = wanted <= cap and sent + asked or sent
if counted > 0 then redis.call('INCRBY', key, counted) end
if ARGV[10] ~= '' then redis.call('SET', KEYS[2], ARGV[10], 'PX', ARGV[11]) end
return { wanted, left, redis.call('GET', KEYS[2]) or '' }
`;
