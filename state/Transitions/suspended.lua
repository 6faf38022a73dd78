-- suspended: commits a snapshot that is in the store already, SUSPENDING|PAUSING -> SUSPENDED. ARGV 3 epoch, 4 snapshot, 5 node, 6 bytes.
if not state then return answer('missing') end
if epoch ~= ARGV[3] then return answer('epoch') end
if state == SUSPENDED and get('snap') == ARGV[4] then return answer('ok') end
if not in_transit() then return answer('state') end
if get('node') ~= ARGV[5] then return answer('epoch') end
redis.call('ZADD', snapshots, epoch, ARGV[4])
return commit('state', SUSPENDED, 'node', '', 'endpoint', '', 'deadline', '0', 'reason', '', 'claim', '', 'upload', '0', 'wake', '0',
  'snap', ARGV[4], 'snap_node', ARGV[5], 'snap_stored', '1', 'snap_bytes', ARGV[6])
