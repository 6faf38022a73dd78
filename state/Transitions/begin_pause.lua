-- begin_pause: RUNNING -> PAUSING. ARGV 3 epoch, 4 milliseconds until overdue. The snapshot stays on the node's disk for now.
if not state then return answer('missing') end
if epoch ~= ARGV[3] then return answer('epoch') end
if state == PAUSING then return answer('ok') end
if state ~= RUNNING then return answer('state') end
return commit('state', PAUSING, 'upload', '0', 'wake', '0', 'deadline', integer(now + tonumber(ARGV[4])))
