-- Notes that a name's index entry and record may differ until a time on the store's clock. KEYS[1] the unsettled. ARGV 1 name, 2 milliseconds.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[2]), ARGV[1])
return 1
