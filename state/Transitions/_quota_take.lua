-- Counts an actor that is about to run against its atespace's quotas. KEYS[1] the atespace, KEYS[2] the ledger: a field per actor with
-- bytes|epoch|time, and the sum of the bytes under '='. ARGV 1 name, 2 bytes, 3 epoch that it will run in, 4 '1' to count it in any case.
-- Answers ok | running, limit, use | memory, limit, use.
local running = tonumber(redis.call('HGET', KEYS[1], 'max_running') or '0')
local memory = tonumber(redis.call('HGET', KEYS[1], 'max_memory') or '0')
if running == 0 and memory == 0 then return {'ok'} end
local entry = redis.call('HGET', KEYS[2], ARGV[1])
local before = entry and tonumber(string.match(entry, '^(%d+)')) or 0
local sum = redis.call('HGET', KEYS[2], '=')
local count = redis.call('HLEN', KEYS[2]) - (sum and 1 or 0)
sum = tonumber(sum or '0')
if ARGV[4] ~= '1' then
  if running > 0 and not entry and count >= running then
    return {'running', string.format('%.0f', running), string.format('%.0f', count)}
  end
  if memory > 0 and sum - before + tonumber(ARGV[2]) > memory then
    return {'memory', string.format('%.0f', memory), string.format('%.0f', sum - before)}
  end
end
local time = redis.call('TIME')
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2] .. '|' .. ARGV[3] .. '|' .. time[1], '=', string.format('%.0f', sum - before + tonumber(ARGV[2])))
return {'ok'}
