-- abort: SUSPENDING|PAUSING -> RUNNING at the endpoint it had. ARGV 3 epoch, 4 reason.
if not state then return answer('missing') end
if epoch ~= ARGV[3] then return answer('epoch') end
if state == RUNNING then return answer('ok') end
if not in_transit() then return answer('state') end
return commit('state', RUNNING, 'wake', '0', 'upload', '0', 'deadline', '0', 'reason', ARGV[4])
