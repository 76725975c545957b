/** For scripts of Redis: `now`, its clock in epoch milliseconds. No two processes can disagree on that. */
export const now = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)`;

/** The clock of Redis, in epoch milliseconds. */
export const readClock = `${now}
return string.format('%.0f', now)`;

/** The last argument: until when the script may write. A command that was given up may arrive much later. */
export const inTimeOnly = `${now}
if now > tonumber(ARGV[#ARGV]) then return redis.error_reply('LATE this write was given up') end`;
