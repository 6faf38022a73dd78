-- running: RESUMING -> RUNNING, written by the node that holds the claim. ARGV 3 epoch, 4 node, 5 endpoint.
if not state then return answer('missing') end
if epoch ~= ARGV[3] or get('node') ~= ARGV[4] then return answer('epoch') end
if state == RUNNING and get('endpoint') == ARGV[5] then return answer('ok') end
if state ~= RESUMING then return answer('state') end
return commit('state', RUNNING, 'endpoint', ARGV[5], 'deadline', '0', 'reason', '')
