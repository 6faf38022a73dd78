-- claim: SUSPENDED|PAUSED -> RESUMING with the next epoch. ARGV 3 claim token, 4 node, 5 milliseconds until overdue.
-- The token makes a replay after an unknown outcome find its own claim instead of failing.
if not state then return answer('missing') end
if state == RESUMING and get('claim') == ARGV[3] then return answer('ok') end
if state ~= SUSPENDED and state ~= PAUSED then return answer('state') end
if state == PAUSED and get('snap_stored') == '0' and get('snap_node') ~= ARGV[4] then return answer('pinned') end
return commit('state', RESUMING, 'epoch', integer(tonumber(epoch) + 1), 'claim', ARGV[3], 'node', ARGV[4], 'endpoint', '', 'wake', '0', 'reason', '',
  'deadline', integer(now + tonumber(ARGV[5])))
