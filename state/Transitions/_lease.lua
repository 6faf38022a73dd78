-- Takes, keeps or gives up a lease with a fencing token. KEYS[1] the lease. ARGV 1 holder, 2 milliseconds (0 gives it up).
-- Answers the token while the holder leads, 0 otherwise. The token grows with each change of holder.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local holder = redis.call('HGET', KEYS[1], 'holder')
local free = not holder or holder == '' or tonumber(redis.call('HGET', KEYS[1], 'deadline')) <= now
if holder ~= ARGV[1] and not free then return 0 end
if tonumber(ARGV[2]) == 0 then
  if holder == ARGV[1] then redis.call('HSET', KEYS[1], 'holder', '') end
  return 0
end
if holder ~= ARGV[1] or free then redis.call('HINCRBY', KEYS[1], 'token', 1) end
redis.call('HSET', KEYS[1], 'holder', ARGV[1], 'deadline', string.format('%.0f', now + tonumber(ARGV[2])))
return tonumber(redis.call('HGET', KEYS[1], 'token'))
