-- paused: commits a snapshot on the node's disk, SUSPENDING|PAUSING -> PAUSED. ARGV 3 epoch, 4 snapshot, 5 node, 6 bytes.
-- Only the holder of the current epoch gets here, so a rolled-back sandbox can never replace newer state.
if not state then return answer('missing') end
if epoch ~= ARGV[3] then return answer('epoch') end
if state == PAUSED and get('snap') == ARGV[4] then return answer('ok') end
if not in_transit() then return answer('state') end
if get('node') ~= ARGV[5] then return answer('epoch') end
redis.call('ZADD', snapshots, epoch, ARGV[4])
return commit('state', PAUSED, 'node', '', 'endpoint', '', 'deadline', '0', 'reason', '', 'claim', '',
  'snap', ARGV[4], 'snap_node', ARGV[5], 'snap_stored', '0', 'snap_bytes', ARGV[6])
