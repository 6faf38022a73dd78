-- Lets an actor's name into an atespace if there is room for it, entering it in the index, in one step.
-- KEYS[1] the atespace, KEYS[2] the unsettled, KEYS[3] the index of the template, KEYS[4] the templates used.
-- ARGV 1 name, 2 template, 3 milliseconds until somebody else may settle it, 4 prefix of the atespace's indexes.
-- Answers ok | missing | actors, limit, use.
if not redis.call('HGET', KEYS[1], 'name') or redis.call('HGET', KEYS[1], 'deleting') then return {'missing'} end
local limit = tonumber(redis.call('HGET', KEYS[1], 'max_actors') or '0')
if limit > 0 and not redis.call('ZSCORE', KEYS[3], ARGV[1]) then
  local used = 0
  for _, template in ipairs(redis.call('ZRANGE', KEYS[4], 0, -1)) do used = used + redis.call('ZCARD', ARGV[4] .. template) end
  if used >= limit then return {'actors', string.format('%.0f', limit), string.format('%.0f', used)} end
end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
redis.call('ZADD', KEYS[2], now + tonumber(ARGV[3]), ARGV[1])
redis.call('ZADD', KEYS[4], 0, ARGV[2])
redis.call('ZADD', KEYS[3], 0, ARGV[1])
return {'ok'}
