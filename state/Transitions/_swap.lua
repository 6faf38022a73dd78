-- Writes a document when it is still at the version that the writer read. KEYS[1] hash. ARGV 1 version read (0: must not exist), 2 document.
local version = tonumber(redis.call('HGET', KEYS[1], 'version') or '0')
if version ~= tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'version', version + 1, 'doc', ARGV[2])
return version + 1
