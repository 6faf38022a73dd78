-- fail: an activation came to nothing; the actor rests where it was. ARGV 3 epoch, 4 node or '' for any, 5 reason,
-- 6 '1' to fail it only when it is overdue on the store's clock.
if not state then return answer('missing') end
if epoch ~= ARGV[3] then return answer('epoch') end
if state ~= RESUMING then return answer('state') end
if ARGV[4] ~= '' and get('node') ~= ARGV[4] then return answer('epoch') end
if ARGV[6] == '1' and tonumber(get('deadline')) > now then return answer('state') end
local rest, upload = resting()
return commit('state', rest, 'upload', upload, 'node', '', 'endpoint', '', 'deadline', '0', 'claim', '', 'reason', ARGV[5])
