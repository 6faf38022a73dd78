-- Publishes a plan unless a newer leader has published one. KEYS[1] the plan. ARGV 1 fencing token, 2 document.
-- Answers the plan's version; 0 when the writer leads no more.
if tonumber(redis.call('HGET', KEYS[1], 'token') or '0') > tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'token', ARGV[1], 'doc', ARGV[2])
return redis.call('HINCRBY', KEYS[1], 'version', 1)
