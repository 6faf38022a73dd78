-- Stops counting an actor that is at rest. KEYS[1] the ledger. ARGV 1 name, 2 epoch of the record that was seen at rest, 3 seconds.
-- An entry of a later epoch belongs to somebody who is about to claim the actor, or who died before the claim: that many seconds tell.
local entry = redis.call('HGET', KEYS[1], ARGV[1])
if not entry then return 0 end
local bytes, epoch, at = string.match(entry, '^(%d+)|(%d+)|(%d+)$')
if tonumber(epoch) > tonumber(ARGV[2]) and tonumber(at) + tonumber(ARGV[3]) > tonumber(redis.call('TIME')[1]) then return 0 end
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('HSET', KEYS[1], '=', string.format('%.0f', tonumber(redis.call('HGET', KEYS[1], '=') or '0') - tonumber(bytes)))
return 1
