-- Actors that have changed since a number of a change log. KEYS[1] the log, KEYS[2] its counters. ARGV 1 number, 2 life of the log ('': any).
-- Answers ok | gone (the log does not go back that far), life, newest number, the actors in order of change.
local counters = redis.call('HMGET', KEYS[2], 'born', 'number', 'floor')
local born, number, floor = counters[1] or '', counters[2] or '0', tonumber(counters[3] or '0')
local since = tonumber(ARGV[1])
if (ARGV[2] ~= '' and ARGV[2] ~= born) or since < floor or since > tonumber(number) then return {'gone', born, number} end
local answer = redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. ARGV[1], '+inf')
table.insert(answer, 1, number)
table.insert(answer, 1, born)
table.insert(answer, 1, 'ok')
return answer
