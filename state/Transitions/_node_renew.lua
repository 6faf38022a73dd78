-- Renews a node's lease. KEYS[1] the node. ARGV 1 incarnation, 2 milliseconds, 3 status document, 4 incarnation it follows, or '',
-- 5 '1' when it has ended the actors that were given up. Answers an outcome and what is wanted of the node.
-- Another process may take the name over only when the lease has run out or when it proves to follow the last holder.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local held = redis.call('HGET', KEYS[1], 'incarnation')
local wish = redis.call('HGET', KEYS[1], 'wish') or '0'
if held and held ~= ARGV[1] and held ~= ARGV[4] and tonumber(redis.call('HGET', KEYS[1], 'deadline') or '0') > now then
  return {'held', wish}
end
if redis.call('HGET', KEYS[1], 'lapsed') and ARGV[5] ~= '1' then return {'lapsed', wish} end
redis.call('HDEL', KEYS[1], 'lapsed')
redis.call('HSET', KEYS[1], 'incarnation', ARGV[1], 'deadline', string.format('%.0f', now + tonumber(ARGV[2])), 'status', ARGV[3])
return {'ok', wish}
