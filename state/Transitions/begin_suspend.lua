-- begin_suspend: RUNNING -> SUSPENDING. ARGV 3 epoch, 4 milliseconds until overdue. The snapshot is to go on to the store.
if not state then return answer('missing') end
if epoch ~= ARGV[3] then return answer('epoch') end
if state == SUSPENDING then return answer('ok') end
if state ~= RUNNING then return answer('state') end
return commit('state', SUSPENDING, 'upload', '1', 'wake', '0', 'deadline', integer(now + tonumber(ARGV[4])))
