-- Reads a node: how many milliseconds its lease has left by the store's clock (negative: run out), its status, what is wanted of it.
-- KEYS[1] the node.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local deadline = redis.call('HGET', KEYS[1], 'deadline')
if not deadline then return {} end
return {string.format('%.0f', tonumber(deadline) - now), redis.call('HGET', KEYS[1], 'status'), redis.call('HGET', KEYS[1], 'wish') or '0'}
