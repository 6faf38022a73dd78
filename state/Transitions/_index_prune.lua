-- Takes a name out of an index unless somebody is at work on it. KEYS[1] the index, KEYS[2] the unsettled. ARGV 1 name.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local until_when = redis.call('ZSCORE', KEYS[2], ARGV[1])
if until_when and tonumber(until_when) > now then return 0 end
redis.call('ZREM', KEYS[2], ARGV[1])
return redis.call('ZREM', KEYS[1], ARGV[1])
