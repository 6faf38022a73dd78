-- replace: the same activation on another node. ARGV 3 epoch, 4 node that refused, 5 next node, 6 milliseconds until overdue.
if not state then return answer('missing') end
if epoch ~= ARGV[3] then return answer('epoch') end
if state ~= RESUMING then return answer('state') end
if get('node') == ARGV[5] then return answer('ok') end
if get('node') ~= ARGV[4] then return answer('epoch') end
if get('snap') ~= '' and get('snap_stored') == '0' and get('snap_node') ~= ARGV[5] then return answer('pinned') end
return commit('node', ARGV[5], 'deadline', integer(now + tonumber(ARGV[6])))
