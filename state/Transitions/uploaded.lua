-- uploaded: the store holds the newest snapshot now; PAUSED -> SUSPENDED without waking. ARGV 3 snapshot.
-- A woken actor keeps its state and only gains the stored copy. Older snapshots are superseded by a durable one here.
if not state then return answer('missing') end
if get('snap') ~= ARGV[3] then return answer('epoch') end
if get('snap_stored') == '1' then return answer('ok') end
local score = redis.call('ZSCORE', snapshots, ARGV[3])
if score then redis.call('ZREMRANGEBYSCORE', snapshots, '-inf', '(' .. score) end
if state == PAUSED then
  return commit('state', SUSPENDED, 'snap_stored', '1', 'upload', '0', 'wake', '0')
end
-- One that is being suspended has asked for the upload of the snapshot that is to come.
if in_transit() then return commit('snap_stored', '1') end
return commit('snap_stored', '1', 'upload', '0')
