-- Says what is wanted of a node. KEYS[1] the node. ARGV 1 wish. Answers 0 when there is no such node.
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], 'wish', ARGV[1])
return 1
