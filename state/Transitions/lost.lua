-- lost: the sandbox or its node is gone; back to the newest snapshot. ARGV 3 epoch, 4 node, 5 reason.
if not state then return answer('missing') end
if epoch ~= ARGV[3] or get('node') ~= ARGV[4] then return answer('epoch') end
if state == SUSPENDED or state == PAUSED then return answer('ok') end
local rest, upload = resting()
return commit('state', rest, 'upload', upload, 'node', '', 'endpoint', '', 'deadline', '0', 'claim', '', 'wake', '0', 'reason', ARGV[5])
