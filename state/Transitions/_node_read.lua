-- Reads a node and how many milliseconds its lease has left by the store's clock (negative: run out). KEYS[1] the node.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local deadline = redis.call('HGET', KEYS[1], 'deadline')
if not deadline then return {} end
return {string.format('%.0f', tonumber(deadline) - now), redis.call('HGET', KEYS[1], 'status')}
