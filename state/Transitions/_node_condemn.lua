-- Gives up a node whose lease has run out, or removes it. KEYS[1] the node. ARGV 1 fencing token of the leader, 2 '1' to remove its record.
-- In one step with the look at the lease: a node that renews in the same moment is either live, or learns that its actors were given up.
-- Answers ok | live | fenced (a newer leader has been here).
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
if tonumber(redis.call('HGET', KEYS[1], 'fence') or '0') > tonumber(ARGV[1]) then return 'fenced' end
local deadline = redis.call('HGET', KEYS[1], 'deadline')
if not deadline then return 'ok' end
if tonumber(deadline) > now then return 'live' end
if ARGV[2] == '1' then
  redis.call('DEL', KEYS[1])
else
  redis.call('HSET', KEYS[1], 'lapsed', '1', 'fence', ARGV[1])
end
return 'ok'
