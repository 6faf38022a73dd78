-- Replaces the settings of an atespace. KEYS[1] the atespace. ARGV 1 version read, 2 settings document, 3 most actors, 4 most running,
-- 5 most bytes of memory: the limits stand beside the document for the scripts that keep them.
if not redis.call('HGET', KEYS[1], 'name') or redis.call('HGET', KEYS[1], 'deleting') then return 0 end
local version = tonumber(redis.call('HGET', KEYS[1], 'version') or '0')
if version ~= tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'version', version + 1, 'settings', ARGV[2], 'max_actors', ARGV[3], 'max_running', ARGV[4], 'max_memory', ARGV[5])
return 1
