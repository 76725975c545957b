/** Sends one script without keys to each primary of a Redis. */
export type OnEveryPrimary = (script: string, ms: string) => Promise<unknown>;

/** Makes time pass for everything a Redis keeps: what would have ended has ended. */
export async function letRedisTimePass(run: OnEveryPrimary, ms: number): Promise<void> {
  await run(age, String(ms));
}

const age = `
for _, key in ipairs(redis.call('KEYS', '*')) do
  local left = redis.call('PTTL', key) - ARGV[1]
  if redis.call('TYPE', key).ok == 'zset' then
    for _, member in ipairs(redis.call('ZRANGE', key, 1, '+inf', 'BYSCORE')) do
      redis.call('ZINCRBY', key, -ARGV[1], member)
    end
  end
  if left > 0 then redis.call('PEXPIRE', key, left) else redis.call('DEL', key) end
end`;
