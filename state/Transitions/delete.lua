-- delete: SUSPENDED|PAUSED -> gone. Answers the record as it was, so that its snapshots can be discarded. ARGV 3 uid.
if not state then return answer('missing') end
if get('uid') ~= ARGV[3] then return answer('epoch') end
if state ~= SUSPENDED and state ~= PAUSED then return answer('state') end
local reply = answer('ok')
redis.call('DEL', record, snapshots)
note_change()
redis.call('PUBLISH', channel, actor .. '|0|0|' .. epoch)
return reply
